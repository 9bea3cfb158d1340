"""What a turn is about and how far it is."""

from collections.abc import Generator
from dataclasses import dataclass

from mockletta.brain.decisions import Skill
from mockletta.errors import ApiError
from mockletta.state.threads import Thread
from mockletta.turns.events import Event, Pause
from mockletta.wire.agents import AgentState
from mockletta.wire.conversations import Conversation
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.models import LLMConfig
from mockletta.wire.replies import StopReasonType, UsageStatistics
from mockletta.world import World

NOTHING_USED = UsageStatistics(
    cached_input_tokens=None, cache_write_tokens=None, reasoning_tokens=None
)
Turn = Generator[Event | Pause, None, None]


@dataclass(slots=True)
class TurnState:
    """What a turn is about and how far it is."""

    world: World
    request: MessageRequest
    agent: AgentState
    conversation: Conversation | None
    run_id: str
    llm: LLMConfig
    streaming: bool
    background: bool
    completes_run: bool = True
    usage: UsageStatistics = NOTHING_USED
    begun: bool = False
    stop_reason: StopReasonType = StopReasonType.end_turn
    failure: ApiError | None = None
    is_agent_route: bool = False
    is_async: bool = False

    @property
    def conversation_id(self) -> str | None:
        return self.conversation.id if self.conversation else None

    @property
    def thread(self) -> Thread:
        """The thread the turn is in, asked for anew each time: a copy of the store changes it."""
        owner = self.conversation or self.agent
        return self.world.store.thread(owner.id)

    @property
    def tokens(self) -> bool:
        """Whether single tokens are streamed."""
        return self.streaming and self.request.stream_tokens

    @property
    def skills(self) -> tuple[Skill, ...]:
        offered = self.request.client_skills or []
        return tuple(Skill(skill.name, skill.description) for skill in offered)
