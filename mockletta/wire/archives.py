"""Archives and their passages."""

from datetime import datetime
from typing import Literal

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Body, Wire
from mockletta.wire.models import EmbeddingConfig


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
