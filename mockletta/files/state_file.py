"""The state file, which keeps a world over restarts.

After each request that changed something, one line with all of its changes is appended, before the
answer is sent. When the changes are larger than the world, a thread writes a new version of the
file. If the process is killed, at most the request in progress is lost. A full or broken disk does
not stop the server: the world continues in memory, the log reports it, and missing changes are
written as soon as there is room.
"""

import logging
import os
import time
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from mockletta.files.regular_files import copy_beside, is_at, open_locked, refusing
from mockletta.files.snapshot_file_entries import VERSION, BadSnapshot
from mockletta.files.snapshot_file_reading import PartialWorld, parked, read_state
from mockletta.files.snapshots import restore
from mockletta.files.state_changes import Changes
from mockletta.files.state_log import StateLog, StateSyncing
from mockletta.files.state_rewriting import Rewriting, frozen
from mockletta.settings.settings import DEFAULT_STATE_SYNC, StateSync
from mockletta.world.world import Snapshot, World

logger = logging.getLogger("mockletta")
LEAST_GROWTH = 4 * 1024 * 1024
"""The bytes of changes that are always allowed before the file is rewritten."""
MOST_UNWRITTEN = 16 * 1024 * 1024
"""The most bytes of changes that wait for room on the disk. Beyond them the whole file is
rewritten."""
LEAST_PAUSE = 1.0
"""The seconds between two attempts to rewrite a file; longer if an attempt takes long."""
LONG_PAUSE = 60.0
"""The seconds between two attempts to shrink a file that can still be appended to."""


class StateFile:
    """Keeps a world in a file.

    >>> with StateFile("letta.state") as file:
    ...     file.attach(world)  # loads the file, or creates it
    """

    def __init__(
        self,
        path: str,
        *,
        sync: StateSync = DEFAULT_STATE_SYNC,
        least_growth: int = LEAST_GROWTH,
    ) -> None:
        """Lock a file. Raises BadSnapshot if it is not a regular file, or if another process has
        locked it."""
        self.path = os.path.realpath(path)
        existed = Path(self.path).exists()
        self._least_growth = least_growth
        self._sync = StateSyncing(sync)
        self._log = StateLog(open_locked(path), 0, 0, 0, 0)
        self._world: World | None = None
        self._changes: Changes | None = None
        self._unwritten: list[bytes] = []
        self._rewriting: Rewriting | None = None
        self._prepared: list[tuple[Snapshot, Rewriting]] = []
        self._damage: str | None = None
        self._is_failing = False
        self._next_attempt = 0.0
        if existed and self._is_empty:
            logger.warning("%s is empty: a new world starts", self.path)

    @property
    def _is_empty(self) -> bool:
        return not os.fstat(self._log.file.fileno()).st_size

    @property
    def _is_overgrown(self) -> bool:
        return self._log.grown > max(self._log.base, self._least_growth)

    def attach(self, world: World) -> None:
        """Load the file into a world, if it has one, and keep the world in it from now on.

        `world.on_change` is `commit` then. Runs that were in progress are cancelled. Raises
        BadSnapshot if the file is damaged; then nothing has changed. If only its end is missing,
        the log reports it, and a copy of the damaged file is kept.
        """
        world.run(partial(self._attach, world))

    def _attach(self, world: World) -> None:
        draft = None if self._is_empty else read_state(self.path)
        self._world = world
        if draft is not None:
            restore(world, parked(world, draft))
        if draft is None or not self._continue(draft):
            self._rewrite()
        world.on_change = self.commit
        world.before_restore = self.prepare

    def _continue(self, draft: PartialWorld) -> bool:
        """Continue the existing file. Return False if it must be rewritten."""
        assert self._world is not None
        changes = draft.last - draft.entries - 2
        self._log = StateLog(self._log.file, draft.last, changes, draft.base, draft.good)
        if draft.torn or draft.missing:
            self._damage = _damage(draft)
            if not self._copy_damaged():
                return True
        if draft.version < VERSION or draft.active or self._is_overgrown:
            return False
        self._changes = Changes(self._world)
        return True

    def _copy_damaged(self) -> bool:
        """Keep a copy of a damaged file before it is changed. Return False if that fails."""
        if self._damage is None:
            return True
        try:
            copy = copy_beside(self.path)
            with refusing(self.path):
                self._log.cut_back()
        except BadSnapshot as error:
            self._fail(f"{self._damage}. The file is left as it is until it can be copied: {error}")
            return False
        logger.warning("%s: %s. A copy of the damaged file: %s", self.path, self._damage, copy)
        self._damage = None
        return True

    def commit(self) -> None:
        """Append the changes since the last call. `world.run` calls it.

        If the disk does not take them, an error is logged, and they are written later.
        """
        assert self._world is not None
        if self._rewriting is not None and self._rewriting.is_written:
            self._finish_rewriting(self._rewriting)
        if self._changes is None or self._changes.of_store is not self._world.store:
            self._replace()
            return
        entries = self._changes.take()
        if entries:
            self._keep(b'{"kind":"changes","changes":[%s]}' % b",".join(entries))
        if self._is_overgrown and self._rewriting is None and self._may_attempt():
            self._rewriting = Rewriting(self.path, frozen(self._world))
            self._rewriting.start()

    def prepare(self, taken: Snapshot) -> None:
        """Write a snapshot that is about to be restored to a new version of the file, which
        replaces the old one with the restore.

        Call this in a thread: meanwhile the world is in use.
        """
        rewriting = Rewriting(self.path, taken.parked)
        rewriting.write()
        self._take_prepared(None)
        self._prepared.append((taken, rewriting))

    def close(self) -> None:
        """Write missing changes, detach from the world and unlock the file."""
        if self._world is not None:
            self._world.run(partial(self._detach, self._world))
        self._sync.close()
        self._log.close()

    def _detach(self, world: World) -> None:
        self._next_attempt = 0.0
        self.commit()
        self._discard_rewriting()
        self._take_prepared(None)
        world.on_change = world.before_restore = self._world = None
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

    def _keep(self, entry: bytes) -> None:
        """Append an entry, after those that could not be written before."""
        if not is_at(self.path, self._log.file):
            self._fail(f"{self.path}: it was removed, or another file has taken its place")
            self._replace()
            return
        if self._rewriting is not None:
            self._rewriting.later.append(entry)
        self._unwritten.append(entry)
        try:
            while self._unwritten:
                self._log.append(self._unwritten[0])
                del self._unwritten[0]
            self._sync.written(self._log.file)
        except OSError as error:
            self._fail(f"{self.path}: cannot be written: {error.strerror or error}")
            if sum(map(len, self._unwritten)) > MOST_UNWRITTEN:
                self._forget_changes()
        else:
            self._recover()

    def _forget_changes(self) -> None:
        """Rewrite the file the next time, instead of appending changes."""
        self._unwritten.clear()
        self._changes = None
        self._discard_rewriting()

    def _discard_rewriting(self) -> None:
        if self._rewriting is not None:
            self._rewriting.discard()
            self._rewriting = None

    def _replace(self) -> None:
        """Rewrite the file, since changes alone would not give the state of the world."""
        assert self._world is not None
        self._forget_changes()
        restored, self._world.restored = self._world.restored, None
        prepared = self._take_prepared(restored)
        if prepared is not None:
            self._finish(prepared)
        elif not self._is_failing or self._may_attempt():
            self._rewrite()

    def _take_prepared(self, restored: Snapshot | None) -> Rewriting | None:
        """Return the new version of the file that has this snapshot. Discard any other one.

        Threads that prepare call this too: `pop` gives each version to one of them.
        """
        chosen: Rewriting | None = None
        while True:
            try:
                taken, rewriting = self._prepared.pop()
            except IndexError:
                return chosen
            if taken is restored and chosen is None:
                chosen = rewriting
            else:
                rewriting.discard()

    def _rewrite(self) -> None:
        assert self._world is not None
        if self._copy_damaged():
            began = time.monotonic()
            rewriting = Rewriting(self.path, self._world)
            rewriting.write()
            self._finish(rewriting)
            if self._is_failing:
                self._pause(time.monotonic() - began)

    def _finish_rewriting(self, rewriting: Rewriting) -> None:
        """Continue with a smaller file. If that fails, the old one keeps growing."""
        self._rewriting = None
        self._pause()
        try:
            self._take_over(rewriting)
        except BadSnapshot as error:
            logger.warning("%s. The file grows until it can be rewritten", error)
            self._pause(LONG_PAUSE / 10)

    def _finish(self, rewriting: Rewriting) -> None:
        """Continue with the new version of the file. If that fails, the old one remains."""
        try:
            self._take_over(rewriting)
        except BadSnapshot as error:
            self._fail(str(error))

    def _take_over(self, rewriting: Rewriting) -> None:
        assert self._world is not None
        new = rewriting.finish(self._log.file)
        self._log.close()
        self._log = new
        self._unwritten.clear()
        if self._changes is None:
            self._changes = Changes(self._world)
        self._recover()

    def _may_attempt(self) -> bool:
        return time.monotonic() >= self._next_attempt

    def _pause(self, took: float = 0.0) -> None:
        self._next_attempt = time.monotonic() + max(LEAST_PAUSE, took * 10)

    def _fail(self, reason: str) -> None:
        if not self._is_failing:
            more = "The world continues in memory. Changes are written as soon as that is possible"
            logger.error("%s. %s", reason, more)
        self._is_failing = True

    def _recover(self) -> None:
        if self._is_failing:
            logger.warning("%s: is written again, with all changes", self.path)
        self._is_failing = False


def _damage(draft: PartialWorld) -> str:
    """Return what a file lost at its end, and what remains."""
    lost = [f"its last line is incomplete: {draft.torn} bytes are lost"] if draft.torn else []
    if draft.missing:
        lost.append(f"its last {draft.missing} changes are missing")
    agents, messages = len(draft.store.agents), len(draft.store.messages)
    kept = f"kept are {draft.last} lines with {agents} agents and {messages} messages"
    return f"{' and '.join(lost)}; {kept}"
