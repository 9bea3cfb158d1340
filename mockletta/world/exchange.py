"""The request a world is answering: its journal entry, and what was asked for it alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockletta.journal.entries import Entry

if TYPE_CHECKING:
    from mockletta.faults.kinds import ModelFault


@dataclass(slots=True)
class Exchange:
    """One request on its way through the layers.

    `pace_text` is the header that asks for a pace of its own; `fault` is the model provider's
    failure that the plan or a header chose for it, `wire` the fault that strikes its response,
    which a rule can set as well. `began` says that a turn has begun for it.
    """

    entry: Entry
    pace_text: str | None = None
    fault: "ModelFault | None" = None
    wire: object | None = None
    began: bool = False
