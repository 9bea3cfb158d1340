"""What the log says about clients that are set up wrongly."""

import socket
import sys
from collections.abc import Iterator
from types import ModuleType

import httpx
import pytest

from mockletta import MockLetta
from mockletta.hosting.client_hints import MOST_HINTS, ClientHints


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with MockLetta() as mock, httpx.Client(base_url=mock.base_url) as http:
        yield http


def hints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if "client" in one.getMessage()]


@pytest.mark.parametrize("start", ["/v1", "/api"])
def test_a_base_url_with_a_path_is_hinted_at_once(
    http: httpx.Client, caplog: pytest.LogCaptureFixture, start: str
) -> None:
    for _ in range(2):
        assert http.get(f"{start}/v1/agents/").status_code == 404

    (hint,) = hints(caplog)
    told = f"GET {start}/v1/agents/: the base URL of this client ends in {start}; the SDK adds /v1/"
    assert hint == f"{told} itself, so it must end before"


def test_a_path_that_no_prefix_explains_is_not_hinted_at(
    http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/v1/v1/nope", "/v1/nope", "/nope"):
        assert http.get(path).status_code == 404

    assert hints(caplog) == []


@pytest.mark.parametrize(
    "headers",
    [{"x-fern-sdk-version": "0.1.324"}, {"user-agent": "letta-client/0.1.324"}],
)
def test_an_old_sdk_is_hinted_at_once(
    http: httpx.Client, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    for _ in range(2):
        http.get("/v1/agents/", headers=headers)

    (hint,) = hints(caplog)
    assert hint.startswith("a client uses letta-client 0.1.324, whose API ended with version 1.0")


def test_https_on_a_port_of_http_is_hinted_at(
    http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    url = httpx.URL(http.base_url)
    with socket.create_connection((url.host, url.port or 0)) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        assert client.recv(12) == b"HTTP/1.1 400"

    assert hints(caplog) == [
        "a client tried https:// on this port, which speaks http://: change its base URL"
    ]


def test_hints_do_not_pile_up(caplog: pytest.LogCaptureFixture) -> None:
    given = ClientHints()
    for number in range(MOST_HINTS + 5):
        given.about_sdk(f"0.{number}")

    assert len(hints(caplog)) == MOST_HINTS


@pytest.mark.parametrize(("path", "status"), [("/", 307), ("/docs", 200), ("/openapi.json", 200)])
def test_pages_answer_head(http: httpx.Client, path: str, status: int) -> None:
    answer = http.head(path)

    assert (answer.status_code, answer.content) == (status, b"")
    assert http.head("/v1/agents/").status_code == 405


def test_an_sdk_before_1_0_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "letta_client", ModuleType("letta_client"))

    with (
        MockLetta() as mock,
        pytest.raises(ImportError, match=r"letta-client 1\.0 or newer, and .* is installed: pip"),
    ):
        mock.client()
