"""What a state file that was damaged is worth at the start."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_writing import save
from mockletta.files.state_file import StateFile
from mockletta.world.world import World
from tests.files.disks import full_disk
from tests.files.kept import reloaded
from tests.files.rich import make_rich_world
from tests.worlds import commit, make_agent


def damaged_end(path: str, damage: Callable[[bytes], bytes]) -> World:
    """Start from a file of a world with the agents Ada, Bea and Cleo whose end is damaged."""
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        for name in ("Ada", "Bea", "Cleo"):
            make_agent(world, name)
            commit(world)
    data = Path(path).read_bytes()
    Path(path).write_bytes(damage(data))
    return reloaded(path)


def first_change_cut(data: bytes) -> bytes:
    return data[: data.index(b"\n", data.index(b'"kind":"end"')) + 15]


def last_line_removed(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-1])


@pytest.mark.parametrize(
    ("damage", "told", "names"),
    [
        (lambda data: data[:-1], "its last line is incomplete", ["Ada", "Bea"]),
        (first_change_cut, "14 bytes are lost and its last 3 changes are missing; kept are ", []),
        (last_line_removed, "its last 1 changes are missing; kept are ", ["Ada", "Bea"]),
        (lambda data: data + b"\0" * 99, "99 bytes are lost; kept are", ["Ada", "Bea", "Cleo"]),
    ],
)
def test_a_file_that_lost_its_end_is_loaded_with_a_warning_and_a_copy(
    path: str,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[bytes], bytes],
    told: str,
    names: list[str],
) -> None:
    world = damaged_end(path, damage)

    [message] = caplog.messages
    assert told in message
    assert [agent.name for agent in world.store.agents] == names
    copy = Path(f"{path}.damaged-1")
    assert message.endswith(str(copy))
    assert copy.stat().st_mode & 0o77 == 0
    assert [agent.name for agent in reloaded(path).store.agents] == names
    assert len(caplog.messages) == 1


def test_a_damaged_file_is_not_changed_before_it_can_be_copied(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    save(World(), path)
    Path(path).write_bytes(torn := Path(path).read_bytes() + b"{")

    with full_disk(0), StateFile(path) as file:
        world = World()
        file.attach(world)
        make_agent(world)
        commit(world)
        assert "The file is left as it is until it can be copied" in caplog.messages[0]
    assert Path(path).read_bytes() == torn

    assert len(reloaded(path).store.agents) == 0


def test_a_file_cut_within_its_first_snapshot_is_refused(path: str) -> None:
    save(make_rich_world(), path)
    data = Path(path).read_bytes()
    Path(path).write_bytes(data[: len(data) // 2])

    with pytest.raises(BadSnapshot, match="it is incomplete"):
        reloaded(path)
