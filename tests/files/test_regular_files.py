"""Files that other processes use, and the names that are left of dead ones."""

import os
import stat
from pathlib import Path

import pytest

from mockletta.files import regular_files
from mockletta.files.regular_files import Replacement
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_writing import save
from mockletta.files.state_file import StateFile
from mockletta.files.state_rewriting import Rewriting, frozen
from mockletta.state.event_log import Event, EventLog
from mockletta.world.world import World
from tests.files.kept import copied, reloaded
from tests.worlds import commit, make_agent, whole


def test_a_second_name_of_a_file_in_use_is_refused(path: str) -> None:
    with StateFile(path) as file:
        file.attach(World())
        os.link(path, f"{path}.link")

        with pytest.raises(BadSnapshot, match="another process keeps its world in this file"):
            StateFile(f"{path}.link")
        with pytest.raises(BadSnapshot, match="another process keeps its world in this file"):
            save(World(), path)


def test_a_file_that_is_replaced_while_it_is_opened_is_opened_again(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(path).touch()
    answers = iter([False, True])
    monkeypatch.setattr(regular_files, "is_at", lambda *_: next(answers))

    regular_files.open_locked(path).close()

    assert list(answers) == []


def test_a_file_that_another_has_replaced_is_not_overwritten(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        Path(f"{path}.other").write_text("other")
        Path(f"{path}.other").replace(path)
        make_agent(world)
        commit(world)

    assert Path(path).read_text() == "other"
    assert "another file has taken its place" in caplog.messages[0]


def test_a_file_that_was_removed_is_written_anew(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        Path(path).unlink()
        make_agent(world)
        commit(world)

        assert whole(copied(path)) == whole(world)


def test_a_file_that_grew_is_rewritten_while_the_world_goes_on(path: str) -> None:
    world = World()
    with StateFile(path, least_growth=0) as file:
        file.attach(world)
        sizes = [0]
        while sizes == sorted(sizes):  # until a thread has rewritten it
            make_agent(world, f"Agent {len(sizes) % 3}")
            world.store.delete("agents", next(iter(world.store.agents)).id)
            commit(world)
            sizes.append(Path(path).stat().st_size)

        assert whole(copied(path)) == whole(world)


@pytest.mark.parametrize("content", ["", '{"mockletta":"wor', '{"mockletta":"world","version":2}'])
def test_what_a_killed_process_left_half_written_is_cleared_away(path: str, content: str) -> None:
    target = Path(path)
    left_over = target.with_name(f".{target.name}.mockletta-0123456789abcdef.tmp")
    left_over.write_text(content)

    reloaded(path)

    assert not left_over.exists()


@pytest.mark.parametrize(
    "name",
    [
        ".world.state.abc.tmp",
        ".world.state.notes.tmp",
        ".world.state.b.mockletta-0123456789abcdef.tmp",
        ".world.state.mockletta-0123456789abcdef.tmp",  # not our content
        ".worldxstate.mockletta-0123456789abcdef.tmp",
        "world.state.lock",
    ],
)
def test_files_of_others_stay(path: str, name: str) -> None:
    other = Path(path).with_name(name)
    other.write_text("mine")

    reloaded(path)

    assert other.read_text() == "mine"


def test_the_new_version_that_another_process_writes_stays(path: str) -> None:
    with StateFile(path) as file:
        file.attach(World())
        writing = Replacement(path)
        Replacement(path).discard()
        writing.put_in_place()
        writing.discard()


@pytest.mark.parametrize("kind", ["named pipe", "folder", "device"])
def test_only_a_regular_file_is_replaced(tmp_path: Path, kind: str) -> None:
    target = {"folder": tmp_path, "device": Path("/dev/null")}.get(kind, tmp_path / "pipe")
    if kind == "named pipe":
        os.mkfifo(target)
    link = tmp_path / "link"
    link.symlink_to(target)
    before = target.stat().st_mode

    for path in (target, link):
        with pytest.raises(BadSnapshot, match=f"cannot be written: it is a {kind}, not a file"):
            save(World(), str(path))

    assert target.stat().st_mode == before


@pytest.fixture
def disk_steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the disk is asked for, in order."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(file: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "sync file")
        fsync(file)

    def replaced(file: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(file, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    return steps


def test_a_file_is_on_the_disk_before_it_replaces_another(
    disk_steps: list[str], tmp_path: Path
) -> None:
    save(World(), str(tmp_path / "world.jsonl"))

    assert disk_steps == ["sync file", "replace", "sync folder"]


def test_changes_during_a_rewriting_are_on_the_disk_before_it_is_in_place(
    disk_steps: list[str], path: str
) -> None:
    rewriting = Rewriting(path, frozen(World()))
    rewriting.write()
    rewriting.later.append(b"{}")
    with Path(path).open("wb") as old:
        rewriting.finish(old).close()

    assert disk_steps == ["sync file", "sync file", "replace", "sync folder"]


def test_a_turn_under_way_is_frozen_as_it_is() -> None:
    world = World()
    log = world.logs.by_run["run-1"] = EventLog()
    log.append(Event("raw", b"a"))
    copy = frozen(world)
    log.append(Event("raw", b"b"))

    assert [len(one.logs.by_run["run-1"]) for one in (copy, world)] == [1, 2]
