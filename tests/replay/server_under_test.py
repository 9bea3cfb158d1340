"""The one place that knows how mockletta is started for a replay."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockletta.server import MockLetta

from . import timing
from .exchanges import Transcript
from .mcp_tools import mcp_tools_of
from .stand_in import StandIn


@contextmanager
def serving(transcript: Transcript) -> Iterator[str]:
    """Run a fresh mockletta with every recorded quirk, at the transcript's speed.

    Its ids are the same in every run: two agents could get the same random name by chance.
    """
    scale = timing.scale(transcript.name)
    with MockLetta(
        brain=StandIn(time_scale=scale),
        quirks=["recorded"],
        keepalive=timing.KEEPALIVE * scale,
        ids_seed=0,
    ) as mock:
        mock.mcp_server("recorded", mcp_tools_of(transcript.name), command="<server path>")
        yield mock.base_url
