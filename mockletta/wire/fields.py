"""What the fields of shapes are marked with: the pattern of an id, that the value is secret, or
that its shape is loaded later.

An id is a prefix and a lower-case uuid4, strictly of version 4 [03]. In bodies, its length is
checked before its pattern [42 block_ids malformed]. `http/redaction.py` hides secret values (keys,
tokens, passwords) wherever a request or an answer is recorded.

An agent can have tool rules, folders, identities and groups. Most agents have none, and together
their shapes take longer to load than the rest of an agent. `LazyShape` stands for such a shape.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field, StringConstraints

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler, TypeAdapter, ValidationInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UUID_LENGTH = 36
TOKEN_PREFIX = "ct-let-"  # noqa: S105 - what client-side access tokens begin with
OF_PROJECT = "of the client's project"
"""Marks a field of a request that is the project of the client that names one in its headers."""

_AGENT = re.compile(f"agent-{UUID4}")
_RUN = re.compile(f"run-{UUID4}")
_JOB = re.compile(f"job-{UUID4}")


def is_agent_id(text: str) -> bool:
    return _AGENT.fullmatch(text) is not None


def is_run_id(text: str) -> bool:
    return _RUN.fullmatch(text) is not None


def is_job_id(text: str) -> bool:
    return _JOB.fullmatch(text) is not None


def _sized(prefix: str) -> StringConstraints:
    length = len(prefix) + 1 + UUID_LENGTH
    return StringConstraints(min_length=length, max_length=length, pattern=f"^{prefix}-{UUID4}$")


BlockIdText = Annotated[str, _sized("block")]
ToolIdText = Annotated[str, _sized("tool")]
FileIdText = Annotated[str, _sized("file")]
FolderIdText = Annotated[str, _sized("source")]
MessageIdText = Annotated[str, _sized("message")]
ArchiveIdText = Annotated[str, _sized("archive")]
PassageIdText = Annotated[str, _sized("passage")]
IdentityIdText = Annotated[str, _sized("identity")]
GroupIdText = Annotated[str, _sized("group")]
ProviderIdText = Annotated[str, _sized("provider")]
RunIdText = Annotated[str, _sized("run")]
StepIdText = Annotated[str, _sized("step")]
AgentIdText = Annotated[str, _sized("agent")]
ConversationIdText = Annotated[str, _sized("conv")]

Limit = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""The most items of a list."""

SECRET = "a secret"  # noqa: S105 - a mark, not a secret
"""Marks a field. All texts and numbers in its value are secret; the keys of objects are not."""

SecretText = Annotated[str, SECRET]
SecretTexts = dict[str, SecretText]
"""Secrets by their names, which are not secret."""


@dataclass(frozen=True)
class Holds:
    """Marks a type that does not show its shape: a value or a file has JSON of this shape."""

    shape: Any


class LazyShape(NamedTuple):
    """The place of a shape or of a union of shapes, which is loaded with its first value.

    As a mark of a type it stands for the shape: values are validated, rendered and described as if
    the shape stood there.
    """

    module: str
    name: str

    def load(self) -> Any:  # noqa: ANN401
        return getattr(import_module(f"mockletta.{self.module}"), self.name)

    def __get_pydantic_core_schema__(self, *_: object) -> "CoreSchema":
        from pydantic_core import core_schema  # noqa: PLC0415 - no shape needs it before

        rendered = core_schema.plain_serializer_function_ser_schema(_with_serializer)
        return core_schema.with_info_plain_validator_function(
            self._validated, serialization=rendered
        )

    def __get_pydantic_json_schema__(
        self, _schema: "CoreSchema", handler: "GetJsonSchemaHandler"
    ) -> "JsonSchemaValue":
        from pydantic_core import core_schema  # noqa: PLC0415 - only for descriptions

        return handler(core_schema.chain_schema([_adapter(self).core_schema]))

    def _validated(self, value: object, info: "ValidationInfo") -> object:
        """Return a valid value as its shape. Errors are worded as for a request."""
        return _adapter(self).validator.validate_python(
            value, from_attributes=True, context=info.context
        )


def lazy(module: str, name: str) -> Any:  # noqa: ANN401
    """Return what stands for a shape in the fields of others.

    >>> if TYPE_CHECKING:
    ...     from mockletta.wire.groups import Group
    ... else:
    ...     Group = lazy("wire.groups", "Group")
    """
    return Annotated[Any, LazyShape(module, name)]


@cache
def _adapter(place: LazyShape) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - tables of lazy shapes do not need it

    return TypeAdapter(place.load())


def _with_serializer(value: Any) -> object:  # noqa: ANN401
    """Return a value, or a list of values. Builds their shapes first: those of rows that were never
    validated may not be built yet."""
    for one in value if isinstance(value, list) else (value,):
        if not getattr(type(one), "__pydantic_complete__", True):
            type(one).model_rebuild()
    return value
