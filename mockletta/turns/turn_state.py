"""The state of a turn, and what a turn yields."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import TypeVar

from mockletta.brain.decisions import Decision, ModelCall, Skill
from mockletta.errors import ApiError
from mockletta.settings import Pace
from mockletta.state.clock import EARLIEST
from mockletta.state.event_log import Burst, Event, EventLog
from mockletta.state.threads import Thread
from mockletta.tools.context import ToolContext
from mockletta.tools.rules import Course
from mockletta.wire.agents import AgentState
from mockletta.wire.conversations import Conversation
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.models import LLMConfig
from mockletta.wire.replies import StopReasonType, UsageStatistics
from mockletta.wire.tool_rules import ToolRule
from mockletta.world.quirks import Quirk
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

NOTHING_CALLED = Course()
NOTHING_USED = UsageStatistics(
    cached_input_tokens=None, cache_write_tokens=None, reasoning_tokens=None
)


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that passes before the turn goes on, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Consult:
    """A model call for a brain that is awaited.

    The turn resumes with the decision sent to it, or the ModelFailure thrown into it.
    """

    call: ModelCall


@dataclass(frozen=True, slots=True)
class Begin:
    """Another agent's turn to start; this turn does not wait for it."""

    state: "TurnState"


@dataclass(frozen=True, slots=True)
class AwaitTurn:
    """Another agent's turn to run; this turn resumes when it is over."""

    state: "TurnState"


@dataclass(frozen=True, slots=True)
class Relay:
    """The agents that wait for this one, in order, and the number of messages between agents.

    All turns that one request leads to share the number.
    """

    waiting: tuple[str, ...] = ()
    sent: Iterator[int] = field(default_factory=count)


Moment = Event | Burst | Pause | Consult | Begin
Inner = Moment | AwaitTurn
"""What steps yield; a turn runs the turns that its steps wait for."""
Answered = Decision | None
Turn = Generator[Moment, Answered, None]
Yielded = TypeVar("Yielded")
ALWAYS_TOLD = {"ping", "stop_reason", "usage_statistics", "error_message", "done", "raw"}


@dataclass(slots=True)
class TurnState:
    """What a turn is about and how far it is; `log` has the events it has emitted.

    A turn that goes on after its client answered has the run that began it in `began_as` and the
    model calls that were made before in `steps_before`. `pace` is the request's own if it has one;
    `jitter` what this turn's delays vary by; `keepalive` its own seconds of silence before a ping;
    `context` the request that started it; `course` which tools the turn has called; `relay` what
    other agents have to do with it; `step_begun` when its newest step began.
    """

    world: World
    request: MessageRequest
    agent: AgentState
    conversation: Conversation | None
    run_id: str
    llm: LLMConfig
    streaming: bool
    background: bool
    log: EventLog = field(default_factory=EventLog)
    completes_run: bool = True
    usage: UsageStatistics = NOTHING_USED
    begun: bool = False
    step_begun: datetime = EARLIEST
    stop_reason: StopReasonType = StopReasonType.end_turn
    failure: ApiError | None = None
    is_agent_route: bool = False
    is_async: bool = False
    began_as: str = ""
    steps_before: int = 0
    pace: Pace | None = None
    jitter: Random | None = None
    keepalive: float | None = None
    context: RequestContext | None = None
    course: Course = NOTHING_CALLED
    relay: Relay = field(default_factory=Relay)

    @property
    def conversation_id(self) -> str | None:
        return self.conversation.id if self.conversation else None

    @property
    def thread(self) -> Thread:
        """The thread the turn is in, asked for anew each time: a copy of the store changes it."""
        owner = self.conversation or self.agent
        return self.world.store.thread(owner.id)

    @property
    def tool_context(self) -> ToolContext:
        """What the turn's tools may see and change."""
        return ToolContext(self.world, self.agent, self.conversation)

    @property
    def rules(self) -> Sequence[ToolRule]:
        return self.agent.tool_rules or ()

    @property
    def attached(self) -> list[str]:
        """The names of the agent's tools."""
        return [tool.name for tool in self.world.store.tools_of(self.agent.id)]

    @property
    def operation(self) -> str:
        """The operation that started the turn."""
        return "a turn" if self.context is None else self.context.operation

    @property
    def tokens(self) -> bool:
        """Whether single tokens are streamed."""
        return self.streaming and self.request.stream_tokens

    @property
    def steps_taken(self) -> int:
        """The model calls of this turn that are done."""
        return self.steps_before + self.usage.step_count

    def note(self, decision: Decision) -> None:
        """Record in the request that started the turn what decided, and the fault it asks for.

        Raises BadFault if a decision of Python code does not spell a fault.
        """
        self.note_rule(decision.rule)
        if decision.wire is not None and self.context is not None:
            from mockletta.faults.parsing import parse_fault  # noqa: PLC0415 - few rules have faults

            self.context.rule_fault = parse_fault(decision.wire)

    def note_rule(self, rule: str) -> None:
        """Tell the journal which rule decided; none has no name."""
        if rule and self.context is not None and rule not in self.context.entry.rules:
            self.context.entry.rules.append(rule)

    def note_unscripted(self, error: ApiError) -> None:
        """Tell the journal why no rule decided, if that is what went wrong."""
        if error.explanation is not None and self.context is not None:
            self.context.entry.unscripted = error.explanation

    def depends_on(self, quirk: Quirk, other: str) -> None:
        """Record that the turn depends on a quirk. `other` is what would happen otherwise."""
        if self.context is None:
            self.world.quirks.record(quirk, self.operation, other)
        else:
            self.context.depends_on(quirk, other)

    def tells(self, kind: str) -> bool:
        """Whether events of a kind are among those the client wants to see [15]."""
        wanted = self.request.include_return_message_types
        if wanted is None or (not wanted and not self.streaming):
            return True
        return kind in wanted or kind in ALWAYS_TOLD

    @property
    def client_tools(self) -> tuple[str, ...]:
        """The names of the tools that the client runs itself."""
        return tuple(tool.name for tool in self.request.client_tools or [])

    @property
    def skills(self) -> tuple[Skill, ...]:
        offered = self.request.client_skills or []
        return tuple(Skill(skill.name, skill.description) for skill in offered)


def advance(steps: Generator[Yielded, Answered, object], answer: Answered | Exception) -> Yielded:
    """Resume steps with what they waited for; an exception is raised in them."""
    return steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
