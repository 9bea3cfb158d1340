"""`calls`: several tool calls in one step."""

from typing import Annotated

from pydantic import Field

from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.kinds.call_item import CallItem
from mockletta.script.reply_steps import ReplyItem, ReplyStep

MOST_CALLS = 100


class CallsItem(ReplyItem):
    """Several tool calls in one step."""

    calls: Annotated[tuple[CallItem, ...], Field(min_length=1, max_length=MOST_CALLS)]

    def ends_step(self, _step: ReplyStep, /) -> bool:
        return True

    def add_to(self, draft: DecisionDraft) -> None:
        for call in self.calls:
            call.add_to(draft)
