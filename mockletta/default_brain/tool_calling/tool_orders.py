"""Tool orders: calls that a message asks for by a tool's name, and calls that rules demand."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import Any

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.brain.tool_parameters import Parameter, parameters_of, required_of
from mockletta.default_brain.tool_calling.order_readings import tokenized, unquoted
from mockletta.default_brain.tool_calling.tool_arguments import COUNTED, TIMES, read_order
from mockletta.language.sentences import is_order, plain
from mockletta.language.words import expand, lexicon, lower_words, number, patterns

TOOL = patterns("tool")
Order = tuple[ToolSchema, dict[str, object]]
CALLING, CALL_FILLING = lexicon("calling"), lexicon("call_filling")
CALL_LEADING, OF_NO_NAME = lexicon("call_leading"), lexicon("of_no_name")
TOOLS = frozenset(["tool", "tools", "function", "functions"])
JOINING = frozenset(["and", "then", "also", "the", "call", "use"]) | TOOLS
SENTENCE_START = re.compile(r"(?<=[.!?\n])\s|\n")
VALUE_END = re.compile(r"[,;\n]|[.!?]+(?=\s|$)|\s(?:and|with)$|[)`]*$")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?=\s|$)")
PYTHON = {"True": "true", "False": "false", "None": "null", "yes": "true", "no": "false"}
EMPTY = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
DECODER = json.JSONDecoder(parse_constant=int)  # it refuses NaN and Infinity, which JSON has not
ONCE = {"once": 1, "twice": 2, "thrice": 3}
LONGEST = 20_000
LONGEST_ORDER = 2000
SHORT = 500
MOST_CALLS = 20


class NotCallable(Exception):
    """Raised if an ordered tool cannot be called. Its message is the reply that says why."""


def forbids_tools(text: str) -> bool:
    """Return whether a message says that no tool is to be called."""
    return TOOL.no_tools.search(text[:LONGEST]) is not None


def needs(tool: ToolSchema, names: Sequence[str]) -> str:
    return f"To call {tool.name} I need: {', '.join(names)}."


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
    found: list[tuple[int, int, ToolSchema]] = []
    named = [tool for tool in call.schemas if tool.name in names] if names else []
    for tool in sorted(named, key=lambda one: -len(one.name)):
        form = re.compile(rf"(?<![\w-]){re.escape(tool.name)}(?![\w-])", re.IGNORECASE)
        for match in islice(form.finditer(text), MOST_CALLS):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((*match.span(), tool))
    found.sort(key=lambda one: one[0])
    verbs = {
        again
        for (_, end, tool), (again, _, same) in pairwise(found)
        if tool is same and [*TOOLS, *lower_words(text[end:again])][-1] == "to"
    }
    return [one for one in found if one[0] not in verbs]


def _is_ordered(text: str, start: int, previous: tuple[int, bool]) -> bool:
    """Return whether what stands before a tool's name orders its call.

    `previous` is the end of the mention before it, and whether that was ordered.
    """
    end, ordered = previous
    between = text[end:start].rstrip(" `\"'“")
    joined = between.endswith(",") or lower_words(between)[-1:] in (["and"], ["then"], ["the"])
    name = text[start:].split(" ", maxsplit=1)[0]
    if ordered and ((joined and _is_plain(name)) or JOINING.issuperset(lower_words(between))):
        return True
    begin = max([end, *(one.end() for one in SENTENCE_START.finditer(text, 0, start))])
    before = plain(f"{expand(text[begin:start])} x")
    words = lower_words(before)[:-1]
    filling = list(takewhile(lambda one: one in CALL_FILLING or one.isdecimal(), words[::-1]))
    lead = words[: len(words) - len(filling)]
    if not lead or lead[-1] not in CALLING:
        return False
    lead = lead[:-1]
    while lead and lead[-1] in ("to", "and", "then"):
        lead = lead[:-1]
    begins = is_order(before) and len(lead) < len(words) - len(filling) - 1
    return ordered or CALL_LEADING.issuperset(lead) or (begins and lead != [])


def _is_notation(text: str, start: int, end: int) -> bool:
    """Return whether a tool's name begins a call in code: `roll_dice(sides=6)`, `add a=1, b=2`."""
    before = lower_words(text[:start])
    if re.match(r"\s+\w{1,100}=\S", text[end : end + 120]):
        return CALL_LEADING.issuperset(before) or before[-1] in ("and", "then")
    ends_whole = text.rstrip(" \n;.!").endswith(")")
    return text[end : end + 1] == "(" and ends_whole and not text[:start].strip(" `")


def _is_plain(name: str) -> bool:
    """Return whether a name can only be a tool's: `get_weather`, `getTime`."""
    return bool(re.search(r"[_\d]|[a-z][A-Z]", name))


def _refuse_unknown(text: str, call: ModelCall) -> None:
    """Say that there is no such tool, if it is plain that one is meant."""
    lower = text[:LONGEST_ORDER].lower()
    if not any(one in lower for one in ("_", "{", "tool", "function")):
        return
    words = tokenized(text[:LONGEST_ORDER])
    lows = [one.low for one in words]
    known = {one.name.lower() for one in call.schemas}
    for place, verb in enumerate(lows[:-1]):
        if verb not in CALLING:
            continue
        first = place + 1 + (lows[place + 1] in ("the", "your", "my"))
        noun = lows[first : first + 1] in (["tool"], ["function"])
        first += noun + (noun and lows[first + 1 : first + 2] in (["named"], ["called"]))
        name = unquoted(words[first].text) if first < len(words) else ""
        if not re.fullmatch(r"\w[\w-]{0,99}", name):
            continue
        after = lows[first + 1 : first + 2] in (["tool"], ["function"])
        stated = noun or after or words[first].kind == "quoted"
        body = _passed(text[words[first].end :]) if stated else ""
        is_tool = after and name.lower() not in OF_NO_NAME
        called = "_" in name and (stated or verb in ("call", "invoke", "execute", "trigger"))
        if name.lower() not in known and (body.startswith("{") or is_tool or called):
            tools = f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
            raise NotCallable(f'I have no tool "{name}". {tools}')
        return


# The arguments of a call


def _arguments(tool: ToolSchema, rest: str, name: str) -> list[dict[str, object]]:
    """Return the arguments of each call that an order asks for; [] if the words are no order."""
    named = _is_plain(name) or (name == tool.name and name[0].isupper())
    called = named or TOOL.of_a_tool.match(rest)
    rest = TOOL.after.sub("", rest)
    body = _passed(rest)
    if body.startswith("{"):
        return _objects(tool, body)
    times = repeats(tool, rest)
    if found := pairs(tool, body):
        return [_completed(tool, one) for one in found] * (times if len(found) == 1 else 1)
    if not called:
        return []
    words = TOOL.parallel.sub(" ", TIMES.sub(" ", rest)) if times > 1 else rest
    read = read_order(tool, TOOL.after.sub("", words)[:LONGEST_ORDER])
    if read.missing:
        raise NotCallable(needs(tool, [one.name for one in required_of(tool)]))
    listed = read.calls()
    return listed * times if len(listed) == 1 else listed


def _passed(rest: str) -> str:
    """Return what stands behind `with the following arguments:`."""
    opening = TOOL.passing.match(rest)
    return rest[opening.end() :] if opening else rest


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
        body = re.sub(r"^\s*(?:,|and|then|with|\s)*(?={)", "", body[end:])
    return found


def _completed(tool: ToolSchema, given: dict[str, object]) -> dict[str, object]:
    """Return written arguments. Raises NotCallable if a required one is missing."""
    missing = [one.name for one in required_of(tool) if one.name not in given]
    if missing and parameters_of(tool).keys() & given.keys():
        raise NotCallable(needs(tool, missing))
    return given


def repeats(tool: ToolSchema, rest: str) -> int:
    """Return how many calls an order asks for: `twice`, unless the tool itself takes how often."""
    match = TIMES.search(rest)
    counts = any(name.lower() in COUNTED for name in parameters_of(tool))
    if match is None or (counts and not TOOL.parallel.search(rest)):
        return 1
    times = ONCE[match["once"].lower()] if match["once"] else number(match["n"]) or 1
    return max(1, min(times, MOST_CALLS))


def pairs(tool: ToolSchema, body: str) -> list[dict[str, object]]:
    """Return arguments that are written one by one: `a=1, b="x"`.

    A repeated key begins another call.
    """
    known = parameters_of(tool)
    keys = list(_keys(body, known))
    calls: list[dict[str, object]] = []
    ends = [start for _, start, _ in keys[1:]] + [len(body)]
    for (key, _, begin), end in zip(keys, ends, strict=False):
        try:
            value = _value(body[begin:end].strip(), known.get(key))
        except ValueError:
            break
        if not calls or key in calls[-1]:
            calls.append({})
        calls[-1][key] = value
    return calls


def _keys(body: str, known: dict[str, Parameter]) -> Iterator[tuple[str, int, int]]:
    """Yield the keys of a text: `a` of `a=1`, or `city` of `city: Rome` if the tool has it."""
    if "=" not in body and ":" not in body:
        return
    words = tokenized(body)
    for one, sign in pairwise(words):
        key = unquoted(one.text)
        if re.fullmatch(r"\w{1,100}", key) and (
            sign.text == "=" or (sign.text == ":" and key in known)
        ):
            yield key, one.start, sign.end


def _value(text: str, parameter: Parameter | None) -> object:
    """Read the value that a text begins with. Raises ValueError if there is none."""
    if text[:1] in ("{", "["):
        return json_value(text)[0]
    first = next(iter(tokenized(text)), None)
    if first and first.kind == "quoted" and first.start == 0:
        return written(first.text, parameter)
    kind = parameter.kind if parameter else ""
    end = re.search(r"[;\n]|[.!?]+(?=\s|$)", text) if kind == "array" else VALUE_END.search(text)
    bare = text[: end.start()].strip(" ,") if end else text
    bare = re.sub(r"(?:,|\s(?:and|with))*$", "", bare)
    if not bare:
        raise ValueError("no value")
    return written(bare, parameter)


def written(text: str, parameter: Parameter | None) -> object:
    """Read a written value: JSON, or else a text without its quotes."""
    if text[0] == "'":
        return text[1:-1]
    text = text.strip("`") or text
    kind = parameter.kind if parameter else ""
    if kind == "string" and text[0] != '"':
        return text
    if kind == "array":
        return [part.strip() for part in re.split(r",|\band\b", text) if part.strip()]
    leading = NUMBER.match(text) if kind in ("integer", "number") else None
    literal = leading[0] if leading else PYTHON.get(text, text)
    try:
        value, end = json_value(literal)
    except ValueError:
        return text
    return value if end == len(literal) else text


def json_value(text: str) -> tuple[Any, int]:
    """Return the JSON value that a text begins with, and its end. Raises ValueError."""
    try:
        value, end = DECODER.raw_decode(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError(str(error)) from error
    return value, end


# Calls that rules demand


def due_order(call: ModelCall, text: str) -> Order:
    """Return the call that tool rules demand. What the message does not hold is the message itself
    where a text is due, and an empty value elsewhere, since the call has to be made."""
    tool = next((one for one in call.schemas if one.name == call.due[0]), ToolSchema(call.due[0]))
    found = read_order(tool, text[:SHORT]).arguments
    bare = text.strip(" .!?")
    held = {name: value for name, value in found.items() if value != bare}
    return tool, {one.name: held.get(one.name, _empty(one, text)) for one in required_of(tool)}


def _empty(parameter: Parameter, text: str) -> object:
    if parameter.choices:
        return parameter.choices[0]
    return text[:SHORT] if parameter.kind == "string" else EMPTY.get(parameter.kind)
