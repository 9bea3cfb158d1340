"""Where a context is cut, as worked out from recordings 06, 44 and 46."""

from datetime import UTC, datetime

import pytest

from mockletta.state.message_records import MessageRecord, Role
from mockletta.turns.context.compaction import find_cut
from mockletta.wire.agents import CompactionSettings

WINDOW = 128_000
ROLES: dict[str, Role] = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}


def context(roles: str) -> list[MessageRecord]:
    """Messages of the roles whose first letters are given."""
    return [
        MessageRecord(
            id=f"message-{index}",
            role=ROLES[letter],
            created_at=datetime(2026, 11, 22, tzinfo=UTC),
            agent_id="agent-1",
            conversation_id=None,
            content="",
            tokens=1,
        )
        for index, letter in enumerate(roles)
    ]


@pytest.mark.parametrize(
    ("roles", "cut"),
    [
        ("su", 2),
        ("suau", 2),
        ("suauauau", 2),
        ("suauaua", 2),
        ("suuauaua", 3),
        ("suauauauauauaua", 6),
        ("suuuuuau", 6),
        ("suuuuuua", 8),
    ],
)
def test_a_sliding_window_begins_at_an_assistant_message(roles: str, cut: int) -> None:
    settings = CompactionSettings(mode="sliding_window", sliding_window_percentage=0.3)
    assert find_cut(context(roles), settings, WINDOW) == cut


@pytest.mark.parametrize(("share", "cut"), [(0.7, 6), (0.8, 9), (0.9, 9)])
def test_nothing_stays_of_a_window_that_is_almost_the_whole(share: float, cut: int) -> None:
    settings = CompactionSettings(mode="sliding_window", sliding_window_percentage=share)
    assert find_cut(context("suauauaua"), settings, WINDOW) == cut


def test_what_stays_fits_into_the_rest_of_the_window() -> None:
    settings = CompactionSettings(mode="sliding_window", sliding_window_percentage=0.3)
    assert find_cut(context("suauauauau"), settings, 12) == 4
    assert find_cut(context("suauauauau"), settings, 8) == 6
    assert find_cut(context("suauauauau"), settings, 2) == 10


def test_in_mode_all_nothing_stays() -> None:
    assert find_cut(context("suauaua"), CompactionSettings(mode="all"), WINDOW) == 7


def test_calls_that_wait_along_stay_with_their_request() -> None:
    records = context("suaauauaua")
    records[2].waits_along = True
    settings = CompactionSettings(mode="sliding_window", sliding_window_percentage=0.2)

    assert find_cut(records, settings, WINDOW) == 2


@pytest.mark.parametrize("share", [-0.05, -1.0, -1e17, -1e308])
def test_a_share_below_zero_grows_until_it_cuts(share: float) -> None:
    settings = CompactionSettings.trusted(mode="sliding_window", sliding_window_percentage=share)
    assert find_cut(context("suauauau"), settings, WINDOW) == 2
    assert find_cut(context("s"), settings, WINDOW) == 1
