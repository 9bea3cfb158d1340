"""mockletta: a local, in-memory mock of the Letta server, for offline development and CI.

Importing it imports no other module of ours: pytest imports it in every project that installs us.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockletta._version import __version__

if TYPE_CHECKING:
    from mockletta.recordings.record_session import record
    from mockletta.script.builder import reply
    from mockletta.testing.brain_choice import async_brain
    from mockletta.testing.mock import Mock
    from mockletta.testing.mock_letta import MockLetta
    from mockletta.world.pace import Pace

__all__ = ["Mock", "MockLetta", "Pace", "__version__", "async_brain", "record", "reply"]
_ROOMS = (
    ("Mock", "testing.mock"),
    ("MockLetta", "testing.mock_letta"),
    ("Pace", "world.pace"),
    ("record", "recordings.record_session"),
    ("async_brain", "testing.brain_choice"),
    ("reply", "script.builder"),
)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    room = dict(_ROOMS).get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mockletta.{room}"), name)


def __dir__() -> list[str]:
    return __all__
