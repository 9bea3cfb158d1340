"""Folders, the files in them, and the files of agents. Folders were once called sources."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Body, Wire
from mockletta.wire.models import EmbeddingConfig


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file. `content_type` is as the client sent it, None if it sent none."""

    filename: str
    content_type: str | None
    content: bytes


def _is_upload(value: object) -> Upload:
    if not isinstance(value, Upload):
        raise ValueError(f"Expected UploadFile, received: {type(value)}")  # noqa: TRY004 - pydantic
    return value


UploadedFile = Annotated[
    Upload,
    PlainValidator(_is_upload),
    WithJsonSchema({"type": "string", "format": "binary"}),
]
"""A form field that must be a file."""


ProcessingStatus = Literal["pending", "parsing", "embedding", "completed", "error"]


class DuplicateHandling(StrEnum):
    """What to do with a file whose name is taken. It is an enum because of the server's 422
    [64]."""

    SKIP = "skip"
    ERROR = "error"
    SUFFIX = "suffix"
    REPLACE = "replace"


class UploadForm(Body):
    """The form of an upload."""

    file: UploadedFile


class FileMetadata(Wire):
    """A file in a folder [64 files]."""

    source_id: str
    file_name: str | None = None
    original_file_name: str | None = None
    file_path: str | None = None
    file_type: str | None = None
    file_size: int | None = None
    file_creation_date: str | None = None
    file_last_modified_date: str | None = None
    processing_status: ProcessingStatus = "pending"
    error_message: str | None = None
    total_chunks: int | None = None
    chunks_embedded: int | None = None
    content: str | None = None
    id: str
    organization_id: str = ORGANIZATION_ID
    created_at: datetime | None = None
    updated_at: datetime | None = None


class AgentFile(Wire):
    """A file of an agent: open or closed, and the part that the agent sees [64 agent files]."""

    id: str
    file_id: str
    file_name: str
    folder_id: str
    folder_name: str
    is_open: bool
    last_accessed_at: datetime | None = None
    visible_content: str | None = None
    start_line: int | None = None
    end_line: int | None = None


class AgentFiles(Wire):
    """A page of an agent's files, which has its own shape."""

    files: list[AgentFile]
    next_cursor: str | None = None
    has_more: bool


class FileBlock(Wire):
    """A file in an agent's memory, as a read-only block."""

    value: str
    limit: int
    project_id: str | None = None
    template_name: str | None = None
    is_template: bool = False
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    preserve_on_migration: bool | None = False
    label: str | None = None
    read_only: bool = True
    description: str | None = None
    metadata: dict[str, object] | None = None
    hidden: bool | None = None
    id: str
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    tags: list[str] | None = []
    file_id: str
    source_id: str
    is_open: bool
    last_accessed_at: datetime | None = None


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

    name: str | None = None
    description: str | None = None
    instructions: str | None = None
    metadata: dict[str, object] | None = None


class CreateFolder(FolderFields):
    """A request for a folder. It must name an embedding model, by handle or configuration."""

    name: str
    embedding: str | None = None
    embedding_chunk_size: int | None = Field(default=None, ge=1)
    embedding_config: EmbeddingConfig | None = None


class UpdateFolder(FolderFields):
    """A change of a folder. Null changes nothing."""

    embedding_config: EmbeddingConfig | None = None


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
