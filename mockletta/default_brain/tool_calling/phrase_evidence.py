"""Phrase evidence: how well a phrase of an order fits a parameter.

A phrase becomes an argument only if something says that it is meant: the parameter's name before it
or behind it, a preposition of the parameter's role, the place right behind the verb, the look of
the value, or that it is an example of what the parameter is called. Without that an optional
parameter is left out, and a required one is asked for, since a wrong call is worse than a question.
"""

import re
from collections.abc import Sequence

from mockletta.default_brain.tool_calling.order_phrases import (
    LISTED,
    NAMED,
    QUOTES,
    Phrase,
    label_of,
    list_verbs,
)
from mockletta.language.clause_meaning import RELATIVE_DAYS
from mockletta.language.order_reading import PASSING, TIMELY, WHEN, Reading, is_number
from mockletta.language.parameter_roles import DIRECT, HEADS, RoleParameter, participles
from mockletta.language.words import (
    FIRST_PERSON,
    NUMBERS,
    PERSONS,
    SILENT,
    categories,
    concept,
    expand,
    lexicon,
    patterns,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
QUESTION_VERBS = word_set("do does did is are was were")
WORDED = word_set("text topic")
SPOKEN = word_set("hello hi hey yes no thanks okay")
GIVEN_NAMES = lexicon("given_names")
LANGUAGE = concept("language")


def evidence(parameter: RoleParameter, phrase: Phrase, read: Reading) -> int:
    """Return how well a phrase fits a text, by the evidence that it is meant; 0 if there is none.

    A required text also takes the one short phrase that nothing else explains.
    """
    text = read.text[slice(*phrase.span)]
    words = [word.lower() for word in tokens(expand(text))]
    required = parameter in read.required
    personal = not FIRST_PERSON.isdisjoint(words)
    own = phrase.span[0] < read.own
    plain = required and own and len(words) < 5 and not personal and not _is_number(text)
    vague = int(plain and not _names_tool(words, read))
    marked = text[:1] == "#" and not parameter.roles.isdisjoint(("list", "id"))
    called = phrase.head == label_of(parameter.name) or phrase.head in participles(parameter.name)
    called |= phrase.head in list_verbs(parameter)
    if marked or called or _is_named(parameter, words):
        return 8
    only = is_only_text(parameter, read)
    if parameter.is_typed and parameter.is_text:
        return 0
    if parameter.is_timed:
        return 3 * (required and phrase.head in parameter.heads and bool(TIMELY.search(text)))
    if phrase.head:
        quoted = read.text[: phrase.span[0]].endswith(QUOTES)
        timely = not quoted and TIMELY.search(text)
        alone = only and not (vague or personal or timely or _is_number(text))
        return _score_behind(phrase.head, parameter, vague) or 4 * alone
    worded = required and parameter.roles & {"text", "title"}
    day = WHEN.fullmatch(text) and not (text[0].isupper() and text.lower() in RELATIVE_DAYS)
    other = parameter.roles.isdisjoint(DIRECT) and (day or _names_tool(words, read))
    asks = not QUESTION_VERBS.isdisjoint(tokens(text)) and parameter.roles.isdisjoint(WORDED)
    before = not own and "id" not in parameter.roles
    meant = required or parameter.roles or only or parameter is _object_of(read)
    if asks or before or other or not meant or (personal and not worded):
        return 0
    fits = _score_direct(text, parameter, vague)
    return fits and fits + (required and parameter.is_direct and parameter.is_text)


def _names_tool(words: Sequence[str], read: Reading) -> bool:
    """Whether words that are to be a value tell what the tool does: `tail the logs of auth`."""
    own = frozenset().union(*(one.words for one in read.every if one.is_text))
    return len(words) > 1 and any(read.knows(one) and concept(one) not in own for one in words)


def _is_named(parameter: RoleParameter, words: Sequence[str]) -> bool:
    """Whether a phrase says what it is, `aisle seat`, or is an example of it: `red` of a color."""
    named = words[-1:] and concept(words[-1]) in parameter.words
    if len(words) > 1 and named and not words[-1].endswith("ed"):
        return parameter.is_text
    kinds = {kind for word in words for kind in categories(word)}
    called = parameter.words | ({LANGUAGE} if "language" in parameter.roles else set())
    return parameter.is_text and not called.isdisjoint(kinds)


def is_only_text(parameter: RoleParameter, read: Reading) -> bool:
    """Whether no other text can be meant: none is required beside it, or there is no other."""
    texts = [one for one in read.every if one.is_text and not (one.is_typed or one.is_timed)]
    return ([one for one in texts if one in read.required] or texts) == [parameter]


def _object_of(read: Reading) -> RoleParameter | None:
    """Return the text that stands right behind the verb of a tool that requires no text."""
    texts = [one for one in read.every if one.is_text]
    required = any(one in read.required for one in texts)
    return None if required else next((one for one in texts if one.is_direct), None)


def _score_direct(text: str, parameter: RoleParameter, vague: int) -> int:
    """Return how well a phrase right behind the verb fits a text."""
    if text.lower() in SPOKEN:
        return 4 * (parameter.is_text and parameter.is_direct)
    if parameter.kind == "array" or "id" in parameter.roles:
        fits = LISTED.search(text) if parameter.kind == "array" else code_in(text)
        return 5 if fits else vague * (parameter.kind == "array")
    if not parameter.roles.isdisjoint(("person", "to")):
        return 6 if _is_person(tokens(text), text) else vague
    if parameter.look == "path":
        return vague * (" " not in text)
    named = parameter.roles & {"place", "device", "list"} and NAMED.fullmatch(text)
    return 4 if named or (parameter.is_direct and not _is_number(text)) else vague


def _score_behind(head: str, parameter: RoleParameter, vague: int) -> int:
    """Return how well a phrase fits a text by the word that it stands behind."""
    if head in parameter.heads:
        return 7 if parameter.roles & {"from", "to"} else 6
    if head in HEADS["title"]:
        return 5 if parameter.is_direct else 0
    return 1 if parameter.kind == "array" else vague


def _is_number(text: str) -> bool:
    words = tokens(text.lower())
    idle = PASSING | {"of"}
    numbers = [one for one in words if is_number(one) or one in NUMBERS]
    return bool(numbers) and all(one in numbers or one in idle for one in words)


def code_in(text: str) -> re.Match[str] | None:
    """Find what looks like an id: an address, a path, a symbol in capitals, a number."""
    named = NAMED.search(text)
    return ARGUMENT.code.search(text) or (
        named if named and named[0].lower() not in SILENT else None
    )


def _is_person(words: Sequence[str], text: str) -> bool:
    return "@" in text or all(
        word[0].isupper() or word.lower() in GIVEN_NAMES or concept(word) in PERSONS
        for word in words[:3]
    )
