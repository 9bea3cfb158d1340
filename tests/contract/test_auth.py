"""Keys that clients must send, if the server requires any."""

from collections.abc import Mapping

import httpx
import pytest
from letta_client import AsyncLetta, AuthenticationError, Letta

from mockletta.testing.mock import API_KEY
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve
from tests.contract.talk import MODEL

KEY = "sk-let-1234567890"


def client_with(mock: MockLetta, key: str | None, **headers: str) -> Letta:
    return mock.client(api_key=key, max_retries=0, default_headers=headers)


def test_a_client_without_the_key_is_refused(serve: Serve) -> None:
    mock = serve(require_key=KEY)

    with client_with(mock, "wrong") as client, pytest.raises(AuthenticationError) as refused:
        client.agents.create(model=MODEL)

    assert (refused.value.status_code, refused.value.body) == (401, {"detail": "Unauthorized"})
    assert len(mock.world.store.agents) == 0


@pytest.mark.anyio
async def test_the_asynchronous_client_is_refused_as_well(serve: Serve) -> None:
    mock = serve(require_key=KEY)
    client: AsyncLetta = mock.async_client(api_key="wrong", max_retries=0)

    async with client:
        with pytest.raises(AuthenticationError):
            await client.agents.list()


def test_a_client_with_a_required_key_is_let_in(serve: Serve) -> None:
    mock = serve(require_key=["first", KEY])

    for key in ("first", KEY):
        with client_with(mock, key) as client:
            assert client.agents.list().items == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": f"Bearer {KEY}"}, 200),
        ({"authorization": f"bearer {KEY}"}, 200),
        ({"x-bare-password": f"password {KEY}"}, 200),
        ({"x-bare-password": f"password {KEY}", "authorization": "Bearer other"}, 200),
        ({"x-bare-password": "password other", "authorization": f"Bearer {KEY}"}, 200),
        ({}, 401),
        ({"authorization": KEY}, 401),
        ({"authorization": f"Basic {KEY}"}, 401),
        ({"authorization": f"Bearer {KEY}x"}, 401),
        ({"authorization": f"Bearer {KEY[:-1]}"}, 401),
        ({"x-bare-password": KEY}, 401),
        ({"x-api-key": KEY}, 401),
    ],
)
def test_a_key_is_sent_as_bearer_or_as_password(
    serve: Serve, headers: Mapping[str, str], status: int
) -> None:
    url = f"{serve(require_key=KEY).base_url}/v1/agents/"

    assert httpx.get(url, headers=headers, trust_env=False).status_code == status


def test_any_key_will_do_if_none_in_particular_is_required(serve: Serve) -> None:
    mock = serve(require_key=True)

    with client_with(mock, "whatever") as client:
        assert client.agents.list().items == []
    with httpx.Client(base_url=mock.base_url, trust_env=False) as http:  # old SDKs refuse to send
        assert http.get("/v1/agents/").status_code == 401


def test_health_needs_no_key_but_anything_else_does(serve: Serve) -> None:
    mock = serve(require_key=KEY)

    with httpx.Client(base_url=mock.base_url, trust_env=False) as http:
        asked = {path: http.get(path).status_code for path in ("/v1/health/", "/", "/v1/nowhere")}

    assert asked == {"/v1/health/": 200, "/": 401, "/v1/nowhere": 401}


def test_the_control_api_needs_no_key(serve: Serve) -> None:
    url = f"{serve(require_key=KEY).base_url}/_mockletta/"

    assert httpx.get(url, trust_env=False).status_code == 200


def test_the_clients_of_a_mock_have_its_key(serve: Serve) -> None:
    one, any_key = serve(require_key=KEY), serve(require_key=True)

    assert (one.api_key, any_key.api_key) == (KEY, API_KEY)
    for mock in (one, any_key):
        with mock.client() as client, mock.client(in_process=True) as inside:
            assert client.agents.list().items == inside.agents.list().items == []


def test_a_fork_is_entered_with_its_own_key(serve: Serve) -> None:
    mock = serve(require_key=KEY)

    with mock.fork() as fork, fork.client() as client:
        client.agents.create(model=MODEL)

        assert (len(fork.world.store.agents), len(mock.world.store.agents)) == (1, 0)


def test_each_key_that_is_let_in_has_a_world_of_its_own_with_tenancy(serve: Serve) -> None:
    mock = serve(require_key=["own", "other"], tenancy="key")

    with client_with(mock, "other") as client:
        client.agents.create(model=MODEL)
    with client_with(mock, "wrong") as client, pytest.raises(AuthenticationError):
        client.agents.list()

    assert list(mock.worlds.by_key) == ["other"]
    assert len(mock.world.store.agents) == 0


def test_a_refused_request_is_in_the_journal_without_its_key(serve: Serve) -> None:
    mock = serve(require_key=KEY)
    with client_with(mock, "sk-let-wrong") as client, pytest.raises(AuthenticationError):
        client.agents.list()

    (entry,) = mock.journal
    assert (entry.status, entry.path, entry.key) == (401, "/v1/agents/", "sk-l…")
    assert b"wrong" not in b"".join(value for _, value in entry.headers)
