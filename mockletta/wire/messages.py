"""Messages as they are listed and streamed, and the end of a reply."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from mockletta.wire.base import Wire
from mockletta.wire.message_content import (
    ApprovalReturn,
    CompactionStats,
    ToolCall,
    ToolReturn,
    UserContent,
)
from mockletta.wire.stop_reasons import StopReasonType


class MessageType(StrEnum):
    """The types of messages. It is an enum because the server's 422 names one [17]."""

    system_message = "system_message"
    user_message = "user_message"
    assistant_message = "assistant_message"
    reasoning_message = "reasoning_message"
    hidden_reasoning_message = "hidden_reasoning_message"
    tool_call_message = "tool_call_message"
    tool_return_message = "tool_return_message"
    approval_request_message = "approval_request_message"
    approval_response_message = "approval_response_message"
    summary_message = "summary_message"
    event_message = "event_message"


class ToolCallDelta(Wire):
    """A part of a streamed tool call. Missing fields are left out [11 tool call]."""

    name: str | None = None
    arguments: str | None = None
    tool_call_id: str | None = None

    @model_serializer(mode="wrap")
    def _without_nulls(self, handler: SerializerFunctionWrapHandler) -> dict[str, str]:
        return {key: value for key, value in handler(self).items() if value is not None}


class RequestedCallDelta(Wire):
    """A part of a streamed call that waits for approval. Missing fields are null [33 token
    stream]."""

    name: str | None = None
    arguments: str | None = None
    tool_call_id: str | None = None


class Message(Wire):
    """The common fields of messages, in the recorded order. `date` has whole seconds."""

    id: str
    date: str
    name: str | None = None
    message_type: str
    otid: str | None = None
    sender_id: str | None = None
    step_id: str | None = None
    is_err: bool | None = None
    seq_id: int | None = None
    run_id: str | None = None


class SystemMessage(Message):
    message_type: Literal["system_message"] = "system_message"
    content: str


class UserMessage(Message):
    message_type: Literal["user_message"] = "user_message"
    content: str | list[UserContent]


class AssistantMessage(Message):
    message_type: Literal["assistant_message"] = "assistant_message"
    content: str


class ReasoningMessage(Message):
    message_type: Literal["reasoning_message"] = "reasoning_message"
    source: Literal["reasoner_model", "non_reasoner_model"] = "reasoner_model"
    reasoning: str
    signature: str | None = None


class ToolCallMessage(Message):
    """A tool call. A token stream sends deltas instead of the whole call and its list."""

    message_type: Literal["tool_call_message"] = "tool_call_message"
    tool_call: ToolCall | ToolCallDelta
    tool_calls: list[ToolCall] | ToolCallDelta


class ToolReturnMessage(Message):
    """What the tools of a step returned. The fields outside `tool_returns` show the first one."""

    message_type: Literal["tool_return_message"] = "tool_return_message"
    tool_return: str
    status: Literal["success", "error"]
    tool_call_id: str
    stdout: list[str] | None = None
    stderr: list[str] | None = None
    tool_returns: list[ToolReturn]


class ApprovalRequestMessage(Message):
    """Calls that wait for the client to approve or run them."""

    message_type: Literal["approval_request_message"] = "approval_request_message"
    tool_call: ToolCall | RequestedCallDelta
    tool_calls: list[ToolCall] | RequestedCallDelta


class ApprovalResponseMessage(Message):
    """A client's answers. The fields after `approvals` show the first one if it is an approval."""

    message_type: Literal["approval_response_message"] = "approval_response_message"
    approvals: list[ApprovalReturn | ToolReturn]
    approve: bool | None = None
    approval_request_id: str | None = None
    reason: str | None = None


class SummaryMessage(Message):
    message_type: Literal["summary_message"] = "summary_message"
    summary: str
    compaction_stats: CompactionStats | None = None


class EventMessage(Message):
    message_type: Literal["event_message"] = "event_message"
    event_type: Literal["compaction"] = "compaction"
    event_data: dict[str, object]


AnyMessage = Annotated[
    SystemMessage
    | UserMessage
    | AssistantMessage
    | ReasoningMessage
    | ToolCallMessage
    | ToolReturnMessage
    | ApprovalRequestMessage
    | ApprovalResponseMessage
    | SummaryMessage
    | EventMessage,
    Field(discriminator="message_type"),
]


class Ping(Message):
    message_type: Literal["ping"] = "ping"


IN_THE_MIDDLE = "An error occurred during agent execution."
"""The text of any failure after the first chunk of a stream [43]."""


class StopReason(Wire):
    message_type: Literal["stop_reason"] = "stop_reason"
    stop_reason: StopReasonType


class UsageStatistics(Wire):
    """The tokens of a whole turn; `context_tokens` is the size of its last step."""

    message_type: Literal["usage_statistics"] = "usage_statistics"
    completion_tokens: int = 0
    prompt_tokens: int = 0
    total_tokens: int = 0
    step_count: int = 0
    run_ids: list[str] | None = None
    cached_input_tokens: int | None = 0
    cache_write_tokens: int | None = 0
    reasoning_tokens: int | None = 0
    context_tokens: int | None = None


class ErrorMessage(Wire):
    """The data of `event: error` in a stream [43 error 400 (stream)]."""

    message_type: Literal["error_message"] = "error_message"
    run_id: str
    error_type: str
    message: str
    detail: str | None = None
    seq_id: int | None = None


class LettaResponse(Wire):
    messages: list[AnyMessage]
    stop_reason: StopReason
    usage: UsageStatistics
    logprobs: None = None
    turns: None = None


StreamEvent = AnyMessage | Ping | StopReason | UsageStatistics | ErrorMessage
"""The data of a stream's events."""
