"""The test author's own functions: what they raise becomes an error that says where."""

import traceback
from collections.abc import Callable

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError, ScriptFailed
from mockletta.script.turn_view import TurnView


def ask(function: Callable[[TurnView], object], view: TurnView) -> object:
    """What a function makes of a turn. ScriptFailed if it fails in a way that is not meant."""
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
    """What a function is called in explanations."""
    return str(getattr(function, "__name__", None) or type(function).__name__)
