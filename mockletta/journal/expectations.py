"""Queries of a journal, and expectations that explain why they fail."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from mockletta.documents.hints import Operations, unknown_operation
from mockletta.errors import BadSettings
from mockletta.journal.entries import Entry
from mockletta.journal.mismatches import (
    JournalIncomplete,
    JournalMismatch,
    incomplete,
    mismatch,
    out_of_order,
)
from mockletta.journal.request_matching import Conditions, differences
from mockletta.journal.terminal_text import counted


class UnknownOperation(BadSettings):
    """A query of the journal names an unknown operation."""


class JournalQueries(ABC):
    """Queries of entries in order.

    An operation is spelled as in the SDK, or is a pattern such as `conversations.*`; None matches
    any. An unknown name raises UnknownOperation. For conditions see `request_matching`. A query
    warns with JournalIncomplete if dropped entries could have changed its answer. `unlisted_models`
    are models that were accepted though the server does not list them.
    """

    unlisted_models: Sequence[str] = ()
    operations: Operations | None = None
    """The operations of the server, if the names in queries are checked."""

    @abstractmethod
    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the entries, oldest first."""

    @property
    @abstractmethod
    def missing(self) -> int:
        """The number of entries that were dropped and cannot be searched."""

    def all(self, operation: str | None = None, /, **conditions: object) -> list[Entry]:
        """Return the matching requests, oldest first."""
        self._warn()
        return self.matching(operation, conditions)

    def count(self, operation: str | None = None, /, **conditions: object) -> int:
        """Return the number of matching requests."""
        self._warn()
        return len(self.matching(operation, conditions))

    def one(self, operation: str | None = None, /, **conditions: object) -> Entry:
        """Return the only matching request. Raises JournalMismatch if there is none or more than
        one."""
        found = self.expected(operation, conditions, times=1)
        self._warn()
        return found[0]

    def last(self, operation: str | None = None, /, **conditions: object) -> Entry:
        """Return the newest matching request. Raises JournalMismatch if there is none."""
        return self.expected(operation, conditions, times=None)[-1]

    def expect(
        self, operation: str | None = None, /, *, times: int | None = None, **conditions: object
    ) -> list[Entry]:
        """Return the matching requests. Raises JournalMismatch unless there are exactly `times`, by
        default at least one.
        """
        found = self.expected(operation, conditions, times)
        if times is not None:
            self._warn()
        return found

    def expect_none(self, operation: str | None = None, /, **conditions: object) -> None:
        """Raise JournalMismatch if there is a matching request."""
        self.expected(operation, conditions, times=0)
        self._warn()

    def expect_sequence(self, *operations: str, strict: bool = False) -> list[Entry]:
        """Return the first requests for these operations in this order. Raises JournalMismatch if
        there are none.

        Other requests may be in between unless `strict` is set.
        """
        entries = list(self)
        if strict:
            return self._run(entries, operations)
        found = _in_order(entries, operations)
        if len(found) < len(operations):
            raise self._out_of_order(entries, operations, found, strict=False)
        return found

    @property
    def unscripted(self) -> list[Entry]:
        """The requests with a message that no rule matched. Their `unscripted` explains the
        reason."""
        return [entry for entry in self if entry.unscripted is not None]

    def matching(self, operation: str | None, conditions: Conditions) -> list[Entry]:
        """Return the matching requests, without a warning."""
        candidates = self._candidates(operation)
        return [entry for entry in candidates if not differences(entry, conditions)]

    def expected(
        self, operation: str | None, conditions: Conditions, times: int | None
    ) -> list[Entry]:
        """Return the matching requests, without a warning. Raises JournalMismatch as `expect`
        does."""
        found = self.matching(operation, conditions)
        if (not found) if times is None else (len(found) != times):
            wanted = "at least 1 request" if times is None else _exactly(times)
            raise self.mismatch(wanted, operation, conditions)
        return found

    def mismatch(
        self, wanted: str, operation: str | None, conditions: Conditions
    ) -> JournalMismatch:
        """Return the error for an unmet expectation."""
        return mismatch(
            wanted,
            operation,
            conditions,
            found=self.matching(operation, conditions),
            candidates=self._candidates(operation),
            journal=list(self),
            missing=self.missing,
        )

    def _candidates(self, operation: str | None) -> list[Entry]:
        """Return the requests for an operation. Raises UnknownOperation if the operation does not
        exist."""
        found = [entry for entry in self if operation is None or _is_for(entry, operation)]
        if operation is not None and not found and self.operations is not None:
            why = unknown_operation(operation, self.operations)
            if why is not None:
                raise UnknownOperation(why)
        return found

    def _run(self, entries: list[Entry], operations: tuple[str, ...]) -> list[Entry]:
        longest: list[Entry] = []
        for start in range(len(entries)):
            pairs = zip(entries[start:], operations, strict=False)
            length = 0
            for entry, operation in pairs:
                if not _is_for(entry, operation):
                    break
                length += 1
            if length > len(longest):
                longest = entries[start : start + length]
        if len(longest) < len(operations):
            raise self._out_of_order(entries, operations, longest, strict=True)
        return longest

    def _out_of_order(
        self,
        entries: list[Entry],
        operations: tuple[str, ...],
        found: list[Entry],
        *,
        strict: bool,
    ) -> JournalMismatch:
        for operation in operations:
            self._candidates(operation)
        after = found[-1] if found else None
        return out_of_order(
            operations, len(found), after, entries, missing=self.missing, strict=strict
        )

    def _warn(self) -> None:
        if self.missing:
            warnings.warn(JournalIncomplete(*incomplete(self.missing)), stacklevel=3)


class Selection(JournalQueries):
    """The entries after another one, including future ones."""

    def __init__(self, whole: JournalQueries, after: int) -> None:
        self._whole = whole
        self._after = after
        self.operations = whole.operations

    @property
    def missing(self) -> int:
        """The number of entries that were dropped and cannot be searched."""
        gone = self._whole.missing
        first = next(iter(self._whole), None)
        return gone if first is None else max(min(first.number - self._after - 1, gone), 0)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entry in self._whole if entry.number > self._after)


def _is_for(entry: Entry, operation: str) -> bool:
    return entry.operation is not None and fnmatchcase(entry.operation, operation)


def _in_order(entries: list[Entry], operations: tuple[str, ...]) -> list[Entry]:
    found: list[Entry] = []
    for entry in entries:
        if len(found) < len(operations) and _is_for(entry, operations[len(found)]):
            found.append(entry)
    return found


def _exactly(times: int) -> str:
    return "no request" if times == 0 else f"exactly {counted(times, 'request')}"
