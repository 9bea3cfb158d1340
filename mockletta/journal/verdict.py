"""The verdict on the client: what it did wrong, also after faults."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from mockletta.journal.entries import Entry
from mockletta.journal.expectations import JournalQueries
from mockletta.journal.findings import clients, repeated_reads, retries, unread_streams
from mockletta.journal.findings.finding import Finding, FindingDocument, Rule
from mockletta.journal.mismatches import incomplete
from mockletta.journal.terminal_text import counted

RULES: tuple[tuple[str, Rule], ...] = (
    (retries.TOO_EARLY, retries.too_early),
    (retries.UNKNOWN_REPEAT, retries.repeated_unknown),
    (unread_streams.TAKEN_FOR_WHOLE, unread_streams.taken_for_whole),
    (unread_streams.NOT_READ, unread_streams.not_read),
    (repeated_reads.SAME_PAGE, repeated_reads.same_page),
    (repeated_reads.PER_ITEM, repeated_reads.per_item),
    (clients.DEPRECATED, clients.deprecated),
    (clients.UNTESTED, clients.untested),
    (clients.QUIRK, clients.dependent),
)
NAMES = (*(name for name, _ in RULES), clients.UNLISTED)
MOST_OF_A_KIND = 20


class VerdictDocument(TypedDict):
    """A verdict as JSON values; `text` is the report."""

    clean: bool
    findings: list[FindingDocument]
    notes: list[FindingDocument]
    missing: int
    omitted: int
    text: str


class BadClient(AssertionError):
    """The client did something wrong. The message says what, and in which requests."""


@dataclass(frozen=True)
class Verdict:
    """What a client did wrong, and what it may want to know (`notes`). It is true if nothing is
    wrong.

    `missing` is the number of dropped entries, which are not judged. `omitted` is the number of
    findings beyond the limit for each kind.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    missing: int = 0
    omitted: int = 0

    def __bool__(self) -> bool:
        return not self.findings

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def names(self) -> list[str]:
        """The names of its findings, each once."""
        return list(dict.fromkeys(finding.name for finding in self.findings))

    def allowing(self, allow: Collection[str]) -> "Verdict":
        """Return the verdict without some findings. Raises ValueError for an unknown name."""
        for name in allow:
            _refuse_unknown(name)
        return Verdict(
            tuple(finding for finding in self.findings if finding.name not in allow),
            tuple(note for note in self.notes if note.name not in allow),
            self.missing,
            self.omitted,
        )

    def assert_clean(self, allow: Collection[str] = ()) -> None:
        """Raise BadClient, an AssertionError, if the client did something wrong."""
        verdict = self.allowing(allow)
        if not verdict:
            raise BadClient(str(verdict))

    def to_dict(self) -> VerdictDocument:
        """Return the verdict as JSON values."""
        return {
            "clean": bool(self),
            "findings": [finding.to_dict() for finding in self.findings],
            "notes": [note.to_dict() for note in self.notes],
            "missing": self.missing,
            "omitted": self.omitted,
            "text": str(self),
        }

    def __str__(self) -> str:
        number = len(self.findings) + self.omitted
        lines = [f"the client did {counted(number, 'thing')} wrong" if number else "clean"]
        lines += map(str, self.findings)
        lines += [f"and {self.omitted} more"] if self.omitted else []
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines + incomplete(self.missing))

    def __repr__(self) -> str:
        found = ", ".join(f"{one.name} ({_places(one.numbers)})" for one in self.findings)
        return f"<Verdict: {found or 'clean'}>"


def judge(journal: JournalQueries, allow: Collection[str] = ()) -> Verdict:
    """Judge the client by the journal. Findings named in `allow` are left out."""
    entries: Sequence[Entry] = list(journal)
    found: list[Finding] = []
    omitted = 0
    for name, rule in RULES:
        if name not in allow:
            of_a_kind = list(rule(entries))
            found += of_a_kind[:MOST_OF_A_KIND]
            omitted += len(of_a_kind[MOST_OF_A_KIND:])
    if clients.UNLISTED not in allow:
        found += clients.unlisted(journal.unlisted_models, entries)
    return Verdict(
        tuple(finding for finding in found if not finding.in_passing),
        tuple(finding for finding in found if finding.in_passing),
        journal.missing,
        omitted,
    ).allowing(allow)


def _refuse_unknown(name: str) -> None:
    if name not in NAMES:
        raise ValueError(f"unknown finding {name!r}: the findings are {', '.join(NAMES)}")


def _places(numbers: Sequence[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers)
