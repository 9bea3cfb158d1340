"""`say`: a message to the user."""

from mockletta.script.decision_draft import DecisionDraft, TextPace
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.template_texts import Template

SAID = (
    "a text without a following tool call ends the turn: join the texts, put a `call` in between, "
    "or make this the reply to the next message, in a `sequence`"
)


class SayItem(TextPace, ReplyItem):
    """A message to the user."""

    say: Template

    def refuses(self, item: ReplyItem, _step: ReplyStep, /) -> str | None:
        return SAID if isinstance(item, TextPace) else None

    def add_to(self, draft: DecisionDraft) -> None:
        draft.add_pace(self)
        draft.parts["text"] = draft.fill(self.say)
