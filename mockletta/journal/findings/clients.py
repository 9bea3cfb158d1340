"""Findings about the client itself: its SDK, deprecated operations, and quirks that it depends
on."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mockletta.journal.entries import Dependence, Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.terminal_text import printable

DEPRECATED = "deprecated-operation"
UNTESTED = "untested-sdk-version"
QUIRK = "depends-on-quirk"
UNLISTED = "unlisted-model"
DEPRECATED_OPERATIONS = (("agents.messages.stream", "agents.messages.create with streaming=True"),)
"""Operations that the SDK marks as deprecated, with their replacements."""
TESTED = {
    "python": (
        *("1.0.0", "1.1.2", "1.2.0", "1.3.3", "1.4.0", "1.5.0", "1.6.5"),
        *("1.7.12", "1.8.1", "1.9.1", "1.10.3", "1.11.0", "1.12.1"),
    ),
    "js": ("1.6.4", "1.7.8", "1.10.3", "1.11.0", "1.12.1"),
}
"""The SDKs that mockletta is tested with, by language: the newest of each minor version."""

PACKAGES = {"python": "letta-client", "js": "@letta-ai/letta-client"}


def deprecated(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find calls of operations that the SDK marks as deprecated."""
    for operation, instead in DEPRECATED_OPERATIONS:
        calls = [entry for entry in entries if entry.operation == operation]
        if calls:
            sentence = f"{operation} is deprecated: use {instead}"
            yield finding(DEPRECATED, sentence, calls)


def untested(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find requests of an SDK version that mockletta is not tested with."""
    by_sdk: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        language, version = entry.sdk_language, entry.sdk_version
        if language in TESTED and version is not None:
            by_sdk.setdefault((language, version), []).append(entry)
    for (language, version), requests in by_sdk.items():
        oldest, newest = TESTED[language][0], TESTED[language][-1]
        if not _numbers(oldest) <= _numbers(version) <= _numbers(newest):
            yield finding(
                UNTESTED,
                f"{PACKAGES[language]} {printable(version)} is outside the range that mockletta is "
                f"tested with, {oldest} to {newest}",
                requests,
            )


def dependent(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find answers that depend on a quirk, where the recorded servers differ from the
    documentation."""
    by_quirk: dict[str, tuple[Dependence, list[Entry]]] = {}
    for entry in entries:
        for dependence in entry.quirks:
            by_quirk.setdefault(dependence.quirk, (dependence, []))[1].append(entry)
    for dependence, answers in by_quirk.values():
        found = finding(QUIRK, dependence.sentence, answers)
        yield Finding(found.name, found.sentence, found.entries, in_passing=dependence.in_passing)


def unlisted(handles: Iterable[str], entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find models that the server accepted though it does not list them."""
    for handle in handles:
        named = [entry for entry in entries if repr(handle) in repr(entry.body)]
        sentence = (
            f"the model {handle} is not one that models.list has: it may be misspelled, or newer "
            "than the catalogue (declare it: --models, MockLetta(models=[...]))"
        )
        found = finding(UNLISTED, sentence, named)
        yield Finding(found.name, found.sentence, found.entries, in_passing=True)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version, re.ASCII)[:3])
