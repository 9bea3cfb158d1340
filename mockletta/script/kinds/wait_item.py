"""`wait`: the time before a step."""

from typing import Annotated

from pydantic import Tag, TypeAdapter

from mockletta.script.decision_draft import DecisionDraft, TextPace
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.template_texts import Filled, Form
from mockletta.script.value_types import Duration

DURATION: TypeAdapter[float] = TypeAdapter(Duration)


class WaitItem(ReplyItem):
    """Time to wait before the items that follow."""

    wait: Annotated[Annotated[Duration, Tag("<plain>")] | Filled, Form]

    def misplaced(self, step: ReplyStep, /) -> str | None:
        is_late = any(isinstance(item, TextPace) for item in step.items)
        return "`wait` must be first in a step: it delays the items after it" if is_late else None

    def add_to(self, draft: DecisionDraft) -> None:
        draft.wait += draft.fill_as(self.wait, DURATION)
