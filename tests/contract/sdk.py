"""Which SDK runs the suite, and what an older one cannot be asked for."""

import inspect
from functools import cache
from operator import attrgetter

import pytest
from letta_client import DefaultHttpxClient, Letta, __version__

from mockletta.journal.findings.clients import TESTED

IS_OLDER = __version__ != TESTED["python"][-1]
"""Whether it is not the newest that we serve."""
lists_models = pytest.mark.skipif(IS_OLDER, reason="an older SDK does not know all providers")
"""Skips a test that lists all models."""


def at_least(version: str) -> bool:
    """Whether the installed SDK is that version or newer."""
    return _numbers(__version__) >= _numbers(version)


def needs(operation: str, *parameters: str, answer: bool = False) -> pytest.MarkDecorator:
    """Skips a test where the SDK lacks an operation, parameters of it, or an answer that it reads.

    >>> @needs("conversations.list", "archive_status")
    """
    wanted = f"{operation}({', '.join(parameters)})" if parameters else operation
    wanted = f"answer of {wanted}" if answer else wanted
    return pytest.mark.skipif(
        _lacks(operation, parameters, answer=answer),
        reason=f"letta-client {__version__} has no {wanted}",
    )


def _lacks(operation: str, parameters: tuple[str, ...], *, answer: bool) -> bool:
    try:
        method = attrgetter(operation)(_client())
    except AttributeError:
        return True
    signature = inspect.signature(method)
    is_void = signature.return_annotation == "None"
    return (answer and is_void) or not set(parameters) <= signature.parameters.keys()


@cache
def _client() -> Letta:
    return Letta(api_key="none", http_client=DefaultHttpxClient(verify=False))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
