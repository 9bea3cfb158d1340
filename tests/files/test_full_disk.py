"""A disk without room: the world goes on, and is written once there is room again."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from mockletta.files import state_file, state_rewriting
from mockletta.files.snapshot_file_writing import save
from mockletta.files.snapshots import restore, snapshot
from mockletta.files.state_file import StateFile
from mockletta.world.world import World
from tests.files.disks import full_disk
from tests.files.kept import copied, reloaded
from tests.files.rich import make_rich_world
from tests.worlds import commit, make_agent, whole


@pytest.mark.parametrize("fits", [0, 10])
def test_what_could_not_be_written_is_written_when_there_is_room(
    path: str, fits: int, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        before = Path(path).read_bytes()
        with full_disk(len(before) + fits):
            for name in ("Ada", "Bea"):
                make_agent(world, name)
                commit(world)
            assert Path(path).read_bytes() == before
        make_agent(world, "Cleo")
        commit(world)

        assert whole(copied(path)) == whole(world)
    assert [message.split(": ")[1].split(".")[0] for message in caplog.messages] == [
        "cannot be written",
        "is written again, with all changes",
    ]


def test_if_much_could_not_be_written_the_file_is_rewritten(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "MOST_UNWRITTEN", 10)
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        with full_disk(Path(path).stat().st_size):
            make_agent(world)
            commit(world)
        make_agent(world, "Bea")
        commit(world)

        assert whole(copied(path)) == whole(world)


def test_a_server_starts_on_a_full_disk(path: str, caplog: pytest.LogCaptureFixture) -> None:
    with full_disk(0), StateFile(path) as file:
        world = World()
        file.attach(world)
        make_agent(world)
        commit(world)
    assert "cannot be written" in caplog.messages[0]

    save(make_rich_world(), path)
    with full_disk(0):
        world = reloaded(path)
    assert len(world.store.agents) > 1


def test_a_file_that_cannot_be_made_smaller_still_grows(
    path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    with StateFile(path, least_growth=0) as file:
        file.attach(world)
        monkeypatch.setattr(
            state_rewriting, "disk_usage", lambda _: SimpleNamespace(free=0, total=1)
        )
        for number in range(200):
            make_agent(world, f"Agent {number}")
            commit(world)

        assert whole(copied(path)) == whole(world)
    [message] = caplog.messages
    assert message.endswith("No space left on device. The file grows until it can be rewritten")


def test_a_disk_without_a_limit_has_room(
    path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(state_rewriting, "disk_usage", lambda _: SimpleNamespace(free=0, total=0))
    save(make_rich_world(), path)

    world = World()
    with StateFile(path) as file:
        file.attach(world)
        taken = snapshot(world)
        world.run(lambda: restore(world, taken))

    assert not caplog.messages
