"""Files of text, and places in them. Neither needs a parser, which takes long to import."""

from pathlib import Path as FilePath
from typing import NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
LARGEST = 256 * 1024 * 1024


class Place(NamedTuple):
    """The position of a value: line and column from 1, and the existing part of the path to it."""

    line: int
    column: int
    path: Path = ()


class UnreadableFile(ValueError):
    """The text is not YAML; `place` is the position of the error, or None if it has none."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.place = place


def read_text(file: str) -> str:
    """Return a file's text. Raises UnreadableFile if it does not exist or is too large."""
    try:
        with FilePath(file).open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableFile(error.strerror or str(error)) from error
    if len(content) > LARGEST:
        raise UnreadableFile(f"the file is larger than {LARGEST} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"byte {error.start}: not UTF-8 text") from error
