"""The steps of a reply: each is one model call, and ends with a tool call or with the turn."""

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
ALONE = "`summary` stands alone: it answers compaction, and not a message"
SAID = (
    "a text that no tool call follows ends the turn: join the texts, put a `call` in between, or "
    "make this the reply to the next message, in a `sequence`"
)


class Misplaced(Exception):
    """An item that cannot stand where it does; `place` is its index."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, slots=True)
class ReplyStep:
    """What is said, called and counted in one step. `wait` is in seconds."""

    think: ThinkItem | None = None
    say: SayItem | None = None
    calls: tuple[CallItem | EditItem, ...] = ()
    fail: FailItem | None = None
    stop: StopItem | None = None
    summary: SummaryItem | None = None
    usage: UsageItem | None = None
    events: tuple[EventItem, ...] = ()
    fault: FaultItem | None = None
    wait: float = 0.0

    @property
    def compacts(self) -> bool:
        """Whether the context overflows: the server compacts it and asks again."""
        return self.fail is not None and self.fail.fail == COMPACTS and self.say is None


def steps_of(items: Sequence[Item]) -> tuple[ReplyStep, ...]:
    """A reply in steps. Misplaced if an item cannot stand where it does."""
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
    """Why an item cannot join a step, None if it can."""
    if step.summary is not None or (
        isinstance(item, SummaryItem) and step != ReplyStep(wait=step.wait)
    ):
        return None if isinstance(item, UsageItem) and step.usage is None else ALONE
    if step.fail is not None:
        return "`fail` ends the turn: nothing can follow it in a reply"
    if isinstance(item, CONTENT):
        return "`stop` ends the turn: nothing can follow it" if step.stop else _unsaid(item, step)
    doubled = {StopItem: step.stop, UsageItem: step.usage, FaultItem: step.fault}.get(type(item))
    return None if doubled is None else f"a step has one `{key_of(item)}`"


def _unsaid(item: Item, step: ReplyStep) -> str | None:
    """Why an item cannot follow what a step says so far."""
    match item:
        case ThinkItem() if step.think:
            return "a step has one `think`: join the texts"
        case ThinkItem() | SayItem() if step.say:
            return SAID
        case WaitItem() if step.think or step.say:
            return "`wait` comes first in a step: it delays all that follows"
        case FailItem():
            return _unfailing(item, step)
    return None


def _unfailing(fail: FailItem, step: ReplyStep) -> str | None:
    """Why a step so far cannot fail like this."""
    if step.say is None and (step.think is not None or fail.after_tokens is not None):
        return "a failure after the first token goes with a text: put a `say` before `fail`"
    if step.say is None and step != ReplyStep(wait=step.wait):
        return "`fail` before the first token is all there is of a step"
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
            return replace(step, wait=step.wait + wait)
    field: dict[str, Any] = {str(key_of(item)): item}
    return replace(step, **field)
