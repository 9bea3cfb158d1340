"""Puts the replay of a recording, and overrides, before a mock."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp

from mockletta.errors import BadSettings
from mockletta.hosting.application import create_router
from mockletta.recordings.overrides.overrides import load_overrides
from mockletta.recordings.overrides.overrides_app import OverridesApp
from mockletta.recordings.recording import BadRecording, Recording
from mockletta.recordings.recording_reader import read_recording
from mockletta.recordings.replay_app import ReplayApp
from mockletta.recordings.replayer import Replayer
from mockletta.settings.settings import Settings

logger = logging.getLogger("mockletta.replay")
SECONDS_OF_A_DAY = 86_400


def around(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put the overrides and the recording of some settings before an application."""
    if settings.overrides is not None:
        operations = create_router().endpoints
        app = OverridesApp(app, load_overrides(settings.overrides, operations))
    return app if settings.replay is None else with_replay(app, settings)


def with_replay(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Let a recording answer before an application does. Raises BadSettings if it cannot be read.

    The application answers the control API, and with `fill` what the recording does not hold.
    """
    assert settings.replay is not None
    replayer = load_replayer(Path(settings.replay), settings.max_age)
    otherwise = app if settings.unrecorded == "fill" else None
    return ReplayApp(replayer, settings.replay_speed, beside=app, otherwise=otherwise)


def load_replayer(path: Path, max_age: float | None = None) -> Replayer:
    """Read a recording to be replayed. Warns if it is older than `max_age` days."""
    recording = load_recording(path)
    warning = age_warning(str(path), recording, max_age)
    if warning:
        logger.warning("%s", warning)
    return Replayer(recording, str(path))


def load_recording(path: Path) -> Recording:
    """Read a recording. Raises BadSettings if there is none."""
    try:
        return read_recording(path)
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error


def age_warning(
    name: str, recording: Recording, max_age: float | None, now: datetime | None = None
) -> str:
    """Say that a recording is older than `max_age` days; "" if it is not."""
    if max_age is None or not recording.recorded:
        return ""
    try:
        recorded = datetime.fromisoformat(recording.recorded)
    except ValueError as error:
        raise BadRecording(f"{name}: the head has no time: {error}") from error
    days = ((now or datetime.now(UTC)) - recorded).total_seconds() / SECONDS_OF_A_DAY
    if days <= max_age:
        return ""
    ago = f"{days:.0f} days ago, which is more than {max_age:g}"
    return f"{name} was recorded {ago}: record it anew"
