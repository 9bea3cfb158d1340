"""Appends changes to a state file, each as one line. A line that cannot be written is cut off."""

import os
from contextlib import suppress
from typing import BinaryIO

from mockletta.files.numbered_lines import COUNTER_AT, counter, numbered_line


class StateLog:
    """A locked state file, from the end of its last whole line on.

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
        """The size of all changes."""
        return self.end - self.base

    def cut_back(self) -> None:
        """Remove what is after the last whole line. Raises OSError."""
        os.ftruncate(self.file.fileno(), self.end)
        self._is_cut = True
        self._count()

    def append(self, entry: bytes) -> None:
        """Append an entry. Raises OSError if the disk does not take all of it. The file is as
        before then, or it is cut back before the next attempt.
        """
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
