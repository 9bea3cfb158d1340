"""Faults: one model for each kind of thing that goes wrong.

They have one spelling in YAML, in Python, over HTTP and in the header `X-Mockletta-Fault`: a
mapping in which one key names the kind, `{"status": 429, "retry_after": 2}`. A planned fault says
`on` which operation it strikes, too, and how often.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mockletta.brain.decisions import ModelFailure
from mockletta.brain.failures import FAILURES, failure_named
from mockletta.faults.field_types import (
    HeaderName,
    HeaderValue,
    JsonBody,
    RetryAfter,
    Text,
    contains,
    retry_text,
)
from mockletta.faults.one_line import spell_line

LONGEST = 86_400.0
"""Seconds that a fault can last if it does not last for ever."""
MOST = 1_000_000

Seconds = Annotated[float, Field(gt=0, le=LONGEST)]
Count = Annotated[int, Field(ge=1, le=MOST)]
CountFromZero = Annotated[int, Field(ge=0, le=MOST)]
Yes = Literal[True]
TURNS = frozenset(
    {
        "conversations.messages.create",
        "agents.messages.create",
        "agents.messages.create_async",
        "agents.messages.stream",
    }
)
"""The operations that ask a model: where a model provider can fail."""


class Asked(Protocol):
    """What of a request decides whether a fault strikes it."""

    @property
    def params(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Part(BaseModel):
    """A value a test author writes: read strictly, never changed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True
    )


class Where(Part):
    """Which requests of an operation are meant: all that is given must hold."""

    path: dict[Text, Text] = Field(
        default={}, description="parameters of the path and their values"
    )
    equals: Text | None = Field(
        default=None, description="a text that stands in the body as a whole"
    )
    contains: Text | None = Field(default=None, description="a part of a text in the body")

    def holds(self, asked: Asked) -> bool:
        """Whether a request is one of them."""
        if any(asked.params.get(name) != value for name, value in self.path.items()):
            return False
        return contains(asked.body, equals=self.equals, part=self.contains)


class Fault(Part):
    """What every fault can say: which requests it strikes. Only planned faults do."""

    KIND: ClassVar[str]
    strikes_streams_only: ClassVar[bool] = False

    on: Text | list[Text] = Field(
        default=[],
        description="an operation such as conversations.messages.create, a list, or agents.*",
    )
    times: Count | Literal["always"] = Field(default=1, description="a number from 1, or always")
    after: CountFromZero = Field(
        default=0, description="how many matching requests are let through first"
    )
    probability: float | None = Field(
        default=None, gt=0, le=1, description="a probability of more than 0 and at most 1"
    )
    seed: int = Field(
        default=0, ge=-MOST, le=MOST, description="a number that the chances depend on"
    )
    where: Where | None = Field(
        default=None, description="a mapping of path, equals and contains: what a request must have"
    )

    @property
    def operations(self) -> list[str]:
        return [self.on] if isinstance(self.on, str) else self.on

    def strikes(self, operation: str, asked: Asked) -> bool:
        """Whether a request is one that this fault is planned for."""
        if not any(fnmatchcase(operation, pattern) for pattern in self.operations):
            return False
        return self.where is None or self.where.holds(asked)

    def spelled(self) -> dict[str, Any]:
        """The mapping that spells this fault."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def __str__(self) -> str:
        """The line that spells what goes wrong."""
        spelled = self.spelled().items()
        return spell_line({key: value for key, value in spelled if key not in PLANNING})


PLANNING = frozenset(Fault.model_fields)
"""The keys that say which requests a fault strikes."""


class StatusFault(Fault):
    """The answer is an error, and by default nothing has been done."""

    KIND = "status"

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

    def header_list(self) -> list[tuple[bytes, bytes]]:
        """The headers asked for, `Retry-After` included, as they are sent."""
        given = {name.lower(): value for name, value in self.headers.items()}
        if self.retry_after is not None:
            given["retry-after"] = retry_text(self.retry_after)
        return [(name.encode(), value.encode("latin-1")) for name, value in given.items()]


class ModelFault(Fault):
    """The model provider fails: before anything is told, at its first token, or after so many."""

    KIND = "fail"

    fail: Literal[
        "bad_request",
        "authentication",
        "insufficient_credits",
        "permission_denied",
        "not_found",
        "unprocessable",
        "rate_limit",
        "server_error",
        "overloaded",
        "timeout",
        "context_overflow",
        "unreachable",
    ] = Field(description=f"one of {', '.join(FAILURES)}")
    at: Literal["before", "first_token"] | Count = Field(
        default="before", description="before, first_token, or a number of tokens"
    )

    def failure(self) -> ModelFailure:
        return failure_named(self.fail)

    @property
    def tokens(self) -> int | None:
        """How many tokens are told before it fails; None if it does not even begin."""
        if isinstance(self.at, int):
            return self.at
        return 0 if self.at == "first_token" else None


class ErrorEventFault(Fault):
    """An error event ends the stream after so many frames."""

    KIND = "error_event"
    strikes_streams_only = True

    error_event: CountFromZero = Field(description="how many frames come before the error event")
    error_type: Text = Field(default="internal_error", description="the event's error_type")
    message: Text | None = Field(default=None, description="the event's message")
    detail: Text | None = Field(default=None, description="the event's detail")


class AfterFrames(Part):
    after_frames: Count


class InFrame(Part):
    in_frame: Count


class ResetFault(Fault):
    """The connection is reset."""

    KIND = "reset"

    reset: Literal["before_headers", "after_headers"] | AfterFrames | InFrame = Field(
        description="before_headers, after_headers, {after_frames: n} or {in_frame: n}"
    )
    processed: bool = Field(default=False, description="true if only the answer is lost")

    @model_validator(mode="after")
    def _processed_or_not(self) -> "ResetFault":
        if self.processed and not self.before_headers:
            raise ValueError("`processed` is a choice for before_headers only")
        return self

    @property
    def before_headers(self) -> bool:
        return self.reset == "before_headers"


class StallFault(Fault):
    """Nothing more comes for some time; for ever means until the client leaves or the server
    stops."""

    KIND = "stall"

    stall: Seconds | Literal["forever"] = Field(description="seconds, or forever")
    after_frames: CountFromZero = Field(default=0, description="how many frames come before")


class DelayFault(Fault):
    """The request waits before anything is done."""

    KIND = "delay"

    delay: Seconds = Field(description="seconds")


class SlowFault(Fault):
    """The body trickles."""

    KIND = "slow"

    slow: float = Field(gt=0, le=1e12, description="bytes per second")


class TruncateFault(Fault):
    """A stream ends, cleanly, after so many frames; a JSON body after so many bytes."""

    KIND = "truncate"

    truncate: CountFromZero = Field(description="a number of frames, or of bytes of a JSON body")


class DuplicateFault(Fault):
    """A frame comes twice."""

    KIND = "duplicate"
    strikes_streams_only = True

    duplicate: Count = Field(description="which frame comes twice, from 1")


class ReorderFault(Fault):
    """A frame comes after the one that follows it."""

    KIND = "reorder"
    strikes_streams_only = True

    reorder: Count = Field(description="which frame changes places with the next, from 1")


class MalformedFault(Fault):
    """A frame is cut off within its JSON; a JSON body is cut off in its middle."""

    KIND = "malformed"

    malformed: Count = Field(description="which frame is malformed, from 1")


class NoDoneFault(Fault):
    """The stream ends without `[DONE]`."""

    KIND = "no_done"
    strikes_streams_only = True

    no_done: Yes = Field(description="true")


class BusyFault(Fault):
    """409: another turn of the conversation is under way, or so it says."""

    KIND = "busy"

    busy: Yes = Field(description="true")


class ExpiredRunFault(Fault):
    """410: the run is too old for its stream to be had."""

    KIND = "expired_run"

    expired_run: Yes = Field(description="true")


class MissingFault(Fault):
    """404: the id in the path is not there any more."""

    KIND = "missing"

    missing: Yes = Field(description="true")
