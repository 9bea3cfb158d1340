"""`status`: the answer is an error. By default the request is not processed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from types import MappingProxyType

from pydantic import Field, model_validator

from mockletta.brain.provider_failures import failure_named
from mockletta.errors import ApiError, Busy, Expired, InternalError, Invalid, InvalidArgument
from mockletta.faults.fault import Fault, FaultyRequest
from mockletta.faults.field_types import (
    HeaderName,
    HeaderValue,
    JsonBody,
    RetryAfter,
    Text,
)
from mockletta.faults.kinds.busy import SOME_RUN
from mockletta.faults.kinds.missing import missing
from mockletta.http.bodies import MISSING_BODY
from mockletta.http.rendering import JSON_TYPE, Response, render
from mockletta.http.streaming import Answer

_OF_THE_MODEL = MappingProxyType(
    {401: "authentication", 402: "insufficient_credits", 429: "rate_limit"}
)
_USUAL: Mapping[int, Callable[[], ApiError]] = MappingProxyType(
    {
        400: lambda: InvalidArgument("Bad Request"),
        409: lambda: Busy(SOME_RUN),
        410: Expired,
        422: lambda: Invalid([MISSING_BODY]),
        500: InternalError,
    }
)


class StatusFault(Fault):
    status: int = Field(ge=400, le=599, description="a status from 400 to 599")
    retry_after: RetryAfter | None = Field(default=None, description="seconds, or an HTTP date")
    detail: Text | None = Field(
        default=None, description="the text of Letta's usual {detail: ...} body"
    )
    body: JsonBody = Field(default=None, description="the whole body, as JSON")
    headers: dict[HeaderName, HeaderValue] = Field(
        default={}, description="headers and their values"
    )
    processed: bool = Field(default=False, description="true if only the answer is lost")

    @model_validator(mode="after")
    def _one_body(self) -> "StatusFault":
        if self.detail is not None and self.body is not None:
            raise ValueError("give `detail` or `body`, not both")
        return self

    async def answer(self, request: FaultyRequest) -> Answer:
        request.applied = True
        if self.processed:
            with suppress(ApiError):
                await request.process()
        body: object = self.body
        if body is None:
            usual = self._usual_error(request).body
            body = usual if self.detail is None else {"detail": self.detail}
        headers = self.header_list()
        if not any(name == b"content-type" for name, _ in headers):
            headers.insert(0, JSON_TYPE)
        return Response(self.status, headers, render(body))

    def header_list(self) -> list[tuple[bytes, bytes]]:
        """Return the headers of the answer, including `Retry-After`."""
        given = {name.lower(): value for name, value in self.headers.items()}
        if self.retry_after is not None:
            given["retry-after"] = _retry_after_text(self.retry_after)
        return [(name.encode(), value.encode("latin-1")) for name, value in given.items()]

    def _usual_error(self, request: FaultyRequest) -> ApiError:
        """Return the usual error of the status. In the recordings only the model provider answers
        401, 402 and 429 [43]. A status without a recording gets its standard name."""
        if self.status in _OF_THE_MODEL:
            return request.model_error(failure_named(_OF_THE_MODEL[self.status]))
        if self.status == HTTPStatus.NOT_FOUND:
            return missing(request)
        if self.status in _USUAL:
            return _USUAL[self.status]()
        known = self.status in set(HTTPStatus)
        return ApiError(HTTPStatus(self.status).phrase if known else "Error")


def _retry_after_text(retry_after: float | str) -> str:
    """Return the value of a `Retry-After` header. Whole seconds have no decimals."""
    return retry_after if isinstance(retry_after, str) else f"{retry_after:.15g}"
