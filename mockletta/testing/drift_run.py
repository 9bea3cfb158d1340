"""Plays recordings against a mock that replies like the recorded model."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockletta.recordings.drift.findings import DriftReport, report_on
from mockletta.recordings.drift.playing import Expectations, PlayedScenario, play
from mockletta.recordings.drift.scenario import scenario_of
from mockletta.recordings.learn.learned_script import script_of
from mockletta.recordings.learn.learned_seed import seed_of
from mockletta.recordings.learn.recorded_turns import turns_of
from mockletta.recordings.recording import Recording
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.profiles import DEFAULT_PROFILE, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "x-mockletta-exchange"
"""The header with the index of the exchange that a request of a drift belongs to."""


@dataclass(frozen=True, slots=True)
class DriftOptions:
    """The settings of the mock: see MockLetta."""

    profile: Profile = DEFAULT_PROFILE
    quirks: Sequence[str] = ()
    overrides: str | None = None


def find_drift(
    recordings: Iterable[tuple[str, Recording]], options: DriftOptions | None = None
) -> DriftReport:
    """Compare recordings, by name, with the answers of the mock to the same requests."""
    played: list[PlayedScenario] = []
    quirks: dict[tuple[str, int], Sequence[str]] = {}
    for name, recording in recordings:
        with mock_like(recording, options or DriftOptions()) as mock:
            expected = Expectations(joins_tokens=True, mark=MARK)
            scenario = scenario_of(recording, name)
            played.append(play(scenario, mock.base_url, mock.clock.advance, expected))
            quirks |= {(name, index): names for index, names in _quirks_of(mock).items()}
    return report_on(played, quirks)


@contextmanager
def mock_like(recording: Recording, options: DriftOptions) -> "Iterator[MockLetta]":
    """Run a mock that starts with the rows from before a recording, and replies as its model
    did."""
    turns = turns_of(recording)
    seed = seed_of(recording, turns, "start")
    with MockLetta(
        seed=seed.content,
        script=script_of(turns, with_usage=True),
        profile=options.profile,
        quirks=options.quirks,
        overrides=options.overrides,
    ) as mock:
        yield mock


def _quirks_of(mock: MockLetta) -> dict[int, Sequence[str]]:
    """Return the quirks that answers depend on, by the index of their exchange."""
    found: dict[int, Sequence[str]] = {}
    for entry in mock.journal:
        index = entry.header(MARK)
        if index is not None and entry.quirks:
            found[int(index)] = [one.quirk for one in entry.quirks]
    return found
