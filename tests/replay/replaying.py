"""Replays a transcript with what the project's tests know of it."""

import time
from collections.abc import Callable, Sequence

from mockletta.recordings.drift.playing import Deviation, Expectations, PlayedScenario, play
from mockletta.recordings.drift.transcripts import ScenarioTranscript

from .callback_listener import CallbackListener
from .deviations import DEVIATIONS, KINDS, TIES
from .exchanges import with_address
from .imitation import is_imitated
from .timing import timeline


def replay(
    transcript: ScenarioTranscript,
    base_url: str,
    wait: Callable[[float], None] = time.sleep,
    deviations: Sequence[Deviation] = (*DEVIATIONS, *KINDS),
    listener: CallbackListener | None = None,
) -> PlayedScenario:
    """Send every exchange of a transcript to a fresh server and compare what it answers.

    `wait` lets so many of the server's seconds pass. The `listener` takes the recorded one's place.
    """
    if listener is not None:
        transcript = with_address(transcript, listener.recorded, listener.address)
    expected = Expectations(
        deviations,
        TIES,
        timeline(transcript),
        is_imitated,
        (lambda *_: []) if listener is None else listener.differences,
    )
    return play(transcript, base_url, wait, expected)
