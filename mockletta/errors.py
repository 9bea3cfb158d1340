"""Errors: each one has its status and Letta's wording."""

USER_ID = "user-00000000-0000-4000-8000-000000000000"
ORGANIZATION_ID = "org-00000000-0000-4000-8000-000000000000"
"""The only user and organisation. They own everything; no key is needed [41 auth none]."""
ACTOR = (
    f"id='{USER_ID}' organization_id='{ORGANIZATION_ID}' name='default_user' "
    "created_at=None updated_at=None is_deleted=False'"
)


class BadSettings(ValueError):
    """Invalid settings of a server, found at its start. No client ever sees this error."""


class ApiError(Exception):
    """An error that is sent to a client.

    `body` is the whole JSON object of the response. `explanation` is recorded in the journal for a
    message that a strict script refuses, `rule` is the name of the rule whose reply could not be
    served.
    """

    status = 500
    explanation: str | None = None
    rule: str = ""

    def __init__(self, detail: object, **extra: object) -> None:
        super().__init__(detail)
        self.body: dict[str, object] = {"detail": detail, **extra}


class BadRequest(ApiError):
    status = 400


class InvalidArgument(BadRequest):
    """400 for a refused value, in the server's wording [01 model without slash]."""

    def __init__(self, what: str) -> None:
        super().__init__(f"INVALID_ARGUMENT: {what}")


class InvalidId(InvalidArgument):
    """400 for an id that is checked below the HTTP layer [40 runs malformed id]."""

    def __init__(self, noun: str, prefix: str, value: str) -> None:
        super().__init__(f"Invalid {noun} ID format: {value}. Expected format: '{prefix}-<uuid4>'")


class Unauthorized(ApiError):
    """401 for a client without a key that the server knows."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Forbidden(ApiError):
    """403 for something that a client may not use."""

    status = 403


class NotFound(ApiError):
    status = 404


class RowNotFound(NotFound):
    """404 in the long wording that quotes the access check [03 retrieve unknown].

    Clients can only match it by its beginning: the actor's timestamps differ.
    """

    def __init__(self, noun: str, row_id: str) -> None:
        self.noun = noun
        self.row_id = row_id
        ending = ", is_deleted=False" if noun == "Conversation" else ""
        super().__init__(
            f"{noun} not found with id='['{row_id}']', access level in ['read'] for actor='{ACTOR}"
            f"{ending}"
        )


class CloudError(ApiError):
    """An error of features that only Letta Cloud has. Its services put the text into `message`."""

    def __init__(self, message: str, **extra: object) -> None:
        super().__init__(message)
        self.body = {**extra, "message": message}


class CloudBadRequest(CloudError):
    status = 400


class CloudNotFound(CloudError):
    status = 404


class MethodNotAllowed(ApiError):
    status = 405

    def __init__(self, allow: str) -> None:
        super().__init__("Method Not Allowed")
        self.allow = allow


class ProviderError(ApiError):
    """502 for a model that fails outside of a turn [57 generate]."""

    status = 502

    def __init__(self, text: str) -> None:
        super().__init__(f"Failed to process LLM response: {text}")


class ImmutableMessage(ApiError):
    """405 for any change of a message [57 modify user message]."""

    status = 405

    def __init__(self) -> None:
        super().__init__(
            "Message editing is no longer supported. Messages are immutable as they may be shared "
            "across multiple conversations via forking."
        )


class Conflict(ApiError):
    status = 409

    def __init__(self, what: str, **extra: object) -> None:
        super().__init__(f"CONFLICT: {what}", **extra)


class Busy(Conflict):
    """409 while another turn of the conversation is in progress [22]."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"Cannot send a new message: Another request (run_id={run_id}) is currently being "
            "processed for this conversation. Please wait for it to complete.",
            run_id=run_id,
        )


class NoRunOfOtid(NotFound):
    """404 for an otid that started no run, or one that is too old [21 otid unknown]."""

    def __init__(self, otid: str) -> None:
        super().__init__(
            f"No run found for otid={otid}. The run may have expired or never existed."
        )


class Expired(ApiError):
    """410 for the stream of a run that is older than three hours. No recording waited that long."""

    status = 410

    def __init__(self) -> None:
        super().__init__("EXPIRED: Run was created more than 3 hours ago, and is now expired.")


class PayloadTooLarge(ApiError):
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"Request body is larger than the limit of {limit} bytes")


class Unprocessable(ApiError):
    """422 with a sentence of the server [14 messages empty]."""

    status = 422


class Invalid(ApiError):
    """422 of request validation: `errors` is pydantic's list, sent as its repr [03]."""

    status = 422

    def __init__(self, errors: list[dict[str, object]], **extra: object) -> None:
        super().__init__(None)
        self.errors = errors
        self.body = {"trace_id": "", "detail": repr(errors), **extra}


class NotText(BadRequest):
    """400 of a shape whose text field would be null, in pydantic's words [78 create empty name]."""

    def __init__(self, shape: str, field: str) -> None:
        super().__init__(
            f"1 validation error for {shape}\n{field}\n  Input should be a valid string "
            "[type=string_type, input_value=None, input_type=NoneType]\n"
            "    For further information visit https://errors.pydantic.dev/2.11/v/string_type"
        )


class InternalError(ApiError):
    """A bug in mockletta: its traceback is logged, and only this sentence is sent."""

    def __init__(self) -> None:
        super().__init__("An unknown error occurred")


class NotImplementedYet(ApiError):
    """501: an operation of Letta that is not imitated."""

    status = 501

    def __init__(self, operation: str) -> None:
        super().__init__(
            f"mockletta does not imitate {operation} yet. "
            "`mockletta coverage` lists the operations it does."
        )


class McpUnreachable(ApiError):
    """An MCP server does not answer, or its answer is not MCP. No recording shows this error."""

    status = 502


class ModelError(ApiError):
    """The model provider failed in a non-streaming request [43 error 429 (non-streaming)]."""

    def __init__(self, status: int, kind: str, message: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, "detail": detail}}


class OutOfCredits(ApiError):
    """402 of the hosted service for an account without credits."""

    status = 402

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        reasons = ["premium-usage-exceeded", "not-enough-credits"]
        self.body = {"error": "Rate limited", "reasons": reasons}


class PendingApproval(Conflict):
    """409 for a message while a call waits for approval. An agent's own endpoints name the pending
    request [33 user message while pending, agent-direct user message while pending]."""

    def __init__(self, request_id: str | None = None) -> None:
        super().__init__(
            "Cannot send a new message: The agent is waiting for approval on a tool call. Please "
            "approve or deny the pending request before continuing."
        )
        if request_id is not None:
            self.body = {
                "detail": {
                    "code": "PENDING_APPROVAL",
                    "message": str(self),
                    "pending_request_id": request_id,
                }
            }


class Unscripted(ApiError):
    """422 for a message that no rule of a strict script matches. The text explains it."""

    status = 422

    def __init__(self, explanation: str) -> None:
        super().__init__(explanation)
        self.explanation = explanation


class ScriptFailed(ApiError):
    """422 for a scripted reply that cannot be served. The text explains it."""

    status = 422

    def __init__(self, why: str, rule: str = "") -> None:
        super().__init__(f"{rule}: {why}" if rule else why)
        self.rule = rule


class ConstraintViolated(ApiError):
    """409 in which the recorded server quotes its database [55 attach same label]."""

    status = 409
