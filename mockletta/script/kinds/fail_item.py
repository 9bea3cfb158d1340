"""`fail`: a failure of the model provider."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, Tag, TypeAdapter
from pydantic_core import PydanticCustomError

from mockletta.brain.provider_failures import FAILURES, failure_named
from mockletta.documents.hints import hint
from mockletta.script.decision_draft import DecisionDraft
from mockletta.script.kinds.say_item import SayItem
from mockletta.script.kinds.think_item import ThinkItem
from mockletta.script.kinds.wait_item import WaitItem
from mockletta.script.reply_steps import ReplyItem, ReplyStep
from mockletta.script.template_texts import Filled, Form, Template
from mockletta.script.value_types import Size

COMPACTS = "context_overflow"
UNREACHABLE = "unreachable"


def _failure_name(name: object) -> object:
    if isinstance(name, str) and name not in FAILURES:
        raise PydanticCustomError(
            "failure",
            "unknown failure `{name}`{hint}",
            {"name": name, "hint": hint(name, FAILURES)},
        )
    return name


FailureName: TypeAlias = Annotated[
    str,
    BeforeValidator(_failure_name),
    Field(json_schema_extra={"enum": [*FAILURES]}),
]
FAILURE: TypeAdapter[str] = TypeAdapter(FailureName)


class FailItem(ReplyItem):
    """A failure of the model provider: before the first token, after the text of this step, or in
    the middle of it, `after_tokens`. `message` is the provider's text.
    """

    fail: Annotated[Annotated[FailureName, Tag("<plain>")] | Filled, Form]
    message: Template | None = None
    after_tokens: Size | None = None

    def ends_step(self, step: ReplyStep, /) -> bool:
        """The context overflows: the server compacts it and asks again."""
        return self.fail == COMPACTS and not step.has(SayItem)

    def refuses(self, _item: ReplyItem, _step: ReplyStep, /) -> str | None:
        return "`fail` ends the turn: no item can follow it in a reply"

    def misplaced(self, step: ReplyStep, /) -> str | None:
        if step.has(SayItem):
            return None
        if self.after_tokens is not None:
            return "`after_tokens` requires a text: put a `say` before `fail`"
        if not all(isinstance(item, WaitItem | ThinkItem) for item in step.items):
            return "`fail` without a text before it can only follow a `think`"
        return None

    def add_to(self, draft: DecisionDraft) -> None:
        message = None if self.message is None else draft.fill(self.message)
        failure = failure_named(draft.fill_as(self.fail, FAILURE), message)
        if not draft.parts.keys() & {"text", "reasoning"}:
            failure.delay, failure.rule = draft.wait, draft.rule
            raise failure
        text = draft.parts.get("text", "")
        cut = len(text) if self.after_tokens is None else self.after_tokens
        draft.parts["breaks_after_tokens"] = cut
        draft.parts["breaks_with"] = None if failure.kind == UNREACHABLE else failure
