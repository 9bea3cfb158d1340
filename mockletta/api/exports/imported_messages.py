"""The messages of an agent file in their stored form: new ids, the file's times and otids."""

import json
from collections.abc import Iterator, Sequence

from mockletta.state.message_records import MessageRecord, Role, SuspendedTurn
from mockletta.state.token_counting import count_tokens
from mockletta.turns.context.incoming_messages import size_of
from mockletta.turns.message_expansion import return_text
from mockletta.wire.agents import AgentState, AgentType
from mockletta.wire.exports import (
    ExportedAgent,
    ExportedMessage,
    Reasoning,
    StoredApproval,
    StoredReturn,
)
from mockletta.wire.message_content import (
    ApprovalReturn,
    ImageContent,
    TextContent,
    ToolCall,
    ToolReturn,
    UserContent,
)
from mockletta.world.world import World


def import_messages(world: World, agent: AgentState, file: ExportedAgent) -> None:
    """Replace the first messages of a new agent by those of a file."""
    store, thread = world.store, world.store.thread(agent.id)
    for message_id in thread:
        store.messages.remove(message_id)
    store.drop_thread(agent.id)
    thread = store.thread(agent.id)
    in_context = set(file.in_context_message_ids)
    records: dict[str, MessageRecord] = {}
    beside: tuple[ToolCall, ...] = ()
    for message in file.messages:
        record = _record(world, agent, message, beside)
        beside = () if message.id in in_context else record.tool_calls
        records[message.id] = record
        store.add_message(record, thread, in_context=False)
    thread.set_context([records[one] for one in file.in_context_message_ids])
    thread.turns = sum(record.role == "user" for record in records.values())


def _record(
    world: World, agent: AgentState, message: ExportedMessage, beside: tuple[ToolCall, ...]
) -> MessageRecord:
    """Return a stored message. `beside` are the calls that wait beside a request for approval:
    those of the message before it, which is not in context."""
    calls = tuple(
        ToolCall(name=call.function.name, arguments=call.function.arguments, tool_call_id=call.id)
        for call in message.tool_calls or ()
    )
    returns = tuple(_returns(message.tool_returns or ()))
    sent = [_sent(one) for one in message.tool_returns or ()]
    content = _content(message)
    is_request = message.role == "approval" and bool(calls)
    thought = next((part for part in _parts(message) if isinstance(part, Reasoning)), None)
    reasoning = thought.reasoning if thought else None
    return MessageRecord(
        id=world.ids.new("message"),
        role="assistant" if is_request else _role(message),
        created_at=message.created_at or world.clock.now(),
        agent_id=agent.id,
        conversation_id=None,
        content=return_text(returns[-1]) if returns else content,
        tokens=_size(content, reasoning, calls, returns),
        reasoning=reasoning,
        signature=thought.signature if thought else None,
        tool_calls=calls,
        tool_returns=returns,
        waiting=_waiting(world, calls, beside) if is_request else None,
        approvals=tuple(_approvals(message)),
        model_text=sent[-1] if sent else None,
        earlier_texts=tuple(sent[:-1]),
        name=message.name,
        otid=message.otid,
        sender_id=message.sender_id,
        group_id=message.group_id,
        text_is_thought=agent.agent_type is not AgentType.letta_v1_agent,
    )


def _role(message: ExportedMessage) -> Role:
    """Return the role of a message. Summaries have the role `user` [44]."""
    return "user" if message.role == "summary" else message.role


def _parts(message: ExportedMessage) -> Sequence[object]:
    given = message.content
    return [TextContent(text=given)] if isinstance(given, str) else given


def _content(message: ExportedMessage) -> str | tuple[UserContent, ...]:
    parts = [part for part in _parts(message) if isinstance(part, TextContent | ImageContent)]
    if message.role == "user" and (
        len(parts) > 1 or any(isinstance(part, ImageContent) for part in parts)
    ):
        return tuple(parts)
    return "\n".join(part.text for part in parts if isinstance(part, TextContent))


def _returns(given: Sequence[StoredReturn]) -> Iterator[ToolReturn]:
    for one in given:
        yield ToolReturn(
            tool_return=_shown(one),
            status=one.status,
            tool_call_id=one.tool_call_id or "",
            stdout=one.stdout,
            stderr=one.stderr,
        )


def _shown(given: StoredReturn) -> str | list[UserContent]:
    """Return a tool's return without the envelope for models."""
    response = given.func_response
    if not isinstance(response, str):
        return response or ""
    packed = _unpacked(response)
    return response if packed is None else str(packed)


def _unpacked(response: str) -> object:
    try:
        packed = json.loads(response)
    except (ValueError, RecursionError):
        return None
    is_envelope = isinstance(packed, dict) and packed.keys() >= {"status", "message", "time"}
    return packed["message"] if is_envelope else None


def _sent(given: StoredReturn) -> str:
    response = given.func_response
    if isinstance(response, str):
        return response
    return return_text(next(_returns([given])))


def _approvals(message: ExportedMessage) -> Iterator[ApprovalReturn | ToolReturn]:
    for one in message.approvals or ():
        if isinstance(one, StoredApproval):
            yield ApprovalReturn(**one.model_dump())
        else:
            yield from _returns([one])


def _waiting(
    world: World, calls: tuple[ToolCall, ...], beside: tuple[ToolCall, ...]
) -> SuspendedTurn:
    """Return a pending request for approval from a file. Its run does not exist here."""
    return SuspendedTurn(run_id=world.ids.new("run"), steps=1, calls=(*beside, *calls))


def _size(
    content: str | tuple[UserContent, ...],
    reasoning: str | None,
    calls: Sequence[ToolCall],
    returns: Sequence[ToolReturn],
) -> int:
    """Return the size of a message in tokens, counted like messages of this server."""
    if returns:
        return sum(count_tokens(return_text(one)) for one in returns)
    called = sum(count_tokens(call.name + call.arguments) for call in calls)
    return size_of(content) + count_tokens(reasoning or "") + called
