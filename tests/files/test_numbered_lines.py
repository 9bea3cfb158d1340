"""Lines with numbers and checksums: what was changed is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_reading import load
from mockletta.files.snapshot_file_writing import save
from mockletta.world.world import World
from tests.files.rich import make_rich_world


def swap(data: list[bytes]) -> list[bytes]:
    return [*data[:3], data[4], data[3], *data[5:]]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: [*data[:3], *data[4:]], "line 4: it was written as line 5"),
        (swap, "line 4: it was written as line 5: lines were removed or moved"),
        (lambda data: [*data[:4], data[3], *data[4:]], "line 5: it was written as line 4"),
        (lambda data: [*data[:3], data[3].replace(b"_", b"+", 1), *data[4:]], "line 4: its check"),
        (
            lambda data: [*data[:3], b"{}\n", *data[3:]],
            "line 4: it has no line number",
        ),
        (lambda data: [*data[:3], b"\0" * 9 + data[3], *data[4:]], "line 4: it has no line number"),
    ],
)
def test_a_line_that_was_changed_removed_or_moved_is_told(
    path: str, damage: Callable[[list[bytes]], list[bytes]], reason: str
) -> None:
    save(make_rich_world(), path)
    file = Path(path)
    file.write_bytes(b"".join(damage(file.read_bytes().splitlines(keepends=True))))

    with pytest.raises(BadSnapshot, match=reason):
        load(World(), path)
