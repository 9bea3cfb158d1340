"""Checks the ids of the rows of a world, and that everything they refer to exists."""

import re
from collections.abc import Iterable, Iterator

from mockletta.state.links import Links
from mockletta.state.store import Store
from mockletta.state.world_tables import LINKS
from mockletta.wire.fields import UUID4

COLUMNS = (
    ("messages", "agent_id", "agents"),
    ("runs", "agent_id", "agents"),
    ("schedules", "agent_id", "agents"),
    ("steps", "agent_id", "agents"),
    ("steps", "run_id", "runs"),
    ("passages", "archive_id", "archives"),
    ("files", "folder_id", "folders"),
    ("agent_files", "agent_id", "agents"),
    ("agent_files", "file_id", "files"),
)
PREFIXES = {
    "agents": "agent",
    "archives": "archive",
    "blocks": "block",
    "conversations": "conv",
    "files": "file",
    "folders": "source",
    "groups": "group",
    "identities": "identity",
    "messages": "message",
    "passages": "passage",
    "providers": "provider",
    "runs": "run",
    "steps": "step",
    "tools": "tool",
}
"""The prefix of the ids in each table."""
_UUID = re.compile(UUID4)
Reference = tuple[str, str, str | None]
"""The id of a row, the table it refers to, and the id there."""


def malformed(table: str, row_id: str) -> str | None:
    """Return why the API would refuse the id of a row, or None."""
    prefix = PREFIXES.get(table)
    if prefix is None or (
        row_id.startswith(f"{prefix}-") and _UUID.fullmatch(row_id, len(prefix) + 1)
    ):
        return None
    return f"{row_id} is not an id of {table}: expected {prefix}-<uuid4>"


def dangling(store: Store, active: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Return the id of each row with a dangling reference, and the reference."""
    for row_id, table, wanted in broken_references(store):
        yield row_id, f"{row_id} refers to {wanted}, which does not exist in {table}"
    for owner in (*store.agents, *store.conversations):
        if store.find_thread(owner.id) is None:
            yield owner.id, f"{owner.id} has no thread"
    for run_id in active:
        if run_id not in store.runs:
            yield run_id, f"{run_id} is active, but is not among the runs"


def broken_references(store: Store) -> Iterator[tuple[str, str, str]]:
    """Return the references to rows that do not exist: the id of a row, a table, and the id that is
    missing there."""
    for row_id, table, wanted in _references(store):
        if wanted is not None and wanted not in getattr(store, table):
            yield row_id, table, wanted


def _references(store: Store) -> Iterator[Reference]:
    for links, (left, right) in LINKS.items():
        kind: Links = getattr(store, links)
        for row in getattr(store, left):
            yield from ((row.id, right, one) for one in kind.rights(row.id))
        for row in getattr(store, right):
            yield from ((row.id, left, one) for one in kind.lefts(row.id))
    for conversation in store.conversations:
        yield conversation.id, "agents", conversation.agent_id
        yield from ((conversation.id, "blocks", one) for one in conversation.isolated_block_ids)
    for table, column, wanted in COLUMNS:
        for row in getattr(store, table):
            yield row.id, wanted, getattr(row, column)
