"""What a client is and what it leans on: its SDK, deprecated operations, quirks."""

import re
from collections.abc import Iterator, Sequence

from mockletta.journal.entries import Dependence, Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.printing import printable

DEPRECATED = "deprecated-operation"
UNTESTED = "untested-sdk-version"
QUIRK = "depends-on-quirk"
DEPRECATED_OPERATIONS = (("agents.messages.stream", "agents.messages.create with streaming=True"),)
"""Operations that the SDK marks as deprecated, and what takes their place."""
OLDEST_SDK, NEWEST_SDK = "1.6.5", "1.12.1"
"""The range of letta-client that mockletta is tested with."""


def deprecated(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Calls of operations that the SDK marks as deprecated."""
    for operation, instead in DEPRECATED_OPERATIONS:
        calls = [entry for entry in entries if entry.operation == operation]
        if calls:
            sentence = f"{operation} is deprecated: {instead} takes its place"
            yield finding(DEPRECATED, sentence, calls)


def untested(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Requests of a Python SDK whose version mockletta is not tested with."""
    by_version: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.sdk_language == "python" and entry.sdk_version is not None:
            by_version.setdefault(entry.sdk_version, []).append(entry)
    for version, requests in by_version.items():
        if not _numbers(OLDEST_SDK) <= _numbers(version) <= _numbers(NEWEST_SDK):
            yield finding(
                UNTESTED,
                f"letta-client {printable(version)} is outside the range that mockletta is tested "
                f"with, {OLDEST_SDK} to {NEWEST_SDK}",
                requests,
            )


def dependent(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Answers that depend on a quirk: the recorded servers answer otherwise than documented."""
    by_quirk: dict[str, tuple[Dependence, list[Entry]]] = {}
    for entry in entries:
        for dependence in entry.quirks:
            by_quirk.setdefault(dependence.quirk, (dependence, []))[1].append(entry)
    for dependence, answers in by_quirk.values():
        found = finding(QUIRK, dependence.sentence, answers)
        yield Finding(found.name, found.sentence, found.entries, in_passing=dependence.in_passing)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version, re.ASCII)[:3])
