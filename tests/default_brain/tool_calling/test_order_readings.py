"""The tokens of orders."""

import pytest

from mockletta.default_brain.tool_calling.order_readings import grouped, tokenized, unquoted


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("open 'my file' now", ["word", "quoted", "word"]),
        ("ping 10.0.0.1, twice", ["word", "code", "sign", "word"]),
        ("move A-7719 to 14C", ["word", "code", "word", "code"]),
        ("pay $24.50", ["word", "sign", "number"]),
        ("on 3 May at 9:30", ["word", "when"]),
        ("mail bo@x.org.", ["word", "code", "sign"]),
    ],
)
def test_a_text_is_cut_into_tokens_of_some_kinds(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in tokenized(text)] == kinds


def test_a_relative_time_is_one_token_where_times_are_wanted() -> None:
    assert [one.text for one in tokenized("in 5 minutes", relative=True)] == ["in 5 minutes"]
    assert len(tokenized("in 5 minutes")) == 3


def test_a_day_within_a_sentence_can_be_a_title() -> None:
    assert [one.kind for one in tokenized("play Yesterday")] == ["word", "word"]


def test_the_arguments_of_an_object_stand_in_it() -> None:
    parents = {"street": "address", "city": "address"}
    assert grouped({"name": "Al", "street": "Elm 4", "city": "York"}, parents) == {
        "name": "Al",
        "address": {"street": "Elm 4", "city": "York"},
    }


def test_only_the_marks_around_a_whole_text_are_dropped() -> None:
    assert (unquoted("'so'"), unquoted("so 'so'")) == ("so", "so 'so'")
