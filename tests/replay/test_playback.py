"""The harness finds no difference between a recording and itself."""

import time

import pytest

from tests.environment import amount

from .exchanges import named, names
from .playback import played_back
from .replaying import replay

pytestmark = pytest.mark.usefixtures("unmeasured")
LONGEST_WAIT = 0.05


def shortly(seconds: float) -> None:
    """Let a moment pass: a playback has no clock that could be behind."""
    time.sleep(min(seconds, LONGEST_WAIT))


@pytest.mark.parametrize("name", names()[:: amount(6, nightly=1)])
def test_a_recording_equals_itself(name: str) -> None:
    transcript = named(name)
    with played_back(transcript) as url:
        outcomes = replay(transcript, url, wait=shortly, deviations=()).outcomes
    assert {one.verdict for one in outcomes} <= {"equal", "unrecorded", "not imitated"}, [
        f"{one.exchange.name}: {one.verdict} {[str(each) for each in one.differences]} {one.note}"
        for one in outcomes
        if one.verdict not in ("equal", "unrecorded", "not imitated")
    ]
