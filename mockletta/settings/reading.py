"""Reads the settings of a server, and names what is wrong with them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mockletta.documents.hints import hint
from mockletta.errors import BadSettings
from mockletta.settings.setting_table import BY_NAME
from mockletta.settings.settings import Settings
from mockletta.world.pace import PACE, Pace
from mockletta.world.profiles import DEFAULT_PROFILE, quirks_of

AS_THEY_ARE = frozenset(Settings._fields) - {"pace", "quirks", "frozen_at", "tick"}
"""Settings that need no conversion after their check."""


class BadSetting(BadSettings):
    """An invalid setting. `name` is its name in Python; `reason` does not need the name."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def unchanged(name: str) -> str:
    return name


def read_settings(
    given: Mapping[str, object], spelled: Callable[[str], str] = unchanged
) -> Settings:
    """Check settings by name and combine them. None stands for the default.

    `spelled` returns the name of a setting where its author gave it, for messages about other
    settings. Raises BadSetting.
    """
    checked = {name: check(name, value) for name, value in given.items() if value is not None}
    if checked.get("state_sync") is not None and checked.get("state") is None:
        raise BadSetting("state_sync", f"requires {spelled('state')}")
    settings = Settings(
        **{name: value for name, value in checked.items() if name in AS_THEY_ARE},
        quirks=quirks_of(checked.get("profile", DEFAULT_PROFILE), checked.get("quirks", ())),
        pace=_pace_of(checked),
        frozen_at=checked.get("freeze"),
    )
    return settings.deterministic() if checked.get("deterministic") else settings


def check(name: str, value: object) -> Any:  # noqa: ANN401 - each setting has a type of its own
    """Return the value of a setting in its final form. Raises BadSetting."""
    if name not in BY_NAME:
        raise BadSetting(name, f"unknown setting{hint(name, BY_NAME)}")
    try:
        return BY_NAME[name].kind.check(value)
    except ValueError as error:
        raise BadSetting(name, str(error)) from error


def _pace_of(checked: Mapping[str, Any]) -> Pace:
    """Combine a pace with those parts of one that are set separately."""
    parts = {name: checked[name] for name in PACE if name in checked and name != "keepalive"}
    whole: Pace = checked.get("pace", Pace())
    return replace(whole, **parts)
