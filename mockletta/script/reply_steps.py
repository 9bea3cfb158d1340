"""The items of a reply, and its steps. A step is one model call. It ends with a tool call, or the
turn ends."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal, NamedTuple, TypeVar

from pydantic_core import PydanticCustomError

from mockletta.brain.decisions import Decision
from mockletta.documents.unknown_keys import Strict
from mockletta.errors import ScriptFailed
from mockletta.script.decision_draft import DecisionDraft, TextPace
from mockletta.script.template_texts import BadTemplate, Facts, facts_of, templates_in
from mockletta.script.turn_view import TurnView

Kind = TypeVar("Kind", bound="ReplyItem")


class ReplyItem(Strict):
    """An item of a reply. A subclass adds its keys, its allowed places, and its effect on the
    decision."""

    purpose: ClassVar[Literal["reply", "summary"]] = "reply"
    """What a rule with this item answers: messages, or compaction's requests for a summary."""
    begins_step: ClassVar[bool] = True
    """Whether the item begins the next step after a tool call."""
    ends_turn: ClassVar[bool] = False
    """Whether no step can follow the one with this item."""

    def ends_step(self, _step: "ReplyStep", /) -> bool:
        """Return whether this item ends its step, so that the next one can follow."""
        return False

    def refuses(self, _item: "ReplyItem", _step: "ReplyStep", /) -> str | None:
        """Return why another item cannot follow this one in a step, None if it can."""
        return None

    def misplaced(self, _step: "ReplyStep", /) -> str | None:
        """Return why this item cannot be added to a step, None if it can."""
        return None

    def templates(self) -> Iterator[str]:
        """Return the templates of the item."""
        return templates_in(self.model_dump(exclude_unset=True))

    @abstractmethod
    def add_to(self, draft: DecisionDraft) -> None:
        """Add this item to the decision of the step."""


class Misplaced(Exception):
    """An item is in the wrong place; `place` is its index."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


class ReplyStep(NamedTuple):
    """The items of one step. `number` is its place in the reply, from 0."""

    items: tuple[ReplyItem, ...] = ()
    number: int = 0

    def has(self, *kinds: type[ReplyItem]) -> bool:
        """Return whether the step has an item of one of some kinds."""
        return any(isinstance(item, kinds) for item in self.items)

    @property
    def is_over(self) -> bool:
        """Whether an item ends the step, so that the next one can follow."""
        if any(item.ends_turn for item in self.items):
            return False
        return any(item.ends_step(self) for item in self.items)

    def problem_with(self, item: ReplyItem) -> str | None:
        """Return why an item cannot be added, None if it can."""
        refusals = [one.refuses(item, self) for one in self.items]
        return next(filter(None, refusals), None) or item.misplaced(self)

    def decide(self, view: TurnView, pace: TextPace, rule: str, facts: Facts) -> Decision:
        """Decide by the step. Without facts its texts are used literally."""
        draft = DecisionDraft(view, pace, rule, facts)
        for item in self.items:
            item.add_to(draft)
        return draft.decision()

    def serve(self, view: TurnView, pace: TextPace, rule: str) -> Decision:
        """Decide by the step, with its templates filled in.

        Raises ModelFailure if the step fails on purpose, and ScriptFailed, with the name of the
        rule, if a template or an edit cannot be served.
        """
        try:
            return self.decide(view, pace, rule, facts_of(view))
        except BadTemplate as error:
            raise ScriptFailed(str(error), rule) from error


def steps_of(items: Sequence[ReplyItem]) -> tuple[ReplyStep, ...]:
    """Split a reply into steps. Raises Misplaced if an item is in the wrong place."""
    steps: list[ReplyStep] = []
    step = ReplyStep()
    for place, item in enumerate(items):
        if item.begins_step and step.is_over:
            steps.append(step)
            step = ReplyStep(number=len(steps))
        reason = step.problem_with(item)
        if reason is not None:
            raise Misplaced(place, reason)
        step = ReplyStep((*step.items, item), step.number)
    return (*steps, step)


def misuse(at: str, what: str) -> PydanticCustomError:
    """Return the error for keys that do not go together."""
    return PydanticCustomError("misuse", "{what}", {"what": what, "at": at})
