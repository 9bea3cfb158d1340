"""client.agents.blocks: an agent's memory, its own and shared."""

import pytest
from letta_client import (
    AsyncLetta,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from tests.contract.conftest import Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

UNKNOWN = "block-00000000-0000-4000-8000-000000000000"
NOBODY = "agent-00000000-0000-4000-8000-000000000000"


@pytest.fixture
def agent(client: Letta) -> AgentState:
    return client.agents.create(
        model=MODEL,
        memory_blocks=[{"label": "human", "value": "H"}, {"label": "persona", "value": "P"}],
    )


def labels(client: Letta, agent_id: str, **query: object) -> list[str | None]:
    page = client.agents.blocks.list(agent_id, **query)  # type: ignore[arg-type]
    return [block.label for block in checked(page.items)]


def value(client: Letta, agent_id: str, label: str = "human") -> str:
    return client.agents.blocks.retrieve(label, agent_id=agent_id).value


def test_the_blocks_of_an_agent_are_listed_newest_first(client: Letta, agent: AgentState) -> None:
    assert labels(client, agent.id) == ["persona", "human"]
    assert labels(client, agent.id, order="asc") == ["human", "persona"]


def test_the_blocks_of_an_agent_are_paged(client: Letta, agent: AgentState) -> None:
    human, persona = (str(block.id) for block in agent.blocks)

    assert labels(client, agent.id, limit=1) == ["persona"]
    assert labels(client, agent.id, limit=0) == ["persona", "human"]
    assert labels(client, agent.id, after=persona) == ["human"]
    assert labels(client, agent.id, after=human) == []
    assert labels(client, agent.id, before=human, order_by="created_at") == ["persona"]
    assert [block.label for block in client.agents.blocks.list(agent.id, limit=1)] == [
        "persona",
        "human",
    ]


def test_blocks_are_listed_by_their_creation_not_their_attachment(
    client: Letta, agent: AgentState
) -> None:
    old, new = (client.blocks.create(label=label, value="").id for label in ("old", "new"))
    client.agents.blocks.attach(new, agent_id=agent.id)
    client.agents.blocks.attach(old, agent_id=agent.id)

    assert labels(client, agent.id) == ["new", "old", "persona", "human"]


def test_a_block_is_retrieved_by_its_label(client: Letta, agent: AgentState) -> None:
    block = checked(client.agents.blocks.retrieve("human", agent_id=agent.id))

    assert block.to_dict() == agent.blocks[0].to_dict()
    assert block.to_dict() == client.blocks.retrieve(str(block.id)).to_dict()


@needs("agents.blocks.update", "tags")
def test_a_block_is_updated_by_its_label(client: Letta, agent: AgentState) -> None:
    human = agent.blocks[0]
    change: dict[str, object] = {
        "base_template_id": "base",
        "deployment_id": "deployment",
        "description": "D",
        "entity_id": "entity",
        "hidden": True,
        "is_template": True,
        "label": "person",
        "limit": 10,
        "metadata": {"a": 1},
        "preserve_on_migration": True,
        "project_id": "p",
        "read_only": True,
        "tags": ["red"],
        "template_id": "template",
        "template_name": "name",
        "value": "Bob",
    }

    blocks = client.agents.blocks
    changed = checked(blocks.update("human", agent_id=agent.id, **change))  # type: ignore[arg-type]

    assert changed.to_dict() == {**human.to_dict(), **change}
    assert blocks.retrieve("person", agent_id=agent.id) == changed
    with pytest.raises(NotFoundError):
        blocks.retrieve("human", agent_id=agent.id)


def test_a_change_from_either_side_is_seen_from_the_other(client: Letta, agent: AgentState) -> None:
    human = str(agent.blocks[0].id)

    client.agents.blocks.update("human", agent_id=agent.id, value="Bob")
    by_id = client.blocks.retrieve(human).value
    client.blocks.update(human, value="Carol")

    assert (by_id, value(client, agent.id)) == ("Bob", "Carol")


def test_an_empty_change_changes_nothing(client: Letta, agent: AgentState) -> None:
    block = checked(client.agents.blocks.update("human", agent_id=agent.id))

    assert block.to_dict() == agent.blocks[0].to_dict()


def test_a_label_that_the_agent_has_already_is_refused(client: Letta, agent: AgentState) -> None:
    with pytest.raises(ConflictError):
        client.agents.blocks.update("human", agent_id=agent.id, label="persona", value="changed")

    assert (value(client, agent.id), value(client, agent.id, "persona")) == ("H", "P")


@pytest.mark.parametrize("label", ["nope", "Human"])
def test_an_unknown_label_is_not_found(client: Letta, agent: AgentState, label: str) -> None:
    for operation in (client.agents.blocks.retrieve, client.agents.blocks.update):
        with pytest.raises(NotFoundError) as refused:
            operation(label, agent_id=agent.id)

        assert refused.value.body == {
            "detail": f"No block with label '{label}' found for agent '{agent.id}'"
        }


def test_a_label_with_a_slash_has_no_address(client: Letta, agent: AgentState) -> None:
    client.agents.blocks.update("human", agent_id=agent.id, label="system/human")

    with pytest.raises(NotFoundError):
        client.get(f"/v1/agents/{agent.id}/core-memory/blocks/system/human", cast_to=AgentState)


def test_attaching_a_block_answers_with_the_agent_whole(client: Letta, agent: AgentState) -> None:
    block = client.blocks.create(label="extra", value="E")

    attached = checked(client.agents.blocks.attach(block.id, agent_id=agent.id))

    assert [shown.label for shown in attached.blocks] == ["human", "persona", "extra"]
    assert (attached.tools, attached.memory.blocks) == (agent.tools, attached.blocks)


def test_attaching_and_detaching_change_the_agent(client: Letta, agent: AgentState) -> None:
    block = client.blocks.create(label="extra", value="E")
    moments = [
        agent.updated_at,
        client.agents.blocks.attach(block.id, agent_id=agent.id).updated_at,
        client.agents.blocks.detach(block.id, agent_id=agent.id).updated_at,
    ]

    assert len(set(moments)) == 3


def test_attaching_twice_is_attaching_once(client: Letta, agent: AgentState) -> None:
    block = client.blocks.create(label="extra", value="E")

    for _ in range(2):
        client.agents.blocks.attach(block.id, agent_id=agent.id)

    assert labels(client, agent.id) == ["extra", "persona", "human"]


def test_a_second_block_of_one_label_is_refused(client: Letta, agent: AgentState) -> None:
    other = client.blocks.create(label="human", value="H2")

    with pytest.raises(ConflictError):
        client.agents.blocks.attach(other.id, agent_id=agent.id)

    assert value(client, agent.id) == "H"
    assert list(client.blocks.agents.list(other.id)) == []


def test_a_detached_block_lives_on(client: Letta, agent: AgentState) -> None:
    human = str(agent.blocks[0].id)

    detached = checked(client.agents.blocks.detach(human, agent_id=agent.id))

    assert [block.label for block in detached.blocks] == ["persona"]
    assert client.blocks.retrieve(human).value == "H"


def test_a_block_that_is_not_attached_cannot_be_detached(client: Letta, agent: AgentState) -> None:
    block = client.blocks.create(label="extra", value="E")

    with pytest.raises(NotFoundError) as refused:
        client.agents.blocks.detach(block.id, agent_id=agent.id)

    assert refused.value.body == {
        "detail": f"No block with id '{block.id}' found for agent '{agent.id}' "
        "with actor id: 'user-00000000-0000-4000-8000-000000000000'"
    }


def test_an_unknown_block_cannot_be_attached(client: Letta, agent: AgentState) -> None:
    for operation in (client.agents.blocks.attach, client.agents.blocks.detach):
        with pytest.raises(NotFoundError):
            operation(UNKNOWN, agent_id=agent.id)
        with pytest.raises(UnprocessableEntityError):
            operation("nope", agent_id=agent.id)

    assert labels(client, agent.id) == ["persona", "human"]


def test_an_unknown_agent_has_no_blocks(client: Letta) -> None:
    block = client.blocks.create(label="extra", value="E")
    blocks = client.agents.blocks
    for answer in (
        lambda: blocks.list(NOBODY),
        lambda: blocks.retrieve("human", agent_id=NOBODY),
        lambda: blocks.update("human", agent_id=NOBODY, value="x"),
        lambda: blocks.attach(block.id, agent_id=NOBODY),
        lambda: blocks.detach(block.id, agent_id=NOBODY),
    ):
        with pytest.raises(NotFoundError, match="Agent not found with id="):
            answer()

    assert list(client.blocks.agents.list(block.id)) == []


def test_agents_share_a_block(client: Letta, agent: AgentState) -> None:
    shared = client.blocks.create(label="project", value="due Friday")
    other = client.agents.create(model=MODEL, block_ids=[shared.id])
    client.agents.blocks.attach(shared.id, agent_id=agent.id)

    client.agents.blocks.update("project", agent_id=other.id, value="due Monday")

    assert value(client, agent.id, "project") == "due Monday"
    assert {one.id for one in client.blocks.agents.list(shared.id)} == {other.id, agent.id}


def test_a_shared_block_that_one_agent_lets_go_stays_with_the_other(
    client: Letta, agent: AgentState
) -> None:
    other = client.agents.create(model=MODEL, block_ids=[str(agent.blocks[0].id)])

    client.agents.blocks.detach(str(agent.blocks[0].id), agent_id=other.id)

    assert (labels(client, other.id), labels(client, agent.id)) == ([], ["persona", "human"])


def test_a_shared_block_takes_no_label_that_one_of_its_agents_has(
    client: Letta, agent: AgentState
) -> None:
    shared = client.blocks.create(label="project", value="")
    other = client.agents.create(model=MODEL, block_ids=[shared.id])
    client.agents.blocks.attach(shared.id, agent_id=agent.id)

    with pytest.raises(ConflictError):
        client.agents.blocks.update("project", agent_id=other.id, label="persona")

    assert labels(client, other.id) == ["project"]


class Editor:
    """A brain that replaces H by N in the block `human`, then stops."""

    def decide(self, call: ModelCall) -> Decision:
        if call.messages[-1].role == "tool":
            return Decision(text="Done.")
        arguments = '{"label": "human", "old_string": "H", "new_string": "N"}'
        return Decision(tool_calls=(ToolCall("call-1", "memory_replace", arguments),))


def test_an_edit_by_one_agent_is_seen_by_all_that_share_the_block(serve: Serve) -> None:
    with sync_client(serve(brain=Editor())) as client:
        block = client.blocks.create(label="human", value="H")
        first, second = (client.agents.create(model=MODEL, block_ids=[block.id]) for _ in range(2))

        client.agents.messages.create(first.id, input="Edit!")

        assert value(client, second.id) == "N"


def test_a_read_only_block_is_closed_to_tools_and_open_to_the_api(serve: Serve) -> None:
    with sync_client(serve(brain=Editor())) as client:
        agent = client.agents.create(
            model=MODEL, memory_blocks=[{"label": "human", "value": "H", "read_only": True}]
        )

        answer = checked(client.agents.messages.create(agent.id, input="Edit!"))
        by_tool = value(client, agent.id)
        client.agents.blocks.update("human", agent_id=agent.id, value="new")

        returned = next(
            item for item in answer.messages if item.message_type == "tool_return_message"
        )
        assert (returned.status, by_tool, value(client, agent.id)) == ("error", "H", "new")
        assert "read-only" in returned.tool_return


@pytest.mark.anyio
async def test_an_agents_memory_lives_through_the_async_client(async_client: AsyncLetta) -> None:
    agent = await async_client.agents.create(model=MODEL)
    block = await async_client.blocks.create(label="extra", value="E")
    blocks = async_client.agents.blocks

    attached = checked(await blocks.attach(block.id, agent_id=agent.id))
    changed = checked(await blocks.update("extra", agent_id=agent.id, value="E2"))
    shown = checked(await blocks.retrieve("extra", agent_id=agent.id))
    listed = [one async for one in await blocks.list(agent.id, limit=1)]
    detached = checked(await blocks.detach(block.id, agent_id=agent.id))

    assert ([one.label for one in attached.blocks], detached.blocks) == (["extra"], [])
    assert (changed.value, shown, [one.to_dict() for one in listed]) == (
        "E2",
        changed,
        [changed.to_dict()],
    )


def prompt(client: Letta, agent_id: str) -> str:
    """The system message of an agent's own thread."""
    return str(client.agents.messages.list(agent_id, order="asc").items[0].model_dump()["content"])


def test_a_changed_block_is_in_the_own_prompts_of_its_agents(client: Letta) -> None:
    block = client.blocks.create(label="x", value="old")
    agents = [client.agents.create(model=MODEL, block_ids=[block.id]).id for _ in range(2)]
    conversation = client.conversations.create(agent_id=agents[0])

    client.blocks.update(block.id, value="new")

    assert ["<value>\nnew\n" in prompt(client, one) for one in agents] == [True, True]
    [first] = client.conversations.messages.list(conversation.id)
    assert "old" in str(first)


def test_a_tool_that_edits_memory_recompiles_the_own_prompt(client: Letta) -> None:
    agent_id = client.agents.create(
        model=MODEL, tools=["memory"], memory_blocks=[{"label": "x", "value": "old"}]
    ).id

    def run(tool: str, **args: object) -> None:
        assert client.agents.tools.run(tool, agent_id=agent_id, args=args).status == "success"

    run("memory_replace", label="x", old_string="old", new_string="new")
    assert "<value>\nnew\n" in prompt(client, agent_id)
    run("memory", command="create", path="/memories/y", description="D", file_text="made")
    assert "<value>\nmade\n" in prompt(client, agent_id)


def test_an_agent_without_a_system_message_has_none_to_recompile(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, memory_blocks=[{"label": "x", "value": "old"}])
    client.agents.update(agent.id, message_ids=[])

    client.agents.blocks.update("x", agent_id=agent.id, value="new")

    assert client.agents.retrieve(agent.id).message_ids == []
