"""Expands a stored message into the messages that lists show.

Reasoning, text and tool calls of an assistant are separate messages. They share the id of the
record and differ in the last digits of their `otid` [10 text + tool, 17].
"""

import json
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypedDict

from mockletta.state.clock import spell_date
from mockletta.state.message_records import MessageRecord
from mockletta.tools.call_arguments import parse_arguments
from mockletta.wire.message_content import ApprovalReturn, TextContent, ToolCall, ToolReturn
from mockletta.wire.messages import (
    ApprovalRequestMessage,
    ApprovalResponseMessage,
    AssistantMessage,
    Message,
    ReasoningMessage,
    SystemMessage,
    ToolCallMessage,
    ToolReturnMessage,
    UserMessage,
)

_UNWRAPPED = "user_message"


class Speech(NamedTuple):
    """The tool with which agents of older types speak, and the argument with the text."""

    tool: str = "send_message"
    argument: str = "message"

    def is_in(self, call: ToolCall) -> bool:
        """Return whether a call is of this tool. Clients do not see such a call then."""
        return call.name == self.tool

    def texts_of(self, calls: Iterable[ToolCall]) -> list[str]:
        """Return the texts of calls. A call without the argument has none [72]."""
        spoken = [parse_arguments(call.arguments) for call in calls if self.is_in(call)]
        return [_as_text(one[self.argument]) for one in spoken if self.argument in one]


SEND_MESSAGE = Speech()


def _as_text(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value if isinstance(value, str) else str(value)


class Thought(ReasoningMessage):
    """The text of an agent that speaks with a tool."""

    source: Literal["reasoner_model", "non_reasoner_model"] = "non_reasoner_model"


class RecordFields(TypedDict):
    """The fields that all messages of a record share."""

    id: str
    date: str
    name: str | None
    sender_id: str | None
    step_id: str | None
    run_id: str | None


def part_otid(message_id: str, index: int) -> str:
    """Return the otid of a part of a server's message: its uuid with the low 7 bits set to the
    index [10]."""
    uuid = message_id.removeprefix("message-")
    high = 0x80 if uuid[-2] > "7" else 0
    return f"{uuid[:-2]}{high | (index & 0x7F):02x}"


def expand(record: MessageRecord, speech: Speech | None = SEND_MESSAGE) -> list[Message]:
    """Return the messages of a record in lists, in their order.

    `speech` is the tool with which an agent of an older type speaks, if lists show its texts
    instead of its calls.
    """
    if record.role == "assistant":
        return _assistant(record, speech)
    if record.role == "tool":
        is_speech = record.text_is_thought and speech is not None and record.name == speech.tool
        return [tool_return_message(record)] if record.tool_returns and not is_speech else []
    if record.role == "approval":
        return [_approval_response(record)]
    if record.role == "system":
        return [SystemMessage(**_shared(record), otid=record.otid, content=str(record.content))]
    return [_user(record)]


def expand_as_thoughts(record: MessageRecord) -> list[Message]:
    """Expand a record. An assistant's text becomes the reasoning of a model that does not reason.

    The server does so for a single message [57 messages retrieve multi] and for the messages of a
    step [60 step messages].
    """
    return [
        ReasoningMessage(
            **_shared(record),
            otid=part.otid,
            source="non_reasoner_model",
            reasoning=part.content,
        )
        if isinstance(part, AssistantMessage)
        else part
        for part in expand(record)
    ]


def listed(
    record: MessageRecord, speech: Speech | None = SEND_MESSAGE
) -> Sequence[tuple[str, bytes]]:
    """Return type and JSON text of each message of a record in lists, rendered once."""
    if speech != SEND_MESSAGE:
        return _as_json(expand(record, speech))
    if not record.rendered:
        record.rendered = tuple(_as_json(expand(record)))
    return record.rendered


def _as_json(messages: Iterable[Message]) -> list[tuple[str, bytes]]:
    return [
        (message.message_type, message.__pydantic_serializer__.to_json(message))
        for message in messages
    ]


def _shared(record: MessageRecord) -> RecordFields:
    return {
        "id": record.id,
        "date": spell_date(record.created_at),
        "name": record.name,
        "sender_id": record.sender_id,
        "step_id": record.step_id,
        "run_id": record.run_id,
    }


def _assistant(record: MessageRecord, speech: Speech | None) -> list[Message]:
    shared = _shared(record)
    parts: list[Message] = []
    if record.reasoning is not None:
        parts.append(
            ReasoningMessage(**shared, reasoning=record.reasoning, signature=record.signature)
        )
    if record.content and record.text_is_thought:
        parts.append(Thought(**shared, reasoning=str(record.content)))
    elif record.content:
        parts.append(AssistantMessage(**shared, content=str(record.content)))
    calls = list(record.tool_calls)
    if record.text_is_thought and record.waiting is None and speech is not None:
        parts += [AssistantMessage(**shared, content=text) for text in speech.texts_of(calls)]
        calls = [call for call in calls if not speech.is_in(call)]
    if calls and record.waiting is None:
        parts.append(ToolCallMessage(**shared, tool_call=calls[0], tool_calls=calls))
    told = [part.changed({"otid": part_otid(record.id, index)}) for index, part in enumerate(parts)]
    return told if record.waiting is None else [*told, approval_request(record)]


def approval_request(record: MessageRecord) -> Message:
    """Return a record as a request for approval. Its otid is its id [33 call (stream)]."""
    calls = list(record.tool_calls)
    return ApprovalRequestMessage(
        **_shared(record), otid=record.id, tool_call=calls[0], tool_calls=calls
    )


def _approval_response(record: MessageRecord) -> Message:
    """Return a client's answers in the form of lists: a return of several parts as its text [30].

    The older fields show the first approval or denial [83 mixed (stream): messages].
    """
    answers = [
        answer
        if isinstance(answer, ApprovalReturn)
        else answer.changed({"tool_return": return_text(answer)})
        for answer in record.approvals
    ]
    first = next((answer for answer in answers if isinstance(answer, ApprovalReturn)), None)
    return ApprovalResponseMessage(
        **_shared(record),
        otid=record.otid,
        approvals=answers,
        approve=first.approve if first else None,
        approval_request_id=first.tool_call_id if first else None,
        reason=first.reason if first else None,
    )


def return_text(returned: ToolReturn) -> str:
    """Return a tool's return as one text: a line for each text part, a note instead of images."""
    if isinstance(returned.tool_return, str):
        return returned.tool_return
    texts = [part.text for part in returned.tool_return if isinstance(part, TextContent)]
    images = len(returned.tool_return) - len(texts)
    note = "[Image omitted]" if images == 1 else f"[{images} images omitted]"
    text = "\n".join(texts)
    return f"{text} {note}".lstrip() if images else text


def tool_return_message(record: MessageRecord) -> Message:
    """Return the message of tool returns."""
    first = record.tool_returns[0]
    return ToolReturnMessage(
        **_shared(record),
        otid=part_otid(record.id, 0),
        tool_return=return_text(first),
        status=first.status,
        tool_call_id=first.tool_call_id,
        stdout=first.stdout,
        stderr=first.stderr,
        tool_returns=list(record.tool_returns),
    )


def _user(record: MessageRecord) -> Message:
    content = record.content
    shown = _unwrap(content) if isinstance(content, str) else list(content)
    return UserMessage(**_shared(record), otid=record.otid, content=shown)


def _unwrap(text: str) -> str:
    """Unwrap text that is packed as a user message; lists show it without its wrapping [14 json
    looking]."""
    if not text.startswith("{"):
        return text
    try:
        packed = json.loads(text)
    except ValueError:
        return text
    if isinstance(packed, dict) and packed.get("type") == _UNWRAPPED:
        return str(packed.get("message", text))
    return text
