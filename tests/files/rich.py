"""A world with something of everything in it, and things that happen in worlds."""

import random
from collections.abc import Callable
from contextlib import suppress

from mockletta.api.agents.agent_attachments import attach_archive
from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.agents.agent_updates import update_agent
from mockletta.api.agents.agents import agents as agent_rows
from mockletta.api.block_creation import attach_block, create_block, detach_block
from mockletta.api.blocks import update_block
from mockletta.api.cloud.access_tokens import create_access_token
from mockletta.api.conversations import conversations as conversation_rows
from mockletta.api.conversations import fork_conversation
from mockletta.api.folders.folder_creation import create_folder
from mockletta.api.folders.folders import folders as folder_rows
from mockletta.api.folders.uploads import delete_file, upload
from mockletta.api.identities import create_identity
from mockletta.api.message_targets import find_target
from mockletta.api.tools.mcp_servers import create_mcp_server
from mockletta.errors import ApiError
from mockletta.state.declared_mcp_tools import McpOffer, OfferedTool, declare
from mockletta.state.ids import Ids
from mockletta.tools.agent_files.open_files import (
    attach_folder,
    close_files,
    detach_folder,
    open_file,
)
from mockletta.tools.archival_memory import archive_of, insert_passage
from mockletta.turns.context.compaction import compact_thread
from mockletta.wire.agents import AgentState, CompactionSettings, CreateAgent, UpdateAgent
from mockletta.wire.cloud import CreateAccessToken, PolicyData
from mockletta.wire.folders import CreateFolder, Upload
from mockletta.wire.groups import Group, ManagerType
from mockletta.wire.identities import IdentityProperty, IdentityType, PropertyType, SaveIdentity
from mockletta.wire.mcp_servers import StdioConfig
from mockletta.wire.memory import CreateBlock, UpdateBlock
from mockletta.wire.provider_types import ProviderType
from mockletta.wire.providers import Provider
from mockletta.world.world import World
from tests.worlds import make_agent, make_conversation, say

ALL = CompactionSettings(mode="all")


_RULE = PolicyData(type="agent", id="agent-1", access=["read_agent"])


def make_rich_world(*, seed: int | None = None) -> World:
    """Make a world whose rows use many of their fields."""
    world = World(ids=Ids(seed))
    shared = create_block(world, CreateBlock(label="shared", value="S", metadata={"a": [1, None]}))
    image = {"type": "base64", "media_type": "image/png", "data": "aGk="}
    parts = [
        {"type": "text", "text": "Look, an umlaut: \u00e4"},
        {"type": "image", "source": image},
    ]
    body = {
        "model": "anthropic/claude-sonnet-4-5",
        "agent_type": "memgpt_agent",
        "embedding": "openai/text-embedding-3-small",
        "block_ids": [shared.id],
        "secrets": {"KEY": "secret"},
        "tags": ["red"],
        "metadata": {"deep": {"er": [1.5, True, "x"]}},
        "initial_message_sequence": [{"role": "user", "content": parts}],
    }
    agent = create_agent(world, CreateAgent.model_validate(body))
    other = make_agent(world, "Bea")
    attach_block(world, other.id, shared.id)
    conversation = make_conversation(world, other, "human")
    say(world, conversation.id, "My name is Bea and I love tea.", background=True)
    say(world, conversation.id, "Please update your core memory to note that it is Friday.")
    fork_conversation(
        world, find_target(world, conversation.id, None), hidden=True, message_id=None
    )
    compact_thread(
        world,
        other,
        world.store.thread(conversation.id),
        ALL,
        conversation_id=conversation.id,
    )
    say(world, agent.id, "Hello!")
    insert_passage(world, archive_of(world, other), "Bea was born on a Friday.", ["facts"])
    _add_mcp_server(world)
    _add_identity(world, agent.id, shared.id)
    world.store.groups.add(
        Group(
            id="group-00000000-0000-4000-8000-000000000001",
            manager_type=ManagerType.supervisor,
            agent_ids=[agent.id],
            description="Two",
            manager_agent_id=other.id,
        )
    )
    world.store.providers.add(
        Provider(
            id="provider-00000000-0000-4000-8000-000000000001",
            name="mine",
            provider_type=ProviderType.groq,
            api_key_enc="k",
        )
    )
    create_access_token(world, CreateAccessToken(hostname="https://a.b", policy=[_RULE]))
    return world


def _add_identity(world: World, agent_id: str, block_id: str) -> None:
    properties = [IdentityProperty(key="height", value=1.5, type=PropertyType.number)]
    body = SaveIdentity(
        identifier_key="ann",
        name="Ann",
        identity_type=IdentityType.user,
        agent_ids=[agent_id],
        block_ids=[block_id],
        properties=properties,
    )
    create_identity(world, body)


def _add_mcp_server(world: World) -> None:
    tool = OfferedTool(name="forecast", parameters={"properties": {"city": {}}}, returns=["Rain"])
    declare(world.store.mcp_offers, McpOffer(id="weather", tools=[tool]))
    create_mcp_server(world, "weather", StdioConfig(command="weather", args=["--now"]))


def happen(world: World, rng: random.Random) -> None:
    """Let something happen in a world; it may also be refused."""
    store = world.store
    agents = list(store.agents)
    if len(agents) < 2:
        make_agent(world, f"Agent{rng.random()}".replace(".", ""))
        return
    agent = rng.choice(agents)
    conversations = store.conversations.all(("agent_id", agent.id))
    blocks = list(store.blocks)
    acts: list[Callable[[], object]] = [
        lambda: make_conversation(world, agent, *rng.choice([[], ["human"]])),
        lambda: say(world, agent.id, f"I am {rng.random()}.", background=rng.random() < 0.5),
        lambda: insert_passage(world, archive_of(world, agent), f"Note {rng.random()}"),
        lambda: _share_archive(world, agent.id, rng),
        lambda: _file(world, agent, rng),
        lambda: update_agent(world, agent, UpdateAgent(name="New")),
        lambda: update_block(world, rng.choice(blocks), UpdateBlock(value=str(rng.random()))),
        lambda: _toggle(world, agent.id, rng),
    ]
    if conversations:
        target = find_target(world, rng.choice(conversations).id, None)
        acts += [
            lambda: say(world, target.id, "Hello!"),
            lambda: say(world, target.id, "Hello again!", background=True),
            lambda: fork_conversation(world, target, hidden=False, message_id=None),
        ]
        if len(target.thread.context) > 3:
            acts.append(
                lambda: compact_thread(
                    world, agent, target.thread, ALL, conversation_id=target.conversation_id
                )
            )
        if len(conversations) > 3 and target.conversation is not None:
            gone = target.conversation
            acts.append(lambda: conversation_rows.delete(world, gone))
    if len(agents) > 3:
        acts.append(lambda: agent_rows.delete(world, agent))
    if len(blocks) > 8:
        acts.append(lambda: store.delete("blocks", blocks[-1].id))
    with suppress(ApiError):
        rng.choice(acts)()


def _toggle(world: World, agent_id: str, rng: random.Random) -> None:
    """Attach a new block to an agent, or detach one it has."""
    blocks = world.store.blocks_of(agent_id)
    if len(blocks) > 2:
        detach_block(world, agent_id, rng.choice(blocks).id)
    else:
        block = create_block(world, CreateBlock(label=f"b{rng.random()}"))
        attach_block(world, agent_id, block.id)


def _share_archive(world: World, agent_id: str, rng: random.Random) -> None:
    """Give an agent the archive of another, or delete one."""
    archives = list(world.store.archives)
    if len(archives) > 3:
        world.store.delete("archives", rng.choice(archives).id)
    else:
        attach_archive(world, agent_id, rng.choice(archives).id)


def _file(world: World, agent: AgentState, rng: random.Random) -> None:
    """Let something happen to folders and files."""
    store = world.store
    folders, files = list(store.folders), list(store.files)
    mine = store.agent_files.all(("agent_id", agent.id))
    folder = rng.choice(folders) if folders else None
    if folder is None or rng.random() < 0.2:
        name = f"Folder{rng.random()}"
        create_folder(world, CreateFolder(name=name, embedding="openai/text-embedding-3-small"))
    elif len(folders) > 3:
        folder_rows.delete(world, folder)
    elif len(files) > 5:
        delete_file(world, rng.choice(files))
    elif mine and rng.random() < 0.5:
        close_files(world, mine)
        open_file(world, agent, mine[0], 0, 1)
    elif store.agent_folders.has(agent.id, folder.id) and rng.random() < 0.3:
        detach_folder(world, agent.id, folder.id)
    else:
        attach_folder(world, agent, folder.id)
        upload(world, folder, Upload("a.txt", None, str(rng.random()).encode()))
