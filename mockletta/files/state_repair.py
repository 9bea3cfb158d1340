"""Reads a damaged state file or snapshot as far as possible, and reports the damage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mockletta.files.id_references import broken_references
from mockletta.files.numbered_lines import stated_number
from mockletta.files.regular_files import copy_beside, open_locked, write_whole
from mockletta.files.snapshot_file_entries import BadSnapshot, ChangesEntry, EndEntry
from mockletta.files.snapshot_file_reading import (
    PartialWorld,
    entry_in,
    parked,
    reason_of,
    take_change,
    take_line,
    take_state,
)
from mockletta.files.snapshot_file_writing import lines_of
from mockletta.state.store import Store
from mockletta.state.world_tables import LINKS, TABLES
from mockletta.world.world import World


@dataclass(slots=True)
class Salvage:
    """The readable part of a file, and its damages, each with its line."""

    path: str
    draft: PartialWorld = field(default_factory=PartialWorld)
    problems: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def is_damaged(self) -> bool:
        return bool(self.problems or self.removed)

    @property
    def rows(self) -> dict[str, int]:
        """The number of rows in each table that has any."""
        counts = {table: len(getattr(self.draft.store, table)) for table in TABLES}
        return {table: count for table, count in counts.items() if count}


def salvage(path: str) -> Salvage:
    """Read the undamaged part. Raises BadSnapshot if the file is neither a state file nor a
    snapshot."""
    found = Salvage(path)
    try:
        with Path(path).open("rb") as file:
            take_line(path, found.draft, file.readline())
            for line in file:
                _take(found, line)
    except OSError as error:
        raise BadSnapshot(path, None, error.strerror or str(error)) from error
    draft = found.draft
    if not draft.is_whole:
        found.problems.append(f"line {draft.last + 1}: the file ends before its `end`")
    missing = draft.changes - (draft.last - draft.entries - 2)
    if draft.is_whole and missing > 0 and not found.problems:
        found.problems.append(f"line {draft.last + 1}: {missing} changes are missing at the end")
    found.removed = list(_remove_broken(draft.store))
    draft.active = [run_id for run_id in draft.active if run_id in draft.store.runs]
    return found


def repair(path: str) -> tuple[Salvage, str | None]:
    """Replace a damaged file by its undamaged part. Return it, and the name of a copy of the
    damaged file; None, and nothing is changed, if it has no damage."""
    open_locked(path).close()
    found = salvage(path)
    if not found.is_damaged:
        return found, None
    copy = copy_beside(path)
    write_whole(path, lines_of(parked(World(), found.draft).parked))
    return found, copy


def _take(found: Salvage, line: bytes) -> None:
    """Apply a line, or record why it is left out."""
    draft = found.draft
    number = stated_number(line)
    if number is not None and number > draft.last + 1:
        found.problems.append(f"line {draft.last + 1}: {number - draft.last - 1} lines are missing")
        draft.last = number - 1
    draft.last += 1
    with _recorded(found):
        entry = entry_in(draft, draft.last, line)
        if isinstance(entry, ChangesEntry):
            draft.is_whole = True
            for change in entry.changes:
                with _recorded(found):
                    take_change(draft, change, draft.last)
        elif isinstance(entry, EndEntry):
            draft.is_whole = True
            draft.entries = entry.entries
        else:
            take_state(draft, entry, draft.last)


@contextmanager
def _recorded(found: Salvage) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        found.problems.append(f"line {found.draft.last}: {reason_of(error)}")


def _remove_broken(store: Store) -> Iterator[str]:
    """Remove references to missing rows, or the rows that have them, until there are none. Return
    the reasons."""
    while broken := list(broken_references(store)):
        for row_id, _, wanted in broken:
            yield f"{row_id} refers to {wanted}, which is lost"
            _remove(store, row_id, wanted)
    for owner in (*store.agents, *store.conversations):
        if store.find_thread(owner.id) is None:
            yield f"{owner.id} has lost its messages"
            store.thread(owner.id)


def _remove(store: Store, row_id: str, wanted: str) -> None:
    links = [getattr(store, name) for name in LINKS]
    linked = [(one, *pair) for one in links for pair in ((row_id, wanted), (wanted, row_id))]
    found = [(one, left, right) for one, left, right in linked if one.has(left, right)]
    for one, left, right in found:
        one.remove(left, right)
    conversation = store.conversations.find(row_id)
    if conversation is not None and wanted in conversation.isolated_block_ids:
        kept = [block_id for block_id in conversation.isolated_block_ids if block_id != wanted]
        store.conversations.replace(conversation.changed({"isolated_block_ids": kept}))
    elif not found:
        for table in TABLES:
            if row_id in getattr(store, table):
                getattr(store, table).remove(row_id)
                store.drop_thread(row_id)
