"""What goes when a row goes, and what stays."""

from dataclasses import replace

import pytest

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.block_creation import attach_block, create_block
from mockletta.api.conversations import create_conversation, fork_conversation
from mockletta.api.message_targets import find_target
from mockletta.errors import NotFound, RowNotFound
from mockletta.state.message_records import MessageRecord
from mockletta.turns.lazy_records import step_of
from mockletta.wire.agents import AgentState, CreateAgent
from mockletta.wire.conversations import Conversation, CreateConversation
from mockletta.wire.memory import CreateBlock
from mockletta.wire.runs import Run
from mockletta.world.world import BASE_TOOLS, World


@pytest.fixture
def world() -> World:
    return World()


def make_agent(world: World) -> AgentState:
    blocks = [CreateBlock(label="human", value="H")]
    return create_agent(world, CreateAgent(model="openai/gpt-4o-mini", memory_blocks=blocks))


def add_message(
    world: World,
    agent: AgentState,
    conversation: Conversation,
    name: str = "message-1",
    *,
    run_id: str | None = None,
    in_context: bool = True,
) -> None:
    record = MessageRecord(
        id=name,
        role="user",
        created_at=world.clock.now(),
        agent_id=agent.id,
        conversation_id=conversation.id,
        content="Hello!",
        tokens=2,
        run_id=run_id,
    )
    world.store.add_message(record, world.store.thread(conversation.id), in_context=in_context)


def make_conversation(world: World, agent: AgentState, *labels: str) -> Conversation:
    return create_conversation(
        world, agent.id, CreateConversation(isolated_block_labels=list(labels))
    )


def labels(world: World, agent: AgentState) -> list[str]:
    return [block.label for block in world.store.blocks_of(agent.id)]


def test_a_new_store_has_the_base_tools_and_nothing_else(world: World) -> None:
    store = world.store

    assert len(store.tools) == BASE_TOOLS
    assert [len(table) for table in (store.agents, store.blocks, store.messages)] == [0, 0, 0]


def test_a_tool_is_found_by_its_name(world: World) -> None:
    tool = world.store.tool_named("memory_insert")

    assert tool is not None
    assert world.store.tools.get(tool.id) is tool
    assert world.store.tool_named("nope") is None


def test_a_copy_starts_the_same(world: World) -> None:
    agent = make_agent(world)
    conversation = make_conversation(world, agent)
    add_message(world, agent, conversation)

    copy = world.store.copy()

    assert copy.agents.get(agent.id) is world.store.agents.get(agent.id)
    assert copy.blocks_of(agent.id) == world.store.blocks_of(agent.id)
    assert copy.tools_of(agent.id) == world.store.tools_of(agent.id)
    assert list(copy.thread(conversation.id)) == list(world.store.thread(conversation.id))


def test_what_happens_in_a_copy_does_not_happen_in_the_other_store(world: World) -> None:
    agent = make_agent(world)
    conversation = make_conversation(world, agent)
    copy = world.store.copy()

    add_message(world, agent, conversation)

    assert "message-1" in world.store.thread(conversation.id)
    assert "message-1" not in copy.thread(conversation.id)
    copy.delete("agents", agent.id)
    assert (len(copy.agents), len(world.store.agents)) == (0, 1)
    assert copy.find_thread(conversation.id) is None
    assert world.store.thread(conversation.id).context[-1].id == "message-1"


def test_a_thread_of_a_copy_reads_the_messages_of_the_copy(world: World) -> None:
    agent = make_agent(world)
    conversation = make_conversation(world, agent)
    add_message(world, agent, conversation)
    copy = world.store.copy()

    changed = replace(copy.messages.get("message-1"), content="Goodbye!")
    copy.messages.replace(changed)

    assert copy.thread(conversation.id).context[-1] is changed
    assert world.store.thread(conversation.id).context[-1].content == "Hello!"


def test_a_deleted_block_leaves_its_agents(world: World) -> None:
    first, second = make_agent(world), make_agent(world)
    shared = create_block(world, CreateBlock(label="shared"))
    for agent in (first, second):
        attach_block(world, agent.id, shared.id)

    world.store.delete("blocks", shared.id)

    assert (labels(world, first), labels(world, second)) == (["human"], ["human"])
    assert shared.id not in world.store.blocks


def test_a_block_that_is_not_there_cannot_be_deleted(world: World) -> None:
    with pytest.raises(RowNotFound):
        world.store.delete("blocks", "block-1")


def test_a_deleted_agent_leaves_its_blocks_and_nothing_else(world: World) -> None:
    agent = make_agent(world)
    conversation = make_conversation(world, agent, "human")
    run = Run(id="run-1", status="running", created_at=world.clock.now(), agent_id=agent.id)
    world.store.runs.add(run)
    world.store.steps.add_lazily(step_of("step-1", run.id, agent, agent.llm_config, {}))
    add_message(world, agent, conversation, run_id=run.id)

    world.store.delete("agents", agent.id)

    store = world.store
    tables = (store.agents, store.conversations, store.messages, store.runs, store.steps)
    assert [len(table) for table in tables] == [0, 0, 0, 0, 0]
    assert (store.find_thread(agent.id), store.find_thread(conversation.id)) == (None, None)
    assert [block.label for block in store.blocks] == ["human"]


def test_a_deleted_agent_leaves_the_others_alone(world: World) -> None:
    agent, other = make_agent(world), make_agent(world)

    world.store.delete("agents", agent.id)

    assert [row.id for row in world.store.agents] == [other.id]
    assert {record.agent_id for record in world.store.messages} == {other.id}
    assert len(world.store.tools_of(other.id)) == 3


def test_a_deleted_conversation_takes_its_own_blocks(world: World) -> None:
    agent = make_agent(world)
    conversation = make_conversation(world, agent, "human")

    world.store.delete("conversations", conversation.id)

    assert world.store.find_thread(conversation.id) is None
    assert len(world.store.conversations) == 0
    assert list(world.store.blocks) == world.store.blocks_of(agent.id)


def test_a_conversation_can_go_after_its_own_block(world: World) -> None:
    conversation = make_conversation(world, make_agent(world), "human")
    world.store.delete("blocks", conversation.isolated_block_ids[0])

    world.store.delete("conversations", conversation.id)

    assert len(world.store.conversations) == 0


def test_messages_outlive_their_conversation_in_its_forks_and_with_its_agent(world: World) -> None:
    agent = make_agent(world)
    source = make_conversation(world, agent)
    add_message(world, agent, source)
    target = find_target(world, source.id, None)
    fork = fork_conversation(world, target, hidden=False, message_id=None)

    world.store.delete("conversations", source.id)

    assert "message-1" in world.store.thread(fork.id)
    assert world.store.messages.get("message-1").conversation_id == source.id


def test_the_messages_of_a_run_are_remembered_in_order(world: World) -> None:
    agent = make_agent(world)
    conversation = make_conversation(world, agent)

    add_message(world, agent, conversation, run_id="run-1")
    add_message(world, agent, conversation, "message-2", run_id="run-1", in_context=False)

    records = world.store.messages.all(("run_id", "run-1"))
    assert [record.id for record in records] == ["message-1", "message-2"]
    assert world.store.thread(conversation.id).context_ids[1:] == ["message-1"]


def test_a_block_is_found_by_its_label(world: World) -> None:
    agent = make_agent(world)

    assert world.store.block_labelled(agent.id, "human").value == "H"


def test_a_missing_label_is_told_with_its_agent(world: World) -> None:
    agent = make_agent(world)

    with pytest.raises(NotFound) as refused:
        world.store.block_labelled(agent.id, "nope")

    assert refused.value.body == {
        "detail": f"No block with label 'nope' found for agent '{agent.id}'"
    }


def test_a_turn_works_on_the_blocks_that_its_conversation_has_for_itself(world: World) -> None:
    agent = make_agent(world)
    extra = create_block(world, CreateBlock(label="extra"))
    attach_block(world, agent.id, extra.id)
    conversation = make_conversation(world, agent, "human")

    blocks = world.store.blocks_in(conversation, agent.id)

    assert [block.id for block in blocks] == [*conversation.isolated_block_ids, extra.id]


def test_without_blocks_of_its_own_a_conversation_has_those_of_its_agent(world: World) -> None:
    agent = make_agent(world)

    own = world.store.blocks_of(agent.id)

    assert world.store.blocks_in(make_conversation(world, agent), agent.id) == own
    assert world.store.blocks_in(None, agent.id) == own
