"""`summary`: the answer to compaction."""

from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.kinds.usage_item import UsageItem
from mockletta.script.kinds.wait_item import WaitItem
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.template_texts import Template

ALONE = "`summary` must be the only item: it answers compaction, not a message"


class SummaryItem(ReplyItem):
    """The answer to compaction. The rule then answers requests for summaries, not messages."""

    purpose = "summary"
    summary: Template

    def refuses(self, item: ReplyItem, step: ReplyStep, /) -> str | None:
        return None if isinstance(item, UsageItem) and not step.has(UsageItem) else ALONE

    def misplaced(self, step: ReplyStep, /) -> str | None:
        is_first = step.number == 0 and all(isinstance(item, WaitItem) for item in step.items)
        return None if is_first else ALONE

    def add_to(self, draft: DecisionDraft) -> None:
        draft.parts["text"] = draft.fill(self.summary)
