"""Faults that are answered instead of the request: in Letta's words for the status."""

import json
from collections.abc import Callable
from http import HTTPStatus

from mockletta.brain.decisions import ModelFailure
from mockletta.brain.failures import failure_named
from mockletta.errors import (
    ApiError,
    Busy,
    Expired,
    InternalError,
    Invalid,
    InvalidArgument,
    NoRunOfOtid,
    NotFound,
    RowNotFound,
)
from mockletta.faults.kinds import (
    Asked,
    BusyFault,
    ExpiredRunFault,
    Fault,
    MissingFault,
    ModelFault,
    StatusFault,
)
from mockletta.http.bodies import MISSING_BODY
from mockletta.http.rendering import JSON_TYPE, Response, render

ModelAnswer = Callable[[ModelFailure], ApiError]
"""How a failure of the model provider is answered where nothing is streamed."""

SOME_RUN = "run-00000000-0000-4000-8000-000000000000"
_OF_THE_MODEL = {401: "authentication", 402: "insufficient_credits", 429: "rate_limit"}
_USUAL: dict[int, Callable[[], ApiError]] = {
    400: lambda: InvalidArgument("Bad Request"),
    409: lambda: Busy(SOME_RUN),
    410: Expired,
    422: lambda: Invalid([MISSING_BODY]),
    500: InternalError,
}
_NOUNS = {
    "agent": "Agent",
    "block": "Block",
    "conv": "Conversation",
    "message": "Message",
    "run": "Run",
    "step": "Step",
    "tool": "Tool",
}


def answer_instead(fault: Fault, asked: Asked, model_answer: ModelAnswer) -> Response | None:
    """What a request is answered instead of its own answer; None if it is to have that."""
    if isinstance(fault, StatusFault):
        return _status(fault, asked, model_answer)
    if isinstance(fault, BusyFault):
        return error_answer(Busy(SOME_RUN))
    if isinstance(fault, ExpiredRunFault):
        return error_answer(_expired(asked.body))
    if isinstance(fault, MissingFault):
        return error_answer(_missing(asked))
    if isinstance(fault, ModelFault):
        return error_answer(model_answer(fault.failure()))
    return None


def error_answer(error: ApiError) -> Response:
    """An error as it is sent."""
    return Response(error.status, [JSON_TYPE], render(error.body))


def _status(fault: StatusFault, asked: Asked, model_answer: ModelAnswer) -> Response:
    body: object = fault.body
    if body is None:
        usual = _usual(fault.status, asked, model_answer).body
        body = usual if fault.detail is None else {"detail": fault.detail}
    headers = fault.header_list()
    if not any(name == b"content-type" for name, _ in headers):
        headers.insert(0, JSON_TYPE)
    return Response(fault.status, headers, render(body))


def _usual(status: int, asked: Asked, model_answer: ModelAnswer) -> ApiError:
    """What a status usually says. The recorded server has 401, 402 and 429 from the model provider
    only [43]; those that it never had say their own name."""
    if status in _OF_THE_MODEL:
        return model_answer(failure_named(_OF_THE_MODEL[status]))
    if status == HTTPStatus.NOT_FOUND:
        return _missing(asked)
    if status in _USUAL:
        return _USUAL[status]()
    return ApiError(HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error")


def _expired(body: bytes) -> ApiError:
    """A run that is named by an otid is not found, any other is gone [21 otid unknown]."""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return Expired()
    if isinstance(request, dict) and request.get("otid") and not request.get("run_id"):
        return NoRunOfOtid(str(request["otid"]))
    return Expired()


def _missing(asked: Asked) -> ApiError:
    """The id that comes last in the path is not found."""
    for value in reversed(list(asked.params.values())):
        noun = _NOUNS.get(value.partition("-")[0])
        if noun is not None:
            return RowNotFound(noun, value)
    return NotFound("Not Found")
