"""The steps of a reply. Each is one model call; it ends with a tool call or ends the turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockletta.script.reply_items import (
    CallItem,
    CallsItem,
    EditItem,
    EventItem,
    FailItem,
    FaultItem,
    Item,
    SayItem,
    StopItem,
    SummaryItem,
    ThinkItem,
    UsageItem,
    WaitItem,
    key_of,
)

COMPACTS = "context_overflow"
CONTENT = (ThinkItem, SayItem, CallItem, CallsItem, EditItem, FailItem, SummaryItem, WaitItem)
ALONE = "`summary` must be the only item: it answers compaction, not a message"
SAID = (
    "a text without a following tool call ends the turn: join the texts, put a `call` in between, "
    "or make this the reply to the next message, in a `sequence`"
)


class Misplaced(Exception):
    """An item in the wrong place; `place` is its index."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, slots=True)
class ReplyStep:
    """The items of one step. `wait` are times in seconds, or templates of durations."""

    think: ThinkItem | None = None
    say: SayItem | None = None
    calls: tuple[CallItem | EditItem, ...] = ()
    fail: FailItem | None = None
    stop: StopItem | None = None
    summary: SummaryItem | None = None
    usage: UsageItem | None = None
    events: tuple[EventItem, ...] = ()
    fault: FaultItem | None = None
    wait: tuple[float | str, ...] = ()

    @property
    def compacts(self) -> bool:
        """Tell whether the context overflows: the server compacts it and asks again."""
        return self.fail is not None and self.fail.fail == COMPACTS and self.say is None


def steps_of(items: Sequence[Item]) -> tuple[ReplyStep, ...]:
    """Split a reply into steps. Raises Misplaced if an item is in the wrong place."""
    steps: list[ReplyStep] = []
    current = ReplyStep()
    for place, item in enumerate(items):
        if isinstance(item, CONTENT) and (current.calls or current.compacts) and not current.stop:
            steps.append(current)
            current = ReplyStep()
        reason = _unfit(item, current)
        if reason is None and steps and isinstance(item, SummaryItem):
            reason = ALONE
        if reason is not None:
            raise Misplaced(place, reason)
        current = _joined(item, current)
    return (*steps, current)


def _unfit(item: Item, step: ReplyStep) -> str | None:
    """Return why an item cannot be added to a step, None if it can."""
    if step.summary is not None or (
        isinstance(item, SummaryItem) and step != ReplyStep(wait=step.wait)
    ):
        return None if isinstance(item, UsageItem) and step.usage is None else ALONE
    if step.fail is not None:
        return "`fail` ends the turn: no item can follow it in a reply"
    if isinstance(item, CONTENT):
        return "`stop` ends the turn: no item can follow it" if step.stop else _unsaid(item, step)
    doubled = {StopItem: step.stop, UsageItem: step.usage, FaultItem: step.fault}.get(type(item))
    return None if doubled is None else f"a step has one `{key_of(item)}`"


def _unsaid(item: Item, step: ReplyStep) -> str | None:
    """Return why an item cannot follow the text of a step, None if it can."""
    match item:
        case ThinkItem() if step.think:
            return "a step has one `think`: join the texts"
        case ThinkItem() | SayItem() if step.say:
            return SAID
        case WaitItem() if step.think or step.say:
            return "`wait` must be first in a step: it delays the items after it"
        case FailItem():
            return _unfailing(item, step)
    return None


def _unfailing(fail: FailItem, step: ReplyStep) -> str | None:
    """Return why a step cannot fail like this, None if it can."""
    if step.say is None and fail.after_tokens is not None:
        return "`after_tokens` requires a text: put a `say` before `fail`"
    if step.say is None and step != ReplyStep(wait=step.wait, think=step.think):
        return "`fail` without a text before it can only follow a `think`"
    return None


def _joined(item: Item, step: ReplyStep) -> ReplyStep:
    match item:
        case CallsItem(calls=calls):
            return replace(step, calls=calls)
        case CallItem() | EditItem():
            return replace(step, calls=(item,))
        case EventItem():
            return replace(step, events=(*step.events, item))
        case WaitItem(wait=wait):
            return replace(step, wait=(*step.wait, wait))
    field: dict[str, Any] = {str(key_of(item)): item}
    return replace(step, **field)
