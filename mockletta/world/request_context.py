"""One request, from its first byte to its last line in the journal."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING, TypeVar

from starlette.types import Receive, Scope

from mockletta.faults.plan import Planned
from mockletta.http.redaction import redact_tokens
from mockletta.http.rendering import begun
from mockletta.http.routing import NO_PARAMS, Request
from mockletta.journal.entries import Entry
from mockletta.journal.turn_story import sent_in
from mockletta.state.block_history import Cause
from mockletta.world.client_headers import Client, ClientHeaders, recorded_headers
from mockletta.world.quirks import NO_CLOUD, Quirk
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.faults.fault import Fault
    from mockletta.faults.kinds.fail import FailFault
    from mockletta.http.endpoints import Endpoint


Result = TypeVar("Result")
MOST_SAID = 4_000
"""The number of characters of a message that watchers get."""
WORLD = "mockletta.world"
"""The key of a scope whose request is about this world, whatever its API key."""
UNRECORDED = "mockletta.unrecorded"
"""The key of a scope whose request leaves no entry in the journal, if true."""


@dataclass(slots=True)
class Injection:
    """A fault that applies to a request, where it is planned, and whether it has been applied."""

    fault: "Fault"
    planned: Planned | None = None
    applied: bool = False


class RequestContext(Request):
    """One request to a world. It is passed by name to all code that needs to know the request.

    A handler receives it as its parameter `context`, and a turn keeps the one that started it. Its
    journal `entry` is added at once and completed as the request proceeds. `path` is the path to
    match; `endpoint` is None until it matches. A client that is `refused` has no valid key.

    `model_fault` is the failure of the model provider that is planned for this request, and
    `rule_fault` is a fault from a rule of the script.
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
        "rule_fault",
        "turn_began",
        "world",
    )

    def __init__(
        self, scope: Scope, headers: ClientHeaders, world: World, *, refused: bool = False
    ) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.params = NO_PARAMS
        self.body = b""
        self.content_type = headers.content_type
        self.project = None if NO_CLOUD in world.quirks else headers.client.project
        self.receive: Receive
        self.headers = headers
        self.world = world
        self.refused = refused
        self.endpoint: Endpoint | None = None
        self.injection: Injection | None = None
        self.model_fault: FailFault | None = None
        self.rule_fault: Fault | None = None
        self.turn_began = False
        self.entry = Entry(
            self.method,
            self.path,
            self.query_string,
            recorded_headers(scope["headers"]),
            headers.shown_key,
            world.clock.peek(),
        )
        self.entry.key_mark = headers.key_mark
        if not scope.get(UNRECORDED):
            world.journal.add(self.entry)

    @property
    def client(self) -> Client:
        """The facts about the client from its headers."""
        return self.headers.client

    @property
    def operation(self) -> str:
        """The operation, as the SDK spells it; empty if nothing matches the path."""
        return "" if self.endpoint is None else self.endpoint.operation

    @property
    def has_fault(self) -> bool:
        """Whether a fault was chosen for this request or for its response."""
        return self.injection is not None or self.rule_fault is not None

    def header(self, name: str) -> str | None:
        """Return a header's value; `name` is in lower case."""
        return self.entry.header(name)

    def match(self, endpoint: "Endpoint", params: Mapping[str, str]) -> None:
        """Set the endpoint that this request is for."""
        self.endpoint = endpoint
        self.entry.operation = endpoint.operation
        self.entry.redaction = endpoint.redaction
        self.params = params
        self.entry.params = dict(params)

    def take_body(self, body: bytes) -> None:
        """Set the body, once it has arrived completely."""
        assert self.endpoint is not None
        self.body = body
        self.entry.raw_request = body
        self.entry.read_form = self.endpoint.form_reader(self.content_type)

    def call(self) -> object:
        """Run the handler, after all scheduled work of the world that is due. Return SlicedWork if
        more is left to do."""
        return self.world.run(self._call)

    def run(self, function: Callable[[], Result]) -> Result:
        """Call a function that continues to answer this request."""
        return self.world.run(partial(self._answering, function))

    def _call(self) -> object:
        assert self.endpoint is not None
        if self.world.timetable is not None:
            self.world.timetable.check()
        if self.headers.client.project is not None:
            other = "in its project" if self.project is None else "whatever its project"
            self.depends_on(NO_CLOUD, other)
        if self.world.journal.is_watched:
            self._publish()
        return self._answering(self._first_slice)

    def _first_slice(self) -> object:
        assert self.endpoint is not None
        result = self.endpoint.call(self)
        return begun(result, self.run) if isinstance(result, GeneratorType) else result

    def _answering(self, function: Callable[[], Result]) -> Result:
        self.world.quirks.unclaimed.clear()
        try:
            return function()
        finally:
            if self.world.quirks.unclaimed:
                self.world.quirks.claim(self.entry)
            if self.world.has_changed_blocks:
                self.world.record_block_changes(self.cause)

    @property
    def hosts(self) -> frozenset[str]:
        return self.world.mcp_hosts

    @property
    def cause(self) -> Cause:
        """The request as the cause of a change."""
        return Cause(operation=self.operation, request=self.entry.number or None)

    def _publish(self) -> None:
        """Publish that the request is being answered, and what it is about."""
        entry = self.entry
        agent_id, conversation_id = subject_of(entry, self.world)
        agent = self.world.store.agents.find(agent_id or "")
        self.world.publish(
            "request",
            number=entry.number,
            at=entry.at.isoformat(timespec="milliseconds"),
            operation=self.operation,
            method=entry.method,
            path=entry.path,
            agent_id=agent_id,
            agent=agent.name if agent else None,
            conversation_id=conversation_id,
            said=[(line.who, line.text[:MOST_SAID]) for line in sent_in(entry.body)],
        )

    def depends_on(self, quirk: Quirk, other: str) -> None:
        """Record that the answer depends on a quirk. `other` is the answer of the other
        behaviour."""
        self.world.quirks.record(quirk, self.operation, other, self.entry)

    def for_relayed_turn(self) -> "RequestContext":
        """Return the context of another agent's turn that this request starts. Faults only apply to
        the turn that the client requested."""
        other = copy(self)
        other.model_fault = other.rule_fault = None
        return other

    def miss(self) -> None:
        """Record that the fault could not be applied. A planned fault returns to the plan."""
        assert self.injection is not None
        self.entry.fault = None
        if self.injection.planned is not None:
            self.world.faults.give_back(self.injection.planned)
        self.injection = None

    def hide_tokens(self) -> None:
        """Keep client-side access tokens in the path out of the journal."""
        entry = self.entry
        entry.path = redact_tokens(entry.path)
        entry.params = {name: redact_tokens(value) for name, value in entry.params.items()}


def subject_of(entry: Entry, world: World) -> tuple[str | None, str | None]:
    """Return the ids of the agent and the conversation that a request names, if any."""
    agent_id, conversation_id = map(entry.params.get, ("agent_id", "conversation_id"))
    if conversation_id is None:
        asked = entry.query.get("agent_id")
        return agent_id or (asked if isinstance(asked, str) else None), None
    found = world.store.conversations.find(conversation_id)
    if found is not None:
        return found.agent_id, conversation_id
    named = entry.body.get("agent_id") if isinstance(entry.body, dict) else None
    return named or conversation_id, None
