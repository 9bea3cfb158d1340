"""Profiles: which server is imitated, the hosted API or the last open server.

A profile is a set of quirks. Options add quirks to it or remove them.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from mockletta.world.quirks import ALL, STUCK_REQUESTS, Quirk, parse_names

Profile = Literal["cloud", "open"]
DEFAULT_PROFILE: Profile = "cloud"
PROFILES: Mapping[str, frozenset[Quirk]] = {
    "cloud": frozenset({STUCK_REQUESTS}),
    "open": frozenset(ALL),
}
"""Which server is imitated: the hosted API as the SDK documents it, or the last open server."""


def quirks_of(profile: str, names: Iterable[str] = ()) -> frozenset[Quirk]:
    """Return the quirks of a profile. Named quirks are added, `-NAME` removes one."""
    given = list(names)
    added = parse_names(name for name in given if not name.startswith("-"))
    removed = parse_names(name[1:] for name in given if name.startswith("-"))
    return (PROFILES[profile] | added) - removed
