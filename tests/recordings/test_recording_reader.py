"""Files that are written are read again, byte for byte; others are refused with the line."""

from pathlib import Path

import pytest

from mockletta.recordings.recording import (
    BROKE_OFF,
    COMPLETE,
    UNFINISHED,
    BadRecording,
    Content,
    Exchange,
)
from mockletta.recordings.recording_reader import read_recording
from mockletta.recordings.recording_writer import Origin, RecordingWriter
from mockletta.recordings.scrubbing import Scrubber

UUID = "5ed744f6-fc40-45d9-a860-14e2a46433ef"
HEAD = '{"mockletta": "recording", "version": 1}\n'
SSE = [("content-type", "text/event-stream")]


def exchange(body: bytes, *pieces: tuple[float, bytes], headers: list[tuple[str, str]]) -> Exchange:
    received = pieces or ((0.5, body),)
    size = sum(len(data) for _, data in received)
    content = Content(body, len(body))
    return Exchange(
        1,
        0.25,
        "x",
        "PUT",
        "/a",
        "b=c",
        [("a", "b"), ("a", "c")],
        content,
        200,
        headers,
        received,
        size,
        0.5,
        COMPLETE,
    )


def round_trip(tmp_path: Path, *exchanges: Exchange) -> list[Exchange]:
    file = tmp_path / "a.jsonl"
    writer = RecordingWriter(file, Origin("http://x", "2026-01-01"), Scrubber())
    for one in exchanges:
        writer.add(one)
    writer.close()
    return list(read_recording(file).exchanges)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"a":1.5,"b":[null,true,"\xc3\xa9"]}',
        b'{"a": 1, "b": "\\u00e9"}',
        b'{"a":"\\u00e9"}',
        b'{ "a":1 }',
        b'{"a":"\\ud800"}',
        b'{"a":1e400}',
        b"{" * 100_000,
        b"text \xe2\x9f\xa8agent-1\xe2\x9f\xa9",
        b"\x00\xff",
        f'{{"id":"agent-{UUID}","otid":"{UUID}"}}'.encode(),
        b'{"a":"\xe2\x9f\xa8agent-1\xe2\x9f\xa9"}',
    ],
)
@pytest.mark.parametrize("headers", [[], SSE])
def test_a_body_is_the_same_again(
    tmp_path: Path, body: bytes, headers: list[tuple[str, str]]
) -> None:
    written = exchange(body, headers=headers)
    [found] = round_trip(tmp_path, written)
    assert (found.content, found.body) == (written.content, written.body)
    assert (found.headers, found.target, found.ended) == (written.headers, "/a?b=c", 0.5)


@pytest.mark.parametrize(
    "pieces",
    [
        ((0.1, b'data: {"a":1}\n\ndata: [DONE]\n\n'), (0.2, b"data: x\n\n")),
        ((0.1, b'data: {"a":'), (0.2, b"1}\n\n: ping\n\nevent: error\ndata: {}\n\n")),
        ((0.1, b'data: {"a": 1}\n\ndata: "b"\n\n'), (0.2, b"\xff\n\n")),
    ],
)
def test_a_stream_is_the_same_again(
    tmp_path: Path, pieces: tuple[tuple[float, bytes], ...]
) -> None:
    [found] = round_trip(tmp_path, exchange(b"", *pieces, headers=SSE))
    assert tuple(found.pieces) == pieces


def test_a_body_in_pieces_is_the_same_again(tmp_path: Path) -> None:
    pieces = (0.1, b'{"a"'), (0.2, b":1}")
    [found] = round_trip(tmp_path, exchange(b"", *pieces, headers=[]))
    assert tuple(found.pieces) == pieces


def test_the_last_line_of_a_crash_is_left_out(tmp_path: Path) -> None:
    pieces = (0.1, b"data: 1\n\n"), (0.2, b"data: 2\n\n")
    round_trip(tmp_path, exchange(b"", *pieces, headers=SSE))
    file = tmp_path / "a.jsonl"
    file.write_text(file.read_text()[:-20])
    [found] = read_recording(file).exchanges
    assert (found.ending, tuple(found.pieces)) == (UNFINISHED, pieces)


def test_how_it_ended_is_kept(tmp_path: Path) -> None:
    broken = exchange(b"x", headers=[])
    [found] = round_trip(tmp_path, Exchange(**{**vars(broken), "ending": BROKE_OFF, "reason": "r"}))
    assert (found.ending, found.reason) == (BROKE_OFF, "r")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an empty file"),
        ("[]\n", "1: the first line"),
        ('{"mockletta": "recording", "version": 9}\n', "1: version 9"),
        (HEAD + '{"what": 1}\n', "2: unknown kind of line `what`"),
        (HEAD + '{"request": 1}\n', "2: no 'at'"),
        (HEAD + "{\n", "2: Expecting property name"),
    ],
)
def test_another_file_is_refused_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(text)
    with pytest.raises(BadRecording, match=reason):
        read_recording(file)
