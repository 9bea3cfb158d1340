"""A server of its own for every test, and the real SDK, strict, in front of it."""

from collections.abc import AsyncIterator, Callable, Iterator
from threading import Thread

import pytest
from letta_client import AsyncLetta, DefaultAsyncHttpxClient, DefaultHttpxClient, Letta
from letta_client.types import AgentState, Conversation

from mockletta.server import MockLetta
from tests.contract.undeclared import checked as checked

MODEL = "openai/gpt-4o-mini"

Serve = Callable[..., MockLetta]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers with the parameters of MockLetta; nobody waits for them to stop."""
    mocks: list[MockLetta] = []

    def start(**parameters: object) -> MockLetta:
        mocks.append(MockLetta(**parameters).start())  # type: ignore[arg-type]
        return mocks[-1]

    yield start
    for mock in mocks:
        Thread(target=mock.stop).start()


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    return serve()


@pytest.fixture
def client(mock: MockLetta) -> Iterator[Letta]:
    with sync_client(mock) as client:
        yield client


@pytest.fixture
async def async_client(mock: MockLetta) -> AsyncIterator[AsyncLetta]:
    async with AsyncLetta(
        base_url=mock.base_url,
        api_key="any",
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(verify=False),
        _strict_response_validation=True,
    ) as client:
        yield client


@pytest.fixture
def agent(client: Letta) -> AgentState:
    return checked(client.agents.create(model=MODEL))


@pytest.fixture
def conversation(client: Letta, agent: AgentState) -> Conversation:
    return checked(client.conversations.create(agent_id=agent.id))


def sync_client(mock: MockLetta) -> Letta:
    """A strict client of a mock: failures are raised at once, not tried again.

    Its HTTP client loads no certificates, which would take longer than most tests.
    """
    return Letta(
        base_url=mock.base_url,
        api_key="any",
        max_retries=0,
        http_client=DefaultHttpxClient(verify=False),
        _strict_response_validation=True,
    )
