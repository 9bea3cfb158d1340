"""The clock of a world, over HTTP."""

import pytest

from mockletta.state.clock import Clock
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control

NEW_YEAR = "2026-01-01T00:00:00Z"
FROZEN = {"now": NEW_YEAR, "frozen": True, "tick": 0.0}


@pytest.fixture
def control() -> Control:
    """Worlds whose main one stands still at the new year."""
    return Control(Worlds(World(clock=Clock(NEW_YEAR))))


def test_a_clock_can_be_read(control: Control) -> None:
    assert control.get("/clock") == FROZEN


@pytest.mark.parametrize(
    ("order", "change"),
    [
        ({"freeze": True}, {}),
        ({"freeze": "2026-02-01"}, {"now": "2026-02-01T00:00:00Z"}),
        ({"advance": 90.5}, {"now": "2026-01-01T00:01:30.500000Z"}),
        ({"set": "2025-12-31T00:00:00+01:00"}, {"now": "2025-12-30T23:00:00Z"}),
        ({"tick": 0.5}, {"tick": 0.5}),
    ],
)
def test_a_clock_can_be_moved(
    order: dict[str, object], change: dict[str, object], control: Control
) -> None:
    assert control.ask("PUT", "/clock", order) == (200, {**FROZEN, **change})


def test_a_clock_runs_on_from_where_it_stood(control: Control) -> None:
    assert control.ask("PUT", "/clock", {"resume": True})[1]["frozen"] is False
    assert control.get("/clock")["now"].startswith("2026-01-01T00:00:")


@pytest.mark.parametrize(
    "order",
    [
        {},
        [],
        "freeze",
        {"freeze": False},
        {"freeze": None},
        {"freeze": "tomorrow"},
        {"freeze": "1999-99-99"},
        {"advance": -1},
        {"advance": float("nan")},
        {"advance": float("inf")},
        {"advance": 1e300},
        {"advance": "soon"},
        {"set": "99999-01-01"},
        {"tick": -1},
        {"tick": True},
        {"freeze": True, "advance": 1},
        {"stop": True},
    ],
)
def test_what_cannot_be_changes_nothing(order: object, control: Control) -> None:
    status, answer = control.ask("PUT", "/clock", order)

    assert status == 422
    assert answer["detail"]
    assert control.get("/clock") == FROZEN
