"""`usage`: the token counts of a step."""

from typing import Annotated, TypeAlias

from pydantic import Tag, TypeAdapter

from mockletta.documents.unknown_keys import Strict
from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.template_texts import Filled, Form
from mockletta.script.value_types import Size

SIZE: TypeAdapter[int] = TypeAdapter(Size)
Tokens: TypeAlias = Annotated[Annotated[Size, Tag("<plain>")] | Filled, Form]


class TokenCounts(Strict):
    prompt_tokens: Tokens | None = None
    completion_tokens: Tokens | None = None
    reasoning_tokens: Tokens | None = None


class UsageItem(ReplyItem):
    """The token counts of a step. By default they are computed from its texts."""

    begins_step = False
    usage: TokenCounts

    def misplaced(self, step: ReplyStep, /) -> str | None:
        return "a step has one `usage`" if step.has(UsageItem) else None

    def add_to(self, draft: DecisionDraft) -> None:
        for name, value in self.usage:
            if value is not None:
                draft.parts[name] = draft.fill_as(value, SIZE)
