"""Questions that a tool answers: its name and description share their words.

A word of the tool's name counts twice, one of its description once. A tool answers a question if
that is more than the question's other words, leaving out those that became arguments, and at least
two (one is enough with a number to work on). A tool that does something, such as `delete_user`, is
called only by a question that names what it does. Of several tools the one that shares the most is
called; none if that is not clear. What was told before goes before any tool.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.default_brain.hints import RELATIVE_DAYS
from mockletta.default_brain.lexicon import concepts
from mockletta.default_brain.questions import ASIDE, MENTION, query, without_lead_in
from mockletta.default_brain.sentences import kind, sentences
from mockletta.default_brain.tool_arguments import Found, fill
from mockletta.default_brain.tool_parameters import parameters_of, required_of
from mockletta.default_brain.words import base, stem, tokens, word_set

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
LONGEST = 500
LONGEST_DESCRIPTION = 500
MOST_QUESTIONS = 5
MOST_TOOLS = 100
ACTS = word_set(
    """delete remove create send update set write add insert cancel book buy order pay post put
    make edit change move save store start stop kill run execute reset clear open close schedule
    submit upload transfer deploy rename replace append publish share invite assign approve reject
    drop purge archive restore enable disable install turn switch log record register reply"""
)
PASSING = frozenset(concepts(["like", "much", "long", "right", "tell", *RELATIVE_DAYS]))


class Answerer(NamedTuple):
    """A tool that can answer, and with what."""

    tool: ToolSchema
    arguments: dict[str, object]
    question: str


class Fit(NamedTuple):
    """How well a tool fits a question, and the words of its name that the question has not."""

    score: int
    unasked: int


def answerer(text: str, call: ModelCall) -> Answerer | None:
    """The tool that clearly answers a question of this message, with its arguments."""
    tools = [tool for tool in call.schemas[:MOST_TOOLS] if not tool.is_base]
    if not tools:
        return None
    for question in islice(questions(text), MOST_QUESTIONS):
        wanted = frozenset(query(question).concepts)
        fits = [fit for tool in tools for fit in fitting(tool, wanted, question, text)]
        fits.sort(key=lambda item: (-item[0].score, item[0].unasked))
        if fits and (len(fits) == 1 or fits[0][0] != fits[1][0]):
            return fits[0][1]
    return None


def questions(text: str) -> Iterator[str]:
    """What a message asks that is not about what was said; `can you find X?` asks as well."""
    for sentence in sentences(text):
        if sentence.endswith("?") or kind(sentence) == "question":
            core = without_lead_in(sentence)
            if not (ASIDE.search(core) or MENTION.search(core)):
                yield sentence


def fitting(
    tool: ToolSchema, wanted: frozenset[str], question: str, text: str
) -> Iterator[tuple[Fit, Answerer]]:
    """How a tool fits a question that asks for these concepts: nothing if it does not."""
    named, described = about(tool.name, tool.description[:LONGEST_DESCRIPTION])
    score = len(wanted & named) + len(wanted & (named | described))
    if not score or not asks_for_act(tool.name, question):
        return
    known = named | described | parameter_words(tool)
    required = required_of(tool)
    found = fill(required, question[:LONGEST], known) or fill(required, text[:LONGEST], known)
    if found is None:
        return
    others = wanted - known - found.concepts - PASSING
    if score > len(others) and (score > 1 or has_number(found)):
        yield Fit(score, len(named - wanted)), Answerer(tool, found.arguments, question)


@lru_cache(1024)
def about(name: str, description: str) -> tuple[frozenset[str], frozenset[str]]:
    """The concepts of a tool's name and of its description."""
    return frozenset(concepts(name_words(name))), frozenset(concepts(tokens(description)))


def parameter_words(tool: ToolSchema) -> frozenset[str]:
    return frozenset(concepts([part for name in parameters_of(tool) for part in name_words(name)]))


def name_words(name: str) -> list[str]:
    """The words of a name: `getWeather` and `get_weather` are `get weather`."""
    return tokens(CAMEL.sub(" ", name).replace("_", " ").replace("-", " "))


def asks_for_act(name: str, question: str) -> bool:
    """Whether a question names what a tool does, if it does something."""
    acts = {stem(word) for part in name_words(name) if (word := part.lower()) in ACTS}
    return acts <= {stem(base(word)) for word in tokens(question)}


def has_number(found: Found) -> bool:
    return any(not isinstance(value, str) for value in found.arguments.values())
