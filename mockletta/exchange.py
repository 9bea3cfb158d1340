"""The request a world is answering: its journal entry, and what was asked for it alone."""

from dataclasses import dataclass

from mockletta.journal.entries import Entry


@dataclass(slots=True)
class Exchange:
    """One request on its way through the layers.

    `pace_text` is the header that asks for a pace of its own; `fault` is what the plan or a header
    chose for it, `wire` the fault that strikes its response, which a rule can set as well.
    """

    entry: Entry
    pace_text: str | None = None
    fault: object | None = None
    wire: object | None = None
