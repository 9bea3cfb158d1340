"""What an upstream does wrong reaches the app, and is recorded as what it was."""

import gzip
import socket
import ssl
import struct
import threading
from pathlib import Path

import httpx
import pytest
import trustme

from mockletta.errors import BadSettings
from mockletta.recordings.recording import (
    BROKE_OFF,
    CLIENT_LEFT,
    COMPLETE,
    NO_ANSWER,
    UNFINISHED,
    Exchange,
)
from tests.recordings.sessions import read, recorded, replayed, upstream
from tests.recordings.upstreams import FRAME, STREAM, chunk, head, serving


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


def only(file: Path) -> Exchange:
    [exchange] = read(file).exchanges
    return exchange


def parts(url: str) -> list[bytes]:
    """The body of an answer as it comes."""
    with httpx.stream("GET", url) as response:
        return list(response.iter_raw())


def test_a_stream_comes_frame_by_frame_while_it_is_made(file: Path) -> None:
    is_read = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(STREAM + chunk(FRAME))
        assert is_read.wait(5)
        connection.sendall(chunk(FRAME[:9]) + chunk(FRAME[9:]) + chunk(b""))

    with (
        serving(answer) as url,
        recorded(url, file) as session,
        httpx.stream("GET", session.base_url) as response,
    ):
        frames = response.iter_raw()
        assert next(frames) == FRAME
        is_read.set()
        assert b"".join(frames) == FRAME
    assert b"".join(data for _, data in only(file).pieces) == FRAME * 2
    with replayed(file) as session:
        assert parts(session.base_url) == [data for _, data in only(file).pieces]


def test_half_frames_come_as_halves(file: Path) -> None:
    is_read = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(STREAM + chunk(FRAME + FRAME[:9]))
        assert is_read.wait(5)
        connection.sendall(chunk(FRAME[9:]) + chunk(b""))

    with (
        serving(answer) as url,
        recorded(url, file) as session,
        httpx.stream("GET", session.base_url) as response,
    ):
        halves = response.iter_raw()
        assert next(halves) == FRAME + FRAME[:9]
        is_read.set()
        assert list(halves) == [FRAME[9:]]
    with replayed(file) as session:
        assert parts(session.base_url) == [FRAME + FRAME[:9], FRAME[9:]]


@pytest.mark.parametrize("begun", [b"", STREAM + chunk(FRAME)])
def test_an_upstream_that_stalls_is_waited_for(file: Path, begun: bytes) -> None:
    gone = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begun)
        connection.recv(1)
        gone.set()

    with serving(answer) as url, recorded(url, file) as session:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(session.base_url, timeout=0.2)
        assert gone.wait(5)
    assert (only(file).ending, only(file).body) == (CLIENT_LEFT, FRAME if begun else b"")
    assert only(file).ended >= 0.1
    with replayed(file) as session, pytest.raises(httpx.TransportError):
        httpx.get(session.base_url, timeout=0.2)


def test_the_proxy_of_the_environment_is_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        assert request.startswith(b"GET http://letta.example/v1/x HTTP/1.1\r\n")
        connection.sendall(head("content-length: 2") + b"ok")

    with serving(answer) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.removeprefix("http://"))
        with recorded("http://letta.example", file) as session:
            assert httpx.get(f"{session.base_url}/v1/x", trust_env=False).text == "ok"
    assert only(file).path == "/v1/x"


@pytest.mark.parametrize("proxy", ["socks5://localhost:1", "http://localhost:x", "x://localhost"])
def test_a_proxy_that_cannot_be_used_is_an_error(
    file: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with pytest.raises(BadSettings, match="the proxy of the environment"):
        recorded("http://letta.example", file).start()
    monkeypatch.setenv("NO_PROXY", "letta.example")
    recorded("http://letta.example", file).start().stop()


def test_requests_share_a_connection_to_the_upstream(file: Path) -> None:
    requests: list[int] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        requests.append(0)
        while request:
            requests[-1] += 1
            connection.sendall(head("content-length: 2") + b"ok")
            request = connection.recv(65536)

    with serving(answer) as url, recorded(url, file) as session, httpx.Client() as client:
        for _ in range(3):
            assert client.get(session.base_url).text == "ok"
    assert requests == [3]


def test_a_stream_that_breaks_off_breaks_off_for_the_app(file: Path) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(STREAM + chunk(FRAME) + chunk(FRAME[:9]))

    with (
        serving(answer) as url,
        recorded(url, file) as session,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        parts(session.base_url)
    assert (only(file).ending, only(file).body) == (BROKE_OFF, FRAME + FRAME[:9])
    with replayed(file) as session, pytest.raises(httpx.RemoteProtocolError):
        parts(session.base_url)


def test_a_reset_is_a_reset(file: Path) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(STREAM + chunk(FRAME))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serving(answer) as url, recorded(url, file) as session, pytest.raises(httpx.HTTPError):
        parts(session.base_url)
    assert only(file).ending in (BROKE_OFF, NO_ANSWER)


def test_a_server_that_cannot_be_reached_is_no_answer(file: Path) -> None:
    with recorded("http://127.0.0.1:9", file) as session, pytest.raises(httpx.ReadError):
        httpx.get(session.base_url)
    assert (only(file).ending, only(file).status) == (NO_ANSWER, 0)
    assert "ConnectError" in only(file).reason
    with replayed(file) as session, pytest.raises(httpx.ReadError):
        httpx.get(session.base_url)


def test_a_client_that_leaves_is_recorded(file: Path) -> None:
    gone = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(STREAM + chunk(FRAME))
        connection.recv(1)
        gone.set()

    with serving(answer) as url, recorded(url, file) as session:
        with httpx.stream("GET", session.base_url) as response:
            next(response.iter_raw())
        assert gone.wait(5)
    assert (only(file).ending, only(file).body) == (CLIENT_LEFT, FRAME)


def test_a_session_that_ends_keeps_what_came_until_then(file: Path) -> None:
    is_over = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(STREAM + chunk(FRAME))
        is_over.wait(5)

    with serving(answer) as url, recorded(url, file) as session, httpx.Client() as client:
        stream = client.send(client.build_request("GET", session.base_url), stream=True)
        next(stream.iter_raw())
        session.stop()
        is_over.set()
        stream.close()
    assert only(file).ending in (UNFINISHED, CLIENT_LEFT)
    assert only(file).body == FRAME


def test_a_compressed_body_is_passed_on_and_recorded_readably(file: Path) -> None:
    packed = gzip.compress(b'{"a":1}')

    def answer(connection: socket.socket, request: bytes) -> None:
        assert b"accept-encoding: gzip\r\n" in request.lower()
        size = f"content-length: {len(packed)}"
        kind = "content-type: application/json"
        connection.sendall(head(kind, "content-encoding: gzip", size) + packed)

    headers = {"accept-encoding": "br, gzip"}
    with serving(answer) as url, recorded(url, file) as session:
        assert httpx.get(session.base_url, headers=headers).json() == {"a": 1}
    assert (only(file).body, only(file).encoding) == (b'{"a":1}', "gzip")
    with replayed(file) as session:
        assert httpx.get(session.base_url, headers=headers).json() == {"a": 1}


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_body_that_cannot_be_decompressed_is_passed_on(file: Path, encoding: str) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head(f"content-encoding: {encoding}", "content-length: 3") + b"abc")

    with serving(answer) as url, recorded(url, file) as session:
        assert parts(session.base_url) == [b"abc"]
    assert only(file).body == b""


def test_a_redirect_stays_with_the_proxy(file: Path) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        if request.startswith(b"GET /there"):
            connection.sendall(head("content-length: 2") + b"ok")
        else:
            where = request.lower().partition(b"host: ")[2].partition(b"\r\n")[0].decode()
            to = f"location: http://{where}/there"
            connection.sendall(head(to, "content-length: 0", status="307 Temporary Redirect"))

    with serving(answer) as url, recorded(url, file) as session:
        assert httpx.get(f"{session.base_url}/here", follow_redirects=True).text == "ok"
    assert [one.path for one in read(file).exchanges] == ["/here", "/there"]
    with replayed(file) as session:
        assert httpx.get(f"{session.base_url}/here", follow_redirects=True).text == "ok"


def test_a_long_body_is_passed_on_whole_and_recorded_up_to_the_limit(file: Path) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head(f"content-length: {40_000_000}"))
        for part in [b"x" * 1_000_000] * 40:
            connection.sendall(part)

    with serving(answer) as url, recorded(url, file, max_body=1000) as session:
        assert len(httpx.get(session.base_url).content) == 40_000_000
    assert (len(only(file).body), only(file).whole_size) == (1000, 40_000_000)
    with replayed(file) as session:
        refused = httpx.get(session.base_url)
    assert refused.status_code == 501
    assert "record it again with a larger --max-body" in refused.json()["detail"]


def test_an_upload_is_recorded(file: Path) -> None:
    with upstream() as server, recorded(server.base_url, file) as session:
        url = f"{session.base_url}/v1/folders/"
        folder = httpx.post(url, json={"name": "f"}).json()
        files = {"file": ("a.txt", b"\x00\xff\xfe" * 1000)}
        uploaded = httpx.post(f"{url}{folder['id']}/upload", files=files)
        assert uploaded.status_code == 200
    assert b"\x00\xff\xfe" * 1000 in read(file).exchanges[1].content.data
    with replayed(file) as session:
        url = f"{session.base_url}/v1/folders/"
        assert httpx.post(url, json={"name": "f"}).json() == folder
        assert httpx.post(f"{url}{folder['id']}/upload", files=files).json() == uploaded.json()


def test_a_body_without_a_length_is_passed_on(file: Path) -> None:
    with upstream() as server, recorded(server.base_url, file) as session:
        body = iter([b'{"label": "a",', b' "value": "b"}'])
        made = httpx.post(
            f"{session.base_url}/v1/blocks/",
            content=body,
            headers={"content-type": "application/json"},
        )
        assert made.json()["value"] == "b"
    assert only(file).content.data == b'{"label": "a", "value": "b"}'


def test_an_upstream_with_a_made_certificate_can_be_trusted(file: Path, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head("content-length: 2") + b"ok")

    with serving(answer, context) as url:
        with recorded(url, file, ca_file=str(tmp_path / "ca.pem")) as session:
            assert httpx.get(session.base_url).text == "ok"
        assert only(file).ending == COMPLETE
        with recorded(url, file) as session, pytest.raises(httpx.ReadError):
            httpx.get(session.base_url)
        assert "CERTIFICATE_VERIFY_FAILED" in only(file).reason
