"""Tool orders: calls that a message asks for by a tool's name or by what the tool does."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.brain.tool_parameters import Parameter, parameters_of, required_of
from mockletta.default_brain.clause_meaning import RELATIVE_DAYS
from mockletta.default_brain.facts import asks_for_return
from mockletta.default_brain.questions import query, without_lead_in
from mockletta.default_brain.sentences import is_order, kind, plain, sentences
from mockletta.default_brain.tool_arguments import (
    COUNTED,
    Found,
    about,
    fill,
    fill_optional,
    json_value,
    more_values,
    pairs,
)
from mockletta.default_brain.words import (
    ACT_STEMS,
    ACT_WORDS,
    NUMBERS,
    base,
    concepts,
    expand,
    lexicon,
    name_words,
    number,
    patterns,
    stem,
    tokens,
)

QUESTION = patterns("question")
TOOL = patterns("tool")

Order = tuple[ToolSchema, dict[str, object]]
OF_NO_NAME = lexicon("of_no_name")
NEXT = re.compile(
    r"[}\])\"'\w]\s*(?:,(?:\s*and)?(?:\s*then)?|\band(?:\s+then)?|\bthen)\s+(?:the\s+)?[`\"'“]?$"
)
TIMES = re.compile(
    rf"\b(?:(?P<once>once|twice|thrice)|(?P<n>\d{{1,2}}|{'|'.join(list(NUMBERS)[2:21])}) times)\b"
    r"(?: each)?",
    re.IGNORECASE,
)
ONCE = {"once": 1, "twice": 2, "thrice": 3}
LONGEST = 20_000
SHORT = 500
MOST_CALLS = 20


class NotCallable(Exception):
    """Raised if an ordered tool cannot be called. Its message is the reply that says why."""


def forbids_tools(text: str) -> bool:
    """Whether a message says that no tool is to be called."""
    return TOOL.no_tools.search(text[:LONGEST]) is not None


def tool_orders(text: str, call: ModelCall) -> list[Order]:
    """Return the tools that a message orders by their names, with their arguments.

    NotCallable if there is no such tool, or if its arguments are missing or cannot be read.
    """
    text = text[:LONGEST]
    mentions = _mentions(text, call)
    orders: list[Order] = []
    previous: tuple[int, bool] = (0, False)
    for index, (start, end, tool) in enumerate(mentions):
        body_end = mentions[index + 1][0] if index + 1 < len(mentions) else len(text)
        opening = _opening(text, start, previous)
        previous = (end, opening is not None)
        if opening is None:
            continue
        rest = text[end:body_end]
        if index + 1 < len(mentions) and TOOL.list.match(rest):
            rest = "" if not required_of(tool) else text[end:]
        body = f"{opening} {rest}" if opening else rest
        found = _arguments(tool, body, text[start:end])
        orders += [(tool, arguments) for arguments in found]
    if not orders:
        _refuse_unknown(text, call)
    return orders[:MOST_CALLS]


def _mentions(text: str, call: ModelCall) -> list[tuple[int, int, ToolSchema]]:
    """Return where a text names tools, in order."""
    lower = text.lower()
    names = {name for name in call.tools if name and name.lower() in lower}
    named = [tool for tool in call.schemas if tool.name in names] if names else []
    found: list[tuple[int, int, ToolSchema]] = []
    for tool in sorted(named, key=lambda one: -len(one.name)):
        form = re.compile(rf"(?<![\w-]){re.escape(tool.name)}(?![\w-])", re.IGNORECASE)
        for match in islice(form.finditer(text), MOST_CALLS):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((*match.span(), tool))
    return sorted(found, key=lambda one: one[0])


def _opening(text: str, start: int, previous: tuple[int, bool]) -> str | None:
    """Return what an order says before its tool's name, "" if nothing; None if it is no order."""
    end, ordered = previous
    between = text[end:start]
    follows = NEXT.search(between) and _is_plain(text[start:].split(" ", maxsplit=1)[0])
    if ordered and (follows or TOOL.list.match(between)):
        return ""
    begin = max((m.end() for m in re.finditer(r"(?<=[.!?\n])\s|\n", text[:start])), default=0)
    begin = max(begin, end)
    prefix = plain(expand(text[begin:start]) + " x")[:-1].rstrip(" ") + " "
    if order := TOOL.order.search(
        prefix.rstrip(" ") + (" " if prefix[-2:-1] not in "`\"'“" else "")
    ):
        lead = prefix[: order.start()]
        follows = ordered or (
            bool(re.search(r"(?:,|\band\b|\bthen\b)\W*$", lead)) and is_order(lead)
        )
        return "" if TOOL.subject.match(lead) or follows else None
    if TOOL.by.search(prefix) and is_order(prefix):
        return TOOL.by.sub("", prefix).strip()
    return None


def _refuse_unknown(text: str, call: ModelCall) -> None:
    """Say that there is no such tool, if it is plain that one is meant."""
    match = TOOL.named.search(text)
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
    called = _is_plain(name) or _is_called(rest) or (name == tool.name and name[0].isupper())
    rest = TOOL.after.sub("", rest)
    opening = TOOL.passing.match(rest)
    assert opening is not None
    body = rest[opening.end() :]
    if body.startswith("{"):
        return _objects(tool, body)
    repeats = _repeats(tool, rest)
    if found := pairs(tool, rest[:LONGEST]):
        return [_completed(tool, one) for one in found] * (repeats if len(found) == 1 else 1)
    if not called:
        return []
    words = TOOL.after.sub(
        "", TOOL.parallel.sub(" ", TIMES.sub(" ", rest) if repeats > 1 else rest)
    )
    if repeats > 1 and (listed := _listed(tool, words)):
        return listed
    return worded(tool, words) * repeats


def _is_plain(name: str) -> bool:
    """Whether a name can only be a tool's: `get_weather`, `getTime`."""
    return bool(re.search(r"[_\d]|[a-z][A-Z]", name))


def _is_called(rest: str) -> bool:
    """Whether what follows a name that is an ordinary word makes it a tool's."""
    return bool(
        re.match(
            r"[`\"'”]?\s*(?:tools?|functions?)\b|[`(]|\s*(?:with|using|on|for)\s",
            rest,
            re.IGNORECASE,
        )
        or re.match(r"[\s.!?)`]*(?:please[\s.!?]*|now[\s.!?]*)?\Z", rest, re.IGNORECASE)
    )


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


def _repeats(tool: ToolSchema, rest: str) -> int:
    """Return how many calls an order asks for: `twice`, unless the tool itself takes how often."""
    match = TIMES.search(rest)
    if match is None:
        return 1
    counts = any(name.lower() in COUNTED for name in parameters_of(tool))
    if counts and not TOOL.parallel.search(rest):
        return 1
    times = ONCE[match["once"].lower()] if match["once"] else number(match["n"]) or 1
    return max(1, min(times, MOST_CALLS))


def _listed(tool: ToolSchema, words: str) -> list[dict[str, object]]:
    """Return a call for each of the values of a tool's one parameter: `with 6, 12 and 20`."""
    match = TOOL.values.match(words)
    parameter = next(iter([*required_of(tool), *parameters_of(tool).values()]), None)
    if match is None or parameter is None or len(required_of(tool)) > 1:
        return []
    values = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match["values"])
    return [arguments for one in values for arguments in worded(tool, f"{parameter.name} {one}")]


def worded(tool: ToolSchema, text: str) -> list[dict[str, object]]:
    """Return the arguments that are found in words, for one call or for each of several values."""
    named, described = about(tool.name, tool.description)
    found = filled(tool, text[:2000], named | described)
    if found.missing:
        raise NotCallable(needs(tool, [parameter.name for parameter in required_of(tool)]))
    return each_value(tool, text[:2000], found)


def filled(tool: ToolSchema, text: str, known: frozenset[str]) -> Found:
    required = required_of(tool)
    others = [one for one in parameters_of(tool).values() if one not in required]
    found = fill(required, text, known, others)
    if len(others) == 1 and not required and others[0].kind in ("integer", "number"):
        alone = fill(others, text, known)
        found.arguments |= alone.arguments
        found.concepts |= alone.concepts
    fill_optional(others, text, found)
    given = found.arguments
    found.arguments = {key: given[key] for key in parameters_of(tool) if key in given}
    return found


def each_value(tool: ToolSchema, text: str, found: Found) -> list[dict[str, object]]:
    required = required_of(tool)
    if len(required) != 1 or not found.taken or required[0].choices:
        return [found.arguments]
    name = required[0].name
    return [found.arguments, *(
        {**found.arguments, name: value} for value in more_values(text, found, required[0])
    )]  # fmt: skip


def needs(tool: ToolSchema, names: Sequence[str]) -> str:
    return f"To call {tool.name} I need: {', '.join(names)}."


EMPTY = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


def due_order(call: ModelCall, text: str) -> Order:
    """Return the call that tool rules demand. What the message does not hold is the message itself
    where a text is due, and an empty value elsewhere, since the call has to be made."""
    tool = next((one for one in call.schemas if one.name == call.due[0]), ToolSchema(call.due[0]))
    required = required_of(tool)
    parameters = [part for name in parameters_of(tool) for part in name_words(name)]
    known = frozenset(concepts(parameters)).union(*about(tool.name, tool.description))
    found = fill(required, text[:SHORT], known)
    return tool, {one.name: found.arguments.get(one.name, _empty(one, text)) for one in required}


def _empty(parameter: Parameter, text: str) -> object:
    if parameter.choices:
        return parameter.choices[0]
    return text[:SHORT] if parameter.kind == "string" else EMPTY.get(parameter.kind)


ACTS = lexicon("acts")
PASSING = frozenset(concepts(["like", "times", "much", "long", "right", "tell", *RELATIVE_DAYS]))
MOST_SENTENCES = 5
MOST_TOOLS = 100


class Fit(NamedTuple):
    """How well a tool fits, and the words of its name that the sentence has not."""

    score: int
    unasked: int


Fitting = tuple[Fit, list[Order], str]


def implied_orders(text: str, call: ModelCall) -> tuple[list[Order], str]:
    """Return the calls that clearly answer or obey a sentence of this message, and the sentence.

    NotCallable if an order clearly means a tool but lacks what the tool needs.
    """
    tools = [tool for tool in call.schemas[:MOST_TOOLS] if not tool.is_base]
    if not tools:
        return [], ""
    lacking = ""
    verbs = {name_words(tool.name)[0].lower() for tool in tools if name_words(tool.name)}
    verbs |= {word for verb in verbs for word in ACT_WORDS.get(verb, ())}
    for sentence in islice(_asking(text, verbs), MOST_SENTENCES):
        wanted = frozenset(query(TOOL.needs.sub("", plain(expand(sentence)))).concepts)
        fits: list[Fitting] = []
        for tool in tools:
            try:
                fits += _fitting(tool, wanted, sentence, text)
            except NotCallable as error:
                lacking = lacking or str(error)
        fits.sort(key=lambda item: (-item[0].score, item[0].unasked))
        if fits and (len(fits) == 1 or fits[0][0] != fits[1][0]):
            return fits[0][1], sentence
    if lacking:
        raise NotCallable(lacking)
    return [], ""


def _asking(text: str, verbs: set[str]) -> Iterator[str]:
    """Yield the sentences that ask or order something new, not what was said or returned before."""
    for sentence in sentences(text):
        core = without_lead_in(sentence)
        if TOOL.needs.match(plain(expand(sentence))) or TOOL.polite.search(sentence):
            yield sentence
            continue
        if (
            QUESTION.aside.search(core)
            or QUESTION.mention.search(core)
            or asks_for_return(sentence)
        ):
            continue
        asks = sentence.endswith("?") or kind(sentence) == "question"
        first = next(iter(tokens(plain(sentence)[:40])), "").lower()
        if asks or first in verbs or is_order(plain(sentence)):
            yield sentence


def _fitting(
    tool: ToolSchema, wanted: frozenset[str], sentence: str, text: str
) -> Iterator[Fitting]:
    """Yield how a tool fits a sentence that asks for these concepts; nothing if it does not fit."""
    named, described = about(tool.name, tool.description[:SHORT])
    score = len(wanted & named) + len(wanted & (named | described))
    if not score or not _asks_for_act(tool.name, sentence):
        return
    parameters = frozenset(concepts(_words_of(parameters_of(tool).values())))
    known = named | described | parameters
    words = sentence[:SHORT]
    found = filled(tool, words, known)
    if found.missing and len(text) > len(sentence):
        words = text[:SHORT]
        found = filled(tool, words, known)
    if found.missing:
        if (
            (kind(sentence) == "command" or TOOL.polite.search(sentence))
            and score > 1
            and named
            and not wanted - known - found.concepts
        ):
            raise NotCallable(needs(tool, found.missing))
        return
    calls = each_value(tool, words, found)
    others = {one for one in wanted - known - found.concepts - PASSING if not one.isdecimal()}
    if score > len(others) and (score > 1 or _has_number(found)):
        asked_for = len(wanted & frozenset(concepts(_words_of(required_of(tool)))))
        yield Fit(score + asked_for, len(named - wanted)), [(tool, one) for one in calls], sentence


def _words_of(parameters: Iterable[Parameter]) -> list[str]:
    return [part for one in parameters for part in name_words(one.name)]


def _asks_for_act(name: str, sentence: str) -> bool:
    """Whether a sentence names what a tool does, if it does something."""
    acts = {stem(word) for part in name_words(name) if (word := part.lower()) in ACTS}
    said = {stem(base(word)) for word in tokens(sentence)}
    return all(act in said or ACT_STEMS.get(act, set()) & said for act in acts) or (
        acts == {"set"} and bool(is_order(plain(sentence)) or TOOL.polite.search(sentence))
    )


def _has_number(found: Found) -> bool:
    return any(not isinstance(value, str) for value in found.arguments.values())
