"""The settings of MockLetta and of the pytest marker, with their types."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from mockletta.documents.hints import hint
from mockletta.settings.reading import BadSetting
from mockletta.settings.setting_table import SERVE, SETTINGS
from mockletta.settings.settings import Tenancy, Unrecorded
from mockletta.world.pace import Pace
from mockletta.world.profiles import Profile

if TYPE_CHECKING:
    from mockletta.testing.brain_choice import Named

Source = str | os.PathLike[str] | Mapping[str, object]
"""A file, or the content of one."""


class MockSettings(TypedDict, total=False):
    """The settings that MockLetta takes by name. None stands for the default."""

    host: str | None
    port: int | None
    seed: Source | None
    brain: "Named | None"
    script: Source | None
    tool_calls: bool | None
    brain_without: str | Iterable[str] | None
    quirks: str | Iterable[str] | None
    profile: Profile | None
    pace: Pace | str | None
    ttft: float | str | None
    tokens_per_second: float | None
    jitter: float | None
    chunk: int | None
    keepalive: float | str | None
    max_body: int | None
    deterministic: bool | None
    freeze: datetime | str | bool | None
    ids_seed: int | None
    journal_entries: int | None
    journal_bytes: int | None
    tenancy: Tenancy | None
    max_worlds: int | None
    admin_token: str | None
    require_key: bool | str | Iterable[str] | None
    console: bool | None
    replay: str | os.PathLike[str] | None
    unrecorded: Unrecorded | None
    replay_speed: float | None
    overrides: str | os.PathLike[str] | None
    models: str | Iterable[str] | None
    webhooks: str | Iterable[str] | None
    mcp: str | Iterable[str] | None
    allow_host: str | Iterable[str] | None
    allow_origin: str | Iterable[str] | None


OF_PYTHON = tuple(one for one in SETTINGS if one.only != SERVE)
OF_WORLD = tuple(one for one in OF_PYTHON if not one.of_server)
"""Settings that can differ between the mocks of a test session."""


ONLY_SERVE = {one.name for one in SETTINGS if one.only == SERVE} | {"reload", "exec", "log_level"}


def check_names(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise BadSetting for a name that is not a setting."""
    names = list(known)
    for name in given:
        if name in ONLY_SERVE:
            raise BadSetting(name, "only `mockletta serve` has this setting")
        if name not in names:
            raise BadSetting(name, f"unknown setting{hint(name, names)}")
