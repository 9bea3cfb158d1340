"""A message in several contexts: it changes and leaves everywhere, also in what is read again."""

from pathlib import Path

import pytest

from mockletta.files.snapshot_file_reading import load
from mockletta.files.snapshot_file_writing import save
from mockletta.files.state_file import StateFile
from mockletta.turns.context.system_prompt import recompile, rewrite
from mockletta.wire.agents import AgentState
from mockletta.world.world import World
from tests.files.kept import reloaded
from tests.worlds import commit, make_agent, make_conversation, say, whole


def texts(world: World, *owners: str) -> list[object]:
    """The contents of contexts."""
    return [record.content for owner in owners for record in world.store.thread(owner).context]


def share(world: World) -> tuple[AgentState, str]:
    """Make an agent, and another thread whose context is that of a conversation of the agent."""
    agent, other = make_agent(world), make_agent(world, "Bob")
    conversation = make_conversation(world, agent)
    world.store.thread(other.id).set_context(world.store.thread(conversation.id).context)
    commit(world)
    return agent, other.id


@pytest.mark.parametrize("is_other", [True, False])
def test_a_rewritten_message_is_new_in_every_context(path: str, *, is_other: bool) -> None:
    world = World()
    with StateFile(path) as file:
        file.attach(world)
        agent, other = share(world)
        [conversation] = [one.id for one in world.store.conversations]
        rewrite(world.store.thread(other if is_other else conversation), "New.")
        commit(world)
        say(world, conversation, "Hello!")
        recompile(world, agent, world.store.thread(conversation), dry_run=False)
        commit(world)

    [text] = {str(world.store.thread(one).context[0].content) for one in (conversation, other)}
    assert text.startswith(agent.system)
    assert whole(reloaded(path)) == whole(world)


def test_a_deleted_agents_messages_leave_every_context(path: str, tmp_path: Path) -> None:
    world, snapshot = World(), str(tmp_path / "snapshot.jsonl")
    with StateFile(path) as file:
        file.attach(world)
        agent, other = share(world)
        world.store.delete("agents", agent.id)
        commit(world)
        save(world, snapshot)
        assert texts(world, other) == []
        say(world, other, "Hello!")
        commit(world)

    load(read := World(), snapshot)
    assert texts(read, other) == []
    assert len(texts(world, other)) == 2
    assert whole(reloaded(path)) == whole(world)
