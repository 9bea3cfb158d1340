"""Written arguments: JSON objects and pairs like `a=1, b="x"` behind the name of a tool."""

import json
import re
from typing import NoReturn

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_arguments import Parameter, parameters_of
from mockletta.default_brain.words import pattern

PAIR = pattern("argument.pair")
PYTHON = {"True": "true", "False": "false", "None": "null", "yes": "true", "no": "false"}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # JSON has neither NaN nor Infinity, though Python reads them


DECODER = json.JSONDecoder(parse_constant=_refuse)


def json_object(text: str) -> tuple[dict[str, object], int]:
    """Return the JSON object that a text begins with, and its end. ValueError for any other."""
    try:
        value, end = DECODER.raw_decode(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError(str(error)) from error
    return dict(value), end


def pairs(tool: ToolSchema, body: str) -> list[dict[str, object]]:
    """Return arguments that are written one by one, `a=1, b="x"`. A repeated key begins
    another call."""
    known = parameters_of(tool)
    calls: list[dict[str, object]] = []
    keys = re.finditer(r"(?<![^\s,;({\"'`])(\w{1,100})[\"'`]?\s*([=:])", body)
    position = next((m.start() for m in keys if m[2] == "=" or m[1] in known), len(body))
    while match := PAIR.match(body, position):
        key = match["key"]
        if match["sign"] == ":" and key not in known:
            break
        if not calls or key in calls[-1]:
            calls.append({})
        position = match.end()
        if not match["value"]:
            try:
                calls[-1][key], end = json_object(body[position:])
            except ValueError:
                break
            position += end
            continue
        calls[-1][key] = written(match["value"], known.get(key))
    return [call for call in calls if call]


def written(text: str, parameter: Parameter | None) -> object:
    """Read a written value: JSON, or else a text without its quotes."""
    if text[0] == "'":
        return text[1:-1]
    if parameter is not None and parameter.kind == "string" and text[0] != '"':
        return text
    if parameter is not None and parameter.kind == "array" and text[0] != "[":
        return [part.strip() for part in re.split(r",|\band\b", text) if part.strip()]
    try:
        value: object = DECODER.decode(PYTHON.get(text, text))
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return text
    return value
