"""Turns of other agents: messages from agent to agent.

1. The other agent gets a user message in its own thread. No recording shows which role the real
   server uses; this role gets an answer.
2. A turn that waits for a reply passes on the pauses of the other agent's turn, not its events.
3. An agent that waits for a reply gets no message, and the messages of one request are limited.
"""

from collections.abc import Generator, Mapping

from mockletta.state.message_records import MessageRecord
from mockletta.tools.agent_messaging import (
    MOST_MESSAGES,
    MOST_WAITING,
    AgentMessage,
    Reply,
    TooManyMessages,
    run_messaging_tool,
)
from mockletta.tools.call_arguments import parse_arguments
from mockletta.tools.returns import ToolOutcome
from mockletta.turns.run_records import close_run, open_run
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import (
    Answered,
    Delivery,
    Moment,
    Pacing,
    RelayChain,
    StartTurn,
    Turn,
    TurnState,
)
from mockletta.wire.agents import AgentState
from mockletta.wire.input_messages import MessageCreate
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.world import ActiveRun, World

INCOMING = "[Incoming message from agent with ID '{sender}' - {how}] {message}"
WAITS = "your reply to this message is sent back to it"
LEAVES = (
    "to reply to this message, make sure to use the 'send_message_to_agent_async' tool, or the "
    "agent will not receive your message"
)
NOTHING = "<no response>"
SPEAKS, TEXT = "send_message", "message"


def relay_messages(
    state: TurnState, name: str, arguments: Mapping[str, object]
) -> Generator[Moment, Answered, ToolOutcome]:
    """Run a tool that sends messages, and deliver them."""
    sending = run_messaging_tool(state.tool_context, name, arguments)
    try:
        message = next(sending)
        while True:
            try:
                reply = yield from _deliver(state, message)
            except TooManyMessages as error:
                message = sending.throw(error)
            else:
                message = sending.send(reply)
    except StopIteration as over:
        outcome: ToolOutcome = over.value
        return outcome


def _deliver(state: TurnState, message: AgentMessage) -> Generator[Moment, Answered, Reply]:
    """Deliver a message. Return the reply, or nothing if the sender does not wait."""
    if message.waits:
        return (yield from _await_reply(state, message))
    text = INCOMING.format(sender=state.agent.id, how=LEAVES, message=message.text)
    inner = _turn_of_receiver(state, message.receiver, text)
    inner.relay = RelayChain((), _relay_of(state).sent)
    yield StartTurn(inner)
    return {}


def _await_reply(state: TurnState, message: AgentMessage) -> Generator[Moment, Answered, Reply]:
    relay = _relay_of(state)
    other, waiting = message.receiver, (*relay.waiting, state.agent.id)
    if other.id in waiting:
        reason = "The agent waits for a reply itself."
        return {"agent_id": other.id, "error": reason, "type": "RuntimeError"}
    if len(waiting) > MOST_WAITING:
        raise TooManyMessages
    text = INCOMING.format(sender=waiting[-1], how=WAITS, message=message.text)
    inner = _turn_of_receiver(state, other, text)
    inner.relay = RelayChain(waiting, relay.sent)
    yield from _run_silently(inner)
    if inner.failure is not None:
        kind = type(inner.failure).__name__
        return {"agent_id": other.id, "error": str(inner.failure), "type": kind}
    return {"agent_id": other.id, "response": _said(inner) or [NOTHING]}


def _relay_of(state: TurnState) -> RelayChain:
    """Return the chain that a turn is part of. It begins with the first message of a turn."""
    if state.relay is None:
        state.relay = RelayChain()
    return state.relay


def _turn_of_receiver(state: TurnState, other: AgentState, text: str) -> TurnState:
    if next(_relay_of(state).sent) >= MOST_MESSAGES:
        raise TooManyMessages
    inner = turn_of(state.world, other, text, "send_message", Delivery(by_agent=True))
    inner.pacing.own = state.pacing.own
    inner.context = None if state.context is None else state.context.for_relayed_turn()
    return inner


def turn_of(
    world: World, agent: AgentState, text: str, run_type: str, delivery: Delivery
) -> TurnState:
    """Open a run of another agent for a user message, and return its turn."""
    request = MessageRequest(messages=[MessageCreate(role="user", content=text)])
    run_id = open_run(
        world,
        request,
        at=world.clock.now(),
        agent_id=agent.id,
        conversation_id=None,
        metadata={"run_type": run_type},
        delivery=delivery,
    )
    return TurnState(
        world=world,
        request=request,
        agent=agent,
        conversation=None,
        run_id=run_id,
        llm=agent.llm_config,
        pacing=Pacing(world),
        delivery=delivery,
    )


def _run_silently(inner: TurnState) -> Turn:
    """Run another agent's turn without its events. It can be cancelled like any other."""
    world, run_id, turn = inner.world, inner.run_id, run_turn(inner)
    world.active[run_id] = ActiveRun(turn, inner.log, None, background=False)
    answer: Answered | Exception = None
    try:
        while (item := _next(turn, answer)) is not None:
            try:
                answer = yield item
            except Exception as error:  # noqa: BLE001 - the turn handles it
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
    """Return what an agent said in a turn: its texts and its calls of `send_message`."""
    records = inner.world.store.messages.all(("run_id", inner.run_id))
    return [text for record in records if record.role == "assistant" for text in _texts(record)]


def _texts(record: MessageRecord) -> list[str]:
    spoken = [
        parse_arguments(call.arguments).get(TEXT)
        for call in record.tool_calls
        if call.name == SPEAKS
    ]
    return [text for text in (record.content, *spoken) if isinstance(text, str) and text]
