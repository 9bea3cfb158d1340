"""One request, from its first byte to the last note of it in the journal."""

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope

from mockletta.faults.plan import Planned
from mockletta.http.rendering import Response
from mockletta.http.requests import Request
from mockletta.http.sse import Chunk
from mockletta.journal.entries import Entry
from mockletta.world.client_headers import Client, ClientHeaders
from mockletta.world.credentials import body_without_tokens, without_secrets, without_tokens
from mockletta.world.quirks import Quirk
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.faults.kinds import Fault, ModelFault
    from mockletta.http.endpoints import Endpoint

SHOWING_TOKENS = frozenset(f"access_tokens.{verb}" for verb in ("create", "list", "delete"))
"""Operations whose paths or answers show whole client-side access tokens."""


@dataclass(slots=True)
class Injection:
    """A fault that was chosen for a request, where it is planned, and whether it has struck."""

    fault: "Fault"
    planned: Planned | None = None
    struck: bool = False


class RequestContext(Request):
    """One request to a world. It is handed down by name to whatever needs to know the request.

    A handler gets it as its parameter `context`, and a turn keeps the one that started it. Its
    journal `entry` is added at once and filled in as the request goes on. `path` is what is
    matched; `endpoint` is None until it matches. A client that is `refused` has no valid key.

    `model_fault` is the model provider's failure that is planned for this request, and
    `response_fault` the fault that its response meets, which a rule can set as well.
    """

    __slots__ = (
        "endpoint",
        "entry",
        "headers",
        "injection",
        "model_fault",
        "path",
        "receive",
        "refused",
        "response_fault",
        "turn_began",
        "world",
    )

    def __init__(
        self, scope: Scope, headers: ClientHeaders, world: World, *, refused: bool = False
    ) -> None:
        super().__init__(scope, content_type=headers.content_type, project=headers.client.project)
        self.path: str = scope["path"]
        self.receive: Receive
        self.headers = headers
        self.world = world
        self.refused = refused
        self.endpoint: Endpoint | None = None
        self.injection: Injection | None = None
        self.model_fault: ModelFault | None = None
        self.response_fault: object | None = None
        self.turn_began = False
        self.entry = Entry(
            scope["method"],
            scope["path"],
            scope["query_string"],
            without_secrets(scope["headers"]),
            headers.shown_key,
            world.clock.peek(),
        )
        self.entry.key_mark = headers.key_mark
        world.journal.add(self.entry)

    @property
    def context(self) -> "RequestContext":
        """Itself, for handlers that name it."""
        return self

    @property
    def client(self) -> Client:
        """What the client's headers say about it."""
        return self.headers.client

    @property
    def operation(self) -> str:
        """The operation, as the SDK spells it; empty if nothing matches the path."""
        return "" if self.endpoint is None else self.endpoint.operation

    def header(self, name: str) -> str | None:
        """A header's value; `name` in lower case."""
        return self.entry.header(name)

    def match(self, endpoint: "Endpoint", params: dict[str, str]) -> None:
        """Set the endpoint that this request is for."""
        self.endpoint = endpoint
        self.entry.operation = endpoint.operation
        self.params = self.entry.params = params

    def take_body(self, body: bytes) -> None:
        """Set the body, once it has come whole."""
        assert self.endpoint is not None
        self.body = self.entry.request_bytes = body
        self.entry.read_form = self.endpoint.form_reader(self.content_type)

    def call(self) -> object:
        """Run the handler, after everything that is due in the world."""
        return self.world.run(self._call)

    def _call(self) -> object:
        assert self.endpoint is not None
        if self.world.timetable is not None:
            self.world.timetable.look()
        return self.endpoint.call(self)

    def depends_on(self, quirk: Quirk, other: str) -> None:
        """Record that the answer depends on a quirk. `other` is what it would be otherwise."""
        self.world.quirks.record(quirk, self.operation, other, self.entry)

    def for_relayed_turn(self) -> "RequestContext":
        """The context of another agent's turn that this request leads to: its faults strike only
        the turn that the client asked for."""
        other = copy(self)
        other.model_fault = other.response_fault = None
        return other

    def record(self, response: Response) -> None:
        """Record a whole response."""
        entry = self.entry
        entry.status, entry.response_headers = response.status, response.headers
        if response.events:
            entry.sent(Chunk(response.body, response.events))
        else:
            entry.response_body = response.body
        if entry.operation in SHOWING_TOKENS:
            self._hide_tokens()

    def record_left(self) -> None:
        """Record that the client left before there was an answer."""
        self.entry.left_early = True
        self.entry.finish()

    def miss(self) -> None:
        """Record that the fault chosen for this request had nothing to strike. A planned fault
        returns to the plan."""
        assert self.injection is not None
        self.entry.fault = None
        if self.injection.planned is not None:
            self.world.faults.give_back(self.injection.planned)
        self.injection = None

    def _hide_tokens(self) -> None:
        entry = self.entry
        entry.path = without_tokens(entry.path)
        entry.params = {name: without_tokens(value) for name, value in entry.params.items()}
        entry.response_body = body_without_tokens(entry.response_body)
