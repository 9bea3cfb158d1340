"""One server for a whole test session, with a new world for each test."""

from inspect import signature
from typing import Any

from mockletta.documents.unknown_keys import hint
from mockletta.errors import BadSettings
from mockletta.testing.mock import Mock
from mockletta.testing.mock_letta import MockLetta

OF_THE_SERVER = {
    "host",
    "port",
    "max_body",
    "admin_token",
    "replay",
    "unrecorded",
    "replay_speed",
}


class SessionServer:
    """A server that is started once. One test at a time has it, with any API key; pytest-xdist
    makes one for each worker.
    """

    def __init__(self) -> None:
        self._server = MockLetta().start()

    def new_mock(self, **settings: Any) -> Mock:  # noqa: ANN401 - MockLetta checks them
        """Return a mock with a new world, which replaces the one before. It takes the settings of
        MockLetta that are not about the server. Raises BadSettings for others.
        """
        _check_names(settings)
        return self._server.serve_worlds_of(MockLetta(**settings))

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()


def setting_names() -> list[str]:
    """Return the names of the settings that a mock of a session takes."""
    return [name for name in signature(MockLetta).parameters if name not in OF_THE_SERVER]


def _check_names(settings: dict[str, Any]) -> None:
    known = setting_names()
    for name in settings:
        if name not in known:
            raise BadSettings(f"unknown setting `{name}`{hint(name, known)}")
