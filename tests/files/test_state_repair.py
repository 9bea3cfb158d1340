"""Damaged files: what is found, and what can be saved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mockletta.files.numbered_lines import numbered_line
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_writing import save
from mockletta.files.state_file import StateFile
from mockletta.files.state_repair import repair, salvage
from mockletta.world.world import World
from tests.files.kept import reloaded
from tests.files.rich import make_rich_world
from tests.worlds import commit, make_agent, make_conversation, whole

Damage = Callable[[list[bytes]], list[bytes]]


def file_of_three(path: str, damage: Damage) -> None:
    """Write a state file with three agents and a conversation, and damage its changes."""
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        before = Path(path).read_bytes().count(b"\n")
        for name in ("Ada", "Bea", "Cleo"):
            make_agent(world, name)
            commit(world)
        make_conversation(world, next(iter(world.store.agents)))
        commit(world)
    lines = Path(path).read_bytes().splitlines(keepends=True)
    Path(path).write_bytes(b"".join(lines[:before] + damage(lines[before:])))


def spoil(line: bytes) -> bytes:
    return line.replace(b"kind", b"kinb", 1)


@pytest.mark.parametrize(
    ("damage", "problem", "names"),
    [
        (lambda changes: changes, None, ["Ada", "Bea", "Cleo"]),
        (
            lambda changes: [changes[0], spoil(changes[1]), *changes[2:]],
            ": its checksum differs: it was changed",
            ["Ada", "Cleo"],
        ),
        (lambda changes: [changes[0], *changes[2:]], ": 1 lines are missing", ["Ada", "Cleo"]),
        (lambda changes: changes[:2], ": 2 changes are missing at the end", ["Ada", "Bea"]),
        (
            lambda changes: [*changes[:2], changes[2][:20]],
            ": it has no line number",
            ["Ada", "Bea"],
        ),
    ],
)
def test_everything_but_what_is_damaged_is_saved(
    path: str, damage: Damage, problem: str | None, names: list[str]
) -> None:
    file_of_three(path, damage)
    damaged = Path(path).read_bytes()

    found, copy = repair(path)

    assert [one.name for one in reloaded(path).store.agents] == names
    assert (copy is None) == (problem is None)
    assert problem is None or problem in found.problems[0]
    assert copy is None or Path(copy).read_bytes() == damaged
    assert repair(path)[1] is None


def test_what_refers_to_lost_rows_is_lost_too(path: str) -> None:
    world = make_rich_world()
    save(world, path)
    lines = Path(path).read_bytes().splitlines(keepends=True)
    for number in range(1, len(lines) - 1):
        Path(path).write_bytes(b"".join([*lines[:number], b"?\n", *lines[number + 1 :]]))

        found = salvage(path)

        assert found.problems == [f"line {number + 1}: it has no line number and checksum"] or (
            len(found.problems) > 1  # a thread whose message is lost
        )
        repair(path)
        assert salvage(path).is_damaged is False
        reloaded(path)


def test_a_file_without_its_end_is_saved(path: str) -> None:
    world = make_rich_world()
    save(world, path)
    lines = Path(path).read_bytes().splitlines(keepends=True)
    Path(path).write_bytes(b"".join(lines[:-1]))

    assert repair(path)[0].problems == [f"line {len(lines)}: the file ends before its `end`"]
    assert whole(reloaded(path)) == whole(world)


def test_changes_after_a_lost_end_are_taken(path: str) -> None:
    save(World(), path)
    lines = Path(path).read_bytes().splitlines(keepends=True)[:-1]
    change = b'{"kind":"changes","changes":[{"kind":"active","runs":["run-1"]},{"kind":"end"}]}'
    lines += [numbered_line(len(lines) + 2, change)]
    Path(path).write_bytes(b"".join(lines))

    found = salvage(path)

    assert found.problems[0].endswith(": 1 lines are missing")
    assert found.draft.active == []


def test_what_is_no_file_of_ours_is_refused(path: str) -> None:
    with pytest.raises(BadSnapshot, match="No such file"):
        salvage(path)
    Path(path).write_text("hello\n")
    with pytest.raises(BadSnapshot, match="line 1: no header"):
        salvage(path)
    with StateFile(path), pytest.raises(BadSnapshot, match="another process"):
        repair(path)
