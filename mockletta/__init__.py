"""mockletta: a local, in-memory mock of the Letta server, for offline development and CI."""

from typing import TYPE_CHECKING, Any

from mockletta._version import __version__
from mockletta.settings import Pace

if TYPE_CHECKING:
    from mockletta.server import MockLetta

__all__ = ["MockLetta", "Pace", "__version__"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name == "MockLetta":
        from mockletta.server import MockLetta  # noqa: PLC0415 - importing us imports no server

        return MockLetta
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
