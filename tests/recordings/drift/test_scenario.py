"""Odd exchanges as drift plays them, and back."""

from mockletta.recordings.drift.event_frames import joined
from mockletta.recordings.drift.live_session import _answer
from mockletta.recordings.drift.player import LiveAnswer
from mockletta.recordings.drift.scenario import (
    EventFrame,
    ScenarioAnswer,
    recording_of,
    scenario_of,
)
from mockletta.recordings.recording import (
    BROKE_OFF,
    CLIENT_LEFT,
    COMPLETE,
    EVENT_STREAM,
    Content,
    Exchange,
    Pairs,
    Recording,
)

JSON = [("content-type", "application/json")]
SSE = [("content-type", EVENT_STREAM)]


def played(
    sent: bytes, answer: bytes, headers: Pairs = JSON, ending: str = COMPLETE
) -> tuple[object, ScenarioAnswer | None]:
    """The content of a request and its answer, as a scenario has them."""
    one = Exchange(
        1,
        0,
        "x",
        "POST",
        "/v1/x",
        "a=1&a=2&b=",
        JSON,
        Content(sent, len(sent)),
        200,
        headers,
        [(0.5, answer)],
        len(answer),
        0.5,
        ending,
    )
    [exchange] = scenario_of(Recording([one]), "x").exchanges
    assert exchange.request.query == {"a": ["1", "2"], "b": ""}
    return exchange.request.content, exchange.recorded


def test_bodies_that_are_not_json() -> None:
    assert played(b"\xff", b"{") == (b"\xff", ScenarioAnswer(200, dict(JSON), text="{"))
    assert played(b"{", b"") == ("{", ScenarioAnswer(200, dict(JSON)))


def test_answers_that_cannot_be_compared() -> None:
    assert played(b"", b"{}", ending=BROKE_OFF) == (None, None)
    assert played(b"", b"{}", ending=CLIENT_LEFT) == (None, None)


def test_a_stream_that_was_left_has_the_frames_that_came() -> None:
    stream = b": ping\n\nevent: error\ndata: {}\n\ndata: x\n\ndata: {"
    _, answer = played(b"", stream, SSE, CLIENT_LEFT)
    assert answer is not None
    assert answer.client_closed_early
    assert answer.frames == (
        EventFrame(": ping\n\n", None, 0.5),
        EventFrame({}, "error", 0.5),
        EventFrame("x", None, 0.5),
    )


def test_live_answers_become_recorded_ones() -> None:
    assert _answer(LiveAnswer(failure="no")) is None
    text = _answer(LiveAnswer(200, {}, "{"))
    assert text == ScenarioAnswer(200, {}, text="{")
    broken = _answer(LiveAnswer(200, dict(SSE), "data: 1"))
    assert broken is not None
    assert broken.frames == (EventFrame("[DONE]"),)


def test_a_scenario_is_a_recording_again() -> None:
    for answer, headers in (
        (b"{", JSON),
        (b"", JSON),
        (b'event: error\ndata: {"a": 1}\n\ndata: [DONE]\n\n', SSE),
    ):
        one = Exchange(
            1,
            0,
            "x",
            "POST",
            "/v1/x",
            "",
            JSON,
            Content(b"", 0),
            200,
            headers,
            [(0.0, answer)],
            len(answer),
            0.0,
            COMPLETE,
        )
        [back] = recording_of(scenario_of(Recording([one]), "x")).exchanges
        assert back.body == answer


def test_what_is_no_message_is_not_joined() -> None:
    frames = [EventFrame("a"), EventFrame({"message_type": "b", "seq_id": 4}), EventFrame([1])]
    assert [one.data for one in joined(frames)] == ["a", {"message_type": "b", "seq_id": 0}, [1]]
