"""Stored templates, their versions, and the agents made from them."""

from dataclasses import dataclass, replace
from datetime import datetime

from mockletta.wire.exports import ExportFile


@dataclass(frozen=True)
class TemplateVersion:
    """A saved version: its number, and the agent file from which agents are created."""

    id: str
    number: int
    created_at: datetime
    file: ExportFile
    message: str | None = None


@dataclass(frozen=True)
class TemplateRow:
    """A template. `current` is its working version; saved versions are in order."""

    id: str
    name: str
    project_id: str
    project_slug: str
    created_at: datetime
    updated_at: datetime
    current: ExportFile
    versions: tuple[TemplateVersion, ...] = ()

    @property
    def latest(self) -> TemplateVersion:
        return self.versions[-1]

    @property
    def is_changed(self) -> bool:
        """Whether the working version differs from the newest saved one."""
        return self.current != self.latest.file

    def with_current(self, file: ExportFile, now: datetime) -> "TemplateRow":
        return replace(self, current=file, updated_at=now)

    def saved_as(self, version: TemplateVersion) -> "TemplateRow":
        versions = (*self.versions, version)
        return replace(self, versions=versions, updated_at=version.created_at)


@dataclass(frozen=True)
class Deployment:
    """Agents that were created from a template, and their variables."""

    id: str
    template_id: str
    agent_ids: tuple[str, ...]
    memory_variables: dict[str, str]
    tool_variables: dict[str, str]
