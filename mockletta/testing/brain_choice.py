"""The brain of a setting: an object, a function, or the URL of a program."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from mockletta.world.world import default_brain

if TYPE_CHECKING:
    from mockletta.brain.decisions import Brain
    from mockletta.script.turn_view import TurnView

Named: TypeAlias = "Brain | Callable[[Any], object] | str"
"""An object with `decide`, a function from a turn to its reply, or a URL that is asked for
replies."""


def brain_of(named: Any) -> "Brain | None":  # noqa: ANN401 - the setting is checked
    """Return the brain of a setting; None for None."""
    if named is None or hasattr(named, "decide"):
        brain: Brain | None = named
        return brain
    if isinstance(named, str):
        return _brain_at(named)
    from mockletta.script.reply_functions import callable_brain  # noqa: PLC0415 - rarely used

    return callable_brain(named)


def async_brain(function: "Callable[[TurnView], Awaitable[object]]") -> "Brain":
    """Return a brain that awaits an asynchronous function from a turn to its reply. The server
    answers other requests meanwhile. The default brain writes summaries.

    >>> MockLetta(brain=async_brain(reply))
    """
    from mockletta.script.reply_functions import AsyncReplyFunction  # noqa: PLC0415 - rarely used

    return AsyncReplyFunction(function, default_brain())


def _brain_at(url: str) -> "Brain":
    from mockletta.brain.remote_brain import UrlBrain  # noqa: PLC0415 - rarely used
    from mockletta.script.reply_functions import (  # noqa: PLC0415
        decision_from_json,
        turn_as_json,
    )

    return UrlBrain(url, turn_as_json, decision_from_json, summaries=default_brain())
