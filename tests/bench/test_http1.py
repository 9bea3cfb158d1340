"""Where a response ends, whatever pieces it arrives in."""

import pytest

from bench.http1 import ResponseReader, is_finished_stream, is_success, request_bytes

SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nserver: x\r\n\r\nhello"
STREAM = (
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    b"10\r\ndata: {}\n\ndata: \r\n8\r\n[DONE]\n\n\r\n0\r\n\r\n"
)


@pytest.mark.parametrize("response", [SIZED, STREAM])
def test_a_response_is_whole_with_its_last_byte_and_not_before(response: bytes) -> None:
    reader = ResponseReader()
    whole = [reader.feed(response[at : at + 1]) for at in range(len(response))]
    assert whole == [False] * (len(response) - 1) + [True]
    assert reader.take() == response


def test_a_reader_takes_one_response_after_the_other() -> None:
    reader = ResponseReader()
    for response in (SIZED, STREAM, SIZED):
        assert reader.feed(response)
        assert reader.take() == response


def test_a_request_carries_its_json_body() -> None:
    request = request_bytes("POST", "/v1/agents/", {"a": 1})
    assert request.startswith(b"POST /v1/agents/ HTTP/1.1\r\n")
    assert request.endswith(b'content-length: 8\r\n\r\n{"a": 1}')


def test_an_error_is_no_success() -> None:
    assert is_success(SIZED)
    assert not is_success(b"HTTP/1.1 409 Conflict\r\n\r\n")


def test_a_stream_is_finished_by_its_done_event() -> None:
    assert is_finished_stream(b"\r\ndata: {}\n\ndata: [DONE]\n\n\r\n0\r\n\r\n")
    assert not is_finished_stream(SIZED)
