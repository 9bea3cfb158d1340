"""`think`: reasoning."""

from mockletta.script.decision_draft import DecisionDraft, TextPace
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.template_texts import Template


class ThinkItem(TextPace, ReplyItem):
    """Reasoning."""

    think: Template

    def misplaced(self, step: ReplyStep, /) -> str | None:
        return "a step has one `think`: join the texts" if step.has(ThinkItem) else None

    def add_to(self, draft: DecisionDraft) -> None:
        draft.add_pace(self)
        draft.parts["reasoning"] = draft.fill(self.think)
