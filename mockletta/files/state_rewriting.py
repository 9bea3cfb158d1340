"""Writes a world to a new version of its state file in a thread, while the world is in use."""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage
from typing import BinaryIO

from mockletta.files.regular_files import Replacement, is_at, refusing
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_writing import lines_of
from mockletta.files.state_log import StateLog
from mockletta.world.world import World


class Rewriting:
    """A new version of a file with the state of `world`, which no longer changes.

    `later` are the changes since then. `finish` appends them and replaces the old file.
    """

    def __init__(self, path: str, world: World) -> None:
        self._path = path
        self._world = world
        self._replacement: Replacement | None = None
        self._error: BadSnapshot | None = None
        self._is_cancelled = False
        self._last = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.later: list[bytes] = []

    def start(self) -> None:
        """Write in a thread."""
        self._thread.start()

    @property
    def is_written(self) -> bool:
        return not self._thread.is_alive()

    def write(self) -> None:
        """Write now."""
        self._run()

    def finish(self, old: BinaryIO) -> StateLog:
        """Wait until everything is written, replace the old file, and return the new one. Raises
        BadSnapshot if that fails, or if the old file has been replaced by another."""
        if self._thread.ident is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error
        try:
            with refusing(self._path):
                if Path(self._path).exists() and not is_at(self._path, old):
                    raise _another_file()
                return self._put_in_place()
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove the new file, unless it has replaced the old one."""
        self._is_cancelled = True
        if self._thread.ident is not None:
            self._thread.join()
        self._discard_replacement()

    def _put_in_place(self) -> StateLog:
        replacement = self._replacement
        assert replacement is not None
        assert replacement.file is not None
        base = os.fstat(replacement.file.fileno()).st_size
        log = StateLog(replacement.file, self._last, 0, base, base)
        for entry in self.later:
            log.append(entry)
        if self.later:
            os.fsync(replacement.file.fileno())
        replacement.put_in_place()
        replacement.take()
        return log

    def _run(self) -> None:
        try:
            with refusing(self._path):
                _need_room(self._path)
                self._replacement = Replacement(self._path)
                self._replacement.write(self._lines())
        except BadSnapshot as error:
            self._error = error
            self._discard_replacement()

    def _discard_replacement(self) -> None:
        with suppress(OSError):
            if self._replacement is not None:
                self._replacement.discard()

    def _lines(self) -> Iterator[bytes]:
        for line in lines_of(self._world):
            if self._is_cancelled:
                return
            self._last += 1
            yield line


def _another_file() -> OSError:
    return OSError(errno.EEXIST, "another file has taken its place")


def _need_room(path: str) -> None:
    """Raise OSError unless the disk has room for a second copy of the file. A memory disk without a
    limit has a size of 0."""
    old = Path(path).stat().st_size if Path(path).exists() else 0
    disk = disk_usage(Path(path).parent)
    if disk.total and disk.free < old:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def frozen(world: World) -> World:
    """Return a copy of a world for writing, with the turns in progress. Call this within
    `world.run`."""
    copy = world.copy()
    copy.active = dict(world.active)
    for run_id, log in copy.logs.by_run.items():
        if not log.finished:
            copy.logs.by_run[run_id] = log.copy()
    return copy
