"""Conditions on a request, and what it does not meet."""

import re
from unittest.mock import ANY

import pytest

from mockletta.journal.request_matching import MISSING, Difference, differences
from tests.journal.making import an_entry, frame

SEND = an_entry(
    "conversations.messages.create",
    query="limit=2&archived=true&tag=a&tag=b&name=query",
    params={"conversation_id": "conv-1", "name": "path"},
    body={
        "messages": [{"role": "user", "content": "Hi"}],
        "max_steps": 3,
        "input": None,
        "a__b": 1,
    },
    answer={"id": "message-1"},
    key="sk-1234567890",
)


class Positive(type):
    """A class that is equal to what it describes, as those of dirty-equals."""

    def __eq__(cls, other: object) -> bool:
        return isinstance(other, int) and other > 0

    __hash__ = type.__hash__


class IsPositive(metaclass=Positive):
    """Any positive number."""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("max_steps", 3),
        ("max_steps", ANY),
        ("max_steps", IsPositive),
        ("max_steps", lambda steps: steps > 2),
        ("max_steps", re.compile("^3$")),
        ("input", None),
        ("a__b", 1),
        ("messages", [{"role": "user", "content": "Hi"}]),
        ("messages", re.compile('"content": "Hi"')),
        ("messages__0__content", "Hi"),
        ("messages__0__content", re.compile("i$")),
        ("body__max_steps", 3),
        ("limit", 2),
        ("limit", "2"),
        ("archived", True),
        ("tag", ["a", "b"]),
        ("name", "query"),
        ("params__name", "path"),
        ("query__tag__1", "b"),
        ("conversation_id", "conv-1"),
        ("nothing", MISSING),
        ("messages__1", MISSING),
        ("response__id", "message-1"),
        ("status", 200),
        ("status", lambda status: status < 300),
        ("key", "sk-1234567890"),
        ("key", "sk-1…"),
        ("key", re.compile("^sk-")),
    ],
)
def test_a_condition_is_met(name: str, expected: object) -> None:
    assert differences(SEND, {name: expected}) == []


def accepts_nothing(value: object) -> bool:
    return False


def fails(value: object) -> bool:
    raise TypeError("no")


async def waits(value: object) -> bool:
    return True


@pytest.mark.parametrize(
    ("name", "expected", "told"),
    [
        ("max_steps", waits, ("what waits accepts", ANY)),
        ("max_steps", 4, ("4", "3")),
        ("max_steps", "3", ("'3'", "3")),
        ("max_steps", re.compile("4"), ("/4/", "3")),
        ("max_steps", accepts_nothing, ("what accepts_nothing accepts", "3")),
        ("max_steps", fails, ("what fails accepts", "3, on which it raised TypeError('no')")),
        ("limit", 3, ("3", "'2'")),
        ("archived", False, ("False", "'true'")),
        ("max_steps", MISSING, ("MISSING", "3")),
        ("status", 404, ("404", "200")),
        ("key", "sk-1234567899", ("another key", "'sk-1…'")),
        ("messages__0__content", "Ho", ("'Ho'", "'Hi'")),
        ("max_step", 3, ("3", "not sent; did you mean `max_steps`?")),
        ("max_steps__0", 3, ("3", ANY)),
        ("nothing", accepts_nothing, ("what accepts_nothing accepts", ANY)),
        ("nothing", re.compile(""), ("//", ANY)),
    ],
)
def test_a_condition_is_not_met(name: str, expected: object, told: tuple[str, str]) -> None:
    assert differences(SEND, {name: expected}) == [Difference(name, *told)]


def test_all_conditions_that_are_not_met_are_told() -> None:
    found = differences(SEND, {"max_steps": 4, "limit": 2, "status": 404})

    assert [difference.name for difference in found] == ["max_steps", "status"]


def test_an_absent_field_is_told_with_those_there_are() -> None:
    (difference,) = differences(an_entry(body={"name": "n"}, query="limit=1"), {"zzz": 1})

    assert difference.received == "not sent; these fields were: name, limit"


def test_a_request_without_fields_says_so() -> None:
    (difference,) = differences(an_entry(body=["x"]), {"name": "n"})

    assert difference.received == "not sent, nor was any other field"


def test_a_request_without_a_key_is_found_by_that() -> None:
    assert differences(an_entry(), {"key": MISSING}) == []
    assert differences(SEND, {"key": MISSING}) == [Difference("key", "another key", "'sk-1…'")]


def test_the_frames_of_a_stream_can_be_conditions() -> None:
    entry = an_entry(frames=[frame(content="Hi")])

    assert differences(entry, {"response__0__content": "Hi"}) == []


def test_long_texts_are_told_from_where_they_differ() -> None:
    same = "x" * 300

    (difference,) = differences(an_entry(body={"a": same + "Hi"}), {"a": same + "Ho"})

    assert difference == Difference("a", f"…'{'x' * 39}Ho'", f"…'{'x' * 39}Hi'")


def test_a_text_that_is_the_others_beginning_is_told_from_its_end() -> None:
    (difference,) = differences(an_entry(body={"a": "x" * 300}), {"a": "x" * 302})

    assert difference == Difference("a", f"…'{'x' * 42}'", f"…'{'x' * 40}'")


def test_long_values_are_cut() -> None:
    (difference,) = differences(an_entry(body={"a": [1] * 100}), {"a": 1})

    assert difference.received == f"{repr([1] * 100)[:160]}… (300 characters)"
