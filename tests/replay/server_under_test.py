"""The one place that knows how mockletta is started for a replay."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockletta.server import MockLetta

from . import timing
from .exchanges import Transcript
from .stand_in import StandIn


@contextmanager
def serving(transcript: Transcript) -> Iterator[str]:
    """Run a fresh mockletta with every recorded quirk, at the transcript's speed."""
    scale = timing.scale(transcript.name)
    with MockLetta(
        brain=StandIn(time_scale=scale), quirks=["recorded"], keepalive=timing.KEEPALIVE * scale
    ) as mock:
        yield mock.base_url
