"""client.agents.create: what an agent is made of, and that a refused one leaves nothing."""

import json
import re

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState

from mockletta.testing.mock_letta import MockLetta
from tests.contract.agent_facts import contents, labels, rules, tools
from tests.contract.sdk import needs
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

USER = "user-00000000-0000-4000-8000-000000000000"
ORGANIZATION = "org-00000000-0000-4000-8000-000000000000"
UNKNOWN_BLOCK = "block-00000000-0000-4000-8000-000000000000"
UNKNOWN_TOOL = "tool-00000000-0000-4000-8000-000000000000"
BASE_TOOLS = ["conversation_search", "memory_insert", "memory_replace"]


def test_an_agent_is_made_of_defaults(client: Letta) -> None:
    agent = checked(client.agents.create(model=MODEL))

    whole = agent.to_dict()
    varying = {"id", "name", "created_at", "updated_at", "message_ids", "system", "tools"}
    assert {
        key: value
        for key, value in whole.items()
        if key not in varying and value not in (None, [], {}) and not isinstance(value, dict)
    } == {
        "created_by_id": USER,
        "last_updated_by_id": USER,
        "agent_type": "letta_v1_agent",
        "model": MODEL,
        "message_buffer_autoclear": False,
        "timezone": "UTC",
        "max_files_open": 10,
        "per_file_view_window_char_limit": 25000,
    }


def test_what_is_unknown_of_a_new_agent_is_null(client: Letta) -> None:
    whole = client.agents.create(model=MODEL).to_dict()

    assert {key for key, value in whole.items() if value is None} == {
        "embedding_config",
        "embedding",
        "response_format",
        "description",
        "metadata",
        "project_id",
        "template_id",
        "base_template_id",
        "deployment_id",
        "entity_id",
        "pending_approval",
        "enable_sleeptime",
        "multi_agent_group",
        "managed_group",
        "last_run_completion",
        "last_run_duration_ms",
        "last_stop_reason",
        "hidden",
    }


def test_a_new_agent_has_the_settings_of_its_model(client: Letta) -> None:
    agent = client.agents.create(model=MODEL).to_dict()

    assert agent["model_settings"] == {
        "max_output_tokens": 16384,
        "parallel_tool_calls": True,
        "provider_type": "openai",
        "temperature": 1.0,
        "reasoning": {"reasoning_effort": "minimal"},
        "response_format": None,
        "strict": False,
    }
    settings = agent["compaction_settings"]
    assert isinstance(settings, dict)
    assert (settings["model"], settings["mode"]) == ("openai/gpt-5-mini", "sliding_window")


def test_a_new_agent_has_a_name_of_two_words_and_the_base_tools(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)

    assert re.fullmatch("[A-Z][a-z]+[A-Z][a-z]+", agent.name)
    assert (sorted(map(str, tools(agent))), rules(agent)) == (BASE_TOOLS, [])


def test_a_new_agent_has_one_message_compiled_from_its_system_and_its_blocks(client: Letta) -> None:
    agent = client.agents.create(
        model=MODEL,
        system="You are Full.",
        memory_blocks=[{"label": "human", "value": "H", "description": "D", "read_only": True}],
    )

    [(kind, text)] = contents(client, agent)
    assert kind == "system_message"
    assert re.sub(r"recompiled: .*", "recompiled: NOW", str(text)) == (
        "You are Full.\n\n<memory_blocks>\n"
        "The following memory blocks are currently engaged in your core memory unit:\n\n"
        "<human>\n<description>\nD\n</description>\n<metadata>\n- read_only=true\n"
        "- chars_current=1\n- chars_limit=100000\n</metadata>\n<value>\nH\n</value>\n</human>\n\n"
        f"</memory_blocks>\n\n<memory_metadata>\n- AGENT_ID: {agent.id}\n"
        "- CONVERSATION_ID: default\n- System prompt last recompiled: NOW\n"
        "- 0 previous messages between you and the user are stored in recall memory\n"
        "</memory_metadata>"
    )


def test_the_system_message_tells_the_time_where_the_agent_is(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, timezone="Asia/Kolkata")

    [(_, text)] = contents(client, agent)

    assert re.search(r"recompiled: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [AP]M IST\+0530\n", str(text))


def test_blocks_are_made_with_the_agent_and_those_that_exist_are_attached(client: Letta) -> None:
    shared = client.blocks.create(label="project", value="P")

    agent = checked(
        client.agents.create(
            model=MODEL, memory_blocks=[{"label": "human", "value": "H"}], block_ids=[shared.id]
        )
    )

    assert labels(agent) == ["project", "human"]
    assert agent.memory.blocks == agent.blocks
    assert [block.label for block in client.blocks.list()] == ["project", "human"]


def test_the_usual_blocks_of_an_agent_are_described(client: Letta) -> None:
    agent = client.agents.create(
        model=MODEL,
        memory_blocks=[{"label": label, "value": ""} for label in ("human", "persona", "other")],
    )

    assert [bool(block.description) for block in agent.blocks] == [True, True, False]


def test_of_two_new_blocks_with_one_label_the_first_counts(client: Letta) -> None:
    blocks = [{"label": "x", "value": "1"}, {"label": "x", "value": "2"}]

    agent = client.agents.create(model=MODEL, memory_blocks=blocks)  # type: ignore[arg-type]

    assert [(block.label, block.value) for block in agent.blocks] == [("x", "1")]


def test_blocks_that_are_not_there_are_passed_over(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, block_ids=[UNKNOWN_BLOCK])

    assert labels(agent) == []


def test_tools_are_named_or_given_by_id_and_come_once(client: Letta) -> None:
    first = client.agents.create(model=MODEL, tools=["send_message", "memory_insert"])
    send_message = next(tool for tool in first.tools if tool.name == "send_message")

    agent = client.agents.create(model=MODEL, tool_ids=[send_message.id, send_message.id])

    assert sorted(map(str, tools(first))) == [*BASE_TOOLS, "send_message"]
    assert sorted(map(str, tools(agent))) == [*BASE_TOOLS, "send_message"]


def test_tools_for_other_agents_are_added_on_request(client: Letta) -> None:
    agent = client.post(
        "/v1/agents/",
        body={"model": MODEL, "include_base_tools": False, "include_multi_agent_tools": True},
        cast_to=AgentState,
    )

    assert tools(agent) == [
        "send_message_to_agent_and_wait_for_reply",
        "send_message_to_agent_async",
        "send_message_to_agents_matching_tags",
    ]


def test_rules_bring_those_of_the_base_tools_along(client: Letta) -> None:
    agent = checked(
        client.agents.create(
            model=MODEL, tool_rules=[{"type": "exit_loop", "tool_name": "no_such_tool"}]
        )
    )

    assert rules(agent) == [
        ("no_such_tool", "exit_loop"),
        *((tool, "continue_loop") for tool in BASE_TOOLS),
    ]


@pytest.mark.parametrize(
    ("agent_type", "expected_tools", "messages"),
    [
        ("letta_v1_agent", BASE_TOOLS, 1),
        ("memgpt_v2_agent", [*BASE_TOOLS, "send_message"], 4),
        ("react_agent", [], 4),
        ("workflow_agent", [], 4),
        (
            "sleeptime_agent",
            ["memory_finish_edits", "memory_insert", "memory_replace", "memory_rethink"],
            1,
        ),
    ],
)
def test_a_type_of_agent_has_its_own_tools_and_beginning(
    client: Letta, agent_type: str, expected_tools: list[str], messages: int
) -> None:
    agent = checked(client.agents.create(model=MODEL, agent_type=agent_type))  # type: ignore[arg-type]

    assert (tools(agent), len(agent.message_ids or [])) == (expected_tools, messages)


def test_an_agent_can_begin_with_messages_of_ones_own(client: Letta) -> None:
    agent = client.agents.create(
        model=MODEL,
        initial_message_sequence=[
            {"role": "user", "content": "init u"},
            {"role": "assistant", "content": "init a"},
        ],
    )

    assert contents(client, agent)[1:] == [
        ("user_message", "init u"),
        ("assistant_message", "init a"),
    ]


def test_secrets_are_kept_under_both_their_names(client: Letta) -> None:
    agent = checked(client.agents.create(model=MODEL, secrets={"KEY": "value"}))

    [secret] = agent.secrets or []
    assert secret.to_dict() == {
        "agent_id": agent.id,
        "created_at": None,
        "created_by_id": None,
        "description": None,
        "id": secret.id,
        "key": "KEY",
        "last_updated_by_id": None,
        "organization_id": ORGANIZATION,
        "updated_at": None,
        "value": "value",
        "value_enc": "value",
    }
    assert agent.tool_exec_environment_variables == agent.secrets


@pytest.mark.parametrize(
    ("body", "error", "detail"),
    [
        ({"model": "openai/none"}, NotFoundError, "NOT_FOUND: Handle openai/none not found"),
        ({"model": ""}, NotFoundError, "NOT_FOUND: Handle  not found"),
        ({"model": "none"}, BadRequestError, "INVALID_ARGUMENT: The model handle should be in"),
        (
            {"model": MODEL, "embedding": "openai/none"},
            BadRequestError,
            "INVALID_ARGUMENT: Embedding model openai/none not found",
        ),
        (
            {"model": MODEL, "embedding": "none"},
            UnprocessableEntityError,
            "[{'type': 'value_error'",
        ),
        (
            {"model": MODEL, "tools": ["no_such_tool"]},
            BadRequestError,
            "Tools not found by name: {'no_such_tool'}",
        ),
        (
            {"model": MODEL, "tool_ids": [UNKNOWN_TOOL]},
            BadRequestError,
            f"Tools not found by id:   {{'{UNKNOWN_TOOL}'}}",
        ),
        ({"model": MODEL, "identity_ids": ["identity-1"]}, ConflictError, "A foreign key"),
        ({"model": MODEL, "folder_ids": ["source-1"]}, ConflictError, "A foreign key"),
        ({"model": MODEL, "source_ids": ["source-1"]}, ConflictError, "A foreign key"),
        (
            {"model": MODEL, "agent_type": "split_thread_agent"},
            BadRequestError,
            "Invalid agent type: AgentType.split_thread_agent",
        ),
        (
            {"model": MODEL, "agent_type": "voice_convo_agent"},
            UnprocessableEntityError,
            (
                "[{'type': 'value_error', 'loc': ('body',), 'msg': 'Value error, Agent type "
                "AgentType.voice_convo_agent requires enable_sleeptime to be True'"
            ),
        ),
        ({"model": MODEL, "name": "a/b"}, UnprocessableEntityError, "Agent name 'a/b' contains"),
        ({"model": MODEL, "name": "a\nb"}, UnprocessableEntityError, "Agent name 'a"),
        ({"model": MODEL, "timezone": "Mars/X"}, UnprocessableEntityError, "Unknown timezone"),
        ({"model": MODEL, "block_ids": ["nope"]}, UnprocessableEntityError, "[{'type': 'string_to"),
        ({"model": MODEL, "tags": "x"}, UnprocessableEntityError, "[{'type': 'list_type'"),
    ],
)
def test_an_agent_that_cannot_be_made_leaves_nothing_behind(
    mock: MockLetta, client: Letta, body: dict[str, object], error: type[Exception], detail: str
) -> None:
    with pytest.raises(error) as refused:
        client.post(
            "/v1/agents/",
            body={"memory_blocks": [{"label": "human"}], **body},
            cast_to=AgentState,
        )

    assert str(refused.value.body["detail"]).startswith(detail)  # type: ignore[attr-defined]
    store = mock.world.store
    assert (len(store.agents), len(store.blocks), len(store.messages)) == (0, 0, 0)


def test_the_chunks_of_an_embedding_can_have_a_size_of_ones_own(client: Letta) -> None:
    agent = client.agents.create(
        model=MODEL, embedding="openai/text-embedding-3-small", embedding_chunk_size=7
    )

    assert agent.embedding_config is not None
    assert agent.embedding_config.embedding_chunk_size == 7


def test_two_blocks_of_one_label_make_no_agent(mock: MockLetta, client: Letta) -> None:
    block = client.blocks.create(label="human", value="H")

    with pytest.raises(ConflictError):
        client.agents.create(
            model=MODEL, block_ids=[block.id], memory_blocks=[{"label": "human", "value": "H2"}]
        )

    assert (len(mock.world.store.agents), len(mock.world.store.blocks)) == (0, 1)


@pytest.mark.anyio
@needs("agents.recompile")
async def test_an_agent_lives_through_the_async_client(async_client: AsyncLetta) -> None:
    agents = async_client.agents
    made = checked(await agents.create(model=MODEL, system="Old."))
    changed = checked(await agents.update(made.id, name="Renamed", system="New."))
    text = json.loads(await agents.recompile(made.id))
    shown = checked(await agents.retrieve(made.id))
    listed = [agent.name async for agent in await agents.list(limit=1)]
    await agents.delete(made.id)

    assert (changed.name, shown.name, listed) == ("Renamed", "Renamed", ["Renamed"])
    assert (made.system, text[:5]) == ("Old.", "New.\n")
    assert [agent async for agent in await agents.list()] == []
