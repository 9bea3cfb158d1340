"""Every seed file of the project loads, and the SDK finds in it what the file says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from letta_client import Letta

from mockletta import MockLetta

FILES = sorted(
    file for file in (Path(__file__).parent.parent / "seed_data").iterdir() if file.suffix != ".md"
)
ALICE, BOB, KITCHEN = (f"conv-00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


def connect(file: Path) -> Iterator[Letta]:
    with (
        MockLetta(seed=str(file)) as mock,
        Letta(base_url=mock.base_url, api_key="any", _strict_response_validation=True) as client,
    ):
        yield client


@pytest.fixture(params=FILES, ids=lambda file: file.name)
def seeded(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Letta]]:
    seed = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    for client in connect(request.param):
        yield seed, client


@pytest.fixture
def demo() -> Iterator[Letta]:
    yield from connect(next(file for file in FILES if file.name == "demo.yaml"))


def ask(client: Letta, conversation_id: str, text: str) -> str:
    reply = client.conversations.messages.create(
        conversation_id, messages=[{"role": "user", "content": text}]
    )
    return "".join(str(msg.content) for msg in reply if msg.message_type == "assistant_message")


def test_blocks_are_there(seeded: tuple[Any, Letta]) -> None:
    seed, client = seeded
    own = [block for agent in seed["agents"] for block in agent.get("memory_blocks", [])]
    for block in [*seed.get("blocks", []), *own]:
        found = client.blocks.retrieve(block["id"])
        assert (found.label, found.value) == (block["label"], block["value"])


def test_agents_are_there_with_their_blocks(seeded: tuple[Any, Letta]) -> None:
    seed, client = seeded
    for agent in seed["agents"]:
        found = client.agents.retrieve(agent["id"], include=["agent.tags"])
        assert (found.name, set(found.tags)) == (agent["name"], set(agent["tags"]))
        blocks = {block.id for block in client.agents.blocks.list(agent["id"])}
        own = {block["id"] for block in agent.get("memory_blocks", [])}
        assert blocks == own | set(agent.get("block_ids", []))


def test_conversations_are_there_with_their_messages(seeded: tuple[Any, Letta]) -> None:
    seed, client = seeded
    for agent in seed["agents"]:
        for conversation in agent["conversations"]:
            found = client.conversations.retrieve(conversation["id"])
            assert (found.agent_id, found.summary) == (agent["id"], conversation["summary"])
            listed = list(client.conversations.messages.list(found.id, order="asc"))[1:]
            assert [(one.id, getattr(one, "content", None)) for one in listed] == [
                (one["id"], one["content"]) for one in conversation.get("messages", [])
            ]


def test_an_agents_own_history_is_there(seeded: tuple[Any, Letta]) -> None:
    seed, client = seeded
    for agent in seed["agents"]:
        listed = client.agents.messages.list(
            agent["id"], conversation_id="default", order="asc"
        ).items
        assert [one.id for one in listed[1:]] == [one["id"] for one in agent.get("messages", [])]


def test_alice_and_bob_are_answered_from_their_own_threads(demo: Letta) -> None:
    asked = "What's my name and favorite food?"
    assert ask(demo, ALICE, asked) == "Your name is Alice and you love pizza."
    assert ask(demo, BOB, asked) == "Your name is Bob and you love sushi."


def test_only_alice_has_ordered(demo: Letta) -> None:
    assert ask(demo, ALICE, "What did I order?") == "You ordered a lemon cake for Friday."
    assert "I don't know" in ask(demo, BOB, "What did I order?")


def test_the_agents_share_the_shop(demo: Letta) -> None:
    note = "Please update your core memory to note that the bakery opens at 8 on Sundays."
    ask(demo, KITCHEN, note)
    answer = ask(demo, ALICE, "When does the bakery open on Sundays?")
    assert answer == "The bakery opens at 8 on Sundays."
