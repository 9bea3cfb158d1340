"""`fault`: a fault of the response."""

from collections.abc import Iterator

from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.value_types import RuleFault


class FaultItem(ReplyItem):
    """A fault of the response."""

    begins_step = False
    fault: RuleFault

    def misplaced(self, step: ReplyStep, /) -> str | None:
        return "a step has one `fault`" if step.has(FaultItem) else None

    def templates(self) -> Iterator[str]:
        """Return nothing: the texts of faults are literal."""
        return iter(())

    def add_to(self, draft: DecisionDraft) -> None:
        draft.parts["wire"] = self.fault
