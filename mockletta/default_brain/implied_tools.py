"""Implied tools: the one that a sentence means without its name, `get the weather for Rome`.

A word of the tool's name counts twice, one of its description once. A tool fits if that is more
than the other words of the sentence, leaving out those that became arguments, and at least two
(one is enough with a number to work on). Of tools that fit, one whose required parameter is named
goes first. A tool that does something, such as `delete_user`, is
called only if the sentence names what it does. Of several tools, the one that shares the most words
is called; if two share as many, none is.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.default_brain.clause_meaning import RELATIVE_DAYS
from mockletta.default_brain.facts import asks_for_return
from mockletta.default_brain.named_tools import SHORT, NotCallable, Order, each_value, filled, needs
from mockletta.default_brain.questions import ASIDE, MENTION, query, without_lead_in
from mockletta.default_brain.sentences import is_order, kind, plain, sentences
from mockletta.default_brain.tool_arguments import (
    Found,
    Parameter,
    about,
    parameters_of,
    required_of,
)
from mockletta.default_brain.words import base, concepts, expand, name_words, stem, tokens, word_set

NEEDS = re.compile(
    r"^i (?:need|want|would like|am looking for)\s+(?:to (?:know|see|have|get|find "
    r"out)\s+)?(?!you\b)", re.IGNORECASE
)  # fmt: skip
POLITE = re.compile(r"\bplease\W*$", re.IGNORECASE)
ACTS = word_set(
    """delete remove create send update set write add insert cancel book buy order pay post put
    make edit change move save store start stop kill run execute reset clear open close schedule
    submit upload transfer deploy rename replace append publish share invite assign approve reject
    drop purge archive restore enable disable install turn switch log record register reply"""
)
PASSING = frozenset(concepts(["like", "much", "long", "right", "tell", *RELATIVE_DAYS]))
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
    for sentence in islice(_asking(text), MOST_SENTENCES):
        wanted = frozenset(query(NEEDS.sub("", plain(expand(sentence)))).concepts)
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


def _asking(text: str) -> Iterator[str]:
    """Yield the sentences that ask or order something new, not what was said or returned before."""
    for sentence in sentences(text):
        core = without_lead_in(sentence)
        if NEEDS.match(plain(expand(sentence))) or POLITE.search(sentence):
            yield sentence
            continue
        if ASIDE.search(core) or MENTION.search(core) or asks_for_return(sentence):
            continue
        asks = sentence.endswith("?") or kind(sentence) == "question"
        if asks or is_order(plain(sentence)):
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
            (kind(sentence) == "command" or POLITE.search(sentence))
            and score > 1
            and named
            and not wanted - known - found.concepts
        ):
            raise NotCallable(needs(tool, found.missing))
        return
    calls = each_value(tool, words, found)
    others = wanted - known - found.concepts - PASSING
    if score > len(others) and (score > 1 or _has_number(found)):
        asked_for = len(wanted & frozenset(concepts(_words_of(required_of(tool)))))
        yield Fit(score + asked_for, len(named - wanted)), [(tool, one) for one in calls], sentence


def _words_of(parameters: Iterable[Parameter]) -> list[str]:
    return [part for one in parameters for part in name_words(one.name)]


def _asks_for_act(name: str, sentence: str) -> bool:
    """Whether a sentence names what a tool does, if it does something."""
    acts = {stem(word) for part in name_words(name) if (word := part.lower()) in ACTS}
    return acts <= {stem(base(word)) for word in tokens(sentence)} or (
        acts == {"set"} and is_order(plain(sentence))
    )


def _has_number(found: Found) -> bool:
    return any(not isinstance(value, str) for value in found.arguments.values())
