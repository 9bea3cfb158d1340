"""`call`: a tool call."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from mockletta.brain.decisions import ToolCall, ToolResult
from mockletta.script.decision_draft import DecisionDraft, as_json
from mockletta.script.reply_steps import ReplyItem, ReplyStep, misuse
from mockletta.script.template_texts import Template, fill_value
from mockletta.script.value_types import SEVERAL, CheckedJson, Name, as_tuple

Lines: TypeAlias = Annotated[
    tuple[Template, ...],
    SEVERAL,
    BeforeValidator(as_tuple, json_schema_input_type=Template | list[Template]),
]


class CallItem(ReplyItem):
    """A tool call. With `returns` the tool is not run and returns that value. `arguments` is the
    raw text of the arguments, which may be invalid JSON.
    """

    call: Template
    with_: dict[str, CheckedJson] | None = Field(None, alias="with")
    arguments: Template | None = None
    returns: CheckedJson = None
    status: Literal["success", "error"] = "success"
    stdout: Lines | None = None
    stderr: Lines | None = None
    approve: bool = False
    id: Name | None = None

    @model_validator(mode="after")
    def _one_spelling(self) -> "CallItem":
        if self.with_ is not None and self.arguments is not None:
            raise misuse("arguments", "a call has either `with` or `arguments`")
        for name in ("status", "stdout", "stderr"):
            if name in self.model_fields_set and self.returns is None:
                raise misuse(name, f"`{name}` requires `returns`: what the tool returned")
        return self

    def ends_step(self, _step: ReplyStep, /) -> bool:
        return True

    def add_to(self, draft: DecisionDraft) -> None:
        if self.arguments is not None:
            arguments = draft.fill(self.arguments)
        else:
            arguments = as_json(fill_value(self.with_ or {}, draft.facts))
        call = ToolCall(
            id=self.id or draft.next_call_id(),
            name=draft.fill(self.call),
            arguments=arguments,
            result=self._result(draft),
            needs_approval=self.approve,
        )
        draft.tool_calls.append(call)

    def _result(self, draft: DecisionDraft) -> ToolResult | None:
        if self.returns is None:
            return None
        stdout, stderr = (
            tuple([draft.fill(line) for line in lines or ()])
            for lines in (self.stdout, self.stderr)
        )
        return ToolResult(draft.raw(self.returns), self.status, stdout, stderr)
