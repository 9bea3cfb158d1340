"""The base class of faults: the requests they are planned for, and where they can act."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NoReturn, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from mockletta.brain.decisions import ModelFailure
from mockletta.documents.duration_fields import Seconds
from mockletta.errors import ApiError
from mockletta.faults.field_types import Text, contains
from mockletta.faults.one_line import spell_line
from mockletta.http.rendering import JSON_TYPE, Response, render
from mockletta.http.sse import Chunk
from mockletta.http.streaming import Answer

if TYPE_CHECKING:
    from mockletta.faults.kinds.fail import FailFault

LONGEST = 86_400.0
"""The most seconds of a fault that ends by itself."""
MOST = 1_000_000
Duration = Annotated[Seconds, Field(gt=0, le=LONGEST)]
Count = Annotated[int, Field(ge=1, le=MOST)]
CountFromZero = Annotated[int, Field(ge=0, le=MOST)]
Yes = Literal[True]
Frames: TypeAlias = AsyncIterator[Chunk]
"""A sent response, one frame in each chunk: an event of a stream, or the whole body."""
NO_ANSWER = Response(0, [], b"")
"""The answer of a fault that resets the connection instead of answering."""


class Matched(Protocol):
    """The part of a request that decides whether a fault applies to it."""

    @property
    def params(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class FaultyRequest(Matched, Protocol):
    """A request to which a fault applies. A fault sets `applied` once it has changed anything."""

    applied: bool

    def process(self) -> Awaitable[Answer]:
        """Process the request. If the fault is a rule's, this was done before."""
        ...

    async def process_with_failing_model(self, fault: "FailFault") -> Answer | None:
        """Process the request with a failing model call. Return None if it calls no model, or
        already has."""
        ...

    async def wait(self, seconds: float | None) -> bool:
        """Wait by the world's clock, for ever if `seconds` is None. Return True if the wait was
        ended early."""
        ...

    async def reset(self) -> NoReturn:
        """Reset the connection."""
        ...

    def model_error(self, failure: ModelFailure) -> ApiError:
        """Return the error of a request whose model provider fails."""
        ...


class FaultValue(BaseModel):
    """A value that a test author writes. It is validated strictly and never changed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True
    )


class Where(FaultValue):
    """Which requests of an operation are affected. All conditions must hold."""

    path: dict[Text, Text] = Field(
        default={}, description="parameters of the path and their values"
    )
    equals: Text | None = Field(default=None, description="a whole text of the body")
    contains: Text | None = Field(default=None, description="a part of a text in the body")

    def holds(self, request: Matched) -> bool:
        if any(request.params.get(name) != value for name, value in self.path.items()):
            return False
        return contains(request.body, equals=self.equals, part=self.contains)


class Fault(FaultValue):
    """A fault. These keys say to which requests it applies; a subclass adds its own."""

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

    async def answer(self, request: FaultyRequest) -> Answer:
        """Answer the request. By default it is processed."""
        return await request.process()

    @property
    def operations(self) -> list[str]:
        return [self.on] if isinstance(self.on, str) else self.on

    def matches(self, operation: str, request: Matched) -> bool:
        """Return whether the fault is planned for a request."""
        if not any(fnmatchcase(operation, pattern) for pattern in self.operations):
            return False
        return self.where is None or self.where.holds(request)

    def spelled(self) -> dict[str, Any]:
        """Return the mapping that describes this fault."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def __str__(self) -> str:
        """Return one line that describes what goes wrong."""
        spelled = self.spelled().items()
        return spell_line({key: value for key, value in spelled if key not in PLANNING})


PLANNING = frozenset(Fault.model_fields)
"""The keys that say which requests a fault applies to."""


class SendingFault(Fault):
    """A fault that acts on the sent response."""

    acts_on_connection: ClassVar[bool] = False
    """Whether a JSON body is a frame like any other. If not, `cut` returns the part of it that is
    sent."""

    @abstractmethod
    def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        """Yield the frames that are sent instead of some frames. An empty chunk stands for a frame
        that was sent before."""

    def cut(self, body: bytes) -> bytes:
        """Return the part of a JSON body that is sent, by default all of it."""
        return body


def error_answer(request: FaultyRequest, error: ApiError) -> Response:
    """Answer a request with an error instead of processing it."""
    request.applied = True
    return Response(error.status, [JSON_TYPE], render(error.body))
