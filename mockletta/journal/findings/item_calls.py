"""What a list has told, asked for again item by item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mockletta.journal.entries import Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.findings.writes import writes

PER_ITEM = "list-call-per-item"
MANY = 5


class ItemCall(NamedTuple):
    """An operation on one item, the parameter that names it, and the lists that tell the same."""

    operation: str
    parameter: str
    lists: tuple[str, ...]


ITEM_CALLS = (
    ItemCall("agents.retrieve", "agent_id", ("agents.list", "blocks.agents.list")),
    ItemCall("agents.blocks.list", "agent_id", ("agents.list", "blocks.agents.list")),
    ItemCall("blocks.retrieve", "block_id", ("blocks.list", "agents.blocks.list")),
    ItemCall("conversations.retrieve", "conversation_id", ("conversations.list",)),
    ItemCall("steps.retrieve", "step_id", ("steps.list", "runs.steps.list")),
)


def per_item(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Calls that differ in one id only, right after a list that has told the same of these ids.

    Right after: nothing was written, and the client has asked for nothing else in between.
    """
    for call in ITEM_CALLS:
        for run in _runs(call, entries):
            if len(run.asked) >= MANY:
                yield finding(
                    PER_ITEM,
                    f"{len(run.calls)} calls of {call.operation}, one for each item of "
                    f"#{run.listed.number}: one {run.listed.operation} tells the same (its "
                    "`include`, where it has one, says how much)",
                    (run.listed, *run.calls),
                )


@dataclass
class _Run:
    """A list, and the calls about its items that follow it."""

    call: ItemCall
    listed: Entry
    told: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    calls: list[Entry] = field(default_factory=list)

    def takes(self, entry: Entry) -> bool:
        """Whether a request is a further page of the list, or a call about one of its items."""
        if entry.operation in self.call.lists:
            self.told |= _ids(entry)
            return True
        item = entry.params.get(self.call.parameter, "")
        if entry.operation != self.call.operation or item not in self.told:
            return False
        if self.calls and self.calls[0].query_string != entry.query_string:
            return False
        self.asked.add(item)
        self.calls.append(entry)
        return True


def _runs(call: ItemCall, entries: Sequence[Entry]) -> Iterator[_Run]:
    runs: dict[int | None, _Run] = {}
    for entry in entries:
        run = runs.get(entry.key_mark)
        if writes(entry):
            yield from runs.values()
            runs = {}
        elif run is None or not run.takes(entry):
            if run is not None:
                yield runs.pop(entry.key_mark)
            if entry.operation in call.lists:
                runs[entry.key_mark] = _Run(call, entry, _ids(entry))
    yield from runs.values()


def _ids(entry: Entry) -> set[str]:
    items = entry.response
    if entry.status != 200 or not isinstance(items, list):
        return set()
    return {str(item.get("id")) for item in items if isinstance(item, dict)}
