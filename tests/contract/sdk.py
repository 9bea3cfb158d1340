"""Which SDK runs the suite, and what an older one cannot be asked for."""

import inspect
from functools import cache
from operator import attrgetter

import pytest
from letta_client import DefaultHttpxClient, Letta, __version__


def at_least(version: str) -> bool:
    """Whether the installed SDK is that version or newer."""
    return _numbers(__version__) >= _numbers(version)


def needs(operation: str, *parameters: str) -> pytest.MarkDecorator:
    """Skips a test where the SDK lacks an operation or parameters of it.

    >>> @needs("conversations.list", "archive_status")
    """
    wanted = f"{operation}({', '.join(parameters)})" if parameters else operation
    return pytest.mark.skipif(
        _lacks(operation, parameters), reason=f"letta-client {__version__} has no {wanted}"
    )


def _lacks(operation: str, parameters: tuple[str, ...]) -> bool:
    try:
        method = attrgetter(operation)(_client())
    except AttributeError:
        return True
    return not set(parameters) <= inspect.signature(method).parameters.keys()


@cache
def _client() -> Letta:
    return Letta(api_key="none", http_client=DefaultHttpxClient(verify=False))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
