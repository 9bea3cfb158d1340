"""The brain that a setting names: an object, a function, or the URL of a program."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from mockletta.errors import BadSettings
from mockletta.world.world import default_brain

if TYPE_CHECKING:
    from mockletta.brain.decisions import Brain

Named: TypeAlias = "Brain | Callable[[Any], object] | str"
"""An object with `decide`, a function from a turn to its reply, or a URL that is asked for
replies."""


def brain_of(named: "Named | None") -> "Brain | None":
    """Return the brain that a setting names; None for None. Raises BadSettings if the value is not
    a brain."""
    if named is None:
        return None
    if isinstance(named, str):
        return _brain_at(named)
    if hasattr(named, "decide"):
        return named
    if callable(named):
        from mockletta.script.reply_functions import callable_brain  # noqa: PLC0415 - seldom used

        return callable_brain(named)
    raise BadSettings(
        "a brain is an object with a method `decide`, a function from a turn to its reply, or a "
        f"URL; received {named!r}"
    )


def _brain_at(url: str) -> "Brain":
    from mockletta.brain.remote_brain import UrlBrain  # noqa: PLC0415 - seldom used
    from mockletta.script.reply_functions import (  # noqa: PLC0415
        decision_from_json,
        turn_as_json,
    )

    try:
        return UrlBrain(url, turn_as_json, decision_from_json, summaries=default_brain())
    except ValueError as error:
        raise BadSettings(str(error)) from error
