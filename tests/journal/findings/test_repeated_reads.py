"""Pages of lists that are asked for twice."""

import pytest

from mockletta.journal.entries import Entry
from tests.journal.findings.judging import found, retried
from tests.journal.making import an_entry

SAME = "same-page-twice"


def page(query: str, seconds: float, count: int = 2, **more: object) -> Entry:
    """A page of agents."""
    items = [{"id": f"agent-{number}"} for number in range(count)]
    parameters: dict[str, object] = {"method": "GET", "answer": items, **more}
    return an_entry("agents.list", query=query, seconds=seconds, **parameters)  # type: ignore[arg-type]


def test_a_cursor_that_is_used_twice_is_found() -> None:
    entries = [page("limit=2", 1), page("limit=2&after=a", 2), page("after=a&limit=2", 3)]

    assert found(SAME, *entries) == [[2, 3]]


def test_a_first_page_that_is_asked_for_at_once_again_is_found() -> None:
    assert found(SAME, page("limit=2", 1), page("limit=2", 2), page("limit=2", 3)) == [
        [1, 2],
        [2, 3],
    ]


@pytest.mark.parametrize("count", [50, 100])
def test_a_page_of_the_usual_size_is_full(count: int) -> None:
    assert found(SAME, page("", 1, count), page("", 2, count)) == [[1, 2]]


def test_a_single_item_with_a_cursor_is_a_full_page() -> None:
    assert found(SAME, page("limit=1&before=a", 1, 1), page("limit=1&before=a", 2, 1)) == [[1, 2]]


def test_a_page_may_be_read_again_after_the_end_of_the_list() -> None:
    first, second = "limit=2", "limit=2&after=a"
    walk = [page(first, 1), page(second, 2), page("limit=2&after=b", 3, 0)]

    assert found(SAME, *walk, page(second, 4)) == []
    assert found(SAME, *walk[:2], page(second, 4)) == [[2, 3]]


def test_a_list_may_be_read_twice_from_its_beginning() -> None:
    walk = ["limit=2", "limit=2&after=a", "limit=2&after=b"]

    assert found(SAME, *(page(query, at) for at, query in enumerate([*walk, *walk], 1))) == []


@pytest.mark.parametrize(
    ("query", "count"), [("limit=3", 2), ("", 2), ("limit=1", 1), ("limit=0", 0), ("limit=x", 2)]
)
def test_a_page_that_no_other_follows_may_be_asked_for_again(query: str, count: int) -> None:
    assert found(SAME, page(query, 1, count), page(query, 2, count)) == []


def test_another_page_is_not_the_same() -> None:
    entries = [
        page("limit=2", 1),
        page("limit=2&order=asc", 2),
        page("limit=2", 3, key="sk-1234567890"),
        page("limit=2", 4, path="/v1/other"),
    ]

    assert found(SAME, *entries) == []


def test_a_list_may_be_asked_for_again_after_something_else() -> None:
    other = an_entry("agents.retrieve", method="GET", seconds=2)

    assert found(SAME, page("limit=2", 1), other, page("limit=2", 3)) == []


def test_a_list_may_be_asked_for_again_after_a_change() -> None:
    write = an_entry("agents.create", seconds=2)

    assert found(SAME, page("limit=2&after=a", 1), write, page("limit=2&after=a", 3)) == []


def test_a_change_that_is_refused_is_none() -> None:
    write = an_entry("agents.create", seconds=2, status=422)

    assert found(SAME, page("limit=2&after=a", 1), write, page("limit=2&after=a", 3)) == [[1, 3]]


@pytest.mark.parametrize(
    "turn",
    [
        an_entry("conversations.messages.create", duration=None),
        an_entry("conversations.messages.create", duration=60),
        an_entry("conversations.messages.create", body={"background": True}),
        an_entry("agents.messages.create_async", body={}),
    ],
)
def test_a_list_may_be_asked_for_again_while_a_turn_goes_on(turn: Entry) -> None:
    assert found(SAME, turn, page("limit=2", 1), page("limit=2", 2)) == []


def test_a_turn_that_was_over_before_is_no_excuse() -> None:
    turn = an_entry("conversations.messages.create", duration=0.5)

    assert found(SAME, turn, page("limit=2", 1), page("limit=2", 2)) == [[2, 3]]


@pytest.mark.parametrize(
    "first",
    [
        page("limit=2", 1, status=500),
        page("limit=2", 1, fault="truncated"),
        page("limit=2", 1, answer={"detail": "x"}),
        page("limit=2", 1, duration=60),
    ],
)
def test_a_page_that_did_not_come_may_be_asked_for_again(first: Entry) -> None:
    assert found(SAME, first, page("limit=2", 2)) == []


def test_a_retry_of_the_sdk_is_no_second_asking() -> None:
    assert found(SAME, page("limit=2", 1), page("limit=2", 2, headers=retried(1))) == []


PER_ITEM = "list-call-per-item"


def listed(*numbers: int, **more: object) -> Entry:
    items = [{"id": f"agent-{number}"} for number in numbers]
    parameters: dict[str, object] = {"answer": items, **more}
    return an_entry("agents.list", method="GET", **parameters)  # type: ignore[arg-type]


def item(number: int, operation: str = "agents.retrieve", query: str = "") -> Entry:
    params = {"agent_id": f"agent-{number}"}
    path = f"/v1/agents/agent-{number}"
    return an_entry(operation, method="GET", path=path, params=params, query=query)


def items(*numbers: int) -> list[Entry]:
    return [item(number) for number in numbers]


def test_a_call_for_each_item_of_a_list_is_found() -> None:
    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), *items(1, 2, 3, 4, 5)) == [[1, 2, 3, 4, 5, 6]]


def test_other_calls_that_a_list_makes_needless_are_found_too() -> None:
    blocks = [item(number, "agents.blocks.list") for number in range(5)]

    assert found(PER_ITEM, listed(0, 1, 2, 3, 4), *blocks) == [[1, 2, 3, 4, 5, 6]]


def test_items_of_several_pages_are_found() -> None:
    entries = [listed(1, 2, 3), *items(1, 2, 3), listed(4, 5), *items(4, 5)]

    assert found(PER_ITEM, *entries) == [[1, 2, 3, 4, 6, 7]]


def test_a_few_calls_are_clean() -> None:
    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), *items(1, 2, 3, 4)) == []


def test_the_same_item_again_is_not_one_more() -> None:
    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), *items(1, 1, 1, 1, 1)) == []


def test_items_that_no_list_told_are_clean() -> None:
    assert found(PER_ITEM, *items(1, 2, 3, 4, 5)) == []
    assert found(PER_ITEM, listed(7), *items(1, 2, 3, 4, 5)) == []
    assert found(PER_ITEM, listed(1, 2, 3, 4, 5, status=500), *items(1, 2, 3, 4, 5)) == []
    assert found(PER_ITEM, listed(answer={}), *items(1, 2, 3, 4, 5)) == []


def test_items_asked_for_after_a_change_are_clean() -> None:
    write = an_entry("agents.update", method="PATCH", path="/v1/agents/agent-1")

    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), write, *items(1, 2, 3, 4, 5)) == []
    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), *items(1, 2), write, *items(3, 4, 5)) == []


def test_items_asked_for_among_other_things_are_clean() -> None:
    other = an_entry("health", method="GET")

    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), *items(1, 2), other, *items(3, 4, 5)) == []


def test_what_another_client_asks_for_does_not_matter() -> None:
    other = an_entry("health", method="GET", key="sk-1234567890")

    entries = [listed(1, 2, 3, 4, 5), *items(1, 2), other, *items(3, 4, 5)]

    assert found(PER_ITEM, *entries) == [[1, 2, 3, 5, 6, 7]]


def test_calls_that_differ_in_more_than_the_id_are_clean() -> None:
    calls = [item(number, query=f"include={number}") for number in range(1, 6)]

    assert found(PER_ITEM, listed(1, 2, 3, 4, 5), *calls) == []
