"""Docstrings: the description of a function and of its parameters.

The styles are those that the recorded server reads: reST, Google, NumPy and epydoc. Each reads the
whole text, and the one that finds most entries wins; among equals the first [70 create: *
docstring]. An entry is a parameter, a return value, an error and so on.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import cleandoc
from itertools import pairwise
from typing import NamedTuple

Entry = tuple[str | None, str]
"""The name of a parameter and its description; other entries have no name."""
PARAMETERS = {"param", "parameter", "arg", "argument", "attribute", "key", "keyword"}
RETURNS = {"return", "returns", "yield", "yields"}
TYPES = {("type", 1), ("rtype", 0), ("rtype", 1)}
"""Fields of reST that give a type, and the number of their names."""
NAMED = {"param", "keyword", "type", "ivar", "cvar", "var"}
"""Fields of epydoc about one name."""
ERRORS = {"raises", "raise", "except", "exception"}
EXAMPLES = "Examples:"
GOOGLE_PARAMETERS = ("Arguments", "Args", "Parameters", "Params", "Attributes")
GOOGLE_SINGLE = {"Example", "Examples", "Returns", "Yields"}
NUMPY_PARAMETERS = re.compile(
    r"(Other )?(Parameters|Params|Arguments|Args)|Receives?|Attributes?", re.ASCII
)
NUMPY_KEYED = re.compile(r"Raises?|Warns?|Returns?|Yields?")
_GOOGLE = re.compile(
    rf"^({'|'.join(GOOGLE_PARAMETERS)}|Raises|Exceptions|Except|Examples?|Returns|Yields)"
    r":[ \t\r\f\v]*$",
    re.MULTILINE,
)
_NUMPY = re.compile(
    rf"^({NUMPY_PARAMETERS.pattern.replace('(', '(?:')}|{NUMPY_KEYED.pattern}|Examples?|Warnings?"
    r"|See Also|Related|Notes?|References?)\s*?\n(-+)\s*$",
    re.MULTILINE,
)
_TYPED = re.compile(r"\s*(.+?)\s*\(\s*.*\S\s*\)")
_FIELD_OF_REST = re.compile(r"^:.*?(?=^:|\Z)", re.DOTALL | re.MULTILINE)
_FIELD_OF_EPYDOC = re.compile(r"^@.*?(?=^@|\Z)", re.DOTALL | re.MULTILINE)
_HEAD_OF_EPYDOC = re.compile(r"@(\w+)((?:\s+\w+\??)*):")
_KEY = re.compile(r"^\S.*$", re.MULTILINE)


class Docstring(NamedTuple):
    """The text before the sections of a docstring, and the descriptions of the parameters."""

    description: str
    parameters: Mapping[str, str]


class Unreadable(Exception):
    """A text is not in a style."""


class Parsed(NamedTuple):
    """The result of a style: the text before its entries, and the entries."""

    head: str
    entries: Sequence[Entry]


def read_docstring(text: str) -> Docstring:
    """Parse a docstring from the source."""
    parsed = [one for style in STYLES for one in _try(style, cleandoc(text))]
    best = max(parsed, key=lambda one: len(one.entries), default=Parsed(cleandoc(text), ()))
    summary, _, details = best.head.partition("\n")
    parts = [summary, details.strip(), _examples(text)]
    if EXAMPLES in best.head:
        parts.pop()
    described: dict[str, str] = {}
    for name, description in best.entries:
        if name is not None:
            described.setdefault(name, description)
    return Docstring("\n\n".join(filter(None, parts)), described)


def _try(style: Callable[[str], Parsed], text: str) -> Iterator[Parsed]:
    try:
        yield style(text)
    except Unreadable:
        return


def _examples(text: str) -> str:
    """Return the section of examples with its own indentation, up to the next unindented title [70
    create: Examples section]."""
    lines = text.strip().splitlines()
    starts = [at for at, line in enumerate(lines) if line.strip().startswith(EXAMPLES)]
    if not starts:
        return ""
    first = starts[0]
    ends = (
        at
        for at, line in enumerate(lines[first + 1 :], first + 1)
        if line.rstrip().endswith(":") and not line.startswith(" ")
    )
    return "\n".join(lines[first : next(ends, None)]).strip()


def _google(text: str) -> Parsed:
    matches = list(_GOOGLE.finditer(text))
    if not matches:
        return Parsed(text, ())
    sections: dict[str, str] = {}
    for match, following in pairwise([*matches, None]):
        assert match is not None
        body = text[match.end() : following.start() if following else None]
        sections[match[1]] = re.split(r"\n(?=\S)", body, maxsplit=1)[0].strip("\n")
    entries = [entry for title, body in sections.items() for entry in _section(title, body)]
    return Parsed(text[: matches[0].start()], entries)


def _section(title: str, body: str) -> Iterator[Entry]:
    """Yield the entries of a section in Google's style: one for each least indented line."""
    if title in GOOGLE_SINGLE:
        yield None, body
        return
    indent = body[: len(body) - len(body.lstrip())]
    parts = re.split(rf"^{indent}(?=\S)", body, flags=re.MULTILINE)[1:]
    if not parts:
        raise Unreadable
    for part in parts:
        before, colon, description = part.strip("\n").partition(":")
        if not colon:
            raise Unreadable
        name = _TYPED.match(before)
        is_parameter = title in GOOGLE_PARAMETERS
        found = (name[1] if name else before) if is_parameter else None
        yield found, _unindented(description.removeprefix(" ")).strip("\n")


def _numpy(text: str) -> Parsed:
    matches = [match for match in _NUMPY.finditer(text) if len(match[1]) == len(match[2])]
    if not matches:
        return Parsed(text, ())
    entries: list[Entry] = []
    for match, following in pairwise([*matches, None]):
        assert match is not None
        body = text[match.end() : following.start() if following else None]
        entries += _keyed(match[1], body)
    return Parsed(text[: matches[0].start()], entries)


def _keyed(title: str, body: str) -> Iterator[Entry]:
    """Yield the entries of a section in NumPy's style: a key, and a description below it."""
    is_parameter = NUMPY_PARAMETERS.fullmatch(title)
    if not is_parameter and not NUMPY_KEYED.fullmatch(title):
        yield None, body
        return
    keys = list(_KEY.finditer(body))
    for key, following in pairwise([*keys, None]):
        if key is not None:
            description = body[key.end() : following.start() if following else None]
            name = key[0].partition(":")[0].rstrip() if is_parameter else None
            yield name, cleandoc(description).strip()


def _rest(text: str) -> Parsed:
    fields = list(_FIELD_OF_REST.finditer(text))
    if not fields:
        return Parsed(text, ())
    entries: list[Entry] = []
    kinds = set()
    for field in fields:
        head, colon, description = field[0].lstrip(":").partition(":")
        kind, *names = head.split() or [""]
        if not colon or not kind:
            raise Unreadable
        if kind in PARAMETERS and len(names) not in (1, 2):
            raise Unreadable
        if kind in RETURNS | ERRORS and len(names) > 1:
            raise Unreadable
        kinds.add(kind)
        if (kind, len(names)) not in TYPES:
            name = names[-1] if kind in PARAMETERS else None
            entries.append((name, _unindented(description.strip())))
    if "rtype" in kinds and not kinds & RETURNS:
        entries.append((None, ""))
    return Parsed(text[: fields[0].start()], entries)


def _epydoc(text: str) -> Parsed:
    fields = list(_FIELD_OF_EPYDOC.finditer(text))
    if not fields:
        return Parsed(text, ())
    parameters: dict[str | None, str] = {}
    others: list[Entry] = []
    for field in fields:
        head = _HEAD_OF_EPYDOC.match(field[0])
        if head is None:
            raise Unreadable
        kind, names = head[1], head[2].split()
        if kind in NAMED and len(names) != 1:
            raise Unreadable
        if kind in ("return", "rtype", "yield", "ytype"):
            parameters.setdefault(None, "")
        elif kind == "type":
            parameters.setdefault(names[-1], "")
        elif kind in NAMED:
            parameters[names[-1]] = _unindented(field[0][head.end() :].strip())
        else:
            others.append((None, ""))
    return Parsed(text[: fields[0].start()], [*parameters.items(), *others])


def _unindented(text: str) -> str:
    """Remove the common indentation of all lines but the first."""
    first, newline, rest = text.partition("\n")
    return first + newline + cleandoc(rest) if newline else text


STYLES = (_rest, _google, _numpy, _epydoc)
