"""The one place that knows how mockletta is started for a replay."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from mockletta.recordings.drift.transcripts import ScenarioTranscript
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.world import World

from .callback_listener import CallbackListener, listening
from .mcp_tools import mcp_tools_of
from .stand_in import StandIn
from .timing import is_live
from .tool_results import functions_of, results_of

# Seconds of a clock that are let go by at once, and the real ones given to what is due then.
STEP = 0.05
MOST_STEPS = 20
SETTLING = 0.001
LONGEST_CALLBACK = 0.5
# Seconds that a reading adds to a clock that stands still.
TICK = 1e-6
# What the recorder's keepalive interval was, in seconds [23].
KEEPALIVE = 20.0
# Where nothing listened, and what clients said of that.
REFUSED = "Connection error."
REFUSING = "http://127.0.0.1:9/"
UNKNOWN_HOST = (
    "Cannot connect to host <provider host>:443 ssl:<ssl.SSLContext object at <address>> "
    "[Name or service not known]"
)


class Served(NamedTuple):
    """A server, how to let so many of its seconds pass, and who is called back by it."""

    url: str
    wait: Callable[[float], None]
    listener: CallbackListener | None = None


@contextmanager
def serving(transcript: ScenarioTranscript) -> Iterator[Served]:
    """Run a fresh mockletta as the last open server.

    Where the recorder saw nothing under way, time stands still but for the pauses. Else the pauses
    move the clock on, so no replay takes long. Ids are the same in every run: two agents could get
    the same random name by chance.
    """
    quirks = ["recorded"]
    brain = StandIn(results=results_of(transcript))
    mock = MockLetta(brain=brain, quirks=quirks, keepalive=KEEPALIVE, ids_seed=0)
    with mock, listening(transcript) as listener:
        brain.broken_connection = partial(_broken_connection, mock.world)
        for name, function in functions_of(transcript).items():
            mock.tool(name, function)
        mock.mcp_server("recorded", mcp_tools_of(transcript.name), command="<server path>")
        if not is_live(transcript):
            mock.clock.tick = TICK
            mock.clock.freeze()
        yield Served(mock.base_url, lambda seconds: _pass(mock, listener, seconds), listener)


def _broken_connection(world: World, agent_id: str) -> str | None:
    """Say why the model of an agent could not be reached, if so: only one provider could, which
    spoke as OpenAI does [85 unreachable, 85x]."""
    agent = world.store.agents.find(agent_id)
    llm = agent.llm_config if agent else None
    if llm is None:
        return None
    if llm.model_endpoint_type == "google_ai":
        return UNKNOWN_HOST
    is_refused = (llm.model_endpoint or "").startswith(REFUSING)
    return REFUSED if llm.model_endpoint_type == "anthropic" or is_refused else None


def _pass(mock: MockLetta, listener: CallbackListener | None, seconds: float) -> None:
    """Move a clock on in steps: who sleeps again after a step starts from there. What a callback
    needs is real time, so it is waited for."""
    steps = min(math.ceil(seconds / STEP), MOST_STEPS)
    for _ in range(steps):
        mock.clock.advance(seconds / steps)
        time.sleep(SETTLING)
    end = time.monotonic() + LONGEST_CALLBACK
    while listener is not None and mock.world.tasks and time.monotonic() < end:
        time.sleep(SETTLING)
