"""A brain of an asynchronous function, with the real SDK in front of it."""

import asyncio

import mockletta
from mockletta import MockLetta
from mockletta.script.turn_view import TurnView
from tests.contract.conftest import MODEL


def test_an_asynchronous_function_can_be_a_brain() -> None:
    async def brain(turn: TurnView) -> str:
        await asyncio.sleep(0)
        return f"{turn.text} awaited"

    with MockLetta(brain=mockletta.async_brain(brain)) as mock, mock.client() as client:
        agent = client.agents.create(model=MODEL)
        answer = client.agents.messages.create(agent.id, input="Hello")
        client.agents.messages.compact(agent.id)

    assert getattr(answer.messages[-1], "content", None) == "Hello awaited"


def test_the_package_lists_its_names() -> None:
    assert {"MockLetta", "async_brain", "reply"} <= set(dir(mockletta))
