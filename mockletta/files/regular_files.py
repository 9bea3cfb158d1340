"""Opens, locks and replaces regular files. Pipes, devices and folders are refused.

A new version of a file is first written under another name. Left-over versions of killed processes
are removed with the next replacement.
"""

import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from mockletta.files.snapshot_file_entries import BadSnapshot

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)
_MARK = "mockletta-"
_RANDOM = 16
_BEGINNING = b'{"mockletta":'
PIECE = 1024 * 1024
MODE = 0o600
"""Only the owner can read the files, since they have the secrets of agents."""


@contextmanager
def refusing(path: str) -> Iterator[None]:
    """Turn errors of the file system into BadSnapshot."""
    try:
        yield
    except OSError as error:
        raise BadSnapshot(path, None, f"cannot be written: {error.strerror or error}") from error


def open_locked(path: str) -> BinaryIO:
    """Open a file for reading and writing, and lock it until it is closed. It is created if it does
    not exist. Raises BadSnapshot if it is not a regular file, or if another process has locked it.

    The lock is on the file itself, not on its name, so that a second name cannot share it.
    """
    target = os.path.realpath(path)
    while True:
        with refusing(path):
            _refuse_special(path, target)
            file = _opened(target, os.O_CREAT)
        if not _lock(file):
            file.close()
            raise BadSnapshot(path, None, "another process keeps its world in this file")
        if is_at(target, file):
            return file
        file.close()  # the other process replaced it in the meantime


def is_at(path: str, file: BinaryIO) -> bool:
    """Return whether an open file still has this name."""
    with suppress(OSError):
        return os.path.samestat(Path(path).stat(), os.fstat(file.fileno()))
    return False


def write_whole(path: str, lines: Iterable[bytes]) -> None:
    """Write a file that replaces the old one. Raises BadSnapshot, and changes nothing, if that
    fails, or if another process keeps its world in the old one."""
    target = os.path.realpath(path)
    _refuse_special(path, target)
    if Path(target).exists():
        open_locked(target).close()
    with refusing(path):
        new = Replacement(target)
        try:
            new.write(lines)
            new.put_in_place()
        finally:
            new.discard()


class Replacement:
    """A new version of a file, under another name until it replaces the old one. It is locked.

    `discard` removes it unless it has replaced the old file, and closes it unless it was taken.
    """

    def __init__(self, target: str) -> None:
        folder, name = os.path.split(target)
        _remove_left_overs(Path(folder), name)
        random = secrets.token_hex(_RANDOM // 2)
        self._target = target
        self._path: Path | None = Path(folder, f".{name}.{_MARK}{random}.tmp")
        self.file: BinaryIO | None = _opened(str(self._path), os.O_CREAT | os.O_EXCL)
        _lock(self.file)

    def write(self, lines: Iterable[bytes]) -> None:
        """Write the content, and wait until the disk has it."""
        assert self.file is not None
        with os.fdopen(os.dup(self.file.fileno()), "wb") as buffered:
            buffered.writelines(lines)
        os.fsync(self.file.fileno())

    def put_in_place(self) -> None:
        """Replace the old file."""
        assert self._path is not None
        self._path.replace(self._target)
        _sync_folder(self._path.parent)
        self._path = None

    def take(self) -> BinaryIO:
        """Return the open file. `discard` does not close it then."""
        file, self.file = self.file, None
        assert file is not None
        return file

    def discard(self) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            self._path = None
        if self.file is not None:
            self.file.close()
            self.file = None


def copy_beside(path: str) -> str:
    """Copy a damaged file to a new name beside it, and return that name."""
    with refusing(path):
        number = 1
        while (copy := Path(f"{path}.damaged-{number}")).exists():
            number += 1
        with Path(path).open("rb") as damaged:
            new = Replacement(str(copy))
            try:
                new.write(iter(partial(damaged.read, PIECE), b""))
                new.put_in_place()
            finally:
                new.discard()
    return str(copy)


def _refuse_special(path: str, target: str) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        mode = Path(target).stat().st_mode
        kind = next((said for is_kind, said in _KINDS if is_kind(mode)), None)
        if kind is not None:
            raise BadSnapshot(path, None, f"cannot be written: it is {kind}, not a file")


def _opened(path: str, flags: int) -> BinaryIO:
    flags |= os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, MODE), "r+b", buffering=0)


def _lock(file: BinaryIO) -> bool:
    """Lock a file. Return False if another process has locked it. Windows has no such locks."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has no fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder. Not every system supports that."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _remove_left_overs(folder: Path, name: str) -> None:
    """Remove replacements of killed processes: unlocked files with such a name that are empty or
    begin like ours."""
    pattern = re.compile(rf"\.{re.escape(name)}\.{_MARK}[0-9a-f]{{{_RANDOM}}}\.tmp")
    for found in folder.iterdir():
        if pattern.fullmatch(found.name) and found.is_file() and not found.is_symlink():
            with suppress(OSError), _opened(str(found), 0) as file:
                beginning = file.read(len(_BEGINNING))
                if _BEGINNING.startswith(beginning) and _lock(file):
                    found.unlink()
