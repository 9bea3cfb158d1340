"""Tool arguments: what a message holds for the parameters of a tool, in words or written out.

A parameter takes the first free thing that fits it: what follows its name or has its role (`to
Rome` for a destination), a number or a choice, a quotation, a path, a code or a name, or what
follows a preposition. A search takes the whole question.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

from mockletta.brain.decisions import ToolSchema
from mockletta.brain.tool_parameters import Parameter, parameters_of
from mockletta.default_brain.clause_meaning import RELATIVE_DAYS
from mockletta.default_brain.words import (
    FIRST_PERSON,
    NUMBERS,
    SILENT,
    concept,
    concepts,
    is_verb,
    name_words,
    pattern,
    pattern_text,
    patterns,
    rows,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")

Span = tuple[int, int]
NUMBER = pattern_text("argument.number")
DIGITS = re.compile(NUMBER)
WORDED = pattern("argument.worded", numbers="|".join(one for one in NUMBERS if one != "one"))
QUOTED = re.compile(r"[\"“`]([^\"”`]+)[\"”`]|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)")
WORD = re.compile(r"[^\s,;:!?()\"“”]+")
LINK = pattern_text("argument.link")
TAIL = pattern("argument.tail", days="|".join(sorted(RELATIVE_DAYS)))
OTHERS = rf"(?:(?:\s*,\s*|\s+and\s+){NUMBER})*"
VALUES = (
    re.compile(r"-?\d+(?:\.\d+)?"),
    re.compile(rf"{ARGUMENT.coded.pattern}|[A-Z][\w'-]*(?: [A-Z][\w'-]*)*|-?\d[\d.]*\d|\d"),
)
AFTER_COLON = re.compile(r"\w:\s+(\S[^\n]*?)[\s.!]*$")
SWITCHED = re.compile(r"\b(?:on|off|true|false|yes|no|(?:en|dis)abled?)\b", re.IGNORECASE)
COUNTED = word_set("times count n repeat repetitions number_of_times")
SEARCHED = word_set("query q question search search_query text prompt topic")


def names_of(parameter: Parameter) -> Iterator[str]:
    """Yield patterns of what a message may call a parameter: its name, then words of its name."""
    parts = [part for part in re.split(r"[\W_]+", parameter.name) if part]
    yield r"[\s_-]".join(map(re.escape, parts)) or re.escape(parameter.name)
    yield from (re.escape(one) for one in parts if len(one) > 2 and one.lower() not in SILENT)


@lru_cache(1024)
def about(name: str, description: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the concepts of a tool's name and of its description."""
    return frozenset(concepts(name_words(name))), frozenset(concepts(tokens(description)))


@dataclass(slots=True)
class Found:
    """Arguments by name, the concepts that they were made of, and their places in the message."""

    arguments: dict[str, object] = field(default_factory=dict)
    concepts: set[str] = field(default_factory=set)
    taken: list[Span] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def is_free(self, span: Span) -> bool:
        return all(span[1] <= start or end <= span[0] for start, end in self.taken)


PREPOSITIONS = ("to", "from", "by")
ROLES = [
    (pattern("argument.role" if role in PREPOSITIONS else f"argument.{role}", role=role), line)
    for role, line in rows("role").items()
]


def in_role(parameter: Parameter, text: str) -> Iterator[Span]:
    """Yield what a message holds for a parameter by its role: `to Rome` for a destination."""
    parts_ = {part.lower() for part in name_words(parameter.name)}
    for form, names in ROLES:
        for match in form.finditer(text) if parts_ & {*names.split()} else ():
            start, end = match.span("value")
            if quoted := QUOTED.match(text, start):
                yield quoted.span(quoted.lastindex or 0)
            elif span := _phrase(text, (start, end), frozenset()):
                yield span


def fill(
    parameters: Iterable[Parameter],
    text: str,
    known: frozenset[str],
    others: Iterable[Parameter] = (),
) -> Found:
    """Find an argument for each of the parameters; `missing` names those without.

    What explains a call is the message itself. `known` are the concepts that the tool is about.
    Optional parameters, the `others`, get only what has their role.
    """
    found = Found()
    parameters = list(parameters)
    texts = [one for one in parameters if one.kind == "string" and not one.choices]
    for parameter in texts:
        spans = _named_texts(parameter, text)
        told = AFTER_COLON.search(text) if len(texts) == 1 else None
        _take(next(spans, told.span(1) if told else None), parameter, text, found)
    _fill_roles([*texts, *others], text, found)
    for parameter in [one for one in parameters if one.name not in found.arguments]:
        free = None if parameter.choices else found.is_free
        spans = filter(free, _spans(parameter, text, known))
        if parameter.kind == "string" and parameter.name.lower() in SEARCHED:
            _take_search(parameter, text, found, alone=len(texts) == 1)
        elif not _take(next(spans, None), parameter, text, found):
            found.missing.append(parameter.name)
    explained = [one.name for one in parameters if one.explains and one.name in found.missing]
    if found.arguments and len(explained) == len(found.missing):
        found.arguments |= dict.fromkeys(explained, text.strip())
        found.missing.clear()
    return found


def _fill_roles(parameters: Iterable[Parameter], text: str, found: Found) -> None:
    texts = [one for one in parameters if one.kind == "string" and not one.choices]
    for parameter in [one for one in texts if one.name not in found.arguments]:
        _take(next(filter(found.is_free, in_role(parameter, text)), None), parameter, text, found)


def _take(span: Span | None, parameter: Parameter, text: str, found: Found) -> bool:
    """Take a part of the message for a parameter. Returns False if there is none."""
    if span is None:
        return False
    found.taken.append(span)
    part = text[slice(*span)]
    found.concepts.update(concepts(tokens(part)))
    found.arguments[parameter.name] = converted(part, parameter)
    return True


def fill_optional(parameters: Iterable[Parameter], text: str, found: Found) -> None:
    """Add numbers and choices beside the name of a parameter, and `with` or `without` it."""
    for parameter in parameters:
        spans: Iterator[Span] = iter(())
        if parameter.choices:
            spans = _spans(parameter, text, frozenset())
        elif parameter.kind in ("integer", "number"):
            spans = _named_numbers(parameter, text)
        elif parameter.kind == "boolean":
            form = rf"\b(with|without|no) (?:an? |the )?(?:{'|'.join(names_of(parameter))})\b"
            if told := re.search(form, text, re.IGNORECASE):
                found.arguments[parameter.name] = told[1].lower() == "with"
        if parameter.name not in found.arguments:
            _take(next(filter(found.is_free, spans), None), parameter, text, found)


def more_values(text: str, found: Found, parameter: Parameter) -> list[object]:
    """Return the values that follow the one that was found: `for Rome and for Paris`."""
    values: list[object] = []
    position = found.taken[-1][1] if found.taken else len(text)
    if text[position : position + 1] in "\"'”\u2019`":
        position += 1
    while (joint := ARGUMENT.more.match(text, position)) and joint.end() > position:
        quoted = QUOTED.match(text, joint.end()) if parameter.kind == "string" else None
        value = quoted or VALUES[parameter.kind == "string"].match(text, joint.end())
        if value is None:
            break
        values.append(converted(next(filter(None, [*value.groups(), value[0]])), parameter))
        found.concepts.update(concepts(tokens(value[0])))
        position = value.end()
    return values


def _take_search(parameter: Parameter, text: str, found: Found, *, alone: bool) -> None:
    """Take what to search for: a quotation, the topic that a message names, or all of it."""
    spans = list(filter(found.is_free, _quotes(text)))
    if topic := ARGUMENT.topic.search(text) if alone else ARGUMENT.object.match(text):
        spans.append(_trimmed(text, *topic.span(1)))
    if not _take(next(iter(spans), None), parameter, text, found):
        found.arguments[parameter.name] = text.strip()


def _spans(parameter: Parameter, text: str, known: frozenset[str]) -> Iterator[Span]:
    """Yield where a parameter's value may stand in the message, the likeliest place first."""
    if parameter.choices:
        for choice in parameter.choices:
            form = rf"(?<!\w){re.escape(choice)}(?!\w)"
            yield from (match.span() for match in re.finditer(form, text, re.IGNORECASE))
    elif parameter.kind == "string":
        yield from _texts(text, known)
    elif parameter.kind == "boolean":
        yield from (match.span() for match in SWITCHED.finditer(text))
    elif parameter.kind in ("integer", "number"):
        yield from _named_numbers(parameter, text)
        numbers = chain(DIGITS.finditer(text), WORDED.finditer(text))
        whole = parameter.kind == "integer"
        yield from (match.span() for match in numbers if not (whole and "." in match[0]))


def _named_numbers(parameter: Parameter, text: str) -> Iterator[Span]:
    value = rf"({NUMBER}|{WORDED.pattern})"
    counted = ("times",) if parameter.name.lower() in COUNTED else ()
    for name in (*names_of(parameter), *counted):
        for form in (rf"\b{name}{LINK}{value}", rf"{value}{OTHERS}\s+{name}"):
            yield from (match.span(1) for match in re.finditer(form, text, re.IGNORECASE))


def _texts(text: str, known: frozenset[str]) -> Iterator[Span]:
    quoted = _quotes(text)
    coded = [_trimmed(text, *match.span()) for match in ARGUMENT.coded.finditer(text)]
    marked = [*quoted, *coded, *_capitals(text, known)]
    yield from marked
    for match in ARGUMENT.phrase.finditer(text):
        if span := _phrase(text, match.span(1), known):
            yield span
    yield from _qualifying(text, known)


def _qualifying(text: str, known: frozenset[str]) -> Iterator[Span]:
    """Yield the words that stand before what the tool is about: `the bedroom light`."""
    for word, after in pairwise(WORD.finditer(text)):
        meant, about_tool = concept(word[0]), concept(after[0])
        if meant and meant not in known and about_tool in known and not is_verb(word[0]):
            yield word.span()


def _quotes(text: str) -> list[Span]:
    return [match.span(match.lastindex or 0) for match in QUOTED.finditer(text)]


def _named_texts(parameter: Parameter, text: str) -> Iterator[Span]:
    """Yield where a quoted text, a code or a path follows the name of a parameter."""
    quoted = _quotes(text)
    starts = {span[0]: span for span in quoted}
    starts |= {m.start(): _trimmed(text, *m.span()) for m in ARGUMENT.coded.finditer(text)}
    for name in names_of(parameter):
        for match in re.finditer(rf"\b{name}{LINK}[\"'“`]?", text, re.IGNORECASE):
            if match.end() in starts:
                yield starts[match.end()]
        for match in re.finditer(rf"\bthe {name} (\w[\w-]*)\W*$", text, re.IGNORECASE):
            yield match.span(1)


def _capitals(text: str, known: frozenset[str]) -> Iterator[Span]:
    """Runs of words in capitals, and words with digits, but for how a sentence begins."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        joins = run and _is_name(word, text) and text[run[-1].end() : word.start()].isspace()
        if run and not joins:
            yield from _named(text, run, known)
            run = []
        if joins or _is_name(word, text) or any(mark.isdecimal() for mark in word[0]):
            run.append(word)
    yield from _named(text, run, known)


def _is_name(word: re.Match[str], text: str) -> bool:
    before = text[: word.start()].rstrip()
    begins = not before or before[-1] in ".!?\n"
    first = re.split(r"['\u2019]", word[0].lower())[0]
    return word[0][0].isupper() and not begins and first not in FIRST_PERSON


def _named(text: str, run: list[re.Match[str]], known: frozenset[str]) -> Iterator[Span]:
    """Yield what a run of names stands for, without leading words that describe the tool."""
    while run and known.intersection(concepts(tokens(run[0][0]))):
        run = run[1:]
    for start in (0, 1) if len(run) > 1 and run[0][0].isdecimal() else (0,):
        if concepts(tokens(" ".join(word[0] for word in run))):
            yield _trimmed(text, run[start].start(), run[-1].end())


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end].rstrip(".,;!?)")
    for ending in ("'s", "\u2019s", "'", "\u2019"):
        part = part.removesuffix(ending)
    return start, start + len(part)


def _phrase(text: str, span: Span, known: frozenset[str]) -> Span | None:
    """Return what follows a preposition; None if it says nothing, or only describes the tool."""
    part = text[slice(*span)]
    start = span[0] + (article.end() if (article := ARGUMENT.article.match(part)) else 0)
    part = TAIL.sub("", text[start : span[1]])
    named = set(concepts(tokens(part)))
    after_to = text[: span[0]].rstrip().lower().endswith(" to")
    infinitive = after_to and is_verb((part.split() or [""])[0])
    return (start, start + len(part)) if named and not named <= known and not infinitive else None


def converted(part: str, parameter: Parameter) -> object:
    if parameter.choices or parameter.kind == "string":
        return next((one for one in parameter.choices if one.lower() == part.lower()), part)
    if parameter.kind == "boolean":
        return part.lower() in {"on", "true", "yes", "enable", "enabled"}
    digits = str(NUMBERS.get(part.lower(), part)).replace(",", "")
    return float(digits) if "." in digits else int(digits)


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
    position = next((m.start() for m in keys if m[2] == "=" or m[1] in known), len(body))
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
    kind = parameter.kind if parameter else ""
    if kind == "string" and text[0] != '"':
        return text
    if kind == "array" and text[0] != "[":
        return [part.strip() for part in re.split(r",|\band\b", text) if part.strip()]
    literal = PYTHON.get(text, text)
    try:
        value, end = json_value(literal)
    except ValueError:
        return text
    return value if end == len(literal) else text
