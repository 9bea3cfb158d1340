"""A server of its own for every test, and the real SDK, strict, in front of it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest
from letta_client import AsyncLetta, DefaultAsyncHttpxClient, DefaultHttpxClient, Letta
from letta_client.types import AgentState, Conversation

from mockletta.testing.mock_letta import MockLetta
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked
from tests.replay.stand_in import StandIn

__all__ = ["MODEL", "checked"]

Serve = Callable[..., MockLetta]
Connect = Callable[..., Letta]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers with the parameters of MockLetta."""
    with ExitStack() as mocks:
        yield lambda **parameters: mocks.enter_context(MockLetta(**parameters))


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    return serve()


@pytest.fixture
def connect(serve: Serve) -> Iterator[Connect]:
    """Clients of servers with the parameters of MockLetta."""
    with ExitStack() as open_clients:
        yield lambda **parameters: open_clients.enter_context(sync_client(serve(**parameters)))


@pytest.fixture
def client(mock: MockLetta) -> Iterator[Letta]:
    with sync_client(mock) as client:
        yield client


@pytest.fixture
def scripted(connect: Connect) -> Letta:
    """A client of a server whose model does as the messages tell it: see StandIn."""
    return connect(brain=StandIn())


@pytest.fixture
async def async_client(mock: MockLetta) -> AsyncIterator[AsyncLetta]:
    async with async_client_of(mock) as client:
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


def async_client_of(mock: MockLetta) -> AsyncLetta:
    """The asynchronous twin of `sync_client`."""
    return AsyncLetta(
        base_url=mock.base_url,
        api_key="any",
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(verify=False),
        _strict_response_validation=True,
    )
