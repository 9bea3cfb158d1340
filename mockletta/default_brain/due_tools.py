"""Tools that rules demand: one of them is called before anything is said.

Arguments are filled from the user's newest message as far as that goes. What the message does not
hold takes the message itself where a text is due, and an empty value elsewhere: the call has to be
made. A tool that has just failed is not called again at once.
"""

from collections.abc import Mapping

from mockletta.brain.decisions import Decision, ModelCall, ToolSchema
from mockletta.brain.history import newest_message, said
from mockletta.default_brain.memory_updates import calling, made_for, outcome
from mockletta.default_brain.tool_arguments import fill
from mockletta.default_brain.tool_parameters import Parameter, required_of
from mockletta.default_brain.tool_questions import LONGEST, about, parameter_words

EMPTY: Mapping[object, object] = {
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "object": {},
}


def due_call(call: ModelCall) -> Decision | None:
    """The call that rules demand; None if they demand none, or it has just failed."""
    if not call.due:
        return None
    tool = next((one for one in call.schemas if one.name == call.due[0]), ToolSchema(call.due[0]))
    if _has_just_failed(tool.name, call):
        return None
    text = said(newest_message(call.messages)).strip()[:LONGEST]
    return calling(tool.name, _arguments(tool, text), call)


def _has_just_failed(name: str, call: ModelCall) -> bool:
    last = call.messages[-1] if len(call.messages) else None
    if last is None or last.role != "tool":
        return False
    made = made_for(last, call.messages)
    return made is not None and made.name == name and outcome(last.text)[0] == "Failed"


def _arguments(tool: ToolSchema, text: str) -> dict[str, object]:
    required = required_of(tool)
    known = frozenset().union(*about(tool.name, tool.description), parameter_words(tool))
    whole = fill(required, text, known)
    if whole is not None:
        return whole.arguments
    return {parameter.name: _argument(parameter, tool, text, known) for parameter in required}


def _argument(parameter: Parameter, tool: ToolSchema, text: str, known: frozenset[str]) -> object:
    found = fill([parameter], text, known)
    if found is not None:
        return found.arguments[parameter.name]
    if parameter.choices:
        return parameter.choices[0]
    if parameter.kind == "string":
        return text
    properties = tool.parameters.get("properties")
    schema = properties.get(parameter.name) if isinstance(properties, Mapping) else None
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    return EMPTY.get(kind) if isinstance(kind, str) else EMPTY.get(parameter.kind)
