"""Quirks: named, off unless switched on, and told of once."""

import logging

import httpx
import pytest

from mockletta.state.paging import Page
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.quirks import (
    ALL,
    BEFORE_TAKES_FIRST,
    CHRONOLOGICAL_CURSORS,
    INVERTED_RUN_CURSORS,
    NO_RUN_COMPLETION,
    OLDEST_FIRST,
    STUCK_REQUESTS,
    Quirk,
    Quirks,
    parse_names,
    with_quirks,
)
from tests.journal.making import an_entry

PAGE = Page(2, "desc", after="a")


def test_quirks_are_found_by_their_names() -> None:
    assert parse_names([]) == frozenset()
    assert parse_names([OLDEST_FIRST.name, OLDEST_FIRST.name]) == {OLDEST_FIRST}
    assert parse_names(["recorded"]) == parse_names(["recorded", OLDEST_FIRST.name]) == {*ALL}


def test_every_quirk_is_described_and_recorded() -> None:
    assert len({quirk.name for quirk in ALL}) == len(ALL)
    assert all(quirk.recorded and quirk.recording for quirk in ALL)


def test_quirks_are_off_unless_switched_on() -> None:
    assert OLDEST_FIRST not in Quirks()
    assert OLDEST_FIRST in Quirks(frozenset({OLDEST_FIRST}))


@pytest.mark.parametrize(
    ("quirk", "page"),
    [
        (CHRONOLOGICAL_CURSORS, Page(2, "desc", after="a", cursors="chronological")),
        (INVERTED_RUN_CURSORS, Page(2, "desc", after="a", cursors="inverted")),
        (BEFORE_TAKES_FIRST, Page(2, "desc", after="a", before_takes_first=True)),
    ],
)
def test_a_quirk_changes_how_a_page_is_cut(quirk: Quirk, page: Page) -> None:
    assert with_quirks(PAGE, [quirk]) == page
    assert Quirks(frozenset({quirk})).page(PAGE, quirk) == page
    assert Quirks().page(PAGE, quirk) == PAGE


def test_messages_that_come_oldest_first_are_also_cut_by_time() -> None:
    assert with_quirks(PAGE, [OLDEST_FIRST]) == Page(
        2, "desc", after="a", oldest_first=True, cursors="chronological"
    )


def test_a_page_is_also_cut_as_if_one_quirk_were_the_other_way_round() -> None:
    on, off = Quirks(frozenset({INVERTED_RUN_CURSORS})), Quirks()

    assert on.as_if(PAGE, INVERTED_RUN_CURSORS, []) == PAGE
    assert off.as_if(PAGE, INVERTED_RUN_CURSORS, []) == with_quirks(PAGE, [INVERTED_RUN_CURSORS])
    assert off.as_if(PAGE, BEFORE_TAKES_FIRST, [INVERTED_RUN_CURSORS]) == with_quirks(
        PAGE, [INVERTED_RUN_CURSORS, BEFORE_TAKES_FIRST]
    )


def test_a_quirk_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    quirks = Quirks()

    quirks.record(OLDEST_FIRST, "agents.messages.list", "2 items, the first message-1")
    quirks.record(OLDEST_FIRST, "agents.messages.list", "3 items")

    assert (quirks.met, [record.getMessage() for record in caplog.records]) == (
        {OLDEST_FIRST: "agents.messages.list"},
        [
            (
                "agents.messages.list: this answer depends on the quirk "
                "agent-messages-oldest-first, which is off. "
                f"The recorded server: {OLDEST_FIRST.recorded}. The other behaviour "
                "would have answered 2 items, the first message-1. "
                "`--quirks agent-messages-oldest-first` or `--profile open` switches to it."
            )
        ],
    )


def test_a_quirk_that_is_on_is_told_as_such(caplog: pytest.LogCaptureFixture) -> None:
    Quirks(frozenset(ALL)).record(OLDEST_FIRST, "agents.messages.list", "none")

    assert "agent-messages-oldest-first, which is on." in caplog.text
    assert "`--quirks -agent-messages-oldest-first` or `--profile cloud` switches" in caplog.text


def test_a_quirk_of_both_profiles_is_switched_by_name(caplog: pytest.LogCaptureFixture) -> None:
    Quirks(frozenset(ALL)).record(STUCK_REQUESTS, "agents.messages.create", "200")

    assert "200. `--quirks -cancelled-requests-stay-pending` switches to it." in caplog.text


def test_every_answer_that_depends_on_a_quirk_is_noted_in_the_journal() -> None:
    with MockLetta() as mock:
        blocks = make_blocks(mock)
        ids(mock, f"blocks/?before={blocks[2]}&limit=1")
        ids(mock, f"blocks/?before={blocks[1]}")
        ids(mock, f"blocks/?before={blocks[2]}&limit=1")

        noted = [
            [(one.quirk, one.in_passing) for one in entry.quirks]
            for entry in mock.world.journal.all("blocks.list")
        ]

    assert noted == [[("before-takes-first", False)], [], [("before-takes-first", False)]]


def test_an_answer_that_depends_twice_is_noted_once() -> None:
    quirks, entry = Quirks(), an_entry()

    for _ in range(2):
        quirks.record(NO_RUN_COMPLETION, "agents.list", "no time", entry)

    assert [(one.quirk, one.in_passing) for one in entry.quirks] == [
        ("agents-without-run-completion", True)
    ]


def ids(mock: MockLetta, path: str) -> list[str]:
    return [item["id"] for item in httpx.get(f"{mock.base_url}/v1/{path}").json()]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The operations that a warning was about."""
    return [
        record.getMessage().split(":")[0]
        for record in caplog.records
        if record.levelno == logging.WARNING
    ]


def make_blocks(mock: MockLetta) -> list[str]:
    with httpx.Client(base_url=mock.base_url) as http:
        labels = [{"label": name, "value": ""} for name in "abc"]
        return [http.post("/v1/blocks/", json=body).json()["id"] for body in labels]


@pytest.mark.parametrize(("names", "found"), [([], 1), (["before-takes-first"], 0)])
def test_an_answer_that_depends_on_a_quirk_says_so(
    caplog: pytest.LogCaptureFixture, names: list[str], found: int
) -> None:
    with MockLetta(quirks=names) as mock:
        blocks = make_blocks(mock)

        assert ids(mock, f"blocks/?before={blocks[2]}&limit=1") == [blocks[found]]

    assert told(caplog) == ["blocks.list"]
    assert f"would have answered 1 items, the first {blocks[1 - found]}." in caplog.text


def test_an_answer_that_depends_on_no_quirk_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with MockLetta() as mock:
        blocks = make_blocks(mock)

        assert ids(mock, f"blocks/?before={blocks[1]}") == blocks[:1]
        assert ids(mock, f"blocks/?after={blocks[1]}") == blocks[2:]

    assert told(caplog) == []
