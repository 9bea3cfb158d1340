"""client.agents.export_file and import_file: agents that leave in a file and come back."""

import json
from typing import Any

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)

from mockletta.brain.decisions import Decision
from tests.contract.conftest import Connect
from tests.contract.exported import (
    RELATIONS,
    copied,
    exported,
    imported,
    made_alike,
    messages_of,
)
from tests.contract.steps import (
    DOUBLE,
    Steps,
    approval,
    calling,
    doubling_agent,
    guarded,
    returns,
)
from tests.contract.talk import MODEL, agent_with_memory, conversation_of, kinds, say
from tests.contract.undeclared import checked

pytestmark = pytest.mark.anyio
RULES: Any = [{"type": "run_first", "tool_name": "double"}]
NOWHERE = "agent-00000000-0000-4000-8000-000000000000"


def talk(client: Letta, agent_id: str, text: str) -> Any:  # noqa: ANN401
    return client.agents.messages.create(agent_id, input=text)


def listed(client: Letta, agent_id: str) -> list[tuple[str | None, object]]:
    """Types and contents of an agent's messages, oldest first."""
    page = client.agents.messages.list(agent_id, order="asc")
    return [(one.message_type, getattr(one, "content", None)) for one in checked(list(page))]


def test_an_agent_comes_back_as_its_equal_under_a_new_name(client: Letta) -> None:
    tool = client.tools.create(source_code=DOUBLE, tags=["math"], default_requires_approval=True)
    agent = client.agents.create(
        name="Ada",
        model="anthropic/claude-sonnet-4-5",
        embedding="openai/text-embedding-3-small",
        system="You count.",
        description="Counts",
        memory_blocks=[
            {"label": "human", "value": "Nadia", "limit": 500, "description": "Who she is"},
            {"label": "notes", "value": "-", "read_only": True, "metadata": {"a": 1}},
        ],
        tags=["blue", "new"],
        tool_ids=[tool.id],
        tool_rules=RULES,
        metadata={"m": {"n": 1}},
        timezone="Europe/Berlin",
        message_buffer_autoclear=True,
        model_settings={"provider_type": "anthropic", "temperature": 0.2},
        compaction_settings={"mode": "all", "model": MODEL},
        context_window_limit=20_000,
    )

    copy = copied(client, agent.id)

    assert copy.name == "Ada_copy"
    assert copy.id != agent.id
    assert made_alike(copy) == made_alike(client.agents.retrieve(agent.id, include=RELATIONS)) | {
        "enable_sleeptime": False
    }


@pytest.mark.parametrize("agent_type", ["letta_v1_agent", "memgpt_v2_agent", "sleeptime_agent"])
@pytest.mark.parametrize("model", [MODEL, "openai/gpt-5-mini", "anthropic/claude-opus-4-5"])
def test_agents_of_any_model_and_type_come_back(client: Letta, model: str, agent_type: str) -> None:
    agent = client.agents.create(model=model, agent_type=agent_type)  # type: ignore[arg-type]

    copy = copied(client, agent.id)

    own = made_alike(client.agents.retrieve(agent.id, include=RELATIONS))
    assert made_alike(copy) == own | {"enable_sleeptime": False}
    assert listed(client, copy.id) == listed(client, agent.id)


def test_an_agent_comes_with_its_messages_and_goes_on_from_them(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    talk(client, agent_id, "My cat is called Tom.")

    copy = copied(client, agent_id)

    assert listed(client, copy.id) == listed(client, agent_id)
    assert len(copy.message_ids or []) == 3
    told = talk(client, copy.id, "What is my cat called?")
    assert "Tom" in str(told.messages[-1].content)


def test_calls_and_returns_come_along(connect: Connect) -> None:
    client = connect(
        brain=Steps(calling("double", '{"x": 1}', text="So", result="2"), Decision("Two."))
    )
    agent_id = doubling_agent(client)
    talk(client, agent_id, "Go!")

    copy = copied(client, agent_id)

    messages = checked(list(client.agents.messages.list(copy.id, order="asc")))
    assert kinds(messages)[1:] == [
        "user_message",
        "assistant_message",
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
    ]
    assert returns(messages) == [("success", "2")]


def test_a_call_that_waits_for_approval_waits_in_the_copy(connect: Connect) -> None:
    client = connect(brain=Steps(guarded("May I?"), Decision(text="Thanks.")))
    agent_id = doubling_agent(client)
    talk(client, agent_id, "Go!")

    copy = copied(client, agent_id)
    told = client.agents.messages.create(copy.id, messages=[approval(approve=False, reason="no")])

    assert returns(told.messages)[0][0] == "error"
    assert kinds(told.messages)[-1] == "assistant_message"
    again = copied(client, copy.id)
    assert listed(client, again.id) == listed(client, copy.id)


def test_a_conversation_is_exported_instead(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    conversation = conversation_of(client, agent_id)
    said = say(client, conversation, "Hello there.")

    file = exported(client, agent_id, conversation_id=conversation)

    assert [message["role"] for message in file["agents"][0]["messages"]] == [
        "system",
        "user",
        "assistant",
    ]
    copy = imported(client, file)
    assert listed(client, copy.id)[1:] == [
        ("user_message", "Hello there."),
        ("assistant_message", said),
    ]


def test_only_conversations_of_the_agent_are_exported(client: Letta) -> None:
    agent_id, other = agent_with_memory(client), agent_with_memory(client)
    conversation = conversation_of(client, other)

    with pytest.raises(NotFoundError, match="not found for agent"):
        exported(client, agent_id, conversation_id=conversation)
    with pytest.raises(NotFoundError, match="Agent with ID"):
        exported(client, NOWHERE)


def test_the_older_format_is_not_written(client: Letta) -> None:
    with pytest.raises(BadRequestError, match="Legacy format is not supported"):
        exported(client, agent_with_memory(client), use_legacy_format=True)


def test_messages_are_left_out_of_a_file_or_of_what_is_made_of_it(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    talk(client, agent_id, "Hello there.")

    scrubbed = exported(client, agent_id, scrub_messages=True)
    stripped = copied(client, agent_id, strip_messages=True)

    assert scrubbed["agents"][0]["messages"] == []
    assert scrubbed["agents"][0]["in_context_message_ids"] == []
    assert [kind for kind, _ in listed(client, stripped.id)] == ["system_message"]
    assert stripped.id in str(listed(client, stripped.id)[0][1])


def test_an_export_changes_nothing_but_the_otids_of_messages(client: Letta) -> None:
    agent_id = agent_with_memory(client)

    first, second = exported(client, agent_id), exported(client, agent_id)

    assert first.pop("created_at") < second.pop("created_at")
    otids = {message.pop("otid") for file in (first, second) for message in messages_of(file)}
    assert len(otids) == 2 * len(messages_of(first))
    assert first == second


def test_skills_are_given_along(client: Letta) -> None:
    body = {"skills": [{"name": "counting", "files": {"SKILL.md": "Count."}}]}
    agent_id = agent_with_memory(client)

    file = client.post(f"/v1/agents/{agent_id}/export", body=body, cast_to=object)
    bare = client.post(f"/v1/agents/{agent_id}/export", cast_to=object)

    assert file["skills"] == [{**body["skills"][0], "source_url": None}]  # type: ignore[index]
    assert bare["skills"] == []  # type: ignore[index]


def test_names_of_secrets_are_exported_and_values_are_not(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, secrets={"TOKEN": "hush"})

    file = exported(client, agent.id)

    assert "hush" not in json.dumps(file)
    assert made_alike(imported(client, file))["secrets"] == {"TOKEN": "<encrypted>"}
    own = imported(client, file, secrets='{"TOKEN": "mine", "OTHER": "x"}')
    assert made_alike(own)["secrets"] == {"TOKEN": "mine"}
    older = imported(client, file, env_vars_json='{"TOKEN": "older"}')
    assert made_alike(older)["secrets"] == {"TOKEN": "older"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"secrets": "nope"}, "secrets must be a valid JSON string"),
        ({"env_vars_json": "{"}, "secrets must be a valid JSON string"),
        ({"secrets": '{"a": 1}'}, "secrets must be a valid JSON string"),
    ],
)
def test_secrets_have_to_be_json(client: Letta, options: dict[str, str], message: str) -> None:
    with pytest.raises(BadRequestError, match=message):
        copied(client, agent_with_memory(client), **options)


def test_a_copy_is_named_as_wanted(client: Letta) -> None:
    agent_id = client.agents.create(model=MODEL, name="Ada").id

    assert copied(client, agent_id, name="Bea").name == "Bea"
    assert copied(client, agent_id, override_name="Cleo").name == "Cleo"
    assert copied(client, agent_id, append_copy_suffix=False).name == "Ada"


@pytest.mark.parametrize("word", ["model", "override_model_handle"])
def test_another_model_brings_the_size_of_its_window(client: Letta, word: str) -> None:
    agent = client.agents.create(model=MODEL, context_window_limit=9_000)

    copy = copied(client, agent.id, **{word: "anthropic/claude-sonnet-4-5"})

    assert copy.model == "anthropic/claude-sonnet-4-5"
    assert copy.llm_config is not None
    assert copy.llm_config.context_window == 128_000


@pytest.mark.parametrize(
    "word", ["embedding", "override_embedding_handle", "x_override_embedding_model"]
)
def test_another_embedding_is_taken(client: Letta, word: str) -> None:
    copy = copied(client, agent_with_memory(client), **{word: "openai/text-embedding-3-small"})

    assert copy.embedding == "openai/text-embedding-3-small"


def test_an_embedding_that_is_none_is_refused(client: Letta) -> None:
    agent_id = agent_with_memory(client)

    with pytest.raises(BadRequestError, match="embedding handle should be"):
        copied(client, agent_id, x_override_embedding_model="none")

    assert [agent.id for agent in client.agents.list()] == [agent_id]


def test_a_copy_belongs_to_the_project_that_is_named(client: Letta) -> None:
    agent_id = agent_with_memory(client)

    assert copied(client, agent_id, project_id="p1").project_id == "p1"
    assert copied(client, agent_id, extra_headers={"X-Project-Id": "p2"}).project_id == "p2"


def test_tools_that_are_there_already_are_changed_unless_they_are_to_stay(client: Letta) -> None:
    agent_id = doubling_agent(client)
    file = exported(client, agent_id)
    tool = client.tools.upsert(source_code=DOUBLE, tags=["mine"])

    kept = imported(client, file, override_existing_tools=False)
    assert client.tools.retrieve(tool.id).tags == ["mine"]
    changed = imported(client, file)

    assert client.tools.retrieve(tool.id).tags == []
    assert [item.id for item in [*kept.tools, *changed.tools]] == [tool.id, tool.id]


def test_tools_of_the_server_are_never_changed(client: Letta) -> None:
    file = exported(client, agent_with_memory(client))
    file["tools"][0]["description"] = "Mine now"

    copy = imported(client, file)

    assert "Mine now" not in [tool.description for tool in copy.tools]


def test_tools_that_are_new_here_are_made(client: Letta) -> None:
    agent_id = doubling_agent(client)
    file = exported(client, agent_id)
    client.tools.delete(client.tools.list(name="double").items[0].id)

    (tool,) = imported(client, file).tools

    assert (tool.name, tool.source_code) == ("double", DOUBLE)


def test_a_file_can_have_several_agents_that_share_things(client: Letta) -> None:
    file = exported(client, agent_with_memory(client))
    nothing: dict[str, object] = {"messages": [], "in_context_message_ids": []}
    file["agents"].append({**file["agents"][0], **nothing, "id": "agent-1", "name": "Bea"})

    content = json.dumps(file).encode()
    made = checked(client.agents.import_file(file=("two.af", content))).agent_ids

    first, second = (client.agents.retrieve(one, include=RELATIONS) for one in made)
    assert [first.name, second.name] == [f"{file['agents'][0]['name']}_copy", "Bea_copy"]
    assert first.blocks == second.blocks


def test_what_a_newer_server_adds_to_a_file_is_passed_over(client: Letta) -> None:
    file = exported(client, agent_with_memory(client))
    file |= {"future": 1}
    file["agents"][0] |= {"future": 1}

    assert imported(client, file).id


async def test_files_come_and_go_asynchronously(async_client: AsyncLetta) -> None:
    agent = await async_client.agents.create(model=MODEL, name="Ada")

    text = await async_client.agents.export_file(agent.id)
    made = await async_client.agents.import_file(file=("ada.af", text.encode()))

    assert (await async_client.agents.retrieve(made.agent_ids[0])).name == "Ada_copy"


def test_another_server_takes_the_file(connect: Connect) -> None:
    here, there = connect(), connect()
    file = exported(here, agent_with_memory(here))

    assert imported(there, file).blocks[0].value == "Name: Nadia."


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"hello", BadRequestError, "Corrupted agent file format."),
        (b"", BadRequestError, "Corrupted agent file format."),
        (b'{"agents": [', BadRequestError, "Corrupted agent file format."),
        (b"[" * 500, BadRequestError, "Corrupted agent file format."),
        (b'{"foo": 1}', BadRequestError, "Legacy AgentSchema format is deprecated."),
        (b'{"agents": []}', BadRequestError, "validation errors for AgentFileSchema"),
        (b'{"agents": 1}', BadRequestError, "Legacy AgentSchema format is deprecated."),
    ],
)
def test_what_is_no_agent_file_is_refused(
    client: Letta, content: bytes, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        imported(client, content)

    assert list(client.agents.list()) == []


def test_a_file_has_to_be_sent(client: Letta) -> None:
    with pytest.raises(UnprocessableEntityError, match="Field required"):
        client.post("/v1/agents/import", body={}, cast_to=object)
