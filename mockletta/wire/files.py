"""Files in folders, and files of agents."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Body, Wire
from mockletta.wire.uploads import UploadedFile

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
