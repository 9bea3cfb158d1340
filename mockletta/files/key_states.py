"""State files for the worlds of API keys: one file for each key, in one directory.

A file is named by a hash of the key, so that the directory shows no keys.
"""

from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from mockletta.errors import ApiError
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.state_file import StateFile
from mockletta.settings.settings import DEFAULT_STATE_SYNC, StateSync
from mockletta.world.world import World

ENDING = ".keys"
DIGITS = 32


class UnusableState(ApiError):
    """The state of an API key cannot be loaded or kept. The message says why."""

    status = 503


class KeyStates:
    """Keeps the worlds of API keys over restarts, in a directory beside the main world's file."""

    def __init__(self, path: str, *, sync: StateSync = DEFAULT_STATE_SYNC) -> None:
        self._directory = Path(path + ENDING)
        self._sync = sync
        self._open: dict[str, StateFile] = {}

    def has(self, key: str) -> bool:
        """Return whether there is a file for the world of a key."""
        return self._file(key).exists()

    def keep(self, key: str, world: World) -> None:
        """Load the world of a key, if it has a file, and keep it from now on. Raises UnusableState,
        and changes nothing, if that fails."""
        try:
            self._directory.mkdir(mode=0o700, exist_ok=True)
            file = StateFile(str(self._file(key)), sync=self._sync)
        except (BadSnapshot, OSError) as error:
            raise UnusableState(f"The state of this API key cannot be kept: {error}") from error
        try:
            file.attach(world)
        except BadSnapshot as error:
            file.close()
            raise UnusableState(f"The state of this API key cannot be loaded: {error}") from error
        self._open[key] = file

    def remove(self, key: str) -> None:
        """Stop keeping the world of a key, and delete its file."""
        file = self._open.pop(key, None)
        if file is not None:
            file.close()
            self._file(key).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _file(self, key: str) -> Path:
        return self._directory / f"{sha256(key.encode()).hexdigest()[:DIGITS]}.state"
