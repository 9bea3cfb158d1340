"""Reloads a script file when it changes. An invalid file changes nothing."""

import logging
import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from mockletta.errors import BadSettings
from mockletta.script.script_files import load_script
from mockletta.script.script_models import ScriptFile

logger = logging.getLogger("mockletta")

SECONDS_BETWEEN_LOOKS = 0.5


class Replaceable(Protocol):
    """Has rules from a file. Raises BadSettings for invalid rules and then changes nothing."""

    def replace(self, file: ScriptFile) -> None: ...


class Reloader:
    """Checks a script's file regularly in a thread of its own, until it is stopped.

    `lock` is held during a change. Counts of rules and faults start at zero after it.
    """

    def __init__(
        self,
        path: str,
        script: Replaceable,
        *,
        lock: AbstractContextManager[object] | None = None,
        interval: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        self._path = path
        self._script = script
        self._lock = lock or nullcontext()
        self._interval = interval
        self._seen = self._state()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mockletta-reload", daemon=True)

    def start(self) -> Self:
        """Start to check the file."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop checking the file."""
        self._stopped.set()
        self._thread.join()

    def check(self) -> bool:
        """Load the file if it has changed. Returns whether there are new rules."""
        state = self._state()
        if state == self._seen:
            return False
        self._seen = state
        try:
            file = load_script(self._path)
            with self._lock:
                self._script.replace(file)
        except BadSettings as error:
            logger.error("%s\n%s: the old rules stay active", error, self._path)  # noqa: TRY400
            return False
        logger.info("%s: %s are active now", self._path, _told(file))
        return True

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _watch(self) -> None:
        while not self._stopped.wait(self._interval):
            self.check()

    def _state(self) -> tuple[int, ...]:
        """Return what tells a changed file from the same one; None if the file does not exist."""
        try:
            found = Path(self._path).stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino


def _told(file: ScriptFile) -> str:
    rules = f"{len(file.replies)} rules"
    return f"{rules} and {len(file.faults)} faults" if file.faults else rules
