"""Who gets at the control API of a real server."""

from collections.abc import Iterator

import httpx
import pytest

from mockletta import MockLetta


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """A client of a server on this machine that has an admin token."""
    with (
        MockLetta(admin_token="secret") as mock,
        httpx.Client(base_url=mock.base_url, trust_env=False) as http,
    ):
        yield http


def test_a_client_on_this_machine_needs_no_token(http: httpx.Client) -> None:
    assert http.get("/_mockletta/").status_code == 200
    assert http.get("/_mockletta").headers["location"].endswith("/_mockletta/")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost:3000"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"host": "rebound.example"},
        {"host": "rebound.example", "origin": "http://rebound.example"},
        {"x-forwarded-for": "192.0.2.7"},
        {"x-mockletta-admin-token": "guess"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_whoever_may_be_somebody_else_is_refused_and_told_nothing(
    method: str, headers: dict[str, str], http: httpx.Client
) -> None:
    answer = http.request(method, "/_mockletta/reset", headers=headers)

    assert (answer.status_code, answer.json().keys()) == (403, {"detail"})
    assert [name for name in answer.headers if name.startswith("access-control-")] == []


def test_the_token_opens_it_by_any_name_but_for_no_page(http: httpx.Client) -> None:
    named = {"host": "mock.example", "x-mockletta-admin-token": "secret"}

    assert http.get("/_mockletta/", headers=named).status_code == 200
    assert http.get("/_mockletta/", headers={**named, "origin": "http://x"}).status_code == 403


def test_pages_still_get_at_the_api(http: httpx.Client) -> None:
    answer = http.get("/v1/agents/", headers={"origin": "http://localhost:3000"})

    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"


def test_it_is_open_in_process_without_a_port() -> None:
    with (
        MockLetta(port=None) as mock,
        httpx.Client(transport=mock.transport(), base_url=mock.base_url) as http,
    ):
        assert http.get("/_mockletta/").status_code == 200
