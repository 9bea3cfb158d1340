"""Calls a test author's function and reports where it failed."""

import inspect
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError, ScriptFailed
from mockletta.script.turn_view import TurnView


def ask(function: Callable[[TurnView], object], view: TurnView) -> object:
    """Call a function with a turn. Raises ScriptFailed if it raises an unexpected error, or returns
    an awaitable."""
    with _reporting(function):
        result = function(view)
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise ScriptFailed(
            f"{name_of(function)} returned something to be awaited: `mockletta.async_brain(...)` "
            "makes a brain of an asynchronous function; a predicate cannot be asynchronous"
        )
    return result


async def await_reply(function: Callable[[TurnView], object], view: TurnView) -> object:
    """Await an asynchronous function with a turn. Raises ScriptFailed like `ask`."""
    with _reporting(function):
        result = function(view)
        return await result if inspect.isawaitable(result) else result


def is_async(function: object) -> bool:
    """Return whether a function, or an object that can be called, is asynchronous."""
    called = type(function).__call__ if callable(function) else None
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)


def name_of(function: object) -> str:
    """Return the name of a function in messages."""
    return str(getattr(function, "__name__", None) or type(function).__name__)


@contextmanager
def _reporting(function: object) -> Iterator[None]:
    try:
        yield
    except (ApiError, ModelFailure):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise ScriptFailed(
            f"{name_of(function)} raised {type(error).__name__}: {error} "
            f"({place.filename}:{place.lineno})"
        ) from error
