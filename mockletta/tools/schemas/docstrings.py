"""Docstrings: what they say of a function and of its parameters, in Google's style, in NumPy's, or
in fields (`:param x: ...`, `@param x: ...`)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import NamedTuple

_TITLES = (
    "Args|Arguments|Parameters|Params|Other Parameters|Keyword Args|Keyword Arguments|Returns?|"
    "Raises|Yields|Warns|See Also|Attributes|Examples?|Notes?|References"
)
_SECTION = re.compile(rf"^({_TITLES}):\s*$")
_UNDERLINED = re.compile(rf"^({_TITLES})\s*$")
_LINE = re.compile(r"^-{3,}\s*$")
_ARGUMENT = re.compile(r"^(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
_FIELD = re.compile(r"^[:@](\w+)\b([^:]*):\s*(.*)$")
_OF_ARGUMENTS = ("Arg", "Param", "Other Param", "Keyword")
_NAMES_ARGUMENT = {"param", "parameter", "arg", "argument", "key", "keyword"}

Item = Sequence[str]
"""A line and those below it that are indented deeper, these without their indentation."""


class Docstring(NamedTuple):
    """What stands before a docstring's sections and fields, and what it says of each argument."""

    description: str
    arguments: Mapping[str, str]


def read_docstring(text: str) -> Docstring:
    """Read a docstring whose common indentation is gone already."""
    lines = text.splitlines()
    first = next((place for place, line in enumerate(lines) if _FIELD.match(line)), len(lines))
    sections = dict(_sections(lines[:first]))
    arguments = dict(_fields(lines[first:]))
    for title, section in sections.items():
        if title.startswith(_OF_ARGUMENTS):
            arguments |= dict(_arguments(section))
    return Docstring("\n".join(sections[""]).strip(), arguments)


def _sections(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each section's title and lines; what is before the first one has no title."""
    title, section = "", []
    is_underlined = False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if is_underlined:
            is_underlined = False
            continue
        is_underlined = bool(_LINE.match(below) and _UNDERLINED.match(line))
        found = _UNDERLINED.match(line) if is_underlined else _SECTION.match(line)
        if found is None:
            section.append(line)
        else:
            yield title, section
            title, section = found[1], []
    yield title, section


def _arguments(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name and description of each argument: `x (int): It is.`, or `x : int` above `It is.`."""
    for first, *others in _items(cleandoc("\n".join(["", *lines])).splitlines()):
        found = _ARGUMENT.match(first)
        if found and (first.partition(" ")[2][:1] != ":" or not others):
            yield found[1], " ".join([found[2], *others]).strip()
        elif others:
            for name in first.partition(":")[0].split(","):
                yield name.strip().lstrip("*"), " ".join(others)


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name and description of each argument that has a field, perhaps with a type before it."""
    for first, *others in _items(lines):
        found = _FIELD.match(first)
        words = found[2].split() if found else []
        if found and words and found[1] in _NAMES_ARGUMENT:
            yield words[-1], " ".join([found[3], *others]).strip()


def _items(lines: Sequence[str]) -> Iterator[Item]:
    item: list[str] = []
    for line in lines:
        if line[:1].strip():
            if item:
                yield item
            item = [line]
        elif item and line.strip():
            item.append(line.strip())
    if item:
        yield item
