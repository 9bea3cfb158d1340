"""The end of a reply: stop reason, usage, error; and the reply as one JSON body."""

from enum import StrEnum
from typing import Literal

from mockletta.wire.base import Wire
from mockletta.wire.messages import AnyMessage, Ping

IN_THE_MIDDLE = "An error occurred during agent execution."
"""The text of any failure after the first chunk of a stream [43]."""


class StopReasonType(StrEnum):
    """Why an agent stopped. It is an enum because the server's 422 names one [60]."""

    end_turn = "end_turn"
    error = "error"
    llm_api_error = "llm_api_error"
    invalid_llm_response = "invalid_llm_response"
    invalid_tool_call = "invalid_tool_call"
    max_steps = "max_steps"
    max_tokens_exceeded = "max_tokens_exceeded"
    no_tool_call = "no_tool_call"
    tool_rule = "tool_rule"
    cancelled = "cancelled"
    insufficient_credits = "insufficient_credits"
    requires_approval = "requires_approval"
    context_window_overflow_in_system_prompt = "context_window_overflow_in_system_prompt"


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
