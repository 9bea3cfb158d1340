"""How much can be sent: whole files as much as to the API, everything else much less."""

import pytest

from mockletta.control.control_dispatch import MOST_BYTES
from tests.control.asking import Control

LONG = {"key": "x" * MOST_BYTES}


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/fork"),
        ("POST", "/snapshots"),
        ("POST", "/restore"),
        ("POST", "/script/rules"),
        ("POST", "/faults"),
        ("POST", "/journal/expect"),
        ("PUT", "/clock"),
    ],
)
def test_what_names_or_asks_something_is_short(method: str, target: str) -> None:
    status, answer = Control().ask(method, target, LONG)

    assert (status, len(str(answer)) < 200) == (413, True)


def test_a_script_can_be_long() -> None:
    rules = [{"when": f"{place}", "reply": [{"say": "x" * 10_000}]} for place in range(120)]

    assert Control().ask("PUT", "/script", {"replies": rules})[0] == 200


def test_a_snapshot_can_be_long() -> None:
    assert Control().ask("PUT", "/snapshot", LONG)[0] == 422
