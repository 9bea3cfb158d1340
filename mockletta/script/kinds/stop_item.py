"""`stop`: the turn's stop reason."""

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.wire.stop_reasons import StopReasonType


class StopItem(ReplyItem):
    """The turn's stop reason, which ends the reply. `length` is the model's own token limit."""

    begins_step = False
    ends_turn = True
    stop: Annotated[
        Annotated[StopReasonType, Tag("<plain>")] | Annotated[Literal["length"], Tag("<length>")],
        Discriminator(lambda value: "<length>" if value == "length" else "<plain>"),
    ]

    def refuses(self, item: ReplyItem, _step: ReplyStep, /) -> str | None:
        return "`stop` ends the turn: no item can follow it" if item.begins_step else None

    def misplaced(self, step: ReplyStep, /) -> str | None:
        return "a step has one `stop`" if step.has(StopItem) else None

    def add_to(self, draft: DecisionDraft) -> None:
        if self.stop == "length":
            draft.parts["finish"] = "length"
        else:
            draft.parts["stop_reason"] = self.stop.value
