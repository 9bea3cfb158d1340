"""Orders to call a tool: `call the tool X with {...}`, `use X with a=1, b="x"`."""

import json
import re
from itertools import islice
from typing import NoReturn

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.default_brain.tool_arguments import fill
from mockletta.default_brain.tool_parameters import Parameter, parameters_of, required_of
from mockletta.default_brain.tool_questions import about

ORDER = re.compile(
    r"(?:\A|(?<=[.!?\n]))\s{0,10}"
    r"(?:(?:please|now|then|and|also|so|ok|okay|great|thanks|thank you|hey|hi|hello|kindly|"
    r"(?:can|could|would|will) you|i(?:['\u2019]d| would) like you to|i want you to)"
    r"[\s,!]{1,3}){0,4}"
    r"(?:call|use|invoke|run|execute)\s{1,3}(?:(?:the|your|my)\s{1,3})?"
    r"(?P<noun>(?:tool|function)\s{1,3}(?:(?:named|called)\s{1,3})?)?"
    r"(?P<mark>[`\"'“]?)(?P<name>\w[\w-]{0,99})[`\"'”]?(?P<after>\s{1,3}(?:tool|function)\b)?",
    re.IGNORECASE,
)
WITH = re.compile(
    r"\s*,?\s*(?:with|using|and pass(?: it)?|passing|on)?\s*\(?\s*(?:(?:the|these|this)\s+)?"
    r"(?:following\s+)?(?:(?:arguments?|args?|parameters?|params?|inputs?|json(?: object)?)\b)?"
    r"\s*:?\s*(?:```(?:json)?\s*|`)?",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"\s*(?:[,;]|\band\b)?\s*(?P<key>\w{1,100})\s*=\s*"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'[^']*'|\[[^\]\n]*\]|"
    r"[^,;\n=]+?(?=\s*(?:[,;\n)]|\s(?:and\s+)?\w{1,100}\s*=|[.!?]*\s*\Z)))",
)
GIVEN = re.compile(r"\s{1,3}(?:with|using|on|for)\s", re.IGNORECASE)
END = re.compile(r"[\s.!?)`]*(?:please[\s.!?]*|now[\s.!?]*)?\Z", re.IGNORECASE)
LONGEST = 20_000
LONGEST_PAIRS = 2000
MOST = 20
PYTHON = {"True": "true", "False": "false", "None": "null"}


def refuse(constant: str) -> NoReturn:
    """JSON has neither NaN nor Infinity, though Python reads them."""
    raise ValueError(constant)


DECODER = json.JSONDecoder(parse_constant=refuse)


class NotCallable(Exception):
    """What an order names cannot be called; the message says why, as a reply."""


Order = tuple[ToolSchema, dict[str, object]]


def tool_order(text: str, call: ModelCall) -> Order | None:
    """The tool that a message orders to call, and its arguments; None for any other message.

    NotCallable if there is no such tool, or if its arguments are missing or cannot be read.
    """
    text = text[:LONGEST]
    for match in islice(ORDER.finditer(text), MOST):
        name = match["name"].lower()
        tool = next((one for one in call.schemas if one.name.lower() == name), None)
        rest = text[match.end() :]
        if tool is None:
            refuse_unknown(match, rest, call)
        elif (arguments := ordered(tool, match, rest)) is not None:
            return tool, arguments
    return None


def refuse_unknown(match: re.Match[str], rest: str, call: ModelCall) -> None:
    """Say that there is no such tool, if it is plain that one is meant."""
    if names_tool(match) and body_of(rest).startswith("{"):
        tools = f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
        raise NotCallable(f'I have no tool "{match["name"]}". {tools}')


def names_tool(match: re.Match[str]) -> bool:
    return bool(match["noun"] or match["after"] or match["mark"])


def body_of(rest: str) -> str:
    opening = WITH.match(rest)
    assert opening is not None
    return rest[opening.end() :]


def ordered(tool: ToolSchema, match: re.Match[str], rest: str) -> dict[str, object] | None:
    """The arguments of an order; None if the words turn out to be none."""
    body = body_of(rest)
    if body.startswith("{"):
        return parsed(tool, body)
    if pairs := paired(tool, body[:LONGEST_PAIRS]):
        return pairs
    if names_tool(match) or GIVEN.match(rest) or END.match(rest):
        return worded(tool, rest)
    return None


def parsed(tool: ToolSchema, body: str) -> dict[str, object]:
    """The JSON object that a text begins with."""
    try:
        value, _ = DECODER.raw_decode(body)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotCallable(
            f"I can't read the arguments for {tool.name}: please write them as a JSON object, "
            'or as in a=1, b="x".'
        ) from error
    assert isinstance(value, dict)
    return value


def paired(tool: ToolSchema, body: str) -> dict[str, object]:
    """The arguments that are written one by one: `a=1, b="x"`."""
    known = parameters_of(tool)
    found: dict[str, object] = {}
    position = 0
    while match := PAIR.match(body, position):
        found[match["key"]] = valued(match["value"], known.get(match["key"]))
        position = match.end()
    return found


def valued(text: str, parameter: Parameter | None) -> object:
    """A value as it is written: JSON, or a text without quotes where it is none."""
    if text[0] == "'":
        return text[1:-1]
    if parameter is not None and parameter.kind == "string" and text[0] != '"':
        return text
    try:
        value: object = DECODER.decode(PYTHON.get(text, text))
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return text
    return value


def worded(tool: ToolSchema, rest: str) -> dict[str, object]:
    """The arguments that are found in the words after the tool's name."""
    required = required_of(tool)
    named, described = about(tool.name, tool.description)
    found = fill(required, rest[:LONGEST_PAIRS], named | described)
    if found is None:
        names = ", ".join(parameter.name for parameter in required)
        raise NotCallable(f"To call {tool.name} I need: {names}.")
    return found.arguments
