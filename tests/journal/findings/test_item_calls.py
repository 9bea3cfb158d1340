"""What a list has told, asked for again item by item."""

from mockletta.journal.entries import Entry
from tests.journal.findings.judging import found
from tests.journal.making import an_entry

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
