"""Tool orders: calls that a message asks for by a tool's name or by what the tool does."""

import json
import re
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.brain.tool_parameters import Parameter, parameters_of, required_of
from mockletta.default_brain.tool_calling.tool_arguments import COUNTED, TIMES, read_order
from mockletta.language.order_readings import QUOTED, is_within
from mockletta.language.sentences import is_order, plain
from mockletta.language.words import expand, lexicon, number, patterns

ARGUMENT = patterns("argument")
TOOL = patterns("tool")

Order = tuple[ToolSchema, dict[str, object]]
OF_NO_NAME = lexicon("of_no_name")
NEXT = re.compile(
    r"[}\])\"'\w]\s*(?:,(?:\s*and)?(?:\s*then)?|\band(?:\s+then)?|\bthen)\s+(?:the\s+)?[`\"'“]?$"
)
ONCE = {"once": 1, "twice": 2, "thrice": 3}
WRITTEN = re.compile(r"\s+\w{1,100}=\S")
NAMING = re.compile(r"[_{]|[Tt]ool|TOOL|[Ff]unction")
LONGEST = 20_000
SHORT = 500
LONGEST_ORDER = 2000
MOST_CALLS = 20


class NotCallable(Exception):
    """Raised if an ordered tool cannot be called. Its message is the reply that says why."""


def forbids_tools(text: str) -> bool:
    """Return whether a message says that no tool is to be called."""
    return TOOL.no_tools.search(text[:LONGEST]) is not None


def tool_orders(text: str, call: ModelCall) -> list[Order]:
    """Return the tools that a message orders by their names, with their arguments.

    NotCallable if there is no such tool, or if its arguments are missing or cannot be read.
    """
    text = text[:LONGEST]
    mentions = _mentions(text, call)
    orders: list[Order] = []
    ends = [start for start, _, _ in mentions[1:]] + [len(text)]
    previous: tuple[int, bool] = (0, False)
    for (start, end, tool), body_end in zip(mentions, ends, strict=False):
        ordered = _is_notation(text, start, end) or _is_ordered(text, start, previous)
        previous = (end, ordered)
        found = _arguments(tool, text[end:body_end], text[start:end]) if ordered else []
        orders += [(tool, arguments) for arguments in found]
    if not orders:
        _refuse_unknown(text, call)
    return orders[:MOST_CALLS]


def _mentions(text: str, call: ModelCall) -> list[tuple[int, int, ToolSchema]]:
    """Return where a text names tools, in order. In `use translate to translate` that is once."""
    lower = text.lower()
    names = {name for name in call.tools if name and name.lower() in lower}
    if not names:
        return []
    named = [tool for tool in call.schemas if tool.name in names]
    found: list[tuple[int, int, ToolSchema]] = []
    for tool in sorted(named, key=lambda one: -len(one.name)):
        form = re.compile(rf"(?<![\w-]){re.escape(tool.name)}(?![\w-])", re.IGNORECASE)
        for match in islice(form.finditer(text), MOST_CALLS):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((*match.span(), tool))
    found.sort(key=lambda one: one[0])
    verbs = {
        again
        for (_, end, tool), (again, _, same) in pairwise(found)
        if tool is same and TOOL.to_do.fullmatch(text, end, again)
    }
    return [one for one in found if one[0] not in verbs]


def _is_ordered(text: str, start: int, previous: tuple[int, bool]) -> bool:
    """Return whether what stands before a tool's name orders its call.

    `previous` is the end of the mention before it, and whether that was ordered.
    """
    end, ordered = previous
    between = text[end:start]
    follows = NEXT.search(between) and _is_plain(text[start:].split(" ", maxsplit=1)[0])
    if ordered and (follows or TOOL.list.match(between)):
        return True
    begin = max((m.end() for m in re.finditer(r"(?<=[.!?\n])\s|\n", text[:start])), default=0)
    before = plain(f"{expand(text[max(begin, end) : start])} x")[:-1].rstrip(" ")
    order = TOOL.order.search(before + " " * (before[-1:] not in "`\"'“"))
    if order is None:
        return False
    lead = before[: order.start()]
    joined = re.search(r"(?:,|\band\b|\bthen\b)\W*$", lead) and is_order(lead)
    return bool(ordered or joined or TOOL.subject.match(lead))


def _is_notation(text: str, start: int, end: int) -> bool:
    """Return whether a tool's name begins a call in code: `roll_dice(sides=6)`, `add a=1, b=2`."""
    begins = TOOL.subject.match(text[:start]) or NEXT.search(text[:start])
    if begins and WRITTEN.match(text, end):
        return True
    ends_whole = text.rstrip(" \n;.!").endswith(")")
    return text[end : end + 1] == "(" and ends_whole and not text[:start].strip(" `")


def _refuse_unknown(text: str, call: ModelCall) -> None:
    """Say that there is no such tool, if it is plain that one is meant."""
    match = TOOL.named.search(text) if NAMING.search(text) else None
    if match is None or any(one.name.lower() == match["name"].lower() for one in call.schemas):
        return
    stated = match["noun"] or match["after"] or match["mark"]
    rest = text[match.end() :]
    opening = TOOL.passing.match(rest)
    is_object = opening is not None and rest[opening.end() :].startswith("{")
    is_tool = match["after"] and match["name"].lower() not in OF_NO_NAME
    is_called = "_" in match["name"] and (stated or TOOL.called.search(text[: match.start("name")]))
    if (stated and is_object) or is_tool or is_called:
        tools = f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
        raise NotCallable(f'I have no tool "{match["name"]}". {tools}')


def _arguments(tool: ToolSchema, rest: str, name: str) -> list[dict[str, object]]:
    """Return the arguments of each call that an order asks for; [] if the words are no order."""
    named = _is_plain(name) or (name == tool.name and name[0].isupper())
    called = named or TOOL.of_a_tool.match(rest)
    rest = TOOL.after.sub("", rest)
    opening = TOOL.passing.match(rest)
    assert opening is not None
    body = rest[opening.end() :]
    if body.startswith("{"):
        return _objects(tool, body)
    times = repeats(tool, rest)
    if found := pairs(tool, rest[:LONGEST]):
        return [_completed(tool, one) for one in found] * (times if len(found) == 1 else 1)
    if not called:
        return []
    words = TOOL.after.sub("", TOOL.parallel.sub(" ", TIMES.sub(" ", rest) if times > 1 else rest))
    read = read_order(tool, words[:LONGEST_ORDER])
    if read.missing:
        raise NotCallable(needs(tool, [one.name for one in required_of(tool)]))
    listed = read.calls()
    return listed * times if len(listed) == 1 else listed


def _is_plain(name: str) -> bool:
    """Return whether a name can only be a tool's: `get_weather`, `getTime`."""
    return bool(re.search(r"[_\d]|[a-z][A-Z]", name))


def _objects(tool: ToolSchema, body: str) -> list[dict[str, object]]:
    """Return the JSON objects that a text begins with, one for each call."""
    found: list[dict[str, object]] = []
    while body.startswith("{"):
        try:
            value, end = json_value(body)
        except ValueError as error:
            if found:
                break
            raise NotCallable(
                f"I can't read the arguments for {tool.name}: please write them as a JSON object, "
                'or as in a=1, b="x".'
            ) from error
        found.append(value)
        body = re.sub(r"^\s*(?:,|and|then|,\s*and)\s*(?:with\s*)?", "", body[end:], count=1)
    return found


def _completed(tool: ToolSchema, given: dict[str, object]) -> dict[str, object]:
    """Return written arguments. Raises NotCallable if a required one is missing."""
    missing = [one for one in required_of(tool) if one.name not in given]
    if missing and parameters_of(tool).keys() & given.keys():
        raise NotCallable(needs(tool, [one.name for one in missing]))
    return given


def repeats(tool: ToolSchema, rest: str) -> int:
    """Return how many calls an order asks for: `twice`, unless the tool itself takes how often."""
    match = TIMES.search(rest)
    if match is None:
        return 1
    counts = any(name.lower() in COUNTED for name in parameters_of(tool))
    if counts and not TOOL.parallel.search(rest):
        return 1
    times = ONCE[match["once"].lower()] if match["once"] else number(match["n"]) or 1
    return max(1, min(times, MOST_CALLS))


def needs(tool: ToolSchema, names: Sequence[str]) -> str:
    return f"To call {tool.name} I need: {', '.join(names)}."


EMPTY = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


def due_order(call: ModelCall, text: str) -> Order:
    """Return the call that tool rules demand. What the message does not hold is the message itself
    where a text is due, and an empty value elsewhere, since the call has to be made."""
    tool = next((one for one in call.schemas if one.name == call.due[0]), ToolSchema(call.due[0]))
    found = read_order(tool, text[:SHORT]).arguments
    required = required_of(tool)
    bare = text.strip(" .!?")
    held = {name: value for name, value in found.items() if value != bare}
    return tool, {one.name: held.get(one.name, _empty(one, text)) for one in required}


def _empty(parameter: Parameter, text: str) -> object:
    if parameter.choices:
        return parameter.choices[0]
    return text[:SHORT] if parameter.kind == "string" else EMPTY.get(parameter.kind)


NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?=\s)")
PYTHON = {"True": "true", "False": "false", "None": "null", "yes": "true", "no": "false"}
DECODER = json.JSONDecoder(parse_constant=int)  # it refuses NaN and Infinity, which JSON has not


def json_value(text: str) -> tuple[Any, int]:
    """Return the JSON value that a text begins with, and its end. Raises ValueError."""
    try:
        value, end = DECODER.raw_decode(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError(str(error)) from error
    return value, end


def pairs(tool: ToolSchema, body: str) -> list[dict[str, object]]:
    """Return arguments that are written one by one: `a=1, b="x"`.

    A repeated key begins another call.
    """
    known = parameters_of(tool)
    calls: list[dict[str, object]] = []
    keys = re.finditer(r"(?<![^\s,;({\"'`])(\w{1,100})[\"'`]?\s*([=:])", body)
    quoted = [one.span() for one in QUOTED.finditer(body)]
    position = next(
        (
            m.start()
            for m in keys
            if (m[2] == "=" or m[1] in known) and not is_within((m.start() - 1, m.end()), quoted)
        ),
        len(body),
    )
    while match := ARGUMENT.pair.match(body, position):
        key, value, position = match["key"], match["value"], match.end()
        if match["sign"] == ":" and key not in known:
            break
        if not calls or key in calls[-1]:
            calls.append({})
        try:
            given = (written(value, known.get(key)), 0) if value else json_value(body[position:])
        except ValueError:
            break
        calls[-1][key] = given[0]
        position += given[1]
    return [call for call in calls if call]


def written(text: str, parameter: Parameter | None) -> object:
    """Read a written value: JSON, or else a text without its quotes."""
    if text[0] == "'":
        return text[1:-1]
    text = text.strip("`") or text
    kind = parameter.kind if parameter else ""
    if kind == "string" and text[0] != '"':
        return text
    if kind == "array" and text[0] != "[":
        return [part.strip() for part in re.split(r",|\band\b", text) if part.strip()]
    leading = NUMBER.match(text) if kind in ("integer", "number") else None
    literal = leading[0] if leading else PYTHON.get(text, text)
    try:
        value, end = json_value(literal)
    except ValueError:
        return text
    return value if end == len(literal) else text
