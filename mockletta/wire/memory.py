"""Memory blocks, archives and the passages of archives."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Body, ProjectId, Wire
from mockletta.wire.models import EmbeddingConfig

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


class Archive(Wire):
    """A collection of passages. An agent has at most one [63]."""

    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None
    name: str
    description: str | None = None
    organization_id: str
    vector_db_provider: Literal["native"] = "native"
    embedding_config: EmbeddingConfig | None = None
    metadata: dict[str, object] | None = None
    id: str


class Passage(Wire):
    """A text in an archive [63]. Its vector is computed from the text when it is returned."""

    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None
    is_deleted: bool = False
    organization_id: str = ORGANIZATION_ID
    archive_id: str | None
    source_id: str | None = None
    file_id: str | None = None
    file_name: str | None = None
    metadata: dict[str, object] | None = {}
    tags: list[str] | None = None
    id: str
    text: str
    embedding: list[float] | None = None
    embedding_config: EmbeddingConfig | None = None


class CreatePassage(Body):
    """A request for a passage of an agent."""

    text: str
    tags: list[str] | None = None
    created_at: datetime | None = None


class CreateArchivePassage(Body):
    """A request for a passage in an archive."""

    text: str
    metadata: dict[str, object] | None = None
    tags: list[str] | None = None
    created_at: datetime | None = None


class CreateArchivePassages(Body):
    """A request for several passages in an archive."""

    passages: list[CreateArchivePassage]


class CreateArchive(Body):
    """A request for an archive. `embedding` is a handle; a whole configuration takes precedence."""

    name: str
    embedding_config: EmbeddingConfig | None = None
    embedding: str | None = None
    description: str | None = None


class UpdateArchive(Body):
    """A change of an archive. Null changes nothing."""

    name: str | None = None
    description: str | None = None


class PassageFound(Wire):
    """A passage in a search result. Its time is in the agent's timezone."""

    id: str
    timestamp: str
    content: str
    tags: list[str] = []


class PassagesFound(Wire):
    """The result of a search of an agent's passages, best first."""

    results: list[PassageFound]
    count: int
