"""The stored form of messages, in exports and context overviews [57 context, 53]."""

from mockletta.errors import USER_ID
from mockletta.state.message_records import MessageRecord
from mockletta.turns.message_expansion import return_text
from mockletta.wire.contexts import StoredMessage
from mockletta.wire.exports import (
    CalledFunction,
    Reasoning,
    StoredApproval,
    StoredCall,
    StoredContent,
    StoredReturn,
)
from mockletta.wire.message_content import ApprovalReturn, TextContent, ToolReturn


def stored_message(record: MessageRecord, model: str | None) -> StoredMessage:
    """Return the stored form of a message. Messages that the model did not write have no model."""
    return StoredMessage(
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
        created_at=record.created_at,
        updated_at=record.created_at,
        id=record.id,
        agent_id=record.agent_id,
        model=None if record.role in ("user", "approval") else model,
        role=stored_role(record),
        content=stored_content(record),
        name=record.name,
        tool_calls=stored_calls(record),
        tool_call_id=first_call_id(record),
        step_id=record.step_id,
        run_id=record.run_id,
        otid=record.otid,
        tool_returns=stored_returns(record),
        group_id=record.group_id,
        sender_id=record.sender_id,
        conversation_id=record.conversation_id,
        approvals=stored_approvals(record),
    )


def stored_content(record: MessageRecord) -> list[StoredContent]:
    """Return the parts of a message. A tool's return has one part, and so has an empty text."""
    parts: list[StoredContent] = []
    if record.reasoning is not None:
        parts.append(Reasoning(reasoning=record.reasoning, signature=record.signature))
    if not isinstance(record.content, str):
        return [*parts, *record.content]
    text = _sent_texts(record)[0] if record.tool_returns else record.content
    return [*parts, TextContent(text=text)] if text else parts


def stored_calls(record: MessageRecord) -> list[StoredCall] | None:
    calls = [
        StoredCall(
            id=call.tool_call_id,
            function=CalledFunction(arguments=call.arguments, name=call.name),
        )
        for call in record.tool_calls
    ]
    return calls or None


def stored_returns(record: MessageRecord) -> list[StoredReturn]:
    pairs = zip(record.tool_returns, _sent_texts(record), strict=True)
    return [_stored_return(returned, sent) for returned, sent in pairs]


def stored_approvals(record: MessageRecord) -> list[StoredApproval | StoredReturn]:
    return [
        StoredApproval(**answer.model_dump())
        if isinstance(answer, ApprovalReturn)
        else _stored_return(answer, None)
        for answer in record.approvals
    ]


def first_call_id(record: MessageRecord) -> str | None:
    return record.tool_returns[0].tool_call_id if record.tool_returns else None


def stored_role(record: MessageRecord) -> str:
    """Return the stored role of a message. A request for approval has that of its answer."""
    return "approval" if record.waiting else record.role


def _sent_texts(record: MessageRecord) -> list[str]:
    """Return the text of each tool return of a message that a model receives."""
    if not record.tool_returns:
        return []
    last = record.model_text or return_text(record.tool_returns[-1])
    return [*record.earlier_texts, last]


def _stored_return(returned: ToolReturn, sent: str | None) -> StoredReturn:
    """Return a stored tool return. Several parts stay separate."""
    value = returned.tool_return
    return StoredReturn(
        tool_call_id=returned.tool_call_id,
        status=returned.status,
        stdout=returned.stdout,
        stderr=returned.stderr,
        func_response=value if sent is None or not isinstance(value, str) else sent,
    )
