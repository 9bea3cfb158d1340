"""The folders of an agent in an agent file: export and import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from mockletta.api.folders.folder_creation import create_folder
from mockletta.api.folders.uploads import files_in, show_file, upload
from mockletta.tools.agent_files.file_blocks import folders_of
from mockletta.tools.agent_files.open_files import close_files, files_of, show_agent_file
from mockletta.wire.agents import AgentState
from mockletta.wire.exports import (
    ExportedAgent,
    ExportedFile,
    ExportedFileUse,
    ExportedSource,
    ExportFile,
)
from mockletta.wire.folders import CreateFolder, Folder, Upload
from mockletta.wire.models import EmbeddingConfig
from mockletta.world.world import World


class ExportedFolders(NamedTuple):
    """Folders and files in the form of an agent file, and the agent's use of them."""

    sources: list[ExportedSource]
    files: list[ExportedFile]
    uses: list[ExportedFileUse]


def export_folders(world: World, agent: AgentState, agent_id: str) -> ExportedFolders:
    """Export an agent's folders. `agent_id` is the agent's id in the file."""
    folders = folders_of(world, agent.id)
    sources = {folder.id: f"source-{number}" for number, folder in enumerate(folders)}
    stored = [file for folder in folders for file in files_in(world, folder)]
    files = {file.id: f"file-{number}" for number, file in enumerate(stored)}
    uses = [show_agent_file(world, agent, *pair) for pair in files_of(world, agent.id)]
    return ExportedFolders(
        [_source(folder, sources[folder.id]) for folder in folders],
        [
            ExportedFile.model_validate(
                show_file(world, file, include_content=True, with_folder=True).model_dump()
                | {"id": files[file.id], "source_id": sources[file.folder_id]}
            )
            for file in stored
        ],
        [
            ExportedFileUse.model_validate(
                use.model_dump()
                | {"id": f"file_agent-{number}", "agent_id": agent_id}
                | {"file_id": files[use.file_id], "source_id": sources[use.folder_id]}
            )
            for number, use in enumerate(uses)
        ],
    )


@dataclass(frozen=True, slots=True)
class ImportedFolders:
    """The created folders and files, by their ids in the agent file."""

    folders: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def of(self, agent: ExportedAgent) -> list[str]:
        """Return the folders of an agent."""
        return [self.folders[one] for one in (*(agent.source_ids or ()), *(agent.folder_ids or ()))]

    def close(self, world: World, agent: ExportedAgent, made: AgentState) -> None:
        """Close the files that are closed in the agent file."""
        closed = {self.files[use.file_id] for use in agent.files_agents if not use.is_open}
        records = world.store.agent_files.all(("agent_id", made.id))
        close_files(world, [record for record in records if record.file_id in closed])


def import_folders(world: World, file: ExportFile) -> ImportedFolders:
    """Create the folders of an agent file, and their files as processed ones. A folder whose name
    exists gets a number."""
    imported = ImportedFolders()
    made = {source.id: _folder(world, source, _config(file)) for source in file.sources}
    imported.folders.update({one: folder.id for one, folder in made.items()})
    for one in file.files:
        name = one.original_file_name or one.file_name or one.id
        sent = Upload(name, one.file_type, (one.content or "").encode())
        stored = upload(world, made[one.source_id], sent, name=name, is_processed=True)
        imported.files[one.id] = stored.id
    return imported


def _source(folder: Folder, own_id: str) -> ExportedSource:
    values: Mapping[str, object] = vars(folder)
    config = folder.embedding_config
    return ExportedSource.model_validate(
        {**values, "id": own_id, "embedding_config": config.model_dump()}
        | {"embedding": config.handle, "embedding_chunk_size": config.embedding_chunk_size}
    )


def _folder(world: World, source: ExportedSource, usual: Sequence[EmbeddingConfig]) -> Folder:
    """Create a folder. Without an embedding model in the file it gets the default one."""
    config = source.embedding_config or next(iter(usual), None)
    taken = {folder.name for folder in world.store.folders}
    names = (f"{source.name}_({number})" if number else source.name for number in count())
    body = CreateFolder(
        name=next(name for name in names if name not in taken),
        description=source.description,
        instructions=source.instructions,
        metadata=source.metadata,
        embedding_config=config,
        embedding=None if config else source.embedding,
        embedding_chunk_size=source.embedding_chunk_size,
    )
    return create_folder(world, body)


def _config(file: ExportFile) -> list[EmbeddingConfig]:
    return [agent.embedding_config for agent in file.agents if agent.embedding_config]
