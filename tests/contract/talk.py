"""Talking through the SDK in as few words as a story has."""

from collections.abc import Iterable
from itertools import islice
from typing import Protocol, TypeAlias

from letta_client import BaseModel, Letta
from letta_client.types import CreateBlockParam
from letta_client.types.agents import (
    AssistantMessage,
    LettaResponse,
    LettaStreamingResponse,
    Message,
    Run,
)

from mockletta.state.clock import Clock
from tests.contract.sdk import IS_OLDER
from tests.contract.undeclared import checked

Told: TypeAlias = LettaStreamingResponse | Message
MODEL = "openai/gpt-4o-mini"
History: TypeAlias = list[tuple[str, object]]


class Identified(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str: ...


def ask(client: Letta, conversation_id: str, text: str) -> list[LettaStreamingResponse]:
    """All that a message is answered with, from the ping to the usage."""
    return checked(list(client.conversations.messages.create(conversation_id, input=text)))


def say(client: Letta, conversation_id: str, text: str) -> str:
    """The text a message is answered with."""
    return text_of(ask(client, conversation_id, text))


def reply(client: Letta, conversation_id: str, **body: object) -> LettaResponse:
    """The answer without a stream, for which the SDK's own method has no type."""
    return checked(
        client.post(
            f"/v1/conversations/{conversation_id}/messages",
            body={"streaming": False, **body},
            cast_to=LettaResponse,
        )
    )


def text_of(told: Iterable[Told]) -> str:
    """What the agent says in these messages."""
    return "".join(str(item.content) for item in told if isinstance(item, AssistantMessage))


def kinds(told: Iterable[Told]) -> list[str | None]:
    return [item.message_type for item in told]


def history(client: Letta, conversation_id: str) -> History:
    """Type and content of a conversation's messages, oldest first, but for the system message."""
    messages = oldest_first(client, conversation_id)[1:]
    return [(str(one.message_type), getattr(one, "content", None)) for one in messages]


def oldest_first(client: Letta, conversation_id: str) -> list[Message]:
    """A conversation's messages; old SDKs cannot ask for an order by themselves."""
    page = client.conversations.messages.list(conversation_id, extra_query={"order": "asc"})
    return list(checked(page))


def context_of(client: Letta, conversation_id: str) -> list[str]:
    """The ids of the messages in a conversation's context, the system message first."""
    return client.conversations.retrieve(conversation_id).in_context_message_ids or []


def system_of(client: Letta, conversation_id: str) -> str:
    """The text of a conversation's system message."""
    return str(getattr(oldest_first(client, conversation_id)[0], "content", None))


def plain(model: BaseModel) -> dict[str, object]:
    """A model as JSON: lists are parsed leniently, so that equal ones need not compare equal."""
    return model.to_dict(mode="json", warnings=not IS_OLDER)


def ids_of(items: Iterable[Identified]) -> list[str]:
    return [item.id for item in items]


def agent_with_memory(client: Letta, human: str = "Name: Nadia.") -> str:
    """A new agent with a `human` block."""
    blocks: Iterable[CreateBlockParam] = [{"label": "human", "value": human}]
    return client.agents.create(model=MODEL, memory_blocks=blocks).id


def conversation_of(client: Letta, agent_id: str) -> str:
    return client.conversations.create(agent_id=agent_id).id


def run_of(told: Iterable[LettaStreamingResponse]) -> str:
    """The run whose ping comes first."""
    return str(getattr(next(iter(told)), "run_id", None))


def await_frames(stream: Iterable[LettaStreamingResponse], kind: str, count: int) -> None:
    """Read a stream until it has brought so many frames of a kind."""
    found = (frame for frame in stream if frame.message_type == kind)
    assert len(list(islice(found, count))) == count


def await_pause(clock: Clock) -> None:
    """Return once a slow reply and the follower of its log wait by a clock."""
    while clock.waiting < 2:
        pass


def ended(client: Letta, run_id: str) -> Run:
    """A run, once it is over."""
    while True:
        run = checked(client.runs.retrieve(run_id))
        if run.status not in ("created", "running"):
            return run
