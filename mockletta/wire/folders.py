"""Folders: collections of files that can be attached to agents. Their old name is sources."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from mockletta.wire.base import Body, Wire
from mockletta.wire.models import EmbeddingConfig

DEFAULT_CHUNK_SIZE = 300


class Folder(Wire):
    """A folder. Its id begins with `source` [64 create]."""

    name: str
    description: str | None = None
    instructions: str | None = None
    metadata: dict[str, object] | None = None
    id: str
    embedding_config: EmbeddingConfig
    organization_id: str
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None

    @property
    def chunk_size(self) -> int:
        """The most tokens of a passage of its files."""
        return self.embedding_config.embedding_chunk_size or DEFAULT_CHUNK_SIZE


class Source(Wire):
    """A folder under its old name, as in an agent [64 agent folders]."""

    name: str
    description: str | None = None
    instructions: str | None = None
    metadata: dict[str, object] | None = None
    id: str
    embedding_config: EmbeddingConfig
    organization_id: str
    vector_db_provider: Literal["native"] = "native"
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None


def as_source(folder: Folder) -> Source:
    return Source.trusted(**vars(folder))


class FolderFields(Body, extra="forbid"):
    """The fields of a folder that can be set."""

    description: str | None = None
    instructions: str | None = None
    metadata: dict[str, object] | None = None
    embedding_config: EmbeddingConfig | None = None


class CreateFolder(FolderFields):
    """A request for a folder. It must name an embedding model, by handle or configuration."""

    name: str
    embedding: str | None = None
    embedding_chunk_size: int | None = Field(default=None, ge=1)


class UpdateFolder(FolderFields):
    """A change of a folder. Null changes nothing."""

    name: str | None = None


class FileStats(Wire):
    """The size of a file, in bytes."""

    file_id: str
    file_name: str
    file_size: int | None = None


class FolderStats(Wire):
    """The number of files of a folder, and their bytes."""

    source_id: str
    source_name: str
    file_count: int = 0
    total_size: int = 0
    files: list[FileStats] = []


class FoldersStats(Wire):
    """The number of folders and files; with details, each of them."""

    total_sources: int = 0
    total_files: int = 0
    total_size: int = 0
    sources: list[FolderStats] = []
