"""Calls a test author's function and reports where it failed."""

import traceback
from collections.abc import Callable

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError, ScriptFailed
from mockletta.script.turn_view import TurnView


def ask(function: Callable[[TurnView], object], view: TurnView) -> object:
    """Call a function with a turn. Raises ScriptFailed if it raises an unexpected error."""
    try:
        return function(view)
    except (ApiError, ModelFailure):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise ScriptFailed(
            f"{name_of(function)} raised {type(error).__name__}: {error} "
            f"({place.filename}:{place.lineno})"
        ) from error


def name_of(function: object) -> str:
    """Return the name of a function in messages."""
    return str(getattr(function, "__name__", None) or type(function).__name__)
