"""The conversation_search tool, as in recordings 10, 15 and 56."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from mockletta.tools.call_arguments import outcome_of
from mockletta.tools.conversation_search import NAME, SearchableMessage, conversation_search
from mockletta.tools.returns import failure

NOW = datetime(2026, 11, 22, 20, 47, 30, 500, tzinfo=UTC)


def said(
    text: str,
    seconds: float = 0,
    role: Literal["system", "user", "assistant", "tool"] = "user",
    *tools: str,
) -> SearchableMessage:
    return SearchableMessage(role, text, NOW - timedelta(seconds=seconds), tools)


def found(arguments: dict[str, object], *messages: SearchableMessage) -> list[str]:
    data = outcome_of(conversation_search, arguments, messages, NOW).data
    assert data is not None
    results = data["results"]
    assert isinstance(results, list)
    return [result["content"] for result in results]


def test_a_hit_is_shown_as_the_repr_of_a_dict() -> None:
    message = SearchableMessage("user", "a Zebra ", datetime(2026, 11, 22, 20, 47, 26, 187282, UTC))
    outcome = outcome_of(conversation_search, {"query": "zebra"}, [message], NOW)
    assert outcome.text == (
        "{'message': 'Showing 1 results:', 'results': [{'timestamp': "
        "'2026-11-22T20:47:26.187282+00:00', 'time_ago': '3s ago', 'role': 'user', 'relevance': "
        "{'search_mode': 'sql'}, 'content': 'a Zebra '}]}"
    )


def test_no_hit_says_so() -> None:
    outcome = outcome_of(conversation_search, {"query": "zebra"}, [said("horse")], NOW)
    assert outcome.text == "{'message': 'No results found.', 'results': []}"


def test_hits_come_newest_first_and_five_at_most() -> None:
    messages = [said(f"m{n}", n) for n in range(9)]
    assert found({"query": "m"}, *messages) == ["m0", "m1", "m2", "m3", "m4"]


@pytest.mark.parametrize(("limit", "texts"), [(1, ["a"]), (None, ["a", "b"]), (0, []), (-1, [])])
def test_a_limit_can_be_given(limit: int | None, texts: list[str]) -> None:
    assert found({"limit": limit}, said("a"), said("b", 1)) == texts


def test_system_messages_and_messages_without_text_are_not_found() -> None:
    messages = [said("s", role="system"), said("", role="assistant"), said("a", role="assistant")]
    assert found({}, *messages) == ["a"]


def test_another_tools_return_is_counted_but_not_shown() -> None:
    messages = [said("x", 1), said("x", 2, "tool", "memory_insert")]
    outcome = outcome_of(conversation_search, {"query": "x"}, messages, NOW)
    assert outcome.data == {
        "message": "Showing 2 results:",
        "results": [
            {
                "timestamp": "2026-11-22T20:47:29.000500+00:00",
                "time_ago": "1s ago",
                "role": "user",
                "relevance": {"search_mode": "sql"},
                "content": "x",
            }
        ],
    }


def test_another_tools_return_is_shown_to_who_asks_for_it() -> None:
    messages = [said("x", 1), said("returned x", 2, "tool", "memory_insert")]
    assert found({"query": "x", "roles": ["tool"]}, *messages) == ["returned x"]


@pytest.mark.parametrize(
    "hidden",
    [
        said("x", role="tool", seconds=1),
        said("x", 1, "assistant", NAME),
        said("x", 1, "system"),
        said("", 1, "assistant", "double"),
    ],
    ids=["return", "call", "system", "call of another tool"],
)
def test_what_is_not_shown_uses_up_the_limit(hidden: SearchableMessage) -> None:
    assert found({"limit": 2}, said("a"), hidden, said("b", 2)) == ["a"]


def test_the_tools_own_returns_use_up_the_limit() -> None:
    turn = [said("zebra", 1, "tool", NAME), said("zebra question", 2)]
    outcome = outcome_of(conversation_search, {"query": "zebra"}, turn * 3, NOW)
    assert outcome.text.startswith("{'message': 'Showing 2 results:'")


def test_roles_narrow_the_search() -> None:
    messages = [said("x by user"), said("x by agent", role="assistant")]
    assert found({"roles": ["assistant"]}, *messages) == ["x by agent"]


@pytest.mark.parametrize(
    ("dates", "texts"),
    [
        ({"start_date": "2026-11-22"}, ["today"]),
        ({"end_date": "2026-11-21"}, ["yesterday", "before"]),
        ({"start_date": "2026-11-21", "end_date": "2026-11-21"}, ["yesterday"]),
        ({"start_date": "2026-11-22T20:47"}, ["today"]),
        ({"end_date": "2026-11-22T23:47:30+03:00"}, ["yesterday", "before"]),
        ({"start_date": ""}, ["today", "yesterday", "before"]),
    ],
)
def test_dates_include_their_whole_day(dates: dict[str, object], texts: list[str]) -> None:
    messages = [said("today"), said("yesterday", 86_400), said("before", 2 * 86_400)]
    assert found(dates, *messages) == texts


def test_a_date_that_is_none_is_refused() -> None:
    outcome = outcome_of(conversation_search, {"start_date": "yesterday"}, [], NOW)
    assert outcome == failure(
        NAME,
        ValueError(
            "Invalid start_date format: yesterday. "
            "Use ISO 8601 format (YYYY-MM-DD or YYYY-MM-DDTHH:MM)"
        ),
    )


def test_a_role_that_is_none_is_refused() -> None:
    outcome = outcome_of(conversation_search, {"roles": ["bard"]}, [], NOW)
    assert outcome == failure(NAME, ValueError("'bard' is not a valid MessageRole"))


def test_an_unknown_argument_is_refused() -> None:
    outcome = outcome_of(conversation_search, {"page": 1}, [], NOW)
    assert outcome == failure(
        NAME,
        TypeError(
            "LettaCoreToolExecutor.conversation_search() got an unexpected keyword argument 'page'"
        ),
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s ago"),
        (59.9, "59s ago"),
        (60, "1m ago"),
        (3599, "59m ago"),
        (3600, "1h ago"),
        (86_399, "23h ago"),
        (200_000, "2d ago"),
    ],
)
def test_the_age_of_a_hit_is_rounded_down(seconds: float, words: str) -> None:
    outcome = outcome_of(conversation_search, {}, [said("x", seconds)], NOW)
    assert f"'time_ago': '{words}'" in outcome.text


def test_times_are_shown_in_the_agents_timezone() -> None:
    now = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    outcome = outcome_of(conversation_search, {}, [said("x")], now)
    assert "'timestamp': '2026-11-22T21:47:30.000500+01:00'" in outcome.text


def test_no_more_messages_are_read_than_needed() -> None:
    def history() -> Iterator[SearchableMessage]:
        yield said("x")
        raise AssertionError

    assert outcome_of(conversation_search, {"limit": 1}, history(), NOW).status == "success"
