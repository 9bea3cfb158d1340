"""Appends changes to a state file, each as one line, and syncs the file to the disk.

A line that cannot be written is cut off. If only the process ends, the operating system keeps the
written lines. A loss of power needs more: `always` waits for the disk before each answer, `second`
syncs in a thread once a second, `never` leaves it to the operating system.
"""

import logging
import os
import threading
from contextlib import suppress
from typing import BinaryIO

from mockletta.files.numbered_lines import COUNTER_AT, counter, numbered_line
from mockletta.settings.settings import StateSync

SECONDS = 1.0
logger = logging.getLogger("mockletta")
_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only fsync


class StateLog:
    """A locked state file, from the end of its last complete line on.

    `last` is the number of the last line, `changes` the number of lines of changes, `base` and
    `end` are the sizes of the snapshot and of everything.
    """

    def __init__(self, file: BinaryIO, last: int, changes: int, base: int, end: int) -> None:
        self.file = file
        self.last = last
        self.changes = changes
        self.base = base
        self.end = end
        self._is_cut = False

    @property
    def grown(self) -> int:
        """The size of all changes in bytes."""
        return self.end - self.base

    def cut_back(self) -> None:
        """Remove everything after the last complete line. Raises OSError."""
        os.ftruncate(self.file.fileno(), self.end)
        self._is_cut = True
        self._count()

    def append(self, entry: bytes) -> None:
        """Append an entry. Raises OSError if the disk does not take all of it. The file is then
        unchanged, or it is cut back before the next attempt."""
        if not self._is_cut:
            self.cut_back()
        self._is_cut = False
        line = numbered_line(self.last + 1, entry)
        self._write(self.file.fileno(), line)
        self.last += 1
        self.changes += 1
        self.end += len(line)
        self._is_cut = True
        self._count()

    def _count(self) -> None:
        os.pwrite(self.file.fileno(), counter(self.changes), COUNTER_AT)

    def _write(self, descriptor: int, line: bytes) -> None:
        written = 0
        try:
            while written < len(line):
                written += os.pwrite(descriptor, line[written:], self.end + written)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, self.end)
                self._is_cut = True
            raise

    def close(self) -> None:
        self.file.close()


class StateSyncing:
    """Syncs a file as its mode requires."""

    def __init__(self, mode: StateSync) -> None:
        self._mode = mode
        self._file: BinaryIO | None = None
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def written(self, file: BinaryIO) -> None:
        """Sync a file after a write, now or later. Raises OSError if the disk fails now."""
        if self._mode == "always":
            _sync(file.fileno())
        elif self._mode == "second":
            with self._lock:
                self._file = file
            self._changed.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Sync the last writes, and end."""
        self._ended.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._changed.wait()
            self._ended.wait(SECONDS)
            self._changed.clear()
            self._sync_copy()

    def _sync_copy(self) -> None:
        """Sync a second descriptor of the file, since the first can be closed meanwhile."""
        with self._lock:
            file = self._file
        try:
            assert file is not None
            with os.fdopen(os.dup(file.fileno()), "rb") as copy:
                _sync(copy.fileno())
        except ValueError:
            pass  # a new version of the file has replaced it, which is on the disk
        except OSError as error:
            reason = f"the state file cannot be synced: {error.strerror or error}"
            logger.error(reason)  # noqa: TRY400 - a traceback tells nothing more
