"""The failures of a model provider as clients see them [43], by the provider's status."""

from collections.abc import Mapping
from typing import NamedTuple

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError, BadRequest, ModelError, OutOfCredits
from mockletta.wire.messages import IN_THE_MIDDLE, ErrorMessage
from mockletta.wire.models import LLMConfig
from mockletta.wire.provider_types import ProviderCategory
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import PROVIDER_CREDITS
from mockletta.world.world import World

GENERIC = "An error occurred with the LLM request."
UNKNOWN = "An unknown error occurred with the LLM streaming request."
SYSTEM_TOO_LARGE = (
    "Compaction failed because the system prompt is too large for this model's context window. "
    "Reduce system instructions, memory blocks, or tools, or use a model with a larger context "
    "window."
)
NO_OBJECT = "the JSON object must be str, bytes or bytearray, not {}"
UNKNOWN_ERROR = "An unknown error occurred"
NO_TOOL_CALL = "No tool calls found in response, model must make a tool call"
BROKEN_STREAM = (
    "INTERNAL_SERVER_ERROR: Connection error during OpenAI streaming: peer closed connection "
    "without sending complete message body (incomplete chunked read)"
)


class FailureKind(NamedTuple):
    """One kind of failure: the response's status, its type and text, and the step's error type.

    `streamed` is the error type of a stream, if it is not the generic one.
    """

    status: int
    type: str
    message: str
    prefix: str
    step_error: str
    streamed: str = "llm_error"


_SERVER = FailureKind(
    500, "llm_error", GENERIC, "INTERNAL_SERVER_ERROR: {} API error", "LLMServerError"
)
_UNREACHABLE = FailureKind(
    500,
    "llm_error",
    GENERIC,
    "INTERNAL_SERVER_ERROR: Failed to connect to {}",
    "LLMConnectionError",
)
_UNREACHABLE_GOOGLE = _UNREACHABLE._replace(prefix="Unhandled LLM error", step_error="LLMError")
_KINDS = {
    400: FailureKind(
        400,
        "llm_bad_request",
        "The request to the LLM model provider was invalid.",
        "INVALID_ARGUMENT: Bad request to {}",
        "LLMBadRequestError",
    ),
    401: FailureKind(
        401,
        "llm_authentication",
        "Authentication failed with the LLM model provider.",
        "UNAUTHENTICATED: Authentication failed with {}",
        "LLMAuthenticationError",
        streamed="llm_authentication",
    ),
    402: FailureKind(
        402,
        "llm_insufficient_credits",
        "Insufficient credits for LLM request. Please check your account.",
        "PAYMENT_REQUIRED: Insufficient credits",
        "LLMInsufficientCreditsError",
    ),
    403: FailureKind(
        500,
        "llm_error",
        GENERIC,
        "PERMISSION_DENIED: Permission denied by {}",
        "LLMPermissionDeniedError",
    ),
    404: FailureKind(
        500,
        "llm_error",
        GENERIC,
        "NOT_FOUND: Resource not found in {}",
        "LLMNotFoundError",
    ),
    422: FailureKind(
        500,
        "llm_error",
        GENERIC,
        "INVALID_ARGUMENT: Invalid request content for {}",
        "LLMUnprocessableEntityError",
    ),
    429: FailureKind(
        429,
        "llm_rate_limit",
        "Rate limit exceeded for LLM model provider. Please wait before making another request.",
        "RATE_LIMIT_EXCEEDED: Rate limited by {}",
        "LLMRateLimitError",
        streamed="llm_rate_limit",
    ),
}
_OVERFLOW = FailureKind(
    500,
    "llm_error",
    GENERIC,
    "CONTEXT_WINDOW_EXCEEDED: Bad request to {} (context window exceeded)",
    "ContextWindowExceededError",
)
_TOO_LARGE = _OVERFLOW._replace(prefix="CONTEXT_WINDOW_EXCEEDED: Request too large for {} (413)")
_REFUSED = _KINDS[400]._replace(prefix="INVALID_ARGUMENT: {} API error")
"""Any other status from 400 to 499."""

_PROVIDERS: Mapping[str, str] = {
    "anthropic": "Anthropic",
    "google_ai": "Google AI",
    "google_vertex": "Google Vertex",
}


class TurnFailure(Exception):
    """Ends a turn. It has the error event of a stream and the answer to a request without a
    stream."""

    def __init__(
        self,
        *,
        error_type: str,
        message: str,
        detail: str,
        answer: ApiError,
        stop_reason: StopReasonType,
        step_error: str | None = None,
        ends_with_event: bool = False,
        late_stop: StopReasonType | None = None,
    ) -> None:
        super().__init__(detail)
        self.error_type = error_type
        self.message = message
        self.detail = detail
        self.answer = answer
        self.stop_reason = stop_reason
        self.step_error = step_error
        self.ends_with_event = ends_with_event
        self.late_stop = late_stop
        """The first event of a failed stream after its first chunk; the stream then ends as before
        that chunk."""

    def event(self, run_id: str, *, begun: bool) -> ErrorMessage:
        """Return the error event. After the first chunk every failure is an internal one [43]."""
        if begun:
            return ErrorMessage(
                run_id=run_id,
                error_type="internal_error",
                message=IN_THE_MIDDLE,
                detail=self.detail,
            )
        return ErrorMessage(
            run_id=run_id, error_type=self.error_type, message=self.message, detail=self.detail
        )


def model_failed(failure: ModelFailure, llm: LLMConfig | None = None) -> TurnFailure:
    """Return the turn's failure for a provider's failure. Without a model the provider is
    OpenAI."""
    overflow = failure.is_overflow
    kind = _kind_of(failure, llm)
    said = provider_text(failure) + (" ({'is_byok': False})" if overflow else "")
    detail = f"{kind.prefix.format(_provider_of(llm, kind))}: {said}{_owner(llm)}"
    streamed_text = kind.message if kind.streamed != "llm_error" else GENERIC
    return TurnFailure(
        error_type="internal_error" if overflow else kind.streamed,
        message=IN_THE_MIDDLE if overflow else streamed_text,
        detail=detail,
        answer=ModelError(kind.status, kind.type, kind.message, detail),
        stop_reason=StopReasonType.error if overflow else StopReasonType.llm_api_error,
        step_error=kind.step_error,
    )


def _kind_of(failure: ModelFailure, llm: LLMConfig | None) -> FailureKind:
    match failure.kind:
        case "overflow":
            return _OVERFLOW
        case "unreachable":
            return _UNREACHABLE_GOOGLE if speaks_google(llm) else _UNREACHABLE
        case _:
            if failure.is_overflow:
                return _TOO_LARGE
            other = _REFUSED if failure.status in range(400, 500) else _SERVER
            return _KINDS.get(failure.status, other)


def speaks_google(llm: LLMConfig | None) -> bool:
    """Return whether a model is served by Google."""
    return llm is not None and llm.model_endpoint_type in ("google_ai", "google_vertex")


def _provider_of(llm: LLMConfig | None, kind: FailureKind) -> str:
    """Return the provider's name in its client: most speak OpenAI's protocol [43, 85x]."""
    name = _PROVIDERS.get(llm.model_endpoint_type) if llm else None
    if name is None:
        return "OpenAI-compatible endpoint" if kind is _KINDS[400] else "OpenAI"
    return name


def _owner(llm: LLMConfig | None) -> str:
    """Return the mark of a provider that the user has added [85 unreachable, 85x]."""
    return " [BYOK]" if llm and llm.provider_category == ProviderCategory.byok else ""


def as_answered(world: World, error: ApiError) -> ApiError:
    """Return a model's failure as the server answers it. The hosted service itself reports that its
    account has no credits."""
    if not isinstance(error, ModelError) or error.status != OutOfCredits.status:
        return error
    is_on = PROVIDER_CREDITS in world.quirks
    other = "the hosted service's reasons" if is_on else "the error of the model provider"
    world.quirks.record(PROVIDER_CREDITS, "a model call", other)
    return error if is_on else OutOfCredits(str(error))


def no_tool_call() -> TurnFailure:
    """Return the failure of a turn whose agent must call a tool and does not [72 type *]."""
    return TurnFailure(
        error_type="llm_error",
        message=GENERIC,
        detail=NO_TOOL_CALL,
        answer=ModelError(500, "llm_error", GENERIC, NO_TOOL_CALL),
        stop_reason=StopReasonType.llm_api_error,
        late_stop=StopReasonType.no_tool_call,
    )


def arguments_failed(type_name: str) -> TurnFailure:
    """Return the failure of a turn whose model wrote arguments that are not an object [85 arguments
    list]."""
    return _unhandled(NO_OBJECT.format(type_name))


def deleted_step(step_id: str) -> TurnFailure:
    """Return the failure of a turn whose agent was deleted [88 agent deleted beside]."""
    return _unhandled(f"Step with id {step_id} does not exist")


def _unhandled(detail: str) -> TurnFailure:
    return TurnFailure(
        error_type="internal_error",
        message=UNKNOWN,
        detail=detail,
        answer=ApiError(UNKNOWN_ERROR),
        stop_reason=StopReasonType.error,
    )


def refused(error: ApiError) -> TurnFailure:
    """Return the turn's failure for a request that cannot be processed [14, 33]."""
    detail = str(error)
    message = detail if detail.startswith(("INVALID_ARGUMENT", "CONFLICT")) else UNKNOWN
    return TurnFailure(
        error_type="internal_error",
        message=message,
        detail=detail,
        answer=error,
        stop_reason=StopReasonType.error,
    )


def system_prompt_too_large(tokens: int, window: int) -> TurnFailure:
    """Return the turn's failure if compaction cannot help: the system prompt alone has more tokens
    than the context window [44 tiny window overflow]."""
    estimate = {"system_prompt_token_estimate": tokens, "context_window": window}
    detail = (
        f"CONTEXT_WINDOW_EXCEEDED: The system prompt tokens {tokens} exceeds the context window "
        f"{window}. Please reduce the size of your system prompt, memory blocks, or increase the "
        f"context window. ({estimate})"
    )
    return TurnFailure(
        error_type="context_window_overflow_in_system_prompt",
        message=SYSTEM_TOO_LARGE,
        detail=detail,
        answer=BadRequest(detail),
        stop_reason=StopReasonType.context_window_overflow_in_system_prompt,
        step_error="SystemPromptTokenExceededError",
    )


def stream_broke(failure: ModelFailure | None, llm: LLMConfig) -> TurnFailure:
    """Return the turn's failure if the provider fails between tokens. Without a failure its
    connection breaks [43 drop]."""
    if failure is not None and failure.kind != "unreachable":
        return model_failed(failure, llm)
    return TurnFailure(
        error_type="internal_error",
        message=IN_THE_MIDDLE,
        detail=BROKEN_STREAM,
        answer=ModelError(500, "llm_error", GENERIC, BROKEN_STREAM),
        stop_reason=StopReasonType.llm_api_error,
        step_error="LLMConnectionError",
        ends_with_event=True,
    )


def provider_text(failure: ModelFailure) -> str:
    """Return what a client of the provider says of a failure."""
    if failure.kind == "unreachable":
        return failure.message
    error = failure.error or {"message": failure.message}
    return f"Error code: {failure.status} - {{'error': {error!r}}}"
