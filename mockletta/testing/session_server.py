"""One server for a whole test session, with a new world for each test."""

from typing import Any

from mockletta.testing.mock import Mock
from mockletta.testing.mock_letta import MockLetta
from mockletta.testing.mock_settings import OF_WORLD, check_names


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
        check_names(settings, [one.name for one in OF_WORLD])
        return self._server.serve_worlds_of(MockLetta(**settings))

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()
