"""Snapshots over HTTP: reset, keep, restore, fork."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockletta.control.snapshots import MOST_SNAPSHOTS
from mockletta.files.snapshot_file_reading import parked, read_state
from mockletta.files.snapshot_file_writing import lines_of
from mockletta.files.snapshots import restore, snapshot
from mockletta.files.state_file import StateFile
from mockletta.settings.settings import Settings
from mockletta.testing.mock_letta import make_world
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control
from tests.http.exchanges import Answer, chunks, exchange
from tests.worlds import make_agent

MAIN = {"id": "main", "key": None, "conversations": 0, "entries": 0}


@pytest.fixture
def control() -> Control:
    """A world with one agent, Ada, in which it started."""
    world = make_world(Settings())
    control = Control(Worlds(world))
    make_agent(world)
    assert control.ask("POST", "/snapshots", {"name": "one agent"}) == (200, {"name": "one agent"})
    return control


def summary(agents: int, **others: object) -> dict[str, Any]:
    return {**MAIN, "agents": agents, **others}


def put_snapshot(control: Control, content: bytes) -> Answer:
    lines = {"content-type": "application/x-ndjson"}
    return exchange(control.app, "PUT", "/_mockletta/snapshot", body=chunks(content), headers=lines)


def test_a_world_is_reset_to_how_it_started(control: Control) -> None:
    assert control.ask("POST", "/reset") == (200, summary(agents=0))
    assert len(control.world.store.agents) == 0


def test_a_restored_world_is_in_its_state_file_when_the_answer_comes(
    control: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, rewritten = str(tmp_path / "state"), list[str]()
    with StateFile(path) as file:
        file.attach(control.world)
        monkeypatch.setattr(file, "_rewrite", lambda: rewritten.append(path))
        content = b"".join(lines_of(snapshot(control.world).parked))
        control.ask("POST", "/reset")
        assert [agent.name for agent in kept_in(path).store.agents] == []

        assert put_snapshot(control, content).status == 200

        assert [agent.name for agent in kept_in(path).store.agents] == ["Ada"]
        file.prepare(snapshot(control.world))  # of a restore that never came
        control.ask("POST", "/restore", {"name": "one agent"})
        file.prepare(snapshot(control.world))
        assert rewritten == []
        control.world.run(lambda: restore(control.world, snapshot(control.world)))
        assert rewritten == [path]
    assert [one.name for one in tmp_path.iterdir()] == ["state"]


def kept_in(path: str) -> World:
    return parked(World(), read_state(path)).parked


def test_a_world_that_has_no_start_cannot_be_reset() -> None:
    assert Control(Worlds(World())).ask("POST", "/reset")[0] == 409


def test_a_world_is_restored_by_name_any_number_of_times(control: Control) -> None:
    for name in ("Bob", "Eve"):
        make_agent(control.world, name)
        assert control.ask("POST", "/restore", {"name": "one agent"}) == (200, summary(agents=1))

    assert [agent.name for agent in control.world.store.agents] == ["Ada"]


def test_a_name_means_the_newest_of_its_snapshots(control: Control) -> None:
    make_agent(control.world, "Bob")
    control.ask("POST", "/snapshots", {"name": "one agent"})

    assert control.ask("POST", "/restore", {"name": "one agent"}) == (200, summary(agents=2))


def test_an_unknown_name_restores_nothing(control: Control) -> None:
    status, answer = control.ask("POST", "/restore", {"name": "none"})

    assert (status, answer) == (404, {"detail": "There is no snapshot named 'none'"})
    assert len(control.world.store.agents) == 1


def test_snapshots_are_listed_and_forgotten(control: Control) -> None:
    assert control.get("/snapshots") == {"snapshots": ["one agent"], "limit": MOST_SNAPSHOTS}
    assert control.ask("DELETE", "/snapshots")[1]["snapshots"] == []
    assert control.ask("POST", "/restore", {"name": "one agent"})[0] == 404


def test_there_is_a_limit_to_the_snapshots_that_are_kept(control: Control) -> None:
    for number in range(1, MOST_SNAPSHOTS):
        assert control.ask("POST", "/snapshots", {"name": str(number)})[0] == 200

    status, answer = control.ask("POST", "/snapshots", {"name": "one too many"})

    assert (status, "Delete some first" in answer["detail"]) == (409, True)
    assert control.ask("POST", "/snapshots", {"name": "1"})[0] == 200


def test_a_key_is_given_a_copy_that_goes_its_own_way(control: Control) -> None:
    forked = summary(agents=1, key="wor…", id="world-1")
    assert control.ask("POST", "/fork", {"key": "worker-one"}) == (200, forked)

    make_agent(control.worlds.of("worker-one"), "Bob")

    assert control.ask("POST", "/reset", key="worker-one") == (
        200,
        summary(agents=1, id="world-1"),
    )
    assert len(control.world.store.agents) == 1


def test_a_key_that_has_a_world_keeps_it(control: Control) -> None:
    control.ask("POST", "/fork", {"key": "worker-one"})
    own = control.worlds.of("worker-one")

    status, answer = control.ask("POST", "/fork", {"key": "worker-one"})

    assert (status, "Delete it first" in answer["detail"]) == (409, True)
    assert control.worlds.of("worker-one") is own


def test_a_fork_too_many_is_refused() -> None:
    control = Control(Worlds(World(), limit=0))

    assert control.ask("POST", "/fork", {"key": "worker-one"})[0] == 429


def test_a_snapshot_goes_over_the_wire_into_another_world(control: Control) -> None:
    sent = exchange(control.app, "GET", "/_mockletta/snapshot")
    other = Control(Worlds(make_world(Settings())))

    answer = put_snapshot(other, sent.body)

    assert sent.headers["content-type"] == "application/x-ndjson"
    assert (answer.status, json.loads(answer.body)) == (200, summary(agents=1))
    assert [agent.name for agent in other.world.store.agents] == ["Ada"]


@pytest.mark.parametrize("end", [0, 10, -1, -30])
def test_a_snapshot_that_did_not_come_whole_changes_nothing(end: int, control: Control) -> None:
    sent = exchange(control.app, "GET", "/_mockletta/snapshot").body
    make_agent(control.world, "Bob")

    answer = put_snapshot(control, sent[:end])

    assert answer.status == 422
    assert len(control.world.store.agents) == 2


def test_a_snapshot_is_no_json() -> None:
    status, _ = Control().ask("PUT", "/snapshot", {"agents": []})

    assert status == 422
