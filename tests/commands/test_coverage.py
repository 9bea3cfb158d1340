"""`mockletta coverage`: the table in a terminal, and for programs."""

import json

from tests.commands.running import run


def test_the_operations_of_a_namespace_are_listed() -> None:
    result = run("coverage", "schedule")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0].split() == [
        "agents.schedule.create",
        "behaves",
        "POST",
        "/v1/agents/{agent_id}/schedule",
    ]
    assert lines[-1].startswith("4 operations: 4 behaves;")


def test_a_part_of_a_path_will_do_and_operations_beyond_the_sdk_are_marked() -> None:
    assert run("coverage", "/V1/agents/COUNT").output.startswith("agents.count * ")


def test_what_is_not_imitated_is_told() -> None:
    rows = json.loads(run("coverage", "feeds", "--status", "501", "--json").output)

    assert {row["status"] for row in rows} == {"501"}
    assert rows[0]["operation"] == "feeds.create"
    assert rows[0]["test"].startswith("tests/contract/test_unimplemented.py::")


def test_there_may_be_none() -> None:
    assert run("coverage", "no such thing").output.startswith("0 operations: none;")
