"""Web pages of other sites and rebound names are refused with the option that allows them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockletta.errors import Forbidden
from mockletta.hosting.browser_access import MOST_REMEMBERED, BrowserAccess
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import MODEL

CLIENT = ("127.0.0.1", 1)


def refusal(
    access: BrowserAccess, host: str | None = "localhost", origin: str | None = None
) -> str | None:
    """What a client on this machine is refused with."""
    given = (one if one is None else one.encode("latin-1") for one in (host, origin))
    try:
        access.check({"scheme": "http", "client": CLIENT}, *given)
    except Forbidden as error:
        return str(error)
    return None


def local(**allowed: Any) -> BrowserAccess:  # noqa: ANN401
    allowed = {"allow_host": (), "allow_origin": (), **allowed}
    return BrowserAccess("127.0.0.1", **allowed)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "localhost:8283",
        "LOCALHOST.",
        "mock.localhost",
        "127.0.0.1:1",
        "[::1]:8283",
        "192.168.1.7",
        "host.docker.internal:8283",
        "letta:8283",
    ],
)
def test_a_server_on_this_machine_answers_to_its_names(host: str | None) -> None:
    assert refusal(local(), host) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "Evil.Example:8283", "127.0.0.1.evil.example", "localhost.evil.example"],
)
def test_a_rebound_name_is_refused_unless_it_is_allowed(
    host: str, caplog: pytest.LogCaptureFixture
) -> None:
    access = local()

    told = [refusal(access, host, f"http://{host}") for _ in range(2)]

    assert told[0] == told[1] == caplog.messages[0]
    assert told[0] is not None
    assert f"--allow-host {host.lower().partition(':')[0]}" in told[0]
    assert len(caplog.messages) == 1
    assert refusal(local(allow_host=[host.lower().partition(":")[0]]), host) is None


def test_a_server_for_other_machines_answers_to_any_name() -> None:
    access = BrowserAccess("0.0.0.0", (), ())

    assert refusal(access, "letta.example") is None
    assert refusal(access, "letta.example", "http://letta.example") is None
    assert refusal(access, "letta.example", "http://evil.example") is not None


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost",
        "https://LOCALHOST:3000",
        "http://127.0.0.1:5173",
        "https://app.letta.com",
    ],
)
def test_pages_of_this_machine_are_admitted(origin: str) -> None:
    assert refusal(local(), origin=origin) is None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[::1", "x", ""])
def test_other_pages_are_refused_unless_they_are_allowed(origin: str) -> None:
    told = refusal(local(), origin=origin)

    assert told is not None
    assert f"--allow-origin {origin}" in told
    assert refusal(local(allow_origin=[origin]), origin=origin) is None


def test_a_client_in_this_process_is_no_browser() -> None:
    local().check({"scheme": "http", "client": None}, b"evil.example", b"http://evil.example")


def test_what_is_remembered_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    access = local()
    for number in range(MOST_REMEMBERED + 9):
        assert refusal(access, f"h{number}") is None
        assert refusal(access, f"h{number}.example") is not None

    assert len(access._admitted) == len(access._refused) == MOST_REMEMBERED == len(caplog.messages)


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with (
        MockLetta(allow_host="mock.example", allow_origin="https://shop.example") as mock,
        httpx.Client(base_url=mock.base_url) as http,
    ):
        yield http


def test_no_page_elsewhere_creates_an_agent(http: httpx.Client) -> None:
    body = f'{{"model": "{MODEL}"}}'
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        refused = http.post("/v1/agents/", content=body, headers=headers)
        assert refused.status_code == 403
        assert "--allow-" in refused.json()["detail"]

    assert http.get("/v1/agents/").json() == []


def test_allowed_names_and_pages_are_answered(http: httpx.Client) -> None:
    shop = {"host": "mock.example", "origin": "https://shop.example"}
    asked = {**shop, "access-control-request-method": "POST"}

    assert (
        http.get("/v1/agents/", headers=shop).headers["access-control-allow-origin"]
        == (shop["origin"])
    )
    assert http.options("/v1/agents/", headers=asked).status_code == 200
    asked["origin"] = "https://evil.example"
    assert http.options("/v1/agents/", headers=asked).status_code == 400
