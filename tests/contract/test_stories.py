"""One agent, many conversations: threads are isolated, memory is shared."""

import pytest
from letta_client import AsyncLetta, Letta
from letta_client.types.agents import ToolCallMessage

from tests.contract.conftest import MODEL
from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    ask,
    conversation_of,
    oldest_first,
    say,
    system_of,
    text_of,
)
from tests.contract.undeclared import checked

NAME_AND_FOOD = "What's my name and favorite food?"


def test_the_guides_first_example_runs_unchanged(
    client: Letta, capsys: pytest.CaptureFixture[str]
) -> None:
    agent = client.agents.create(
        model="openai/gpt-4o-mini",
        embedding="openai/text-embedding-3-small",
        memory_blocks=[{"label": "human", "value": "..."}, {"label": "persona", "value": "..."}],
    )
    conversation = client.conversations.create(agent_id=agent.id)
    stream = client.conversations.messages.create(
        conversation_id=conversation.id,
        messages=[{"role": "user", "content": "Hello!"}],
    )
    for msg in stream:
        if msg.message_type == "assistant_message":
            print(msg.content)  # noqa: T201
    assert capsys.readouterr().out.startswith("Hello!")


def test_the_guides_lists_run_unchanged(client: Letta) -> None:
    agent = agent_with_memory(client)
    conversations = [conversation_of(client, agent) for _ in range(3)]
    conversation = conversations[0]
    say(client, conversation, "Hello!")
    assistant, user, system = client.conversations.messages.list(conversation_id=conversation)
    between = client.conversations.messages.list(
        conversation_id=conversation, limit=50, after=assistant.id, before=system.id
    )
    assert list(between) == [user]
    older = client.conversations.list(agent_id=agent, limit=50, after=conversations[2])
    assert [one.id for one in older] == conversations[1::-1]
    found = client.conversations.retrieve(conversation_id=conversation)
    assert found.in_context_message_ids == [system.id, user.id, assistant.id]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Alice", "pizza"), ("Bob", "sushi")),
        (("Zbigniew", "pierogi"), ("Mary Ann", "fish and chips")),
        (("Ölaf", "köttbullar"), ("王芳", "dumplings")),
    ],
)
def test_each_conversation_answers_from_its_own_history_only(
    client: Letta, first: tuple[str, str], second: tuple[str, str]
) -> None:
    agent = agent_with_memory(client, "Nothing yet")
    threads = {person: conversation_of(client, agent) for person in (first, second)}
    for (name, food), thread in threads.items():
        say(client, thread, f"My name is {name} and I love {food}.")
    for (name, food), thread in threads.items():
        answer = say(client, thread, NAME_AND_FOOD)
        others = {*first, *second} - {name, food}
        assert name in answer
        assert food in answer
        assert [word for word in others if word in answer] == []


@pytest.mark.parametrize("word", ["APPLE", "rhubarb", "Xylophone"])
def test_a_word_is_remembered_where_it_was_told(client: Letta, word: str) -> None:
    agent = agent_with_memory(client, "Nothing yet")
    told, untold = conversation_of(client, agent), conversation_of(client, agent)
    say(client, told, f"Remember the word: {word}")
    question = "What word did I ask you to remember? Reply with just the word."
    assert say(client, told, question).rstrip(".") == word
    assert word not in say(client, untold, question)


@pytest.mark.parametrize(
    ("fact", "question", "answer"),
    [
        (
            "the project deadline is Friday",
            "What is the project deadline according to your memory?",
            "Friday",
        ),
        ("the office is in Lyon", "Where is the office according to your memory?", "Lyon"),
        ("the wifi password is hunter2", "What is the wifi password?", "hunter2"),
    ],
)
def test_a_memory_of_one_conversation_is_known_in_another(
    client: Letta, fact: str, question: str, answer: str
) -> None:
    agent = agent_with_memory(client, "Name: Nadia.")
    one, other = conversation_of(client, agent), conversation_of(client, agent)
    told = ask(client, one, f"Please update your core memory to note that {fact}.")
    (call,) = [frame.tool_call for frame in told if isinstance(frame, ToolCallMessage)]
    assert call.name in {"memory_insert", "memory_replace"}
    blocks = checked(client.agents.blocks.list(agent)).items
    assert [block.label for block in blocks if answer in block.value] == ["human"]
    assert answer in say(client, other, question)


def test_the_edited_block_is_retrieved_with_what_it_had_before(client: Letta) -> None:
    agent = agent_with_memory(client, "Name: Nadia.")
    say(
        client,
        conversation_of(client, agent),
        "Please update your core memory to note that the project deadline is Friday.",
    )
    block = checked(client.agents.blocks.retrieve("human", agent_id=agent))
    assert block.value == "Name: Nadia.\nThe project deadline is Friday."
    assert client.blocks.retrieve(block.id).value == block.value


def test_another_agent_knows_nothing_of_it(client: Letta) -> None:
    knowing, ignorant = agent_with_memory(client), agent_with_memory(client)
    update = "Please update your core memory to note that the project deadline is Friday."
    say(client, conversation_of(client, knowing), update)
    answer = say(client, conversation_of(client, ignorant), "What is the project deadline?")
    assert "Friday" not in answer


def test_a_shared_block_is_known_to_every_agent_it_is_attached_to(client: Letta) -> None:
    block = client.blocks.create(label="team", value="The team meets on Monday.")
    agents = [client.agents.create(model=MODEL, block_ids=[block.id]).id for _ in range(2)]
    client.blocks.update(block.id, value="The team meets on Thursday.")
    for agent in agents:
        answer = say(client, conversation_of(client, agent), "When does the team meet?")
        assert "Thursday" in answer


def test_a_new_conversation_has_the_new_value_and_an_old_one_the_old(client: Letta) -> None:
    agent = agent_with_memory(client, "Name: Ada.")
    old = conversation_of(client, agent)
    client.agents.blocks.update("human", agent_id=agent, value="Name: Grace.")
    new = conversation_of(client, agent)
    assert "Name: Ada." in system_of(client, old)
    assert "Name: Grace." not in system_of(client, old)
    assert "Name: Grace." in system_of(client, new)


@needs("conversations.recompile")
def test_an_old_conversation_has_the_new_value_once_it_is_recompiled(client: Letta) -> None:
    agent = agent_with_memory(client, "Name: Ada.")
    conversation = conversation_of(client, agent)
    say(client, conversation, "Please update your memory to note that tea is served at four.")
    assert "tea is served" not in system_of(client, conversation).lower()
    client.conversations.recompile(conversation)
    assert "tea is served at four" in system_of(client, conversation).lower()


def test_what_was_never_told_is_not_made_up(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client, "Nothing yet"))
    say(client, conversation, "My name is Nadia.")
    answer = say(client, conversation, "What is my favorite colour?")
    assert "don't know" in answer


def test_the_same_requests_get_the_same_texts(client: Letta) -> None:
    def talk() -> list[object]:
        agent = client.agents.create(model=MODEL, name="Same").id
        conversation = conversation_of(client, agent)
        for text in ("Hello!", "I moved to Oslo in May.", "Where did I move?", "Thanks!"):
            say(client, conversation, text)
        return [getattr(one, "content", None) for one in oldest_first(client, conversation)][1:]

    assert talk() == talk()


@pytest.mark.anyio
async def test_threads_are_isolated_for_asynchronous_clients(async_client: AsyncLetta) -> None:
    agent = await async_client.agents.create(model=MODEL)
    people = {"Ines": "soup", "Tomas": "rice"}
    threads = {name: await async_client.conversations.create(agent_id=agent.id) for name in people}
    create = async_client.conversations.messages.create
    for name, food in people.items():
        stream = await create(threads[name].id, input=f"My name is {name} and I love {food}.")
        checked([frame async for frame in stream])
    for name, food in people.items():
        stream = await create(threads[name].id, input=NAME_AND_FOOD)
        answer = text_of([frame async for frame in stream])
        assert answer == f"Your name is {name} and you love {food}."
