"""Seed files: worlds they make, and how a bad one is refused."""

from pathlib import Path

import pytest

from mockletta.api.conversations import show_conversation
from mockletta.api.folders.uploads import files_in, show_file
from mockletta.api.message_targets import find_target
from mockletta.files.seed import BadSeed, is_seed, load_seed
from mockletta.tools.agent_files.open_files import files_of
from mockletta.world.world import World

AGENT = "agent-11111111-1111-4111-8111-111111111111"
BLOCK = "block-22222222-2222-4222-8222-222222222222"
CONVERSATION = "conv-33333333-3333-4333-8333-333333333333"
FOLDER = "source-55555555-5555-4555-8555-555555555555"
FILE = "file-66666666-6666-4666-8666-666666666666"
MESSAGE = "message-44444444-4444-4444-8444-444444444444"
WHOLE = f"""\
version: 1
blocks:
  - id: {BLOCK}
    label: project
    value: due Friday
agents:
  - id: {AGENT}
    name: Alice
    model: openai/gpt-4o-mini
    tags: [red]
    block_ids: [{BLOCK}]
    memory_blocks:
      - label: human
        value: H
    messages:
      - content: Hello!
    conversations:
      - id: {CONVERSATION}
        summary: Tea
        messages:
          - id: {MESSAGE}
            content: I love tea.
          - role: assistant
            content: Noted.
  - name: Bob
    model: openai/gpt-4o-mini
    block_ids: [{BLOCK}]
"""


def seeded(path: Path, text: str) -> World:
    world = World()
    file = path / "world.yaml"
    file.write_text(text)
    load_seed(world, str(file))
    return world


def refusal(path: Path, text: str) -> str:
    """What is said of a bad file, without its name."""
    with pytest.raises(BadSeed) as refused:
        seeded(path, text)
    return str(refused.value).removeprefix(f"{path / 'world.yaml'}: ")


def said(world: World, thread_id: str) -> list[tuple[str, object]]:
    return [(record.role, record.content) for record in world.store.thread(thread_id).context]


def test_a_seed_makes_agents_that_share_blocks(tmp_path: Path) -> None:
    store = seeded(tmp_path, WHOLE).store

    alice, bob = store.agents
    assert (alice.id, alice.name, alice.tags, bob.name) == (AGENT, "Alice", ["red"], "Bob")
    assert [block.label for block in store.blocks_of(AGENT)] == ["human", "project"]
    assert [block.id for block in store.blocks_of(bob.id)] == [BLOCK]


def test_a_seed_makes_conversations_with_history(tmp_path: Path) -> None:
    world = seeded(tmp_path, WHOLE)
    target = find_target(world, CONVERSATION, None)

    assert target.conversation is not None
    assert target.conversation.summary == "Tea"
    assert said(world, CONVERSATION)[1:] == [("user", "I love tea."), ("assistant", "Noted.")]
    assert MESSAGE in show_conversation(world, target.conversation).in_context_message_ids


def test_a_seed_gives_agents_messages_of_their_own(tmp_path: Path) -> None:
    world = seeded(tmp_path, WHOLE)

    assert [role for role, _ in said(world, AGENT)] == ["system", "user"]


def test_a_seed_can_be_json(tmp_path: Path) -> None:
    text = '{"version": 1, "agents": [{"name": "Alice", "model": "openai/gpt-4o-mini"}]}'

    assert [agent.name for agent in seeded(tmp_path, text).store.agents] == ["Alice"]


def test_a_seed_can_be_empty(tmp_path: Path) -> None:
    assert len(seeded(tmp_path, "version: 1").store.agents) == 0


FOLDERS = f"""\
version: 1
folders:
  - id: {FOLDER}
    name: docs
    embedding: openai/text-embedding-3-small
    files:
      - {{id: {FILE}, name: a.txt, content: Tea is green.}}
      - {{name: b.md, content: "# B"}}
agents:
  - {{id: {AGENT}, model: openai/gpt-4o-mini, folder_ids: [{FOLDER}]}}
"""


def test_a_seed_makes_folders_whose_files_are_processed(tmp_path: Path) -> None:
    world = seeded(tmp_path, FOLDERS)

    (folder,) = world.store.folders
    files = [show_file(world, file, include_content=True) for file in files_in(world, folder)]

    assert (folder.id, folder.name, files[0].id) == (FOLDER, "docs", FILE)
    assert [(file.file_name, file.processing_status, file.content) for file in files] == [
        ("a.txt", "completed", "Tea is green."),
        ("b.md", "completed", "# B"),
    ]
    assert [file.name for _, file in files_of(world, AGENT)] == ["docs/a.txt", "docs/b.md"]


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("name: b.md", f"id: {FILE}, name: b.md", f"the file {FILE} already exists"),
        ("name: b.md", "name: a.txt", "File 'a.txt' already exists in folder 'docs'"),
        ("name: b.md", "name: b.exe", "Unsupported file type: application/x-msdos-program"),
        (
            "agents:",
            f"  - {{id: {FOLDER}, name: x}}\nagents:",
            f"the folder {FOLDER} already exists",
        ),
    ],
)
def test_a_seed_with_bad_folders_is_refused(
    tmp_path: Path, old: str, new: str, refused: str
) -> None:
    assert refused in refusal(tmp_path, FOLDERS.replace(old, new))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", "the whole file: expected a mapping with `version`, `blocks` and `agents`"),
        ("[]", "line 1, column 1, the whole file: expected a mapping with `version`, `blocks` an"),
        ("blocks: []", "line 1, column 1, version: `version` is missing"),
        ("version: 2", "line 1, column 10, version: expected 1, got 2"),
        (
            "version: 1\nagent: []",
            "line 2, column 1, agent: unknown key `agent`; did you mean `agents`?",
        ),
        ("version: 1\nagents: [", "line 3, column 1: did not find expected node content"),
        ("version: 1\nagents: !!python/name:os.system x", "line 2, column 9: could not determine"),
        ("version: 1\nblocks: [{}]", "line 2, column 10, blocks.0.label: `label` is missing"),
        (
            "version: 1\nblocks:\n  - {label: x, limit: much}",
            "line 3, column 23, blocks.0.limit: expected a valid integer",
        ),
        (
            "version: 1\nagents:\n  - id: nope\n    model: openai/gpt-4o-mini",
            "line 3, column 9, agents.0.id: expected an id such as `agent-0000",
        ),
        (
            "version: 1\nagents:\n  - model: m\n    tool_rules:\n      - {type: exit_loop}",
            "line 5, column 9, agents.0.tool_rules.0.exit_loop.tool_name: `tool_name` is",
        ),
        (
            (
                "version: 1\nagents:\n"
                "  - {model: m, initial_message_sequence: [{role: user, content: 5}]}"
            ),
            "line 3, column 65, agents.0.initial_message_sequence.0.content.str: expected a text",
        ),
        (
            "version: 1\nagents:\n  - model: m\n    messages: [{content: ''}]",
            "line 4, column 26, agents.0.messages.0.content: String should have at least 1 char",
        ),
    ],
)
def test_a_file_that_is_not_a_seed_is_refused_with_place_and_reason(
    tmp_path: Path, text: str, refused: str
) -> None:
    assert refusal(tmp_path, text).startswith(refused)


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        ("model: openai/none", "NOT_FOUND: Handle openai/none not found, must be one of []"),
        (
            f"{{model: openai/gpt-4o-mini, block_ids: [{BLOCK}]}}",
            f"there is no block {BLOCK}; ",
        ),
        ("{model: openai/gpt-4o-mini, timezone: Mars/X}", "Unknown timezone 'Mars/X'"),
        ("{model: openai/gpt-4o-mini, tools: [nope]}", "Tools not found by name: {'nope'}"),
        (
            "{model: openai/gpt-4o-mini, agent_type: voice_convo_agent}",
            "Agent type AgentType.voice_convo_agent requires enable_sleeptime to be True",
        ),
        (
            "{model: openai/gpt-4o-mini, conversations: [{isolated_block_labels: [nope]}]}",
            "INVALID_ARGUMENT: Block with label 'nope' not found on agent",
        ),
    ],
)
def test_a_seed_that_the_api_would_refuse_is_refused_with_place_and_reason(
    tmp_path: Path, agent: str, reason: str
) -> None:
    told = refusal(tmp_path, f"version: 1\nagents:\n  - {agent}")

    place = "line 3, column 5, agents.0: "
    assert told.startswith(place)
    assert reason in told


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        (
            f"blocks:\n- {{id: {BLOCK}, label: a}}\n- {{id: {BLOCK}, label: b}}",
            "line 4, column 3, blocks.1: ",
            f"the block {BLOCK} already exists",
        ),
        (
            f"agents:\n- &a {{id: {AGENT}, model: openai/gpt-4o-mini}}\n- *a",
            "line 3, column 3, agents.1: ",
            f"the agent {AGENT} already exists",
        ),
        (
            (
                "agents:\n- model: openai/gpt-4o-mini\n"
                f"  conversations: [&c {{id: {CONVERSATION}}}, *c]"
            ),
            "line 3, column 3, agents.0: ",
            f"the conversation {CONVERSATION} already exists",
        ),
        (
            (
                "agents:\n- model: openai/gpt-4o-mini\n"
                f"  messages: [&m {{id: {MESSAGE}, content: x}}, *m]"
            ),
            "line 3, column 3, agents.0: ",
            f"the message {MESSAGE} already exists",
        ),
    ],
)
def test_an_id_cannot_be_given_twice(tmp_path: Path, row: str, place: str, reason: str) -> None:
    assert refusal(tmp_path, f"version: 1\n{row}") == f"{place}{reason}"


def test_a_file_that_cannot_be_read_is_no_seed(tmp_path: Path) -> None:
    assert not is_seed(str(tmp_path))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSeed, match="Is a directory"):
        load_seed(World(), str(tmp_path))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_bytes(b"version: \xff")

    with pytest.raises(BadSeed) as refused:
        load_seed(World(), str(file))

    assert str(refused.value) == f"{file}: byte 9: not UTF-8 text"


def test_a_file_with_characters_that_yaml_has_not_is_refused(tmp_path: Path) -> None:
    assert "control characters are not allowed" in refusal(tmp_path, "version: \x01")


SERVERS = """\
version: 1
mcp_servers:
  - name: weather
    config: {mcp_server_type: stdio, command: weather, args: []}
    tools:
      - name: forecast
        description: Tell the weather.
        parameters: {properties: {city: {type: string}}, required: [city]}
        returns: Rain.
  - name: later
    url: https://mcp.example.com/mcp
agents:
  - model: openai/gpt-4o-mini
    tools: [forecast]
"""


def test_a_seed_declares_mcp_servers_and_makes_those_it_configures(tmp_path: Path) -> None:
    store = seeded(tmp_path, SERVERS).store

    assert [server.server_name for server in store.mcp_servers] == ["weather"]
    assert [offer.id for offer in store.mcp_offers] == ["weather", "later"]
    (agent,) = store.agents
    assert "forecast" in [tool.name for tool in store.tools_of(agent.id)]


@pytest.mark.parametrize(
    ("server", "refused"),
    [
        ("{}", "line 3, column 5, mcp_servers.0.name: `name` is missing"),
        (
            "{name: a, tools: [{name: x, return: 1}]}",
            "line 3, column 33, mcp_servers.0.tools.0.return: unknown key `return`; did you mean",
        ),
        ("{name: a}\n  - {name: a}", "line 4, column 5, mcp_servers.1: the MCP server a already"),
    ],
)
def test_an_mcp_server_that_is_wrong_is_refused(tmp_path: Path, server: str, refused: str) -> None:
    assert refusal(tmp_path, f"version: 1\nmcp_servers:\n  - {server}").startswith(refused)


def test_a_misspelled_seed_of_the_package_is_suggested() -> None:
    with pytest.raises(BadSeed, match=r"^dmo: No such file or directory; did you mean `demo`\?$"):
        load_seed(World(), "dmo")
