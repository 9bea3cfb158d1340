"""What faults do to frames, however the frames come."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import NoReturn

import pytest

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError, ModelError
from mockletta.faults.fault import SendingFault
from mockletta.faults.frames import apply_to_answer, apply_to_rest
from mockletta.faults.kinds.fail import FailFault
from mockletta.faults.parsing import parse_fault
from mockletta.http.rendering import JSON_TYPE, Response
from mockletta.http.sse import Chunk, encode
from mockletta.http.streaming import STREAM_HEAD, Answer, ChunkedResponse, EventStream
from mockletta.state.event_log import Event, Events

EVENTS = [*(Event("n", b'{"n":%d}' % n) for n in (1, 2, 3)), Event("done", b"[DONE]")]
FRAMES = [encode([event]) for event in EVENTS]
ONE, TWO, THREE, DONE = FRAMES
JSON = Response(201, [JSON_TYPE], b'{"answer":42}')


class Line:
    """A request that a fault applies to: what it waited for, and what was done."""

    params: Mapping[str, str] = MappingProxyType({})
    body = b""

    def __init__(self, *, ended: bool = False) -> None:
        self.waits: list[float | None] = []
        self.applied = False
        self.ended = ended

    async def process(self) -> Answer:
        return JSON

    async def process_with_failing_model(self, _: FailFault) -> Answer | None:
        return None

    async def wait(self, seconds: float | None) -> bool:
        self.waits.append(seconds)
        return self.ended

    async def reset(self) -> NoReturn:
        raise ConnectionResetError

    def model_error(self, failure: ModelFailure) -> ApiError:
        return ModelError(failure.status, "llm", failure.message, "")


def stream_of(*groups: Events) -> EventStream:
    async def follow() -> AsyncIterator[Events]:
        for events in groups:
            yield events

    return EventStream(follow)


WHOLE = STREAM_HEAD._replace(body=encode(EVENTS), events=EVENTS)
ANSWERS = [
    WHOLE,
    stream_of(*([event] for event in EVENTS)),
    stream_of(EVENTS[:1], EVENTS[1:3], EVENTS[3:]),
]


def changed(line: Line, spelled: str, answer: Answer) -> Response | ChunkedResponse:
    fault = parse_fault(spelled)
    assert isinstance(fault, SendingFault)
    return apply_to_answer(fault, answer, line)


def sent(line: Line, fault: str, answer: Answer) -> list[bytes]:
    """The pieces that are sent of an answer with a fault; a reset is an `RST`."""
    response = changed(line, fault, answer)
    return [response.body] if isinstance(response, Response) else read(response.chunks)


def read(frames: AsyncIterator[Chunk]) -> list[bytes]:
    async def reading() -> list[bytes]:
        pieces: list[bytes] = []
        try:
            async for piece in frames:  # one by one: what came before a reset counts
                pieces += [piece.data]
        except ConnectionResetError:
            pieces.append(b"RST")
        return pieces

    return asyncio.run(reading())


@pytest.mark.parametrize("answer", ANSWERS, ids=["whole", "lasting", "lasting in other chunks"])
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("truncate=0", []),
        ("truncate=3", [ONE, TWO, THREE]),
        ("duplicate=3", [ONE, TWO, THREE, THREE, DONE]),
        ("reorder=1", [TWO, ONE, THREE, DONE]),
        ("reorder=3", [ONE, TWO, DONE, THREE]),
        ("malformed=1", [b"data: {\n\n", TWO, THREE, DONE]),
        ("no_done", [ONE, TWO, THREE]),
        ("stall=5 after_frames=2", FRAMES),
        ("slow=1000000", FRAMES),
        ("reset=after_headers", [b"RST"]),
        ('reset={"after_frames":1}', [ONE, b"RST"]),
        ('reset={"in_frame":2}', [ONE, TWO[:7], b"RST"]),
    ],
)
def test_frames_are_changed_whatever_the_chunks(
    answer: Answer, fault: str, expected: list[bytes]
) -> None:
    line = Line()
    assert sent(line, fault, answer) == expected
    assert line.applied


@pytest.mark.parametrize("answer", ANSWERS, ids=["whole", "lasting", "lasting in other chunks"])
@pytest.mark.parametrize(
    "fault",
    [
        "truncate=4",
        "duplicate=5",
        "reorder=4",
        "malformed=5",
        "error_event=4",
        "stall=5 after_frames=4",
        'reset={"after_frames":4}',
        'reset={"in_frame":5}',
    ],
)
def test_a_stream_that_is_too_short_is_sent_as_it_is(answer: Answer, fault: str) -> None:
    line = Line()
    assert sent(line, fault, answer) == FRAMES
    assert not line.applied


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("truncate=1", []),
        ("truncate=3", [THREE]),
        ("duplicate=1", [THREE, DONE]),
        ("duplicate=3", [THREE, THREE, DONE]),
        ("reset=before_headers", [b"RST"]),
        ('reset={"after_frames":3}', [THREE, b"RST"]),
    ],
)
def test_frames_that_are_sent_already_count(fault: str, expected: list[bytes]) -> None:
    async def rest() -> AsyncIterator[Events]:
        yield EVENTS[2:]

    parsed = parse_fault(fault)
    assert isinstance(parsed, SendingFault)
    assert read(apply_to_rest(parsed, 2, rest(), Line())) == expected


def test_a_stall_lasts_as_long_as_it_says() -> None:
    line = Line()
    sent(line, "stall=5", WHOLE)
    sent(line, "stall=forever", WHOLE)
    assert line.waits == [5, None]


def test_slow_bytes_come_in_ten_pieces_a_second() -> None:
    line = Line()
    assert sent(line, "slow=50", JSON) == [b'{"ans', b'wer":', b"42}"]
    assert line.waits == [0.1, 0.1, 0.06]
    line = Line()
    assert len(sent(line, "slow=0.5", JSON)) == len(JSON.body)
    assert set(line.waits) == {2.0}


@pytest.mark.parametrize("fault", ["stall=forever", "slow=0.1"])
def test_when_the_server_stops_what_waits_is_cut_off(fault: str) -> None:
    assert sent(Line(ended=True), fault, WHOLE) == [b"RST"]


def test_an_error_event_names_the_run_of_the_frames_before() -> None:
    frames = stream_of([Event("n", b'{"run_id":"run-1"}'), *EVENTS[1:]])
    pieces = sent(Line(), "error_event=2 message=Oh", frames)
    assert pieces[2] == (
        b'event: error\ndata: {"message_type":"error_message","run_id":"run-1",'
        b'"error_type":"internal_error","message":"Oh","detail":null,"seq_id":null}\n\n'
    )
    assert len(pieces) == 3


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("truncate=0", b""),
        ("truncate=5", b'{"ans'),
        ("malformed=1", b'{"answ'),
        ("stall=1", b'{"answer":42}'),
    ],
)
def test_a_json_body_is_cut_in_bytes(fault: str, body: bytes) -> None:
    line = Line()
    assert b"".join(sent(line, fault, JSON)) == body
    assert line.applied


@pytest.mark.parametrize(
    "fault", ["duplicate=1", "reorder=1", "no_done", "error_event=0", "truncate=13"]
)
def test_a_json_body_is_not_changed_by_faults_of_frames(fault: str) -> None:
    line = Line()
    assert sent(line, fault, JSON) == [JSON.body]
    assert not line.applied


def test_a_json_body_that_lasts_keeps_its_head() -> None:
    response = changed(Line(), "slow=10", JSON)
    assert isinstance(response, ChunkedResponse)
    assert response.head == Response(201, [JSON_TYPE, (b"content-length", b"13")], b"")


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ("status=418", 418, b'{"detail":"I'),
        ("status=599", 599, b'{"detail":"Error"}'),
        ("busy", 409, b'{"detail":"CONFLICT'),
        ("delay=1", 201, JSON.body),
        ("rate_limit", 429, b'{"error"'),
    ],
)
def test_some_faults_answer_before_or_instead_of_the_request(
    fault: str, status: int, body: bytes
) -> None:
    line = Line()
    answer = asyncio.run(parse_fault(fault).answer(line))
    assert isinstance(answer, Response)
    assert (answer.status, line.applied) == (status, True)
    assert answer.body.startswith(body)
