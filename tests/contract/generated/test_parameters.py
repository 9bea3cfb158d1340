"""No parameter of the SDK is accepted and ignored, unless a table gives the reason.

Each method is called with all its parameters. A parameter acts if its operation reads it, and it is
kept if it is a field of the row: reading and storing are noted where the request's model is. A
field within a parameter acts if it is read, and it is kept if the answer shows it.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pytest
from letta_client import APIStatusError, Stream
from pydantic import BaseModel

from mockletta.api import resource
from mockletta.hosting.application import create_router
from mockletta.http.endpoints import Endpoint
from mockletta.journal.entries import Entry
from mockletta.wire.base import Body
from tests.contract.generated.calls import calls_of, plain_calls_of
from tests.contract.generated.idle_parameters import (
    IDLE,
    KEPT,
    acts_sometimes,
    idle_in,
    is_idle,
)
from tests.contract.generated.nested_fields import Bodies, Sent, models_in
from tests.contract.generated.seed_world import SERVED
from tests.contract.generated.trials import Trial
from tests.contract.sdk import at_least

pytestmark = [
    pytest.mark.usefixtures("unmeasured"),
    pytest.mark.skipif(not at_least("1.12.1"), reason="an older SDK has other parameters"),
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]
TOGETHER = {"agents.create": (calls_of,)}
"""Operations that ignore some parameters beside others: these are called with each alone, too."""
HANDLERS = {name: handler for _, _, name, handler in create_router().routes}
BODIES = {Endpoint(name, handler).body_model for name, handler in HANDLERS.items()}
NESTED = {one for body in BODIES if body is not None for one in models_in(body)}
"""The models within the bodies of requests."""


SETTABLE = resource._settable


@dataclass
class Reads:
    """Which fields of requests have been read, and which were only copied to a row."""

    read: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)

    def note(self, request: BaseModel, name: str) -> None:
        reader = sys._getframe(2).f_globals["__name__"]
        fields = self.copied if reader == resource.__name__ else self.read
        fields.add(f"{type(request).__name__}.{name}")

    def settable(
        self, request: type[BaseModel], shape: type[BaseModel], special: tuple[str, ...]
    ) -> frozenset[str]:
        """Note which fields of a request are copied to a row."""
        names = SETTABLE(request, shape, special)
        self.copied |= {f"{request.__name__}.{name}" for name in names}
        return names


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    noted, read = Reads(), BaseModel.__getattribute__

    def note(request: BaseModel, name: str) -> Any:  # noqa: ANN401
        if not name.startswith("_") and name in type(request).model_fields:
            noted.note(request, name)
        return read(request, name)

    for shape in (Body, *NESTED):
        monkeypatch.setattr(shape, "__getattribute__", note)
    monkeypatch.setattr(resource, "_settable", noted.settable)
    return noted


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> Bodies:
    return Bodies(monkeypatch)


def sent(entry: Entry, endpoint: Endpoint) -> Iterator[tuple[type[BaseModel] | None, str]]:
    """Return the parameters of a request, each with the model that it is read into."""
    yield from ((endpoint.query_model, name) for name in entry.query)
    with suppress(ValueError):
        body = json.loads(entry.request_bytes)
        if isinstance(body, dict):
            yield from ((endpoint.body_model, name) for name in body)


def field_of(model: type[BaseModel] | None, name: str) -> str | None:
    """Return the field of a model that a parameter is read into."""
    fields = {} if model is None else model.model_fields
    names = {one.alias: key for key, one in fields.items()} | {key: key for key in fields}
    return f"{model.__name__}.{names[name]}" if model is not None and name in names else None


def test_every_parameter_acts_or_a_table_says_why_not(
    trial: Trial, reads: Reads, bodies: Bodies
) -> None:
    if trial.operation not in SERVED:
        pytest.skip("the operation is refused")
    method, endpoint = attrgetter(trial.operation)(trial.client), None
    known: dict[str, str | None] = {}
    nested: list[Sent] = []
    shown: list[object] = []
    for call in trial.calls(method, plain_calls_of, *TOGETHER.get(trial.operation, ())):
        bodies.seen.clear()
        with suppress(APIStatusError):
            answer = method(**call.arguments)
            if isinstance(answer, Stream):
                list(answer)
            nested += bodies.fields()
        endpoint = endpoint or Endpoint(trial.operation, HANDLERS[trial.operation])
        [*_, entry] = trial.mock.journal
        known |= {name: field_of(model, name) for model, name in sent(entry, endpoint)}
        with suppress(ValueError):
            shown.append(json.loads(entry.raw_response))

    idle = {name for name, one in known.items() if one not in reads.read}
    kept = {name for name in idle if known[name] in reads.copied and name in KEPT}
    ignored = {name for name in idle - kept if not acts_sometimes(trial.operation, name)}
    listed = known.keys() & set(idle_in(trial.operation))
    assert ignored <= listed, "say why in idle_parameters"
    certain = {one.parameter for one in IDLE if one.operations == trial.operation}
    assert certain & known.keys() <= idle, "take what acts out of idle_parameters"
    silent = {one.path for one in nested if one.field not in reads.read and not one.is_in(shown)}
    explained = (is_idle, acts_sometimes)
    assert not {one for one in silent if not any(fits(trial.operation, one) for fits in explained)}
