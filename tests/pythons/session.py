"""A program that talks to Letta, for any Python that the SDK runs on: it needs nothing but the SDK.

`python session.py URL` prints what it gets, a line for each thing that it tries.
"""

import asyncio
import sys

from letta_client import AsyncLetta, Letta, NotFoundError, RateLimitError

MODEL = "openai/gpt-4o-mini"
NOBODY = "agent-00000000-0000-4000-8000-00000000ffff"


def main(url: str) -> None:
    """Try what most apps do, with one client and then with the other."""
    with Letta(base_url=url, api_key="any", _strict_response_validation=True) as client:
        agent = client.agents.create(
            name="support", model=MODEL, memory_blocks=[{"label": "human", "value": "Ann"}]
        )
        show("agent", agent.name, [block.value for block in agent.memory.blocks])
        conversation = client.conversations.create(agent_id=agent.id).id
        stream_in(client, conversation)
        page_through(client, conversation)
        remember(client, agent.id)
        fail(client)
    asyncio.run(talk(url, conversation))


def stream_in(client: Letta, conversation: str) -> None:
    for tokens in (False, True):
        events = client.conversations.messages.create(
            conversation, input="Say 'one two three'", stream_tokens=tokens
        )
        show("stream", *[getattr(event, "content", event.message_type) for event in events])


def page_through(client: Letta, conversation: str) -> None:
    messages = client.conversations.messages.list(conversation, limit=2, order="asc")
    show("messages", *[message.message_type for message in messages])


def remember(client: Letta, agent_id: str) -> None:
    client.agents.messages.create(
        agent_id, input="Please update your core memory to note that the deadline is Friday."
    )
    show("memory", client.agents.blocks.retrieve("human", agent_id=agent_id).value)
    passages = client.agents.passages.create(agent_id, text="The moon is grey.")
    show("passages", *[passage.text for passage in passages])


def fail(client: Letta) -> None:
    try:
        client.agents.retrieve(NOBODY)
    except NotFoundError as error:
        show("error", error.status_code, error.body)
    try:
        client.with_options(max_retries=0).agents.list(
            extra_headers={"X-Mockletta-Fault": "status=429 retry_after=7"}
        )
    except RateLimitError as error:
        show("limit", error.response.headers["retry-after"])


async def talk(url: str, conversation: str) -> None:
    async with AsyncLetta(base_url=url, api_key="any", _strict_response_validation=True) as client:
        events = await client.conversations.messages.create(
            conversation, input="Say 'done'", background=True
        )
        show("async", *[event.message_type async for event in events])
        show("runs", *[run.status async for run in await client.runs.list(limit=1)])


def show(*values: object) -> None:
    print(*values)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
