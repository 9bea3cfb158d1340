"""What ran beside what, as a recording's times tell it."""

from mockletta.recordings.drift.player import StartCondition
from mockletta.recordings.drift.scenario import (
    EventFrame,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
)
from mockletta.recordings.drift.transcripts import ScenarioTranscript

from .timing import is_live, timeline


def exchange(
    index: int, started: float | None, ended: float | None, *arrived: float
) -> ScenarioExchange:
    frames = tuple(EventFrame({}, seconds=one) for one in arrived)
    recorded = ScenarioAnswer(200, {}, frames=frames)
    return ScenarioExchange(
        index, "", ScenarioRequest("GET", "/", {}, {}), recorded, started, ended
    )


def moments(*exchanges: ScenarioExchange) -> list[StartCondition]:
    return timeline(ScenarioTranscript("99_new", exchanges))


def test_one_after_the_other_with_a_pause() -> None:
    assert moments(exchange(0, 0, 1), exchange(1, 3, 4)) == [
        StartCondition(1),
        StartCondition(2, 2),
    ]


def test_the_next_starts_beside_a_stream_after_its_frames_and_a_rest() -> None:
    stream, beside = exchange(0, 0, 9, 0.5, 1, 8), exchange(1, 3, 4)
    assert moments(stream, beside, exchange(2, 9, 9)) == [
        StartCondition(2),
        StartCondition(2, 2, {0: 2}),
        StartCondition(3),
    ]


def test_a_recording_is_live_where_something_goes_on_beside_something_else() -> None:
    alone, beside = exchange(0, 0, 1), exchange(1, 0.5, 2)
    assert is_live(ScenarioTranscript("99_new", (alone, beside)))
    assert not is_live(ScenarioTranscript("99_new", (alone,)))


def test_without_times_and_tables_nothing_overlaps() -> None:
    assert moments(exchange(0, None, None), exchange(1, None, None)) == [
        StartCondition(1),
        StartCondition(2),
    ]
