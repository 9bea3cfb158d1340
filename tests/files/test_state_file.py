"""A file that keeps a world over restarts, whatever happens meanwhile."""

import asyncio
import logging
import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE

import pytest

from mockletta.api.block_creation import create_block
from mockletta.api.runs.runs import delete_run
from mockletta.files.numbered_lines import COUNTER_AT, COUNTER_WIDTH
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_reading import parked, read_state
from mockletta.files.snapshot_file_writing import save
from mockletta.files.snapshots import restore, snapshot
from mockletta.files.state_file import StateFile
from mockletta.settings.settings import STATE_SYNCS
from mockletta.state.event_log import EventLog
from mockletta.state.ids import Ids
from mockletta.turns.cancelling import cancel
from mockletta.wire.memory import CreateBlock
from mockletta.world.pace import Pace
from mockletta.world.world import KEPT_LOGS, World
from tests.environment import amount
from tests.files.kept import copied, reloaded
from tests.files.rich import happen, make_rich_world
from tests.files.writer import KILLED
from tests.worlds import commit, make_agent, make_conversation, say, told, whole


def test_a_world_is_kept_over_a_restart(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        agent = make_agent(world)
        commit(world)
        say(world, agent.id, "Hello!")

    assert whole(reloaded(path)) == whole(world)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("least_growth", [0, 1_000_000_000])
def test_whatever_happened_is_in_the_file(path: str, seed: int, least_growth: int) -> None:
    rng, world = random.Random(seed), make_rich_world(seed=seed or None)
    with StateFile(path, least_growth=least_growth) as file:
        file.attach(world)
        for _ in range(60):
            happen(world, rng)
            commit(world)
            assert rng.random() < 0.9 or whole(copied(path)) == whole(world)


def test_a_change_that_the_disk_takes_in_parts_is_whole(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, pwrite = World(), os.pwrite
    with StateFile(path) as file:
        file.attach(world)
        monkeypatch.setattr(os, "pwrite", lambda to, data, at: pwrite(to, data[:100], at))
        make_agent(world)
        commit(world)

    assert whole(reloaded(path)) == whole(world)


def test_nothing_is_written_for_a_request_that_changes_nothing(path: str) -> None:
    world = make_rich_world()
    with StateFile(path) as file:
        file.attach(world)
        before = Path(path).read_bytes()
        for conversation in world.store.conversations:
            told(world, conversation.id)
        commit(world)

        assert Path(path).read_bytes() == before


def test_all_changes_of_a_request_are_one_line(path: str) -> None:
    world = make_rich_world()
    with StateFile(path) as file:
        file.attach(world)
        before = Path(path).read_bytes()
        make_conversation(world, make_agent(world), "human")
        commit(world)

        after = Path(path).read_bytes()
        assert after.count(b"\n") - before.count(b"\n") == 1
        assert after[COUNTER_AT + COUNTER_WIDTH :].startswith(before[COUNTER_AT + COUNTER_WIDTH :])


def test_a_last_line_that_is_cut_off_anywhere_is_passed_over(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        block = create_block(world, CreateBlock(label="human"))
        commit(world)
        before, length = whole(world), Path(path).stat().st_size
        world.store.delete("blocks", block.id)
        commit(world)
    data = Path(path).read_bytes()

    for end in range(length, len(data)):
        Path(path).write_bytes(data[:end])
        assert whole(parked(World(), read_state(path)).parked) == before
    assert whole(reloaded(path)) == before


def test_a_line_damaged_in_the_middle_is_refused(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        for name in ("Ada", "Bea"):
            make_agent(world, name)
            commit(world)
    damaged = Path(path).read_bytes().replace(b'"kind":"changes"', b'"kind":"chances"', 1)
    Path(path).write_bytes(damaged)

    with pytest.raises(BadSnapshot, match=r"world\.state: line \d+: its checksum differs"):
        reloaded(path)

    assert Path(path).read_bytes() == damaged


def test_a_damaged_file_changes_nothing_in_the_world(path: str) -> None:
    Path(path).write_text("What is this?\n")
    world = World()
    make_agent(world)
    before = whole(world)

    with pytest.raises(BadSnapshot, match=r"line 1: no header such as"):
        reloaded(path, world)

    assert whole(world) == before
    assert Path(path).read_text() == "What is this?\n"


def test_a_snapshot_is_a_file_to_start_from(path: str) -> None:
    world = make_rich_world()
    save(world, path)

    assert whole(reloaded(path)) == whole(world)


def test_an_empty_file_is_one_to_begin_with(path: str) -> None:
    Path(path).touch()
    world = make_rich_world()

    assert whole(reloaded(path, world)) == whole(reloaded(path)) == whole(world)


def test_two_cannot_keep_their_worlds_in_one_file(path: str) -> None:
    with StateFile(path), pytest.raises(BadSnapshot, match="another process keeps its world"):
        StateFile(path)

    StateFile(path).close()


def test_without_file_locks_it_works_as_well(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    world = make_rich_world()

    assert whole(reloaded(path, world)) == whole(world)


@pytest.mark.parametrize("name", ["none/world.state", "."])
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSnapshot):
        reloaded(str(tmp_path / name))


def test_a_file_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BadSnapshot, match="cannot be written: Not a directory"):
        StateFile(str(tmp_path / "file" / "world.state"))


def test_a_world_that_is_restored_is_kept_as_restored(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        taken = snapshot(world)
        make_agent(world)
        commit(world)
        restore(world, taken)
        make_agent(world, "Bea")
        commit(world)

    assert [row.name for row in reloaded(path).store.agents] == ["Bea"]


def test_threads_that_prepare_one_restore_leave_one_version_of_the_file(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        make_agent(world)
        taken = world.run(lambda: snapshot(world))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(file.prepare, [taken] * 8))
        make_agent(world)
        world.run(lambda: restore(world, taken))

        assert [entry.name for entry in Path(path).parent.iterdir()] == [Path(path).name]

    assert whole(reloaded(path)) == whole(world)


def test_a_restore_is_written_at_once_however_soon_after_a_rewrite(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        taken = snapshot(world)
        make_agent(world)
        commit(world)
        file._pause(60.0)
        world.run(lambda: restore(world, taken))

        assert len(parked(World(), read_state(path)).parked.store.agents) == 0


def test_with_a_seed_the_ids_go_on_where_they_were(path: str) -> None:
    world = World(ids=Ids(7))
    with StateFile(path) as file:
        file.attach(world)
        make_agent(world)

    assert reloaded(path).ids.new("agent") == world.ids.new("agent")


def test_the_oldest_logs_are_forgotten_in_the_file_too(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        agent = make_agent(world)
        for number in range(3):
            say(world, agent.id, f"Hello {number}!", background=True)
        commit(world)
        first = next(iter(world.logs.by_run))
        log = world.logs.by_run[first]
        for number in range(KEPT_LOGS):
            world.logs.keep(f"run-{number}", log, ())
        commit(world)

    assert whole(reloaded(path)) == whole(world)
    assert first not in world.logs.by_run


def test_the_log_of_a_deleted_run_is_forgotten_in_the_file_too(path: str) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        agent = make_agent(world)
        kept, deleted = (say(world, agent.id, text, background=True) for text in ("One", "Two"))
        commit(world)
        world.run(lambda: delete_run(world, world.store.runs.get(deleted.run_id)))
        commit(world)

    assert list(reloaded(path).logs.by_run) == [kept.run_id]
    assert whole(reloaded(path)) == whole(world)


def test_a_run_under_way_is_cancelled_when_the_world_is_read_again(path: str) -> None:
    async def story() -> None:
        world = World(pace=Pace(ttft=600))
        with StateFile(path) as file:
            file.attach(world)
            agent = make_agent(world)
            conversation = make_conversation(world, agent)
            said = say(world, conversation.id, "Hello!", background=True)
            commit(world)

            again = copied(path)

            log = again.logs.by_run[said.run_id]
            assert (again.store.runs.get(said.run_id).status, log.finished) == ("cancelled", True)
            assert log.events[: len(said.log)] == said.log.events
            assert world.store.runs.get(said.run_id).status == "running"
            restore(world, snapshot(world))

    asyncio.run(story())


def test_a_file_that_is_written_anew_tells_of_the_runs_under_way(path: str) -> None:
    async def story() -> None:
        world = World(pace=Pace(ttft=600))
        said = say(world, make_agent(world).id, "Hello!")
        with StateFile(path) as file:
            file.attach(world)

            assert copied(path).store.runs.get(said.run_id).status == "cancelled"
            restore(world, snapshot(world))

    asyncio.run(story())


def test_a_log_that_grows_is_written_as_it_grows(path: str) -> None:
    async def story() -> None:
        world = World(pace=Pace(tokens_per_second=1000))
        with StateFile(path) as file:
            file.attach(world)
            agent = make_agent(world)
            said = say(world, agent.id, "Hello!", background=True)
            while not said.log.finished:
                commit(world)
                await said.log.more()
            for number in range(KEPT_LOGS):
                world.logs.keep(f"run-{number}", said.log, ())
            commit(world)
            world.logs.keep(said.run_id, said.log, ("Hello!",))
            commit(world)

            assert whole(copied(path)) == whole(world)

    asyncio.run(story())


def test_a_log_that_is_forgotten_while_it_grows_is_forgotten_in_the_file_too(path: str) -> None:
    async def story() -> None:
        world = World(pace=Pace(ttft=600))
        with StateFile(path) as file:
            file.attach(world)
            said = say(world, make_agent(world).id, "Hello!", background=True)
            commit(world)
            for number in range(KEPT_LOGS):
                world.logs.keep(f"run-{number}", EventLog(numbered=True), ())
            commit(world)
            cancel(world, said.run_id)

            assert said.run_id not in copied(path).logs.by_run

    asyncio.run(story())


def test_a_file_that_cannot_be_written_anew_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path, world = str(folder / "world.state"), World()
    with StateFile(path, least_growth=0) as file:
        file.attach(world)
        folder.rename(tmp_path / "elsewhere")
        for number in range(30):
            make_agent(world, f"Agent {number}")
            commit(world)
        assert caplog.record_tuples[0][:2] == ("mockletta", logging.ERROR)
        assert "it was removed, or another file has taken its place" in caplog.messages[0]
        folder.mkdir()

    assert whole(reloaded(path)) == whole(world)


def test_a_world_that_is_let_go_of_is_no_longer_kept(path: str) -> None:
    world = reloaded(path)
    before = Path(path).read_bytes()

    make_agent(world)
    commit(world)

    assert (Path(path).read_bytes(), world.store.changed_ids) == (before, None)


def test_killed_while_it_writes_it_loses_no_change_it_has_told_of(tmp_path: Path) -> None:
    rng, told_of = random.Random(5), set[str]()
    command = [sys.executable, "-m", "tests.files.writer"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        orders, lines = process.stdin, process.stdout
        assert orders is not None
        assert lines is not None
        for number in range(amount(30, nightly=300)):
            path = str(tmp_path / f"{number // 10}.state")
            told_of = told_of if number % 10 else set()
            orders.write(f"{path} {STATE_SYNCS[number % 3]}\n")
            orders.flush()
            victim, lives = int(lines.readline()), rng.randrange(10)
            told_of |= {lines.readline().strip() for _ in range(lives)}
            os.kill(victim, signal.SIGKILL)
            told_of |= {line.strip() for line in iter(lines.readline, f"{KILLED}\n")}
            if told_of:
                world = parked(World(), read_state(path)).parked
                assert told_of <= {block.id for block in world.store.blocks}
        orders.close()
