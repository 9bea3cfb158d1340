"""`edit`: an edit of a memory block, by a call of the agent's memory tool."""

from pydantic import Field, model_validator

from mockletta.brain.decisions import ToolCall
from mockletta.documents.hints import one_of
from mockletta.errors import ScriptFailed
from mockletta.script.decision_draft import DecisionDraft, as_json
from mockletta.script.reply_steps import ReplyItem, ReplyStep, misuse
from mockletta.script.template_texts import Template
from mockletta.script.turn_view import TurnView
from mockletta.script.value_types import Name, Size

INSERT = ("memory_insert", "core_memory_append")
REPLACE = ("memory_replace", "core_memory_replace")
SET = ("memory_rethink", *REPLACE)


class EditItem(ReplyItem):
    """An edit of a memory block, made by a real call of the agent's memory tool: `insert` a text
    (after line `at`, by default at the end), `replace` one text `with` another, or `set` the
    whole value.
    """

    edit: Name
    insert: Template | None = None
    at: Size | None = None
    replace: Template | None = None
    with_: Template | None = Field(None, alias="with")
    set: Template | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> "EditItem":
        if sum(verb is not None for verb in (self.insert, self.replace, self.set)) != 1:
            raise misuse("edit", "an edit has exactly one of `insert`, `replace` and `set`")
        if (self.replace is None) != (self.with_ is None):
            raise misuse(
                "edit", "`replace` and `with` require each other: the old text and the new"
            )
        if self.at is not None and self.insert is None:
            raise misuse("at", "`at` requires `insert`: it is the line after which to insert")
        return self

    def ends_step(self, _step: ReplyStep, /) -> bool:
        return True

    def add_to(self, draft: DecisionDraft) -> None:
        name = self._tool(draft.view, draft.rule)
        arguments = {"label": self.edit, **self._changes(name, draft)}
        draft.tool_calls.append(ToolCall(draft.next_call_id(), name, as_json(arguments)))

    def _tool(self, view: TurnView, rule: str) -> str:
        """Return the agent's tool for this edit. Raises ScriptFailed if it has none."""
        names = INSERT if self.insert is not None else REPLACE if self.set is None else SET
        name = next((name for name in names if name in view.tools), None)
        if name is None:
            raise ScriptFailed(
                f"the agent {view.agent.name} has no tool to edit the block {self.edit} with: "
                f"expected {one_of(names)}, it has {', '.join(view.tools) or 'none'}",
                rule,
            )
        return name

    def _changes(self, tool: str, draft: DecisionDraft) -> dict[str, object]:
        """Return the tool's arguments, without the label of the block."""
        new = draft.fill(self.insert or self.with_ or self.set or "")
        whole = draft.view.blocks.get(self.edit, "")
        old = whole if self.replace is None else draft.fill(self.replace)
        match tool:
            case "memory_insert":
                at = {} if self.at is None else {"insert_line": self.at}
                return {"new_string": new, **at}
            case "core_memory_append":
                return {"content": new}
            case "memory_replace":
                return {"old_string": old, "new_string": new}
            case "core_memory_replace":
                return {"old_content": old, "new_content": new}
            case _:
                return {"new_memory": new}
