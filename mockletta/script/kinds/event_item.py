"""`event`: a raw event of the stream."""

from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.reply_steps import ReplyItem
from mockletta.script.value_types import CheckedJson


class EventItem(ReplyItem):
    """The data of an event that is streamed literally: JSON, or a text, which may be invalid
    JSON."""

    begins_step = False
    event: CheckedJson

    def add_to(self, draft: DecisionDraft) -> None:
        draft.events.append(draft.raw(self.event))
