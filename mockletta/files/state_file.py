"""The state file, which keeps a world over restarts.

After each request that changed something, one line with all of its changes is appended. If the
process is killed, at most the request in progress is lost: its line is missing or incomplete, and
is ignored. The operating system keeps what was written, so no fsync is needed. It does not protect
against a loss of power, which would need an fsync for each request.
"""

import logging
import os
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_reading import read_snapshot
from mockletta.files.snapshot_file_writing import SUFFIX, line, lines_of, prefix, write_whole
from mockletta.files.snapshots import restore
from mockletta.files.state_changes import Changes
from mockletta.world.world import World

logger = logging.getLogger("mockletta")
LEAST_GROWTH = 4 * 1024 * 1024
"""The bytes of changes that are always allowed before the file is rewritten."""


class StateFile:
    """Keeps a world in a file.

    >>> with StateFile("letta.state") as file:
    ...     file.attach(world)  # loads the file, or creates it
    """

    def __init__(self, path: str, *, least_growth: int = LEAST_GROWTH) -> None:
        """Lock a file. Raises BadSnapshot if another process has locked it."""
        self.path = os.path.realpath(path)
        self._least_growth = least_growth
        self._lock = _locked(self.path)
        self._world: World | None = None
        self._changes: Changes | None = None
        self._file: BinaryIO | None = None
        self._base = 0
        self._grown = 0

    def attach(self, world: World) -> None:
        """Load the file into a world, if it exists, and keep the world in it from now on.

        `world.on_change` is `commit` then. Runs that were in progress are cancelled. Raises
        BadSnapshot if the file cannot be written, or if it is damaged; then nothing has changed.
        """
        world.run(partial(self._attach, world))

    def _attach(self, world: World) -> None:
        file = Path(self.path)
        if file.exists() and file.stat().st_size:
            restore(world, read_snapshot(world, self.path, torn=True))
        self._write_anew(world)
        self._world = world
        world.on_change = self.commit

    def commit(self) -> None:
        """Append the changes since the last time. It is called within `world.run`.

        A write that fails is logged as an error, and repeated with the next change.
        """
        assert self._world is not None
        changes = self._changes
        if changes is None or changes.of_store is not self._world.store:
            self._try_to_write_anew()
            return
        entries = changes.take()
        if entries:
            self._append(line(b'{"kind":"changes","changes":[%s]}' % b",".join(entries)))
        if self._grown > max(self._base, self._least_growth):
            self._try_to_write_anew()

    def close(self) -> None:
        """Detach from the world and unlock the file."""
        if self._world is not None:
            self._world.run(partial(self._detach, self._world))
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.close()

    def _detach(self, world: World) -> None:
        self.commit()
        world.on_change = self._world = None
        world.store.stop_recording()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _append(self, data: bytes) -> None:
        """Append a line in one write. An incomplete line is removed, since others would follow
        it."""
        assert self._file is not None
        try:
            written = self._file.write(data)
        except OSError as error:
            self._fail(f"{self.path}: cannot be written: {error.strerror or error}")
            return
        self._grown += written
        if written < len(data):
            self._fail(f"{self.path}: cannot be written: no space left")

    def _try_to_write_anew(self) -> None:
        assert self._world is not None
        try:
            self._write_anew(self._world)
        except BadSnapshot as error:
            self._fail(str(error))

    def _fail(self, reason: str) -> None:
        """Log an error. The next change writes everything to a new file."""
        logger.error(reason)
        self._changes = None

    def _write_anew(self, world: World) -> None:
        """Rewrite the whole world. Until that succeeds the old file remains."""
        target = Path(self.path)
        for left_over in target.parent.glob(f"{prefix(target)}*{SUFFIX}"):
            left_over.unlink()
        write_whole(self.path, lines_of(world))
        if self._file is not None:
            self._file.close()
        self._file = target.open("ab", buffering=0)
        self._base, self._grown = self._file.tell(), 0
        self._changes = Changes(world)


def _locked(path: str) -> BinaryIO:
    """Open and lock a file beside the state file, which itself is replaced when it is rewritten."""
    try:
        beside = Path(f"{path}.lock").open("ab")  # noqa: SIM115 - open as long as the lock is held
    except OSError as error:
        raise BadSnapshot(path, None, f"cannot be written: {error.strerror or error}") from error
    try:
        import fcntl  # noqa: PLC0415 - Windows has no fcntl
    except ImportError:
        return beside
    try:
        fcntl.flock(beside, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        beside.close()
        raise BadSnapshot(path, None, "another process keeps its world in this file") from error
    return beside
