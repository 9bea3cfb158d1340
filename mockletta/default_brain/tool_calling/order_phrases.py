"""Order phrases: the parts of an order, each with the preposition or label before it.

An order is cut at its clauses, at the values that were taken out of it, at prepositions and at the
names of parameters. A list such as `for Rome and for Paris` is one phrase.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mockletta.language.order_readings import (
    ARGUMENT,
    BLANK,
    QUOTED,
    Reading,
    is_within,
    outside_quotations,
)
from mockletta.language.parameter_roles import NAMING, PREPOSITIONS, RoleParameter
from mockletta.language.sentences import is_finite
from mockletta.language.words import ORDERS, is_verb, lexicon, tokens

LISTED = re.compile(r"\s*(?:,\s*(?:and|or)\b|,|&|\b(?:and|or)\b)\s*")
STOP = re.compile(
    r"\0[\0\s]*|(?<!\b[MDS][rst])(?<!\bMrs)[.;:!?]+(?=\s|\0|$)|\s[-\u2013\u2014]\s|,\s*(?=\0)"
)
GIVEN = re.compile(r"([A-Z][\w'\u2019-]*|(?-i:h[ei][rm]|them)) +(?=(?:the|an?) )")
IDLE = lexicon("idle")
MOST_PHRASES = 12


class Phrase(NamedTuple):
    """A part of an order, and what it stands behind: a preposition, a label, or nothing."""

    head: str
    start: int
    end: int


@lru_cache(512)
def _heads(labels: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted({*labels, *PREPOSITIONS, *NAMING, "between"}, key=lambda one: (-len(one), one))
    named = rf"{'|'.join(map(re.escape, words))}|(?:h(?:is|er)|its|their) name(?:['\u2019]s| is)"
    return re.compile(rf"(?<![\w-])(?:{named})(?![\w'\u2019-])", re.IGNORECASE)


def blank_opening(read: Reading) -> None:
    """Blank what an order begins with: `could you`, its verb, `up`."""
    lead = ARGUMENT.lead.match(read.rest)
    start = lead.end() if lead else 0
    word = re.compile(r"\s*([\w'\u2019-]+)").match(read.rest, start)
    imperative = ARGUMENT.imperative.match(read.rest, start)
    if word and (
        imperative or is_verb(word[1]) or word[1].lower() in ORDERS or read.knows(word[1])
    ):
        particle = ARGUMENT.particle.match(read.rest[word.end() :])
        start = word.end() + (particle.end() if particle else 0)
    read.blank(0, start)


def phrases_of(takers: Sequence[RoleParameter], read: Reading) -> list[Phrase]:
    """Return the phrases of what is left of an order."""
    form = _heads(tuple(label for one in takers for label in one.labels))
    quoted = [one.span() for one in QUOTED.finditer(read.rest)]
    found: list[Phrase] = []
    for start, end in _stretches(read, quoted):
        head, begin = "", start
        for mark in form.finditer(read.rest, start, end):
            if is_within(mark.span(), quoted) or not _is_head(mark, begin, head, takers, read):
                continue
            found += _phrase(head, begin, mark.start(), read)
            head = "called" if " name" in mark[0] else mark[0].lower()
            begin = mark.end()
        found += _phrase(head, begin, end, read)
    return found[:MOST_PHRASES]


def _stretches(read: Reading, quoted: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the parts of an order between taken values, sentence ends and clauses."""
    stops = [one.span() for one in STOP.finditer(read.rest) if not is_within(one.span(), quoted)]
    stops += [one.span() for one in outside_quotations(ARGUMENT.redone, read.rest)]
    for one in ARGUMENT.clause.finditer(read.rest):
        if not is_within(one.span(), quoted) and (
            one["is"] or one["is_"] or is_finite(one["verb"])
        ):
            stops.append(one.span())
    start = 0
    for left, right in sorted(stops):
        if start < left:
            yield start, left
        start = max(start, right)
    yield start, len(read.rest)


def _is_head(
    mark: re.Match[str], begin: int, head: str, takers: Sequence[RoleParameter], read: Reading
) -> bool:
    """Return whether a word begins a phrase, rather than being part of a name or of a list."""
    word = mark[0].lower()
    before = read.rest[begin : mark.start()]
    after = read.rest[mark.end() :].lstrip(" ")
    if " name" in word:
        return True
    if word not in PREPOSITIONS:
        first = next(iter(tokens(after[:40])), "")
        idle = not after or after[0] in f".,;:!?{BLANK}" or first.lower() in PREPOSITIONS | IDLE
        known = first.islower() and read.knows(first) and not word.endswith("ed")
        return not idle and not known
    if head == word and (joint := LISTED.search(before)):
        return read.tells(before[joint.end() :])
    names = tokens(before)[-1:]
    if word == "of":
        return not names or not read.tells(names[0])
    after = re.sub(r"^(?:the|a|an) ", "", after)
    wanted = any(word in one.heads for one in takers)
    return wanted or not (names and names[0][0].isupper() and after[:1].isupper())


def _phrase(head: str, start: int, end: int, read: Reading) -> Iterator[Phrase]:
    """Yield a phrase without articles and idle words; `Anna` of `Anna the keys` by itself."""
    text = read.rest[start:end]
    start += len(text) - len(text.lstrip(" ,\n\t"))
    article = ARGUMENT.article.match(read.rest[start:end])
    start += article.end() if article else 0
    text = read.rest[start:end].rstrip(" ,:-\n\t")
    while (cut := text.rpartition(" "))[0] and cut[2].strip(",").lower() in IDLE:
        text = cut[0].rstrip(" ,")
    if not head and (given := GIVEN.match(text)):
        yield Phrase(head, start, start + given.end(1))
        yield from _phrase(head, start + given.end(), start + len(text), read)
    elif text.strip() and text.lower() not in IDLE:
        yield Phrase(head, start, start + len(text))


def split(text: str) -> list[str]:
    """Cut a text at its commas and `and`, but not within a quotation."""
    places = [
        0,
        *(end for one in outside_quotations(LISTED, text) for end in one.span()),
        len(text),
    ]
    parts = (text[start:end] for start, end in zip(places[::2], places[1::2], strict=True))
    return [one for one in parts if one]


def items(text: str) -> list[str]:
    """Return the parts of a list: `tea, milk and rice`."""
    parts = [QUOTED.sub(r"\1\2", one).strip(" .") for one in split(text)]
    parts = [ARGUMENT.listed.sub("", one) for one in parts]
    return [one for one in parts if one]
