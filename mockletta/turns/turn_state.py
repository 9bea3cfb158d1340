"""The state of a turn, its delays, and what a turn yields."""

from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import count
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from mockletta.brain.decisions import Decision, Skill
from mockletta.catalogue.agent_types import AGENT_TYPES
from mockletta.errors import ApiError
from mockletta.state.event_log import Burst, Event, EventLog
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.tools.context import NOTHING, ToolContext
from mockletta.tools.returns import ToolOutcome
from mockletta.tools.tool_rules import CalledTools
from mockletta.turns.message_expansion import Speech
from mockletta.turns.usage import NOTHING_USED, TurnUsage
from mockletta.wire.agents import AgentState, AgentType
from mockletta.wire.conversations import Conversation
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.models import LLMConfig
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.wire.tools import Tool
from mockletta.world.pace import Pace
from mockletta.world.quirks import Quirk
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.tool_rules import ToolRule

MOST_SHARED = 2_000
"""The most delays that are kept for other streams."""


class Pacing:
    """The delays of one turn. `own` is the pace that the request asks for."""

    def __init__(self, world: World, own: Pace | None = None) -> None:
        self._world = world
        self.own = own
        self._jitter: Random | None = None

    def pace_of(self, decision: Decision) -> Pace:
        """Return the request's pace if it has one.

        Otherwise return the decision's, with open values from the world's.
        """
        if self.own is not None:
            return self.own
        usual = self._world.pace
        is_set = (
            decision.ttft
            or decision.tokens_per_second
            or decision.jitter
            or decision.chunk > 1
            or decision.keepalive
        )
        if not is_set:
            return usual
        return Pace(
            ttft=decision.ttft or usual.ttft,
            tokens_per_second=decision.tokens_per_second or usual.tokens_per_second,
            jitter=decision.jitter or usual.jitter,
            chunk=decision.chunk if decision.chunk > 1 else usual.chunk,
            keepalive=decision.keepalive or usual.keepalive,
        )

    def varied(self, seconds: float, jitter: float) -> float:
        """Return a delay that is longer or shorter by up to a share."""
        if not jitter:
            return seconds
        if self._jitter is None:
            self._jitter = self._world.jitter.generator()
        return seconds * (1 + self._jitter.uniform(-jitter, jitter))

    def delays(self, first: float, seconds: float, number: int, jitter: float) -> tuple[float, ...]:
        """Return several delays: the first one, then varied ones."""
        if jitter:
            return (first, *[self.varied(seconds, jitter) for _ in range(number - 1)])
        even = _even_delays if number > MOST_SHARED else _shared_delays
        return even(first, seconds, number)


def _even_delays(first: float, seconds: float, number: int) -> tuple[float, ...]:
    return (first, *[seconds] * (number - 1))


_shared_delays = lru_cache(64)(_even_delays)
"""Streams of one pace share their delays."""


NOTHING_CALLED = CalledTools()


class Pause(NamedTuple):
    """Seconds that pass before the turn continues."""

    seconds: float


class PacedEvents(NamedTuple):
    """Events that are emitted one by one, each after a pause, in seconds."""

    burst: Burst
    pauses: Sequence[float]

    @property
    def seconds(self) -> float:
        """The seconds that all of them take."""
        return sum(self.pauses)


Answered = Decision | ToolOutcome | None
"""The value with which a turn resumes after a wait."""


class AwaitAnswer(NamedTuple):
    """An external answer that a turn awaits: from a brain, or an MCP server.

    The turn resumes with the result of `ask` sent to it, or its exception thrown into it.
    """

    ask: Callable[[], Awaitable[Answered]]


class StartTurn(NamedTuple):
    """Another agent's turn to start; this turn does not wait for it."""

    state: "TurnState"


@dataclass(slots=True)
class RelayChain:
    """The agents that wait for this one, in order, and the number of messages between agents.

    All turns that start from one request share the number.
    """

    waiting: tuple[str, ...] = ()
    sent: Iterator[int] = field(default_factory=count)


Wait = Pause | PacedEvents | AwaitAnswer
"""What a turn waits for."""
Moment = Wait | StartTurn
"""What a turn yields. It emits its events itself, except those that it waits for."""
Turn = Generator[Moment, Answered, None]
ALWAYS_EMITTED = {"ping", "stop_reason", "usage_statistics", "error_message", "done", "raw"}


class Delivery(NamedTuple):
    """How a request gets its turn: as a stream or not, in the background, after the answer.

    `by_agent` is true for the routes of an agent, and `completes_run` false for a run that stays
    open.
    """

    streaming: bool = False
    background: bool = False
    is_async: bool = False
    by_agent: bool = False
    completes_run: bool = True


COLLECTED = Delivery()


class TurnOrigin(NamedTuple):
    """The run that began a turn, and the model calls made before the client answered."""

    run_id: str
    steps: int = 0


class StepStart(NamedTuple):
    """The id of a step, and when it started."""

    id: str
    at: datetime


@dataclass(slots=True)
class TurnState:
    """A turn: what it is for, how it is delivered, and its progress.

    `context` is the request that started it, if one did. `log` has the emitted events, all kinds or
    those that are `wanted`. A turn that `must_call_tool` fails with a reply without a tool call, as
    those of agents of older types do; one with `tokens` streams single tokens. `begun` is true once
    there is something to deliver. `forgets` is true until the first step is stored, if earlier
    turns leave the context then. `relay` is set once a message from agent to agent is sent. The
    agent, its rules and its `tools` are those of the turn's start [88 tool detach beside].
    """

    world: World
    request: MessageRequest
    agent: AgentState
    conversation: Conversation | None
    run_id: str
    llm: LLMConfig
    pacing: Pacing
    delivery: Delivery = COLLECTED
    context: RequestContext | None = None
    log: EventLog = field(default_factory=EventLog)
    relay: RelayChain | None = None
    beginning: TurnOrigin | None = None
    called_tools: CalledTools = NOTHING_CALLED
    usage: TurnUsage = NOTHING_USED
    begun: bool = False
    forgets: bool = False
    stop_reason: StopReasonType = StopReasonType.end_turn
    failure: ApiError | None = None
    thread_id: str = field(init=False)
    conversation_id: str | None = field(init=False)
    rules: "Sequence[ToolRule]" = field(init=False)
    tools: Sequence[Tool] = field(init=False)
    must_call_tool: bool = field(init=False)
    tokens: bool = field(init=False)
    wanted: Sequence[str] | None = field(init=False)

    def __post_init__(self) -> None:
        conversation, agent = self.conversation, self.agent
        self.conversation_id = None if conversation is None else conversation.id
        self.thread_id = self.conversation_id or agent.id
        self.rules = agent.tool_rules or ()
        self.tools = self.world.store.tools_of(agent.id)
        self.must_call_tool = AGENT_TYPES[agent.agent_type].must_call_tool
        self.tokens = self.delivery.streaming and self.request.stream_tokens
        self.wanted = self.request.include_return_message_types

    @property
    def is_cancelled(self) -> bool:
        """Whether the run was cancelled during a step."""
        active = self.world.active.get(self.run_id)
        return active is not None and active.is_cancelled

    @property
    def closes_run(self) -> bool:
        """Whether the run ends with the turn. A cancelled async run does too [71 F: run later]."""
        return self.delivery.completes_run and (self.delivery.is_async or not self.is_cancelled)

    @property
    def thread(self) -> Thread:
        """The thread of the turn. A copy of the store replaces it, so it is looked up each time."""
        return self.world.store.thread(self.thread_id)

    def visible_in(self, thread: Thread) -> tuple[Sequence[MessageRecord], int]:
        """Return the stored messages of the turn's thread that the model sees, and their size in
        tokens."""
        if not self.forgets:
            return thread.context, thread.tokens
        visible = thread.context[:1]
        return visible, sum(record.tokens for record in visible)

    @property
    def reported_usage(self) -> TurnUsage:
        """The usage that clients see. Older types report no context, and in a token stream no
        details of the provider [72]."""
        if not self.must_call_tool:
            return self.usage
        usage = self.usage._replace(context_tokens=None)
        if not self.tokens:
            return usage
        return usage._replace(cached_input_tokens=None, reasoning_tokens=None)

    @property
    def tool_context(self) -> ToolContext:
        """The context of the turn's tools."""
        asked = NOTHING if self.context is None else self.context.cause
        cause = replace(
            asked,
            agent_id=self.agent.id,
            conversation_id=self.conversation_id,
            run_id=self.run_id or None,
        )
        entry = None if self.context is None else self.context.entry
        return ToolContext(self.world, self.agent, self.conversation, cause, entry)

    @property
    def text_is_thought(self) -> bool:
        """Whether the agent's text is listed as reasoning."""
        return self.agent.agent_type is not AgentType.letta_v1_agent

    @property
    def speech(self) -> Speech | None:
        """The tool whose calls are shown as the agent's texts, if the client wants that."""
        request = self.request
        if not (self.must_call_tool and request.use_assistant_message):
            return None
        return Speech(request.assistant_message_tool_name, request.assistant_message_tool_kwarg)

    @property
    def attached(self) -> list[str]:
        """The names of the agent's tools."""
        return [tool.name for tool in self.tools]

    @property
    def operation(self) -> str:
        """The name of the operation that started the turn."""
        return "a turn" if self.context is None else self.context.operation

    @property
    def steps_taken(self) -> int:
        """The number of completed model calls of this turn."""
        return (self.beginning.steps if self.beginning else 0) + self.usage.step_count

    @property
    def first_run_id(self) -> str:
        """The run that began the turn."""
        return self.beginning.run_id if self.beginning else self.run_id

    def record_decision(self, decision: Decision) -> None:
        """Record the rule of a decision for the request, and its fault.

        Raises BadFault if the fault of a decision from Python code is invalid.
        """
        self.record_rule(decision.rule)
        if decision.wire is not None and self.context is not None:
            from mockletta.faults.parsing import parse_fault  # noqa: PLC0415 - few rules have faults

            self.context.rule_fault = parse_fault(decision.wire)

    def record_rule(self, rule: str) -> None:
        """Record in the journal which rule decided. An empty name is no rule."""
        if rule and self.context is not None:
            self.context.entry.add_rule(rule)

    def record_unscripted(self, error: ApiError) -> None:
        """Record in the journal why no rule decided, if the error says so."""
        if error.explanation is not None and self.context is not None:
            self.context.entry.unscripted = error.explanation

    def depends_on(self, quirk: Quirk, other: str) -> None:
        """Record that the turn depends on a quirk. `other` is what would happen otherwise."""
        if self.context is None:
            self.world.quirks.record(quirk, self.operation, other)
        else:
            self.context.depends_on(quirk, other)

    def emit(self, item: Event | Burst) -> None:
        """Log events, if the client asked for their kind."""
        if self.wanted is None or self.emits(item.kind):
            self.log.append(item)

    def emits(self, kind: str) -> bool:
        """Return whether the client asked for events of a kind [15]."""
        wanted = self.wanted
        if wanted is None or (not wanted and not self.delivery.streaming):
            return True
        return kind in wanted or kind in ALWAYS_EMITTED

    @property
    def client_tools(self) -> tuple[str, ...]:
        """The names of the tools that the client runs."""
        offered = self.request.client_tools
        return tuple([tool.name for tool in offered]) if offered else ()

    @property
    def skills(self) -> tuple[Skill, ...]:
        offered = self.request.client_skills
        return tuple([Skill(one.name, one.description) for one in offered]) if offered else ()
