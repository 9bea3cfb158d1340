"""Memory blocks."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from mockletta.wire.base import Body, ProjectId, Wire

DEFAULT_LIMIT = 100_000


class Block(Wire):
    """A memory block, with the key order and defaults of the recordings [54 plain].

    `limit` counts characters and is not enforced [54 over limit].
    """

    value: str = ""
    limit: int = DEFAULT_LIMIT
    project_id: str | None = None
    template_name: str | None = None
    is_template: bool = False
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    preserve_on_migration: bool | None = False
    label: str
    read_only: bool = False
    description: str | None = None
    metadata: dict[str, object] | None = {}
    hidden: bool | None = None
    id: str
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    tags: list[str] | None = []


MAX_LIMIT = 2**31 - 1


def _no_null(value: object) -> object:
    if value is None:
        raise PydanticKnownError("bool_type")
    return value


Flag = Annotated[bool | None, BeforeValidator(_no_null)]
"""A flag that a change may leave out, but not set to null."""


class UpdateBlock(Body):
    """A change of a block. Null changes nothing, but for two flags that cannot be null [54]."""

    value: str | None = None
    limit: int | None = Field(default=None, le=MAX_LIMIT)
    project_id: str | None = None
    template_name: str | None = None
    is_template: Flag = None
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    preserve_on_migration: bool | None = None
    label: str | None = None
    read_only: Flag = None
    description: str | None = None
    metadata: dict[str, object] | None = None
    hidden: bool | None = None
    tags: list[str] | None = None


class CreateBlock(UpdateBlock):
    """A request for a block. Labels are not checked [54 label bad characters]; the default value is
    empty."""

    value: str | None = ""
    limit: int = Field(default=DEFAULT_LIMIT, le=MAX_LIMIT)
    project_id: ProjectId = None
    is_template: bool = False
    preserve_on_migration: bool | None = False
    label: str
    read_only: bool = False
