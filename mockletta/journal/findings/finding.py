"""A finding: one thing that a client did wrong, and the requests that show it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from mockletta.journal.entries import Entry
from mockletta.journal.mismatches import line_of

MOST_ENTRIES = 20
MOST_LISTED = 5


class FindingDocument(TypedDict):
    """A finding as JSON values: the numbers of its entries, and each entry on a line."""

    name: str
    sentence: str
    entries: list[int]
    lines: list[str]


@dataclass(frozen=True)
class Finding:
    """What a client did wrong: the rule's name, a sentence, and the requests that show it.

    With `in_passing` the client did nothing wrong, but may want to know.
    """

    name: str
    sentence: str
    entries: tuple[Entry, ...]
    in_passing: bool = False

    @property
    def numbers(self) -> list[int]:
        return [entry.number for entry in self.entries]

    def to_dict(self) -> FindingDocument:
        """Return the finding as JSON values."""
        return {
            "name": self.name,
            "sentence": self.sentence,
            "entries": self.numbers,
            "lines": [line_of(entry) for entry in self.entries],
        }

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.sentence}"]
        lines += [f"  {line_of(entry)}" for entry in self.entries[:MOST_LISTED]]
        more = len(self.entries) - MOST_LISTED
        return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)


Rule = Callable[[Sequence[Entry]], Iterable[Finding]]


def finding(name: str, sentence: str, entries: Iterable[Entry]) -> Finding:
    """Make a finding with a bounded number of entries."""
    return Finding(name, sentence, tuple(entries)[:MOST_ENTRIES])
