"""Messages from agent to agent: delivered as turns of the other agent, in this world.

A turn that waits for another agent's reply passes on its pauses, but nothing of what it tells. The
other agent gets a user's message in its own thread, which says who sent it: no recording shows
which role a real server gives it, and this one is answered.

Nobody goes on sending for ever: an agent that waits for a reply gets no message, and what one
request leads to is limited.
"""

from collections.abc import Generator, Iterable

from mockletta.state.event_log import EventLog
from mockletta.state.message_records import MessageRecord
from mockletta.tools.arguments import parse_arguments
from mockletta.turns.events import Event
from mockletta.turns.run_records import close_run, open_run
from mockletta.turns.turn_state import Answered, Begin, Moment, Relay, Turn, TurnState
from mockletta.wire.agents import AgentState
from mockletta.wire.message_requests import MessageCreate, MessageRequest
from mockletta.wire.replies import StopReasonType
from mockletta.world.exchange import Exchange
from mockletta.world.world import ActiveRun

Told = dict[str, object]
MOST_WAITING = 10
"""How many agents may wait for each other."""
MOST_MESSAGES = 100
"""How many messages agents may send each other because of one request."""
INCOMING = "[Incoming message from agent with ID '{sender}' - {how}] {message}"
WAITS = "your reply to this message is sent back to it"
LEAVES = (
    "to reply to this message, make sure to use the 'send_message_to_agent_async' tool, or the "
    "agent will not receive your message"
)
NOTHING = "<no response>"
SPEAKS, TEXT = "send_message", "message"


class TooManyMessages(RuntimeError):
    """Agents have sent each other too many messages."""

    def __init__(self) -> None:
        super().__init__(
            f"No more messages between agents: at most {MOST_WAITING} wait for each other, and one "
            f"request leads to at most {MOST_MESSAGES}."
        )


def reply_of(
    state: TurnState, other: AgentState, message: str
) -> Generator[Moment, Answered, Told]:
    """Send an agent a message and wait for what it says."""
    waiting = (*state.relay.waiting, state.agent.id)
    if other.id in waiting:
        reason = "The agent waits for a reply itself."
        return {"agent_id": other.id, "error": reason, "type": "RuntimeError"}
    if len(waiting) > MOST_WAITING:
        raise TooManyMessages
    inner = _turn_of(state, other, INCOMING.format(sender=waiting[-1], how=WAITS, message=message))
    inner.relay = Relay(waiting, state.relay.sent)
    assert state.run_turn is not None
    yield from _unheard(inner, state.run_turn(inner))
    if inner.failure is not None:
        kind = type(inner.failure).__name__
        return {"agent_id": other.id, "error": str(inner.failure), "type": kind}
    return {"agent_id": other.id, "response": _said(inner) or [NOTHING]}


def leave_message(state: TurnState, other: AgentState, message: str) -> Turn:
    """Send an agent a message without waiting for it."""
    text = INCOMING.format(sender=state.agent.id, how=LEAVES, message=message)
    inner = _turn_of(state, other, text)
    inner.relay = Relay((), state.relay.sent)
    yield Begin(inner)


def agents_tagged(
    state: TurnState, match_all: Iterable[str], match_some: Iterable[str]
) -> list[str]:
    """The ids of the other agents that have all of some tags and, if others are given, one of
    those."""
    every, some = set(match_all), set(match_some)
    return [
        agent.id
        for agent in state.world.store.agents
        if agent.id != state.agent.id
        and every <= set(agent.tags)
        and (not some or not some.isdisjoint(agent.tags))
    ]


def _turn_of(state: TurnState, other: AgentState, text: str) -> TurnState:
    if next(state.relay.sent) >= MOST_MESSAGES:
        raise TooManyMessages
    request = MessageRequest(messages=[MessageCreate(role="user", content=text)])
    run = open_run(
        state.world,
        request,
        agent_id=other.id,
        conversation_id=None,
        run_type="send_message",
        streaming=False,
        background=False,
    )
    return TurnState(
        world=state.world,
        request=request,
        agent=other,
        conversation=None,
        run_id=run.id,
        llm=other.llm_config,
        streaming=False,
        background=False,
        is_agent_route=True,
        pace=state.pace,
        exchange=None if state.exchange is None else Exchange(state.exchange.entry),
    )


def _unheard(inner: TurnState, turn: Turn) -> Turn:
    """A turn whose events nobody is told. It can be cancelled like any other."""
    world, run_id = inner.world, inner.run_id
    world.active[run_id] = ActiveRun(turn, EventLog(numbered=False), None, background=False)
    answer: Answered | Exception = None
    try:
        while (item := _next(turn, answer)) is not None:
            answer = None
            if not isinstance(item, Event):
                try:
                    answer = yield item
                except Exception as error:  # noqa: BLE001 - it is meant for the turn
                    answer = error
                if run_id not in world.active:
                    return
    finally:
        turn.close()
        if world.active.pop(run_id, None) and world.store.runs.get(run_id).completed_at is None:
            close_run(world, run_id, "cancelled", StopReasonType.cancelled)


def _next(turn: Turn, answer: Answered | Exception) -> Moment | None:
    try:
        return turn.throw(answer) if isinstance(answer, Exception) else turn.send(answer)
    except StopIteration:
        return None


def _said(inner: TurnState) -> list[str]:
    """What an agent said in a turn, in its texts or with the tool that older agents speak with."""
    records = inner.world.store.messages.all(("run_id", inner.run_id))
    return [text for record in records if record.role == "assistant" for text in _texts(record)]


def _texts(record: MessageRecord) -> list[str]:
    spoken = [
        parse_arguments(call.arguments).get(TEXT)
        for call in record.tool_calls
        if call.name == SPEAKS
    ]
    return [text for text in (record.content, *spoken) if isinstance(text, str) and text]
