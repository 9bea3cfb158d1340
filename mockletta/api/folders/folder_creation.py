"""New folders."""

from mockletta.api.own_models import own_models
from mockletta.api.resource import given, new_id, stamped
from mockletta.catalogue.model_catalogue import embedding_config
from mockletta.errors import ConstraintViolated, InvalidArgument
from mockletta.wire.agents import AgentState
from mockletta.wire.folders import CreateFolder, Folder
from mockletta.wire.models import EmbeddingConfig
from mockletta.world.quirks import NO_DEFAULT_MODELS
from mockletta.world.world import World

DEFAULT_EMBEDDING = "openai/text-embedding-3-small"


def create_folder(world: World, body: CreateFolder) -> Folder:
    """Create a folder. It needs an embedding model and a name that no folder has [64]."""
    config = _embedding(world, body)
    refuse_name_twice(world, body.name)
    values = {**given(body, Folder), "embedding_config": config}
    folder = stamped(world, Folder, id=new_id(world, body, "source"), **values)
    return world.store.folders.add(folder)


def _embedding(world: World, body: CreateFolder) -> EmbeddingConfig:
    config = body.embedding_config
    if config is None and body.embedding is not None:
        config = embedding_config(body.embedding, own_models(world))
    if config is None:
        is_on = NO_DEFAULT_MODELS in world.quirks
        other = f"a folder with {DEFAULT_EMBEDDING}" if is_on else "a 400"
        world.quirks.record(NO_DEFAULT_MODELS, "folders.create", other)
        if is_on:
            raise InvalidArgument("Must specify either embedding or embedding_config in request")
        config = embedding_config(DEFAULT_EMBEDDING)
    if body.embedding_chunk_size is not None:
        config = config.changed({"embedding_chunk_size": body.embedding_chunk_size})
    return config


def refuse_name_twice(world: World, name: str) -> None:
    if any(folder.name == name for folder in world.store.folders):
        raise ConstraintViolated(
            f"A unique constraint was violated: there is a folder '{name}' already"
        )


def create_default_folder(world: World, agent: AgentState) -> None:
    """Create a folder for an agent; it gets no tools for it [72 v1 include_default_source]."""
    config = agent.embedding_config or embedding_config(DEFAULT_EMBEDDING)
    request = CreateFolder(name=f"{agent.name} External Data Source", embedding_config=config)
    world.store.agent_folders.add(agent.id, create_folder(world, request).id)
