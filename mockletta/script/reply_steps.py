"""The steps of a reply: each is one model call, and ends with a tool call or with the turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockletta.script.reply_items import (
    Call,
    Calls,
    Edit,
    Fail,
    Fault,
    Item,
    RawEvent,
    Say,
    Stop,
    Summary,
    Think,
    Usage,
    Wait,
)

COMPACTS = "context_overflow"
CONTENT = (Think, Say, Call, Calls, Edit, Fail, Summary, Wait)
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
class Step:
    """What is said, called and counted in one step. `wait` is in seconds."""

    think: Think | None = None
    say: Say | None = None
    calls: tuple[Call | Edit, ...] = ()
    fail: Fail | None = None
    stop: Stop | None = None
    summary: Summary | None = None
    usage: Usage | None = None
    events: tuple[RawEvent, ...] = ()
    fault: Fault | None = None
    wait: float = 0.0

    @property
    def compacts(self) -> bool:
        """Whether the context overflows: the server compacts it and asks again."""
        return self.fail is not None and self.fail.fail == COMPACTS and self.say is None


def steps_of(items: Sequence[Item]) -> tuple[Step, ...]:
    """A reply in steps. Misplaced if an item cannot stand where it does."""
    steps: list[Step] = []
    current = Step()
    for place, item in enumerate(items):
        if isinstance(item, CONTENT) and (current.calls or current.compacts) and not current.stop:
            steps.append(current)
            current = Step()
        reason = _unfit(item, current)
        if reason is None and steps and isinstance(item, Summary):
            reason = ALONE
        if reason is not None:
            raise Misplaced(place, reason)
        current = _joined(item, current)
    return (*steps, current)


def _unfit(item: Item, step: Step) -> str | None:
    """Why an item cannot join a step, None if it can."""
    if step.summary is not None or (isinstance(item, Summary) and step != Step(wait=step.wait)):
        return None if isinstance(item, Usage) and step.usage is None else ALONE
    if step.fail is not None:
        return "`fail` ends the turn: nothing can follow it in a reply"
    if isinstance(item, CONTENT):
        return "`stop` ends the turn: nothing can follow it" if step.stop else _unsaid(item, step)
    doubled = {Stop: step.stop, Usage: step.usage, Fault: step.fault}.get(type(item))
    return None if doubled is None else f"a step has one `{type(item).__name__.lower()}`"


def _unsaid(item: Item, step: Step) -> str | None:
    """Why an item cannot follow what a step says so far."""
    match item:
        case Think() if step.think:
            return "a step has one `think`: join the texts"
        case Think() | Say() if step.say:
            return SAID
        case Wait() if step.think or step.say:
            return "`wait` comes first in a step: it delays all that follows"
        case Fail():
            return _unfailing(item, step)
    return None


def _unfailing(fail: Fail, step: Step) -> str | None:
    """Why a step so far cannot fail like this."""
    if step.say is None and (step.think is not None or fail.after_tokens is not None):
        return "a failure after the first token goes with a text: put a `say` before `fail`"
    if step.say is None and step != Step(wait=step.wait):
        return "`fail` before the first token is all there is of a step"
    return None


def _joined(item: Item, step: Step) -> Step:
    match item:
        case Calls(calls=calls):
            return replace(step, calls=calls)
        case Call() | Edit():
            return replace(step, calls=(item,))
        case RawEvent():
            return replace(step, events=(*step.events, item))
        case Wait(wait=wait):
            return replace(step, wait=step.wait + wait)
    field: dict[str, Any] = {type(item).__name__.lower(): item}
    return replace(step, **field)
