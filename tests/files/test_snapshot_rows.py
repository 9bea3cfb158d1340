"""Rows in snapshot files, of which there can be very many."""

import gc
from pathlib import Path

import pytest

from mockletta.files.numbered_lines import numbered_line
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_reading import load
from mockletta.files.snapshot_file_writing import save
from mockletta.state import garbage_collection
from mockletta.world.world import World
from tests.worlds import make_agent, say


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of a world with an agent and a turn."""
    file, world = tmp_path / "world.jsonl", World()
    say(world, make_agent(world).id, "Hello!")
    save(world, str(file))
    return file


def message_line(lines: list[bytes]) -> int:
    """The index of the first line of a message."""
    return next(at for at, line in enumerate(lines) if b'"table":"messages"' in line)


def test_a_row_whose_line_is_sound_and_whose_value_is_not_is_refused(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    at = message_line(lines)
    entry = b'{"kind":"row","table":"messages","row":{"id":5}}'
    file.write_bytes(b"".join([*lines[:at], numbered_line(at + 1, entry), *lines[at + 1 :]]))

    with pytest.raises(BadSnapshot, match=f"line {at + 1}: id: Input should be a valid string"):
        load(World(), str(file))


def test_a_message_is_written_without_the_fields_that_have_their_default(file: Path) -> None:
    lines = file.read_bytes().splitlines()

    assert b"content" in lines[message_line(lines)]
    assert not any(name in lines[message_line(lines)] for name in (b"reasoning", b"waiting"))


@pytest.mark.parametrize("is_server", [True, False])
def test_a_server_exempts_a_large_world_from_garbage_collection(
    file: Path, monkeypatch: pytest.MonkeyPatch, *, is_server: bool
) -> None:
    monkeypatch.setattr(garbage_collection, "MANY", 0)
    gc.enable()  # another test may have left it disabled
    gc.unfreeze()
    if is_server:
        gc.freeze()
    frozen = gc.get_freeze_count()

    load(world := World(), str(file))

    assert gc.isenabled()
    assert world.store.agents
    assert (gc.get_freeze_count() > frozen) == is_server
    gc.unfreeze()
