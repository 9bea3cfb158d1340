"""Turns a step of a reply into a decision: templates are filled in, tool calls get ids."""

import json
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from mockletta.brain.decisions import Decision, ModelFailure, ToolCall, ToolResult
from mockletta.brain.failures import failure_named
from mockletta.documents.hints import one_of
from mockletta.errors import ScriptFailed
from mockletta.script.reply_items import CallItem, EditItem, FailItem, FailureName, PacedItem
from mockletta.script.reply_steps import ReplyStep
from mockletta.script.template_texts import BadTemplate, Facts, facts_of, fill, fill_value
from mockletta.script.turn_view import TurnView
from mockletta.script.value_types import Duration, Size

UNREACHABLE = "unreachable"
Value = TypeVar("Value")
DURATION: TypeAdapter[float] = TypeAdapter(Duration)
SIZE: TypeAdapter[int] = TypeAdapter(Size)
FAILURE: TypeAdapter[str] = TypeAdapter(FailureName)
INSERT = ("memory_insert", "core_memory_append")
REPLACE = ("memory_replace", "core_memory_replace")
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
    wait = sum(_filled(one, facts, DURATION, rule) for one in step.wait)
    failure = _failure(step.fail, facts, rule) if step.fail else None
    if failure and not step.say and not step.think:
        failure.delay, failure.rule = wait, rule
        raise failure
    text = fill(_spoken(step), facts)
    usage = {
        name: _filled(value, facts, SIZE, rule)
        for name, value in step.usage.usage
        if value is not None
    } if step.usage else {}  # fmt: skip
    speed = merged(step.say, step.think, pace)
    return Decision(
        text=text,
        reasoning=fill(step.think.think, facts) if step.think else None,
        tool_calls=_tool_calls(step, view, facts, rule),
        finish="length" if step.stop and step.stop.stop == "length" else "stop",
        prompt_tokens=usage.get("prompt_tokens"),
        completion_tokens=usage.get("completion_tokens"),
        reasoning_tokens=usage.get("reasoning_tokens", 0),
        ttft=wait + (speed.ttft or 0.0),
        tokens_per_second=speed.tokens_per_second,
        breaks_after_tokens=_breaks_after(step, text),
        breaks_with=failure if failure and failure.kind != UNREACHABLE else None,
        jitter=speed.jitter or 0.0,
        chunk=speed.chunk or 1,
        keepalive=speed.keepalive,
        events=tuple([_raw(event.event, facts) for event in step.events]),
        stop_reason=step.stop.stop.value if step.stop and step.stop.stop != "length" else None,
        rule=rule,
        wire=step.fault.fault if step.fault else None,
    )


class Speed(NamedTuple):
    """A pace with what remains open as None."""

    ttft: float | None = None
    tokens_per_second: float | None = None
    jitter: float | None = None
    chunk: int | None = None
    keepalive: float | None = None


PACE = Speed._fields


def merged(*paces: PacedItem | None) -> Speed:
    """Merge several paces. The first one that sets a value wins."""
    given: dict[str, Any] = {}
    for pace in reversed([pace for pace in paces if pace is not None]):
        given |= {name: value for name in PACE if (value := getattr(pace, name)) is not None}
    return Speed(**given)


def _spoken(step: ReplyStep) -> str:
    if step.summary is not None:
        return step.summary.summary
    return step.say.say if step.say else ""


def _breaks_after(step: ReplyStep, text: str) -> int | None:
    """Return the number of tokens after which a text is cut; never more than its characters."""
    if step.fail is None:
        return None
    return len(text) if step.fail.after_tokens is None else step.fail.after_tokens


def _failure(item: FailItem, facts: Facts, rule: str) -> ModelFailure:
    """Return the failure of an item. A provider that is unreachable sends no text."""
    message = None if item.message is None else fill(item.message, facts)
    return failure_named(_filled(item.fail, facts, FAILURE, rule), message)


def _filled(value: object, facts: Facts, kind: TypeAdapter[Value], rule: str) -> Value:
    """Return a value that may be a template. Raises ScriptFailed if it gives another kind."""
    found = fill_value(value, facts)
    try:
        return kind.validate_python(found)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise ScriptFailed(f"the template {value!r} gave {found!r}: {reason}", rule) from error


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
