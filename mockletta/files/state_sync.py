"""When the changes in a state file are sure to be on the disk.

The operating system keeps what was written if only the process ends. A loss of power needs more:
`always` waits for the disk before each answer, `second` syncs in a thread once a second, `never`
leaves it to the operating system.
"""

import logging
import os
import threading
from typing import BinaryIO

from mockletta.settings.settings import StateSync

SECONDS = 1.0
logger = logging.getLogger("mockletta")
_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only fsync


class StateSyncing:
    """Syncs a file as its mode says."""

    def __init__(self, mode: StateSync) -> None:
        self._mode = mode
        self._file: BinaryIO | None = None
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def written(self, file: BinaryIO) -> None:
        """Sync a file that was written, now or later. Raises OSError if the disk fails now."""
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
        """Sync what was written, and end."""
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
