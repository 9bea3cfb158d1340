"""One server for a whole test session, and on it a world of its own for each test."""

from inspect import signature
from typing import Any

from mockletta.documents.unknown_keys import hint
from mockletta.errors import BadSettings
from mockletta.testing.mock import Mock
from mockletta.testing.server import MockLetta

OF_THE_SERVER = {"host", "port", "max_body", "admin_token"}


class SessionServer:
    """A server that is started once; whose turn it is has it for themselves, whatever key they
    use. Tests take turns: two at once need two stages, which pytest-xdist makes."""

    def __init__(self) -> None:
        self._server = MockLetta().start()

    def play(self, **settings: Any) -> Mock:  # noqa: ANN401 - MockLetta knows them
        """A mock with a new world, which takes the settings of MockLetta that are not about the
        server itself; BadSettings for others. The world of before is not served any more."""
        _check_names(settings)
        return self._server.present(MockLetta(**settings))

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()


def setting_names() -> list[str]:
    """What a mock on a stage can be told."""
    return [name for name in signature(MockLetta).parameters if name not in OF_THE_SERVER]


def _check_names(settings: dict[str, Any]) -> None:
    known = setting_names()
    for name in settings:
        if name not in known:
            raise BadSettings(f"a mock has no setting `{name}`{hint(name, known)}")
