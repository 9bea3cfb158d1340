"""Replies from a Python function that is called for each message, or from a reply engine at a URL.

A reply has the form of a script: a text, an item or a list of items. In Python it can also be a
`reply()` or a Decision, and can have several steps: after a tool returns, the next step is served
and the function is not called again. Texts are literal, not templates.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mockletta.brain.decisions import Brain, Decision, ModelCall
from mockletta.errors import ScriptFailed
from mockletta.script.builder import ReplyBuilder
from mockletta.script.decision_draft import TextPace
from mockletta.script.reply_steps import ReplyStep, steps_of
from mockletta.script.script_models import Reply
from mockletta.script.template_texts import LITERAL
from mockletta.script.turn_view import TurnView
from mockletta.script.user_code import ask, await_reply, name_of
from mockletta.script.validation_problems import problems

MOST_TURNS = 1_000
RETURNED = ("tool", "tools", "value", "status")
URL = "the reply engine"


class ReplyFunction:
    """A brain that calls a function: `function(turn) -> reply`. Another brain writes summaries.
    Without it the function is called with a `turn` whose purpose is `summary`.
    """

    def __init__(
        self, function: Callable[[TurnView], object], summaries: Brain | None = None
    ) -> None:
        self._function = function
        self._summaries = summaries
        self._left: OrderedDict[str, tuple[ReplyStep, ...]] = OrderedDict()

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call. Raises ScriptFailed if the function fails or returns no reply."""
        if call.purpose == "summary" and self._summaries is not None:
            return self._summaries.decide(call)
        left = self._left_of(call)
        if left:
            return self._first(call, left)
        return self._decided(call, ask(self._function, TurnView(call)))

    def _left_of(self, call: ModelCall) -> tuple[ReplyStep, ...]:
        """Return the further steps of a reply whose first one was served."""
        return self._left.pop(call.run_id, ()) if call.purpose == "reply" else ()

    def _decided(self, call: ModelCall, reply: object) -> Decision:
        """Decide by the result of the function."""
        if isinstance(reply, Decision):
            return reply
        return self._first(call, _steps(reply, name_of(self._function)))

    def _first(self, call: ModelCall, steps: tuple[ReplyStep, ...]) -> Decision:
        """Serve the first of some steps, and keep the others."""
        self._keep(call.run_id, steps[1:])
        return steps[0].decide(TurnView(call), TextPace(), name_of(self._function), None)

    def _keep(self, run_id: str, steps: tuple[ReplyStep, ...]) -> None:
        if steps:
            self._left[run_id] = steps
        while len(self._left) > MOST_TURNS:
            self._left.popitem(last=False)


class AsyncReplyFunction(ReplyFunction):
    """A brain that awaits an asynchronous function. Another brain writes summaries."""

    async def consult(self, call: ModelCall) -> Decision:
        """Answer one model call. Raises ScriptFailed if the function fails or returns no reply."""
        left = self._left_of(call)
        if left:
            return self._first(call, left)
        return self._decided(call, await await_reply(self._function, TurnView(call)))


def callable_brain(
    function: Callable[[TurnView], object], summaries: Brain | None = None
) -> ReplyFunction:
    """Return a brain that replies by a function; see ReplyFunction.

    >>> callable_brain(lambda turn: f"You said {turn.text}.")
    """
    return ReplyFunction(function, summaries)


def turn_as_json(call: ModelCall) -> dict[str, Any]:
    """Return a model call as a reply engine at a URL receives it. `history` starts with the oldest
    message."""
    view = TurnView(call)
    returned = view.returned
    return {
        "purpose": call.purpose,
        "text": view.text,
        "raw_text": view.raw_text,
        "role": view.role,
        "images": view.images,
        "agent": {"id": call.agent_id, "name": call.agent_name, "tags": list(call.agent_tags)},
        "conversation": view.conversation,
        "model": call.model,
        "system": call.system,
        "run": call.run_id,
        "turn": call.turn,
        "step": call.step,
        "tools": list(call.tools),
        "skills": [{"name": one.name, "description": one.description} for one in call.skills],
        "response_format": call.response_format,
        "due": list(call.due),
        "blocks": view.blocks,
        "returned": returned and {name: getattr(returned, name) for name in RETURNED},
        "now": call.now.isoformat() if call.now else None,
        "history": [
            {
                "role": message.role,
                "text": message.text,
                "images": message.images,
                "tool_call_id": message.tool_call_id,
                "tool_calls": [
                    {"id": one.id, "name": one.name, "arguments": one.arguments}
                    for one in message.tool_calls
                ],
            }
            for message in call.messages
        ],
    }


def decision_from_json(data: object, call: ModelCall) -> Decision:
    """Read the answer of a reply engine at a URL: a reply or `{"reply": ...}`, of one step.

    Raises ScriptFailed if the answer is invalid.
    """
    reply = data["reply"] if isinstance(data, dict) and data.keys() == {"reply"} else data
    first, *others = _steps(reply, URL)
    if others:
        raise ScriptFailed(
            f"{URL} answered {len(others) + 1} steps: expected one, which ends with a tool call. "
            "The engine is asked again when the tool has returned"
        )
    return first.decide(TurnView(call), TextPace(), URL, None)


def _steps(reply: object, name: str) -> tuple[ReplyStep, ...]:
    written = reply.items if isinstance(reply, ReplyBuilder) else reply
    try:
        return steps_of(TypeAdapter(Reply).validate_python(written, context=LITERAL))
    except ValidationError as error:
        found = [
            f"{'.'.join(map(str, one.path))}{': ' if one.path else ''}{one.message}"
            for one in problems(error)
        ]
        raise ScriptFailed(f"{name} did not return a reply: {'; '.join(found)}") from error
