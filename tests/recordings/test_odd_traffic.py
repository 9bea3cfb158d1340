"""Traffic that is rare: half uploads, odd bodies, sessions that are misused."""

import asyncio
import base64
import logging
import socket
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.types import Message

from mockletta.errors import BadSettings
from mockletta.recordings.har import to_har
from mockletta.recordings.issued_ids import IssuedIds
from mockletta.recordings.likeness import body_value
from mockletta.recordings.proxy import RecordingProxy
from mockletta.recordings.record_session import RecordOptions, RecordSession
from mockletta.recordings.recording import COMPLETE, UNFINISHED, Content, Exchange, Recording
from mockletta.recordings.recording_writer import Origin, RecordingWriter
from mockletta.recordings.scrubbing import Scrubber, split_alike
from mockletta.recordings.upstream import Upstream
from tests.recordings.sessions import read, recorded, replayed, upstream
from tests.recordings.upstreams import head, serving

UUID = "5ed744f6-fc40-45d9-a860-14e2a46433ef"
BINARY = b"\x00\xff"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


def exchange(data: bytes = b"", answer: bytes = b"") -> Exchange:
    content = Content(data, len(data))
    return Exchange(
        1, 0, "", "POST", "/v1/x", "", [], content, 200, [], [(0, answer)], 0, 0, COMPLETE
    )


def test_a_client_that_leaves_amid_its_upload_is_recorded(file: Path) -> None:
    with upstream() as server, recorded(server.base_url, file) as session:
        port = int(session.base_url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(
                b"POST /v1/blocks/ HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{"
            )
        assert httpx.get(f"{session.base_url}/v1/health/").status_code == 200
    assert sorted(one.ending for one in read(file).exchanges) == ["client left", "complete"]


def test_a_request_that_is_cancelled_is_recorded_as_it_was() -> None:
    kept: list[Exchange] = []

    async def never() -> Message:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    async def send(_: Message) -> None:
        raise AssertionError

    async def ask(url: str) -> None:
        proxy = RecordingProxy(Upstream(url), kept.append)
        scope = {"method": "GET", "path": "/a", "query_string": b"", "headers": []}
        request = asyncio.ensure_future(proxy(scope, never, send))
        await asyncio.sleep(0.1)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await proxy.end()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.recv(1)

    with serving(answer) as url:
        asyncio.run(ask(url))
    assert [(one.path, one.status, one.ending) for one in kept] == [("/a", 0, UNFINISHED)]


def test_a_failure_to_write_is_logged(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    def mask(text: str) -> str:
        raise ZeroDivisionError(text)

    with upstream() as server, recorded(server.base_url, file, mask=mask) as session:
        assert httpx.get(f"{session.base_url}/v1/blocks/").json() == []
    assert "request 1 could not be recorded" in caplog.text
    assert caplog.records[-1].levelno == logging.ERROR


def test_binary_bodies_are_replayed_masked_and_converted(file: Path) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head("content-length: 2") + BINARY)

    with serving(answer) as url, recorded(url, file) as session:
        httpx.post(session.base_url, content=BINARY)
    with replayed(file) as session:
        assert httpx.post(session.base_url, content=BINARY).content == BINARY
    assert base64.b64encode(BINARY).decode() in to_har(read(file))


def test_a_session_that_is_not_started_has_no_address(file: Path) -> None:
    with pytest.raises(RuntimeError, match="use it in a `with` block"):
        RecordSession(None, file).base_url  # noqa: B018 - reading it is what is tested


def test_an_unknown_mode_is_an_error(file: Path) -> None:
    options = RecordOptions(mode="some")  # type: ignore[arg-type]
    with pytest.raises(BadSettings, match="unknown mode `some`: expected one of none, once"):
        RecordSession("http://localhost:1", file, options).start()


def test_a_session_warns_of_an_old_recording(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with upstream() as server, recorded(server.base_url, file):
        pass
    with replayed(file, max_age=0):
        assert "record it again" in caplog.text


def test_a_writer_that_is_closed_writes_nothing(file: Path) -> None:
    writer = RecordingWriter(file, Origin("http://x", ""), Scrubber())
    writer.close()
    writer.close()
    writer.add(exchange())
    assert read(file).exchanges == []


def test_odd_bodies_are_compared_as_texts() -> None:
    assert body_value(Content(b"[" * 100_000, 0), exchange()) == "[" * 100_000


def test_binary_requests_keep_their_bytes_when_ids_are_swapped() -> None:
    ids = [f"agent-{UUID}", f"agent-{UUID.replace('5', '6')}"]
    create = [
        Exchange(**{**vars(exchange(b"{}", f'{{"id": "{one}"}}'.encode())), "number": n})
        for n, one in enumerate(ids, 1)
    ]
    of_other = Exchange(**{**vars(exchange(BINARY)), "number": 3, "path": f"/v1/agents/{ids[1]}"})
    asked = Exchange(**{**vars(exchange(BINARY)), "path": f"/v1/agents/{ids[0]}"})
    issued = IssuedIds([*create, of_other])
    swapped = issued.swap_for(asked, [of_other], set(), lambda *_: True)
    assert swapped is not None
    assert (swapped.path, swapped.content.data) == (of_other.path, BINARY)


def test_empty_secrets_and_texts_without_digits_stay() -> None:
    scrubber = Scrubber(["x*"], ["$.a"])
    data = b'{"a":[1,""],"b":"y","text":"yy"}'
    assert scrubber.exchange(exchange(data)).content.data == data
    assert split_alike([(0, b"ab")], [(b"ab", b"c"), (b"", b"")]) == [(0, b"c")]


def test_a_recording_finds_exchanges_by_number() -> None:
    first = replace(exchange(), number=7)
    assert Recording([first]).by_number == {7: first}
