"""Clients whose requests meet faults: what they receive, and how often they try."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from letta_client import Letta

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import async_client_of, sync_client
from tests.contract.talk import MODEL, conversation_of

CREATE = "conversations.messages.create"
WORDS = ["one ", "two ", "three"]
START, END = ["ping"], ["stop_reason", "usage_statistics"]
TOLD = ["assistant_message"] * len(WORDS)
ALL = [*START, *TOLD, *END]


@dataclass
class Counter:
    """A brain that says three words, at a speed."""

    tokens_per_second: float | None = None

    def decide(self, _: ModelCall) -> Decision:
        return Decision(text="".join(WORDS), tokens_per_second=self.tokens_per_second)


@dataclass
class Heard:
    """The kinds of the frames that came, the text in them, and what was raised in the end."""

    kinds: list[str | None] = field(default_factory=list)
    text: str = ""
    error: Exception | None = None

    def hear(self, frame: object) -> None:
        kind = getattr(frame, "message_type", None)
        self.kinds.append(kind)
        if kind == "assistant_message":
            self.text += str(getattr(frame, "content", ""))


Listen = Callable[[MockLetta, str], Heard]


def listen(mock: MockLetta, conversation: str) -> Heard:
    """Send a message and read its stream to whatever end it comes to."""
    heard = Heard()
    with sync_client(mock) as client:
        try:
            create = client.conversations.messages.create
            for frame in create(conversation, input="Count!", stream_tokens=True):
                heard.hear(frame)
        except Exception as error:  # noqa: BLE001 - whatever the SDK makes of it
            heard.error = error
    return heard


def listen_asynchronously(mock: MockLetta, conversation: str) -> Heard:
    """The same with the asynchronous client."""
    return asyncio.run(_listen(mock, conversation))


async def _listen(mock: MockLetta, conversation: str) -> Heard:
    heard = Heard()
    async with async_client_of(mock) as client:
        try:
            create = client.conversations.messages.create
            async for frame in await create(conversation, input="Count!", stream_tokens=True):
                heard.hear(frame)
        except Exception as error:  # noqa: BLE001 - whatever the SDK makes of it
            heard.error = error
    return heard


@dataclass
class Victim:
    """A server whose conversation somebody talks in, by one of the SDK's clients."""

    mock: MockLetta
    listen: Listen
    conversation: str = ""

    def __post_init__(self) -> None:
        with sync_client(self.mock) as client:
            agent = client.agents.create(model=MODEL).id
            self.conversation = conversation_of(client, agent)

    def hears(self, fault: str) -> Heard:
        """What the client receives of the answer to a message with a fault."""
        self.mock.world.faults.add(CREATE, fault)
        heard = self.listen(self.mock, self.conversation)
        assert heard.error is not None or self.entry_fault() in (fault, None)
        return heard

    def entry_fault(self) -> str | None:
        return list(self.mock.world.journal)[-1].fault

    @property
    def has_fired(self) -> bool:
        return not self.mock.world.faults.unfired


MANNERS = {
    "whole": (listen, None),
    "lasting": (listen, 10_000.0),
    "whole, asynchronous": (listen_asynchronously, None),
    "lasting, asynchronous": (listen_asynchronously, 10_000.0),
}


def attempts(mock: MockLetta, operation: str) -> list[int | None]:
    """The statuses of the answers to an operation, one for each attempt."""
    return [entry.status for entry in mock.world.journal if entry.operation == operation]


def trying_again(mock: MockLetta, times: int = 2) -> Letta:
    """A client that tries again so many times, as the SDK does unless it is told otherwise."""
    return sync_client(mock).with_options(max_retries=times)


def pauses(caplog: pytest.LogCaptureFixture) -> list[float]:
    """The seconds that the SDK waited before it tried again."""
    return [
        record.args[1]
        for record in caplog.records
        if record.name == "letta_client._base_client"
        and isinstance(record.args, tuple)
        and record.msg.startswith("Retrying request")
        and isinstance(record.args[1], float)
    ]
