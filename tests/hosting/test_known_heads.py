"""Heads that are recognized by their bytes."""

import asyncio

import pytest

from mockletta.hosting.known_heads import (
    LONGEST,
    LONGEST_BODY,
    MOST_HEADS,
    KnownHeads,
    KnownRequest,
)
from mockletta.testing.mock_letta import MockLetta
from tests.hosting.connected import connected

HOST = (b"host", b"a")
HEAD = b"GET /v1/runs/ HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /v1/tools/?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"


def facts(request: KnownRequest | None) -> tuple[object, ...]:
    assert request is not None
    method, path, query, headers, body, missing = request
    return method, path, query, list(headers), body, missing


def test_another_request_with_the_same_headers_is_read() -> None:
    heads = KnownHeads()
    heads.remember(HEAD, [HOST])

    request = heads.read(b"DELETE /v1/tools/tool-1?a=%20b HTTP/1.1\r\nHost: a\r\n\r\n")

    assert facts(request) == ("DELETE", b"/v1/tools/tool-1", b"a=%20b", [HOST], b"", 0)


def test_a_body_of_the_same_length_is_read() -> None:
    heads, headers = KnownHeads(), [HOST, (b"content-length", b"2")]
    heads.remember(POST, headers)

    request = heads.read(POST.replace(b"{}", b"[]"))

    assert facts(request) == ("POST", b"/v1/tools/", b"a=b", headers, b"[]", 0)


def test_the_rest_of_a_body_is_missing() -> None:
    heads, headers = KnownHeads(), [HOST, (b"content-length", b"2")]
    heads.remember(POST[:-1], headers)

    request = heads.read(POST[:-2])

    assert facts(request) == ("POST", b"/v1/tools/", b"a=b", headers, b"", 2)


@pytest.mark.parametrize(
    "data",
    [
        HEAD.replace(b"Host: a", b"Host: b"),
        HEAD.replace(b"GET", b"HEAD"),
        HEAD.replace(b"1.1", b"1.0"),
        HEAD.replace(b"runs", b"r%20"),
        HEAD.replace(b"/v1", b"http://a/v1"),
        HEAD[:-1],
        HEAD + HEAD,
        HEAD + b"{}",
        b"",
    ],
)
def test_any_other_bytes_must_be_parsed(data: bytes) -> None:
    heads = KnownHeads()
    heads.remember(HEAD, [HOST])

    assert heads.read(data) is None


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (HEAD, (b"transfer-encoding", b"chunked")),
        (HEAD, (b"upgrade", b"h2c")),
        (HEAD, (b"expect", b"100-continue")),
        (HEAD, (b"content-length", b"%d" % (LONGEST_BODY + 1))),
        (HEAD.replace(b"GET", b"HEAD"), HOST),
        (HEAD.replace(b"Host", b"H" * LONGEST), HOST),
    ],
)
def test_an_unusual_request_is_not_remembered(data: bytes, header: tuple[bytes, bytes]) -> None:
    heads = KnownHeads()
    heads.remember(data, [HOST, header])

    assert heads.read(data) is None


def test_a_bounded_number_of_heads_is_kept() -> None:
    heads = KnownHeads()
    requests = [HEAD.replace(b"Host: a", b"Host: %d" % one) for one in range(MOST_HEADS + 1)]
    for request in requests:
        heads.remember(request, [HOST])

    assert [bool(heads.read(request)) for request in requests] == [False] * MOST_HEADS + [True]


async def _answers(*requests: bytes) -> list[bytes]:
    connection, transport = connected(MockLetta(port=None))
    answers = []
    for request in requests:
        transport.data = b""
        connection.data_received(request)
        answers.append(transport.data)
    return answers


@pytest.mark.parametrize("known", [[], [HEAD]])
def test_a_target_that_cannot_be_parsed_is_refused(known: list[bytes]) -> None:
    answers = asyncio.run(_answers(*known, HEAD.replace(b"/v1/runs/", b"/v1/h\xc3\xa4/")))

    assert answers[-1].startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_long_target_is_left_to_the_parser() -> None:
    request = HEAD.replace(b"/v1/runs/", b"/v1/runs/?a=" + b"b" * 70_000)

    assert asyncio.run(_answers(HEAD, request))[-1] == asyncio.run(_answers(request))[0]


async def _stopped_within(request: bytes) -> tuple[bool, bytes, bool]:
    connection, transport = connected(MockLetta(port=None))
    connection.data_received(request)
    connection.data_received(request[:-1])
    connection.shutdown()
    is_closed, transport.data = transport.has_been_closed, b""
    connection.data_received(request[-1:])
    return is_closed, transport.data, transport.has_been_closed


def test_a_server_that_stops_answers_a_known_request_that_is_incomplete() -> None:
    was_closed, answer, is_closed = asyncio.run(_stopped_within(POST))

    assert (was_closed, answer[:12], is_closed) == (False, b"HTTP/1.1 422", True)
