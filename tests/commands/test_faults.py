"""`mockletta faults`."""

import httpx

from mockletta import MockLetta
from tests.commands.running import run


def test_there_are_none_at_first(mock: MockLetta) -> None:
    assert run("faults").output == "no faults are planned\n"


def test_a_fault_is_planned_listed_and_cleared(mock: MockLetta) -> None:
    added = run("faults", "add", "agents.list", "status=503", "times=2")
    statuses = [httpx.get(f"{mock.base_url}/v1/agents/").status_code]
    listed = run("faults", "list")
    cleared = run("faults", "clear")
    statuses.append(httpx.get(f"{mock.base_url}/v1/agents/").status_code)

    assert added.output == "agents.list: times=2 status=503 (applied to 0 of 0)\n"
    assert listed.output == "agents.list: times=2 status=503 (applied to 1 of 1)\n"
    assert (cleared.exit_code, cleared.output) == (0, "")
    assert statuses == [503, 200]


def test_a_fault_can_be_for_several_operations(mock: MockLetta) -> None:
    mock.faults.add(["agents.list", "blocks.list"], "no_done")

    assert run("faults").output == "agents.list, blocks.list: no_done (applied to 0 of 0)\n"


def test_a_fault_that_is_none_is_told(mock: MockLetta) -> None:
    unreadable = run("faults", "add", "agents.list", "=")
    unknown = run("faults", "add", "agents.lits", "status=503")

    assert (unreadable.exit_code, unknown.exit_code) == (1, 1)
    assert unreadable.output.startswith("Error: fault: expected key=value")
    assert "agents.list" in unknown.output
