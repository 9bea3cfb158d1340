"""The one place that knows how mockletta is started for a replay."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from mockletta.testing.server import MockLetta

from . import timing
from .exchanges import Transcript
from .mcp_tools import mcp_tools_of
from .stand_in import StandIn

TICK = 1e-6
"""Seconds a reading of a clock adds that stands still otherwise."""


class Served(NamedTuple):
    """A server, and how to let so many of its seconds pass."""

    url: str
    wait: Callable[[float], None]


@contextmanager
def serving(transcript: Transcript) -> Iterator[Served]:
    """Run a fresh mockletta with every recorded quirk, at the transcript's speed.

    Its ids are the same in every run: two agents could get the same random name by chance. Where
    the recorder saw nothing under way, time goes by only while it waited.
    """
    scale = timing.scale(transcript.name)
    with MockLetta(
        brain=StandIn(time_scale=scale),
        quirks=["recorded"],
        keepalive=timing.KEEPALIVE * scale,
        ids_seed=0,
    ) as mock:
        mock.mcp_server("recorded", mcp_tools_of(transcript.name), command="<server path>")
        if timing.is_live(transcript.name):
            yield Served(mock.base_url, time.sleep)
        else:
            mock.clock.tick = TICK
            mock.clock.freeze()
            yield Served(mock.base_url, mock.clock.advance)
