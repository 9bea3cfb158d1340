"""A pytest plugin for SDKs older than the newest we serve.

The tests are written for the newest. With this plugin, names that an older one does not have can be
imported all the same, and a test that uses them skips: it is the SDK itself that tells what it
lacks.
"""

import re
from collections.abc import Generator
from typing import Any

import letta_client
import letta_client.types
import letta_client.types.agents
import pytest
from letta_client import _base_client as base_client
from letta_client._models import construct_type
from pydantic import ValidationError

LATER = (
    ("embedding_config", None),
    ("model_endpoint_type", "zai"),
    ("provider_type", "zai"),
    ("stop_reason", "max_tokens_exceeded"),
)
"""Fields and values that the recorded server sends, whoever asks, and that SDKs before 1.6 refuse
if they are strict: agents without an embedding, a provider and a stop reason that came later. As
apps use these SDKs, they take whatever comes.
"""
KEYWORD = re.compile(r"(\w+)\.(\w+)\(\) got an unexpected keyword argument '(\w+)'")
Phase = Generator[None, object, object]


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Let the tests be imported, and strict clients be strict but for what came later."""
    for module in (letta_client, letta_client.types, letta_client.types.agents):
        module.__dict__["__getattr__"] = _absent
    strict = base_client.validate_type  # type: ignore[attr-defined]

    def validate(*, type_: Any, value: object) -> object:  # noqa: ANN401 - the SDK's own signature
        try:
            return strict(type_=type_, value=value)
        except ValidationError as error:
            if not is_later(error):
                raise
            return construct_type(type_=type_, value=value)

    base_client.__dict__["validate_type"] = validate


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Phase:
    return (yield from skipping())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Phase:
    return (yield from skipping())


def skipping() -> Phase:
    """A phase of a test, skipped where the SDK lacks what it asks for."""
    try:
        return (yield)
    except (AttributeError, TypeError) as error:
        reason = lacked(error)
        if reason is None:
            raise
        pytest.skip(reason)


def is_later(error: ValidationError) -> bool:
    """Whether nothing is wrong but that values came later than the SDK."""
    found = error.errors(include_url=False)
    return all((one["loc"][-1], one["input"]) in LATER for one in found)


def lacked(error: Exception) -> str | None:
    """What of an older SDK is missing, if that is why something failed."""
    version = letta_client.__version__
    if isinstance(error, AttributeError):
        owner = type(error.obj)
        if owner.__module__.split(".")[0] == letta_client.__name__:
            return f"letta-client {version} has no {owner.__name__}.{error.name}"
    found = KEYWORD.search(str(error)) if isinstance(error, TypeError) else None
    if found and (found[1].endswith("Resource") or found[1] in ("Letta", "AsyncLetta")):
        return f"letta-client {version} has no {found[1]}.{found[2]}({found[3]})"
    return None


def _absent(name: str) -> type:
    if name.startswith("_"):
        raise AttributeError(name)
    return type(name, (), {})
