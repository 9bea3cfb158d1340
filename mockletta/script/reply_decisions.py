"""Turns a step of a reply into a decision: templates are filled in, tool calls get ids."""

import json
from hashlib import sha256
from typing import Any

from mockletta.brain.decisions import Decision, ModelFailure, ToolCall, ToolResult
from mockletta.brain.failures import failure_named
from mockletta.documents.hints import one_of
from mockletta.errors import ScriptFailed
from mockletta.script.reply_items import CallItem, EditItem, PacedItem, TokenCounts
from mockletta.script.reply_steps import ReplyStep
from mockletta.script.template_texts import BadTemplate, Facts, facts_of, fill, fill_value
from mockletta.script.turn_view import TurnView

UNREACHABLE = "unreachable"
INSERT = ("memory_insert", "core_memory_append")
REPLACE = ("memory_replace", "core_memory_replace")
PACE = tuple(PacedItem.model_fields)
SET = ("memory_rethink", *REPLACE)


def serve(step: ReplyStep, view: TurnView, pace: PacedItem, rule: str) -> Decision:
    """Decide by a step, with its templates filled in.

    Raises ModelFailure if the step fails on purpose, and ScriptFailed, with the name of the rule,
    if a template or an edit cannot be served.
    """
    try:
        return decision(step, view, pace, rule, facts_of(view))
    except BadTemplate as error:
        raise ScriptFailed(str(error), rule) from error


def call_id(run_id: str, step: int, place: int) -> str:
    """Return a tool call's id in the provider's form. The same call always has the same id."""
    return f"call_{sha256(f'{run_id} {step} {place}'.encode()).hexdigest()[:24]}"


def decision(step: ReplyStep, view: TurnView, pace: PacedItem, rule: str, facts: Facts) -> Decision:
    """Decide by a step. Without facts its texts are used literally."""
    if step.fail and not step.say and not step.think:
        failure = failure_named(step.fail.fail)
        failure.delay, failure.rule = step.wait, rule
        raise failure
    text = fill(_spoken(step), facts)
    usage = step.usage.usage if step.usage else TokenCounts()
    speed = merged(step.say, step.think, pace)
    return Decision(
        text=text,
        reasoning=fill(step.think.think, facts) if step.think else None,
        tool_calls=_tool_calls(step, view, facts, rule),
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        reasoning_tokens=usage.reasoning_tokens or 0,
        ttft=step.wait + (speed.ttft or 0.0),
        tokens_per_second=speed.tokens_per_second,
        breaks_after_tokens=_breaks_after(step, text),
        breaks_with=_breaks_with(step),
        jitter=speed.jitter or 0.0,
        chunk=speed.chunk or 1,
        keepalive=speed.keepalive,
        events=tuple([_raw(event.event, facts) for event in step.events]),
        stop_reason=step.stop.stop.value if step.stop else None,
        rule=rule,
        wire=step.fault.fault if step.fault else None,
    )


def merged(*paces: PacedItem | None) -> PacedItem:
    """Merge several paces. The first one that sets a value wins."""
    told: dict[str, Any] = {}
    for pace in reversed([pace for pace in paces if pace is not None]):
        told |= {name: value for name in PACE if (value := getattr(pace, name)) is not None}
    return PacedItem.model_construct(**told)


def _spoken(step: ReplyStep) -> str:
    if step.summary is not None:
        return step.summary.summary
    return step.say.say if step.say else ""


def _breaks_after(step: ReplyStep, text: str) -> int | None:
    """Return the number of tokens after which a text is cut; never more than its characters."""
    if step.fail is None:
        return None
    return len(text) if step.fail.after_tokens is None else step.fail.after_tokens


def _breaks_with(step: ReplyStep) -> ModelFailure | None:
    """Return the error that cuts a text. A provider that is unreachable sends none."""
    if step.fail is None or step.fail.fail == UNREACHABLE:
        return None
    return failure_named(step.fail.fail)


def _tool_calls(step: ReplyStep, view: TurnView, facts: Facts, rule: str) -> tuple[ToolCall, ...]:
    return tuple(
        [
            _edit_call(call, view, facts, rule, call_id(view.call.run_id, view.step, place))
            if isinstance(call, EditItem)
            else _tool_call(call, facts, call_id(view.call.run_id, view.step, place))
            for place, call in enumerate(step.calls)
        ]
    )


def _tool_call(call: CallItem, facts: Facts, own_id: str) -> ToolCall:
    if call.arguments is not None:
        arguments = fill(call.arguments, facts)
    else:
        arguments = _json(fill_value(call.with_ or {}, facts))
    return ToolCall(
        id=call.id or own_id,
        name=fill(call.call, facts),
        arguments=arguments,
        result=_result(call, facts),
        needs_approval=call.approve,
    )


def _result(call: CallItem, facts: Facts) -> ToolResult | None:
    if call.returns is None:
        return None
    return ToolResult(
        _raw(call.returns, facts),
        call.status,
        tuple([fill(line, facts) for line in call.stdout or ()]),
        tuple([fill(line, facts) for line in call.stderr or ()]),
    )


def _edit_call(edit: EditItem, view: TurnView, facts: Facts, rule: str, own_id: str) -> ToolCall:
    """Return the call of the agent's memory tool that makes an edit."""
    new = fill(edit.insert or edit.with_ or edit.set or "", facts)
    old = view.blocks.get(edit.edit, "") if edit.replace is None else fill(edit.replace, facts)
    names = INSERT if edit.insert is not None else REPLACE if edit.set is None else SET
    name = next((name for name in names if name in view.tools), None)
    if name is None:
        raise ScriptFailed(
            f"the agent {view.agent.name} has no tool to edit the block {edit.edit} with: "
            f"expected {one_of(names)}, it has {', '.join(view.tools) or 'none'}",
            rule,
        )
    arguments: dict[str, object] = {"label": edit.edit}
    match name:
        case "memory_insert":
            arguments |= {"new_string": new}
            arguments |= {} if edit.at is None else {"insert_line": edit.at}
        case "core_memory_append":
            arguments |= {"content": new}
        case "memory_replace":
            arguments |= {"old_string": old, "new_string": new}
        case "core_memory_replace":
            arguments |= {"old_content": old, "new_content": new}
        case _:
            arguments |= {"new_memory": new}
    return ToolCall(own_id, name, _json(arguments))


def _raw(value: object, facts: Facts) -> str:
    """Return a text literally, other JSON as text."""
    filled = fill_value(value, facts)
    return filled if isinstance(filled, str) else _json(filled)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
