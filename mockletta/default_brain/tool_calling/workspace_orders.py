"""Workspace orders: what a developer asks of files and commands, such as `list the files here`.

The forms stand in section `workspace` of data/forms.txt. An order is carried out by the client's
tool for it, such as `Read`, or else by a command in the client's shell.
"""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.brain.tool_parameters import own_tools, parameters_of, required_of
from mockletta.default_brain.tool_calling.order_readings import unquoted
from mockletta.default_brain.tool_calling.tool_orders import NotCallable, Order, needs
from mockletta.language.sentences import plain, sentences
from mockletta.language.words import patterns

WORKSPACE = patterns("workspace")

LONGEST = 2000
MOST_TOOLS = 100
MOST_SENTENCES = 5
ENDING = re.compile(r"(?<=[\w\"'`)/])(?:,? please)?[.!?]*\s*$", re.IGNORECASE)
SLOTS = {
    "command": re.compile(r"command|cmd"),
    "path": re.compile(r"\w*(?:path|file|file_?name|dir|directory)"),
    "text": re.compile(r"\w*(?:text|contents?)"),
    "old": re.compile(r"old\w*"),
    "new": re.compile(r"new\w*"),
    "pattern": re.compile(r"pattern|regexp?"),
}
Given = Mapping[str, str]


class Deed(NamedTuple):
    """One thing to do: the names of tools that do it, and the shell command that does."""

    tools: str = r"(?!)"
    command: Callable[[Given], str] | None = None


def _line(*words: str) -> str:
    return shlex.join(filter(None, words))


def _written(one: Given) -> str:
    path = shlex.quote(one["path"])
    return f"printf '%s\\n' {shlex.quote(one['text'])} > {path}" if one["text"] else f"touch {path}"


DEEDS = {
    "run": Deed("bash|shell|terminal|command|exec"),
    "list": Deed("ls$|list_?(?:dir|files)", lambda one: _line("ls", one["path"])),
    "read": Deed("(?:read|view|cat|open)", lambda one: _line("cat", one["path"])),
    "write": Deed("(?:write|create)", _written),
    "replace": Deed("edit|replace"),
    "search": Deed(
        "grep|search", lambda one: _line("grep", "-rn", one["pattern"], one["path"] or ".")
    ),
    "delete": Deed(command=lambda one: _line("rm", one["path"])),
    "folder": Deed(command=lambda one: _line("mkdir", "-p", one["path"])),
    "move": Deed(command=lambda one: _line("mv", one["path"], one["new"])),
    "copy": Deed(command=lambda one: _line("cp", one["path"], one["new"])),
}


def workspace_orders(text: str, call: ModelCall) -> list[Order]:
    """Return the calls that everyday orders on files and commands ask for.

    NotCallable if tests are to be run, and the message does not say with which command.
    """
    tools = own_tools(call.schemas)[:MOST_TOOLS] if len(text) <= LONGEST else ()
    if not tools:
        return []
    lines = islice(sentences(text), MOST_SENTENCES)
    orders = (_order(ENDING.sub("", plain(line)), tools) for line in lines)
    return [one for one in orders if one]


def _order(said: str, tools: Sequence[ToolSchema]) -> Order | None:
    """Return the call that an order asks for; None if it is no order, or no tool does it."""
    for name, deed in DEEDS.items():
        match = getattr(WORKSPACE, name).match(said)
        if match is None:
            continue
        given = {key: unquoted(value or "") for key, value in match.groupdict().items()}
        if name == "run":
            command = given["quoted"] or given["command"] or given["bare"]
            is_other = any(given["noun"] in one.name.lower() for one in tools)
            return _run(said, command, tools) if command or not is_other else None
        order = _call(deed.tools, given, said, tools)
        if order is None and deed.command:
            return _run(said, deed.command(given), tools)
        return order
    return None


def _run(said: str, command: str, tools: Sequence[ToolSchema]) -> Order | None:
    order = _call(DEEDS["run"].tools, {"command": command}, said, tools)
    if order and not command:
        raise NotCallable(needs(order[0], ["command"]))
    return order


def _call(names: str, given: Given, said: str, tools: Sequence[ToolSchema]) -> Order | None:
    """Return a call of the first tool of such a name that needs nothing but what is given."""
    named = (one for one in tools if re.match(names, one.name, re.IGNORECASE))
    orders = ((one, _arguments(one, given, said)) for one in named)
    return next(((tool, found) for tool, found in orders if found), None)


def _arguments(tool: ToolSchema, given: Given, said: str) -> dict[str, object] | None:
    """Return the arguments of a call; None if the tool needs more than what is given."""
    required = {one.name for one in required_of(tool)}
    found: dict[str, object] = {}
    for name, one in parameters_of(tool).items():
        slot = next((slot for slot, form in SLOTS.items() if form.fullmatch(name)), "")
        value = given.get(slot, "")
        if slot in given and not one.choices and (value or name in required):
            found[name] = ["bash", "-lc", value] if one.kind == "array" else value
        elif name in required and not one.explains:
            return None
        elif name in required:
            found[name] = said
    return found
