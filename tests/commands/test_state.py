"""`mockletta state`: what a file has, and how it is repaired."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockletta.cli import main
from mockletta.files.snapshot_file_writing import save
from tests.files.rich import make_rich_world


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "letta.state")
    save(make_rich_world(), path)
    return path


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["state", *arguments])


def test_a_sound_file_is_shown_and_needs_no_repair(path: str) -> None:
    shown = invoke("show", path)

    assert shown.output.startswith(f"{path}: version 2, ")
    assert shown.output.endswith("\nno damage\n")
    assert shown.exit_code == 0
    assert invoke("repair", path).output.endswith("no damage\nnothing to repair\n")


def test_damage_is_shown_with_its_lines_and_repaired(path: str) -> None:
    lines = Path(path).read_bytes().splitlines(keepends=True)
    Path(path).write_bytes(b"".join([*lines[:2], *[b"?\n"] * 30, *lines[32:]]))

    shown = invoke("show", path)

    assert "damaged:\n  line 3: it has no line number and checksum\n" in shown.output
    assert "  and " in shown.output
    assert "lost with it:\n" in shown.output
    assert shown.exit_code == 1
    assert invoke("repair", path).output.endswith(f"the damaged file: {path}.damaged-1\n")
    assert invoke("show", path).exit_code == 0


@pytest.mark.parametrize("command", ["show", "repair"])
def test_another_file_is_refused(path: str, command: str) -> None:
    Path(path).write_text("hello\n")

    told = invoke(command, path)

    assert (told.exit_code, told.output.startswith(f"Error: {path}: line 1: no header")) == (
        1,
        True,
    )
