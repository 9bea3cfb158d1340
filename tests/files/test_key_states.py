"""Worlds of API keys that are kept in files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockletta.files.key_states import KeyStates, UnusableState
from mockletta.files.snapshots import fork, reset
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control
from tests.control.test_worlds import AGENT


@contextmanager
def control_over(path: Path) -> Iterator[Control]:
    """A server that keeps its worlds, until the end of the block."""
    with KeyStates(str(path)) as keeper:
        worlds = Worlds(World(), make=World)
        worlds.storage = keeper
        yield Control(worlds)


def names(control: Control, key: str) -> list[str]:
    return [agent["name"] for agent in control.ask("GET", "/v1/agents/", key=key)[1]]


def test_each_key_finds_its_world_again(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    with control_over(path) as control:
        for key in ("one", "two"):
            control.ask("POST", "/v1/agents/", {**AGENT, "name": key}, key=key)
    with control_over(path) as control:
        assert (names(control, "two"), names(control, "one")) == (["two"], ["one"])
        assert names(control, "three") == []


def test_files_show_no_key(tmp_path: Path) -> None:
    with control_over(tmp_path / "letta.state") as control:
        control.ask("POST", "/v1/agents/", AGENT, key="secret-key")

    [file] = (tmp_path / "letta.state.keys").iterdir()
    assert "secret" not in file.name
    assert b"secret-key" not in file.read_bytes()
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_deleted_world_starts_again(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    with control_over(path) as control:
        control.ask("POST", "/v1/agents/", AGENT, key="one")
        control.ask("DELETE", "/worlds?key=one")
        assert names(control, "one") == []
    with control_over(path) as control:
        assert names(control, "one") == []


def test_looking_at_a_kept_world_loads_it(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    with control_over(path) as control:
        control.ask("POST", "/v1/agents/", AGENT, key="one")
    with control_over(path) as control:
        assert len(control.get("/agents", key="one")["agents"]) == 1


def test_a_kept_world_is_not_replaced_by_a_fork(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    with control_over(path) as control:
        control.ask("POST", "/v1/agents/", AGENT, key="one")
    with control_over(path) as control:
        assert control.ask("POST", "/fork", {"key": "one"}, key="two")[0] == 409


def test_a_fork_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    with control_over(path) as control:
        control.ask("POST", "/v1/agents/", AGENT, key="one")
        assert control.ask("POST", "/fork", {"key": "copy"}, key="one")[0] == 200
    with control_over(path) as control:
        assert names(control, "copy") == [AGENT["name"]]


def test_a_damaged_file_is_an_error_of_its_key_only(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    with control_over(path) as control:
        control.ask("POST", "/v1/agents/", AGENT, key="one")
    [file] = path.with_name("letta.state.keys").iterdir()
    file.write_bytes(b"nothing of ours\n")
    with control_over(path) as control:
        status, answer = control.ask("GET", "/v1/agents/", key="one")
        assert (status, "cannot be loaded" in answer["detail"]) == (503, True)
        assert names(control, "two") == []


def test_a_directory_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "letta.state.keys").write_text("")
    with KeyStates(str(tmp_path / "letta.state")) as keeper, pytest.raises(UnusableState):
        keeper.keep("one", World())


def test_a_reset_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "letta.state"
    world = fork(World())
    with KeyStates(str(path)) as keeper:
        keeper.keep("one", world)
        control = Control(Worlds(world))
        control.ask("POST", "/v1/agents/", AGENT)
        world.run(lambda: reset(world))
    with control_over(path) as control:
        assert names(control, "one") == []
