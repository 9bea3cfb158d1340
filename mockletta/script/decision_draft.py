"""A decision in the making: the items of a step set its parts."""

import json
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from mockletta.brain.decisions import Decision, ToolCall
from mockletta.documents.unknown_keys import Strict
from mockletta.errors import ScriptFailed
from mockletta.script.template_texts import Facts, fill, fill_value
from mockletta.script.turn_view import TurnView
from mockletta.script.value_types import Count, Duration

Value = TypeVar("Value")


class TextPace(Strict):
    """The pace of a text: `ttft` is the time to the first token, `jitter` the share by which each
    delay varies, `chunk` the number of tokens sent at once, `keepalive` the silence before a
    ping.
    """

    ttft: Duration | None = None
    tokens_per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] | None = None
    chunk: Count | None = None
    keepalive: Annotated[Duration, Field(ge=0.000_1)] | None = None


PACE = frozenset(TextPace.model_fields)


class DecisionDraft:
    """A decision in the making. `parts` are fields of the decision; `wait` is the time in seconds
    before its first token, without that of the pace.
    """

    __slots__ = ("events", "facts", "pace", "parts", "rule", "tool_calls", "view", "wait")

    def __init__(self, view: TurnView, pace: TextPace, rule: str, facts: Facts) -> None:
        self.view = view
        self.rule = rule
        self.facts = facts
        self.wait = 0.0
        self.pace: dict[str, Any] = {}
        self.parts: dict[str, Any] = {"rule": rule}
        self.tool_calls: list[ToolCall] = []
        self.events: list[str] = []
        self.add_pace(pace)

    def add_pace(self, paced: TextPace) -> None:
        """Set the given parts of a pace. They replace earlier ones."""
        given = PACE & paced.__pydantic_fields_set__
        if given:
            self.pace |= {name: one for name in given if (one := getattr(paced, name)) is not None}

    def fill(self, text: str) -> str:
        """Fill in the templates of a text."""
        return fill(text, self.facts)

    def fill_as(self, value: object, kind: TypeAdapter[Value]) -> Value:
        """Return a value that may be a template. Raises ScriptFailed if it gives another kind."""
        found = fill_value(value, self.facts)
        try:
            return kind.validate_python(found)
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            message = f"the template {value!r} gave {found!r}: {reason}"
            raise ScriptFailed(message, self.rule) from error

    def raw(self, value: object) -> str:
        """Return a text literally, other JSON as text, with the templates filled in."""
        filled = fill_value(value, self.facts)
        return filled if isinstance(filled, str) else as_json(filled)

    def next_call_id(self) -> str:
        """Return the id of the next tool call."""
        return call_id(self.view.call.run_id, self.view.step, len(self.tool_calls))

    def decision(self) -> Decision:
        """Return the finished decision."""
        self.pace["ttft"] = self.wait + self.pace.get("ttft", 0.0)
        calls, events = tuple(self.tool_calls), tuple(self.events)
        return Decision(tool_calls=calls, events=events, **self.pace, **self.parts)


def call_id(run_id: str, step: int, place: int) -> str:
    """Return a tool call's id in the provider's form. The same call always has the same id."""
    return f"call_{sha256(f'{run_id} {step} {place}'.encode()).hexdigest()[:24]}"


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
