"""client.agents: retrieve, update, recompile and delete."""

import json
import re
from typing import Any

import pytest
from letta_client import (
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Conversation

from mockletta import MockLetta
from tests.contract.agent_facts import contents, labels, parameters_of, rules, tools
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"
UNKNOWN_TOOL = "tool-00000000-0000-4000-8000-000000000000"
BASE_TOOLS = ["conversation_search", "memory_insert", "memory_replace"]


def test_an_agent_is_shown_without_its_relations_unless_they_are_asked_for(client: Letta) -> None:
    made = client.agents.create(
        model=MODEL,
        tags=["red"],
        secrets={"KEY": "value"},
        memory_blocks=[{"label": "human", "value": "H"}],
    )

    agent = checked(client.agents.retrieve(made.id))

    relations = {"blocks", "tools", "tags", "secrets", "tool_exec_environment_variables"}
    empty: dict[str, object] = {name: [] for name in [*relations, "identity_ids"]}
    memory = made.memory.to_dict() | {"blocks": []}
    assert agent.to_dict() == made.to_dict() | empty | {"memory": memory}


def test_an_agent_is_shown_whole_if_all_its_relations_are_asked_for(client: Letta) -> None:
    made = client.agents.create(
        model=MODEL,
        tags=["red"],
        secrets={"KEY": "value"},
        memory_blocks=[{"label": "human", "value": "H"}],
    )
    included = ["blocks", "identities", "secrets", "tags", "tools", "sources", "managed_group"]
    include = [f"agent.{name}" for name in included]

    assert client.agents.retrieve(made.id, include=include) == made  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"include": ["agent.blocks"]}, {"blocks", "tags"}),
        ({"include": ["agent.tags"]}, {"tags"}),
        ({"include": ["agent.tools"]}, {"tools", "tags"}),
        ({"include": ["agent.secrets"]}, {"secrets", "tags"}),
        ({"include": ["agent.pending_approval"]}, {"tags"}),
        ({"include": ["agent.blocks", "agent.tools"]}, {"blocks", "tools", "tags"}),
        ({"include_relationships": ["memory", "tools"]}, {"blocks", "tools", "tags"}),
        ({"include_relationships": ["tool_exec_environment_variables"]}, {"secrets", "tags"}),
        ({"include_relationships": ["nope"]}, set()),
    ],
)
def test_just_the_relations_asked_for_are_shown_and_the_tags_with_them(
    client: Letta, asked: dict[str, list[str]], shown: set[str]
) -> None:
    made = client.agents.create(
        model=MODEL,
        tags=["red"],
        secrets={"KEY": "value"},
        memory_blocks=[{"label": "human", "value": "H"}],
    )

    agent = checked(client.agents.retrieve(made.id, **asked))  # type: ignore[arg-type]
    [listed] = client.agents.list(**asked)  # type: ignore[arg-type]

    found = {name for name in ("blocks", "tags", "tools", "secrets") if getattr(agent, name)}
    assert (found, checked(listed).to_dict()) == (shown, agent.to_dict())


def test_null_leaves_an_agent_as_it_is(client: Letta) -> None:
    made = client.agents.create(
        model=MODEL, name="N", tags=["red"], description="D", metadata={"a": 1}, timezone="UTC"
    )
    # a limit of null is no limit [74 PATCH max_tokens null]
    nothing = dict.fromkeys(set(parameters_of(client.agents.update)) - {"max_tokens"})

    changed = checked(client.agents.update(made.id, **nothing))

    assert changed.updated_at != made.updated_at
    assert changed.to_dict() | {"updated_at": None} == made.to_dict() | {"updated_at": None}


def test_lists_of_an_agent_are_replaced(client: Letta) -> None:
    block = client.blocks.create(label="extra", value="")
    agent = client.agents.create(
        model=MODEL, tags=["red", "blue"], memory_blocks=[{"label": "human", "value": ""}]
    )
    insert = next(tool for tool in agent.tools if tool.name == "memory_insert")

    changed = checked(
        client.agents.update(
            agent.id, tags=["green"], block_ids=[block.id], tool_ids=[insert.id], tool_rules=[]
        )
    )

    assert (changed.tags, labels(changed), tools(changed), rules(changed)) == (
        ["green"],
        ["extra"],
        ["memory_insert"],
        [],
    )


def test_a_new_set_of_secrets_replaces_the_old(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, secrets={"A": "1", "B": "2"})

    changed = checked(client.agents.update(agent.id, secrets={"C": "3"}))

    assert [(secret.key, secret.value) for secret in changed.secrets or []] == [("C", "3")]


@needs("agents.recompile")
def test_a_new_system_waits_for_the_next_recompilation(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, system="Old.")

    changed = client.agents.update(agent.id, system="New.")
    before = contents(client, agent)
    text = json.loads(client.agents.recompile(agent.id))
    after = contents(client, agent)

    assert (changed.system, changed.message_ids) == ("New.", agent.message_ids)
    assert str(before[0][1]).startswith("Old.\n")
    assert (after, text[:5]) == ([("system_message", text)], "New.\n")


@needs("agents.recompile")
def test_a_dry_run_only_tells_what_would_be_compiled(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, system="Old.")
    client.agents.update(agent.id, system="New.")

    text = json.loads(client.agents.recompile(agent.id, dry_run=True, update_timestamp=True))

    assert (text[:5], str(contents(client, agent)[0][1])[:5]) == ("New.\n", "Old.\n")


@needs("agents.recompile")
@pytest.mark.parametrize(
    ("updates", "quirks", "time", "system"),
    [
        (False, [], "09:00:00", "New."),
        (True, [], "10:00:00", "New."),
        (True, ["stale-recompilations"], "09:00:00", "Old."),
    ],
)
def test_a_compiled_prompt_is_of_the_time_of_its_message(
    updates: bool, quirks: list[str], time: str, system: str
) -> None:
    with MockLetta(quirks=quirks) as mock, mock.client() as client:
        mock.clock.freeze("2026-01-01T09:00:00Z")
        agent = client.agents.create(model=MODEL, system="Old.")
        client.agents.update(agent.id, system="New.")
        mock.clock.advance("1h")

        text = json.loads(client.agents.recompile(agent.id, update_timestamp=updates))

    assert text.startswith(system)
    assert f"2026-01-01 {time} AM" in text


def test_a_handle_wins_over_a_configuration_in_an_update(client: Letta) -> None:
    config = {"embedding_endpoint_type": "openai", "embedding_model": "m", "embedding_dim": 3}
    both: Any = {"embedding": "openai/text-embedding-3-small", "embedding_config": config}
    agent = client.agents.create(model=MODEL, **both)

    changed = client.agents.update(agent.id, **both)

    for one, size in (agent, 3), (changed, 1536):
        assert one.embedding_config
        assert one.embedding_config.embedding_dim == size
    with pytest.raises(BadRequestError):
        client.agents.update(
            agent.id, embedding="openai/nope", embedding_config=both["embedding_config"]
        )


def test_a_time_zone_is_known_in_any_case(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, timezone="europe/BERLIN")
    conversation = client.conversations.create(agent_id=agent.id)

    [system] = client.conversations.messages.list(conversation.id)

    assert agent.timezone == "europe/BERLIN"
    assert re.search("CES?T[+]0[12]00", str(system))
    assert client.agents.create(model=MODEL, timezone="").timezone == "UTC"


def test_the_context_of_an_agent_can_be_chosen(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)
    client.agents.messages.create(agent.id, input="Hello!")
    system, _, assistant = client.agents.retrieve(agent.id).message_ids or []

    changed = checked(client.agents.update(agent.id, message_ids=[system, assistant]))

    assert changed.message_ids == [system, assistant]
    assert len(contents(client, agent)) == 3


@needs("agents.recompile")
def test_without_a_system_message_there_is_none_to_recompile(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, system="Old.")
    client.agents.update(agent.id, message_ids=[])

    assert json.loads(client.agents.recompile(agent.id)).startswith("Old.\n")

    assert client.agents.retrieve(agent.id).message_ids == []


def test_a_context_of_messages_that_are_not_there_is_refused(
    client: Letta, agent: AgentState
) -> None:
    unknown = "message-00000000-0000-4000-8000-000000000000"

    with pytest.raises(NotFoundError):
        client.agents.update(agent.id, message_ids=[unknown])

    assert client.agents.retrieve(agent.id).message_ids == agent.message_ids


def test_an_agent_can_change_to_a_model_given_by_its_configuration(connect: Connect) -> None:
    client = connect(quirks=["updated-llm-configs"])
    agent = client.agents.create(model=MODEL)
    config = {"model": "gpt-4o", "model_endpoint_type": "openai", "context_window": 8_000}

    changed = checked(client.agents.update(agent.id, llm_config=config))  # type: ignore[arg-type]

    assert (changed.model, changed.llm_config.context_window) == (None, 8_000)


def test_a_deleted_agent_is_gone_with_all_that_was_its_own(
    client: Letta, conversation: Conversation
) -> None:
    client.conversations.messages.create(conversation.id, input="Hello!").close()
    client.agents.messages.create(conversation.agent_id, input="Hello!")
    [newer, older] = client.runs.list()

    deleted = checked(client.agents.delete(conversation.agent_id))

    assert deleted == {"message": f"Agent id={conversation.agent_id} successfully deleted"}
    left = client.conversations.list(agent_id=conversation.agent_id)
    assert [list(client.agents.list()), list(left)] == [[], []]
    assert [list(client.runs.list()), list(client.steps.list())] == [[], []]
    assert list(client.conversations.messages.list(conversation.id)) == []
    for run in (newer, older):
        with pytest.raises(NotFoundError):
            client.runs.retrieve(run.id)


def test_a_deleted_agent_leaves_its_blocks(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, memory_blocks=[{"label": "human", "value": "H"}])
    [block] = agent.blocks

    client.agents.delete(agent.id)

    assert [kept.to_dict() for kept in client.blocks.list()] == [block.to_dict()]
    assert list(client.blocks.agents.list(str(block.id))) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"tool_ids": [UNKNOWN_TOOL]}, ConflictError),
        ({"model": "openai/none"}, NotFoundError),
        ({"model": "none"}, NotFoundError),
        ({"timezone": "Mars/X"}, UnprocessableEntityError),
        ({"embedding": "openai/none"}, BadRequestError),
        ({"block_ids": ["nope"]}, UnprocessableEntityError),
        ({"message_ids": [UNKNOWN.replace("agent", "message")]}, NotFoundError),
    ],
)
def test_a_refused_change_changes_nothing(
    client: Letta, change: dict[str, object], error: type[Exception]
) -> None:
    blocks = [client.blocks.create(label="x", value="").id for _ in range(2)]
    agent = client.agents.create(
        model=MODEL, tags=["red"], memory_blocks=[{"label": "human", "value": "H"}]
    )
    whole = ["agent.blocks", "agent.tags", "agent.tools"]
    before = client.agents.retrieve(agent.id, include=whole)  # type: ignore[arg-type]
    also: dict[str, object] = {"tags": ["blue"], "tool_ids": [], "block_ids": blocks[:1]}

    with pytest.raises(error):
        client.agents.update(agent.id, **also | change)  # type: ignore[arg-type]

    assert client.agents.retrieve(agent.id, include=whole) == before  # type: ignore[arg-type]


def test_two_blocks_of_one_label_cannot_be_given_to_an_agent(
    client: Letta, agent: AgentState
) -> None:
    blocks = [client.blocks.create(label="x", value="").id for _ in range(2)]

    with pytest.raises(ConflictError):
        client.agents.update(agent.id, tool_ids=[], block_ids=blocks)

    whole = ["agent.blocks", "agent.tools"]
    shown = client.agents.retrieve(agent.id, include=whole)  # type: ignore[arg-type]
    assert (labels(shown), sorted(map(str, tools(shown)))) == ([], BASE_TOOLS)
