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
from mockletta.language.parameter_roles import NAMING, PREPOSITIONS, RoleParameter, topic
from mockletta.language.sentences import is_finite
from mockletta.language.words import (
    AUXILIARY,
    BE,
    FIRST_PERSON,
    IRREGULAR_PAST,
    ORDERS,
    SILENT,
    is_verb,
    lexicon,
    tokens,
)

LISTED = re.compile(r"\s*(?:,\s*(?:and|or)\b|,|&|\b(?:and|or)\b)\s*")
STOP = re.compile(
    r"\0[\0\s]*|(?<!\b[MDS][rst])(?<!\bMrs)[.;:!?]+(?=\s|\0|$)|\s[-\u2013\u2014]\s|,\s*(?=\0)"
)
SOMEWHAT = re.compile(
    r"\b(?:just )?a (?:(?:little )?bit\b|little\b(?= (?:more|longer)\b|\W*$))(?: (?:of|longer)\b)?"
    r"|\b(?:up|down)(?= (?:to|by)\b|\s*(?:\0|\W*$))"
)
GIVEN = re.compile(r"([A-Z][\w'\u2019-]*|(?-i:h[ei][rm]|them)) +(?=(?:the|an?) |that$)")
IDLE = lexicon("idle")
WORD = re.compile(r"\b[a-z]+\b")
NOUNLESS = re.compile(r"(?<=[a-z]) ones?$")
COMPOUNDS = lexicon("compounds")
MOST_PHRASES = 12
NAMED = re.compile(
    r"(?:[A-Z0-9#][\w'\u2019.#&-]*)(?:\s+(?:[A-Z0-9&][\w'\u2019.&-]*|de|da|van|von|der|of))*"
)
GIVEN_NAMES = lexicon("given_names")
LEADING = lexicon("leading")
TOLD = AUXILIARY | FIRST_PERSON | IRREGULAR_PAST | {"just"}


class Phrase(NamedTuple):
    """A part of an order, and what it stands behind: a preposition, a label, or nothing."""

    head: str
    start: int
    end: int


@lru_cache(512)
def _heads(labels: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted({*labels, *PREPOSITIONS, *NAMING, "between"}, key=lambda one: (-len(one), one))
    labelled = "|".join(map(re.escape, words)).replace(r"\ ", "[ _]")
    named = rf"{labelled}|(?:h(?:is|er)|its|their) name(?:['\u2019]s| is)"
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
    for one in [*outside_quotations(SOMEWHAT, read.rest)]:
        read.blank(*one.span())
    quoted = [one.span() for one in QUOTED.finditer(read.rest)]
    found: list[Phrase] = []
    for start, end in _stretches(read, quoted):
        head, begin = "", start
        for mark in form.finditer(read.rest, start, end):
            if is_within(mark.span(), quoted) or not _is_head(mark, begin, head, takers, read):
                continue
            found += _phrase(head, begin, mark.start(), read)
            head = "called" if " name" in mark[0] else mark[0].lower().replace("_", " ")
            begin = mark.end()
        found += _phrase(head, begin, end, read)
    return found[:MOST_PHRASES]


def _stretches(read: Reading, quoted: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the parts of an order between taken values, sentence ends and clauses."""
    stops = [one.span() for one in STOP.finditer(read.rest) if not is_within(one.span(), quoted)]
    worded = any(one.is_worded for one in read.open)
    cut = read.rest[: read.own] if worded else read.rest
    for form in (ARGUMENT.redone, ARGUMENT.beside):
        stops += [one.span() for one in outside_quotations(form, cut)]
    for one in ARGUMENT.clause.finditer(read.rest):
        kept = is_within(one.span(), quoted) or (one.start() >= len(cut) and one[0][0] != ";")
        if not kept and (one["verb"] is None or is_finite(one["verb"])):
            stops.append(one.span())
    for one in () if worded else WORD.finditer(read.rest, read.own):
        if one[0] not in BE and is_finite(one[0]):
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
    after = read.rest[mark.end() : mark.endpos].lstrip(" ")
    if " name" in word:
        return True
    if word not in PREPOSITIONS:
        first = next(iter(tokens(after[:40])), "")
        idle = not after or after[0] in f".,;:!?{BLANK}" or first.lower() in PREPOSITIONS | IDLE
        return not idle and not (read.knows(first) and not word.endswith("ed"))
    if head == word and (joint := LISTED.search(before)):
        return read.tells(before[joint.end() :])
    names = tokens(before)[-1:]
    if word == "of":
        return not names or not read.tells(names[0])
    after = re.sub(r"^(?:the|a|an) ", "", after)
    wanted = any(word in one.heads for one in takers)
    return wanted or not (
        names and names[0].isalpha() and names[0][0].isupper() and after[:1].isupper()
    )


def _phrase(head: str, start: int, end: int, read: Reading) -> Iterator[Phrase]:
    """Yield a phrase without articles and idle words; `Anna` of `Anna the keys` by itself."""
    text = read.rest[start:end]
    start += len(text) - len(text.lstrip(" ,\n\t"))
    article = ARGUMENT.article.match(read.rest[start:end])
    start += article.end() if article else 0
    text = read.rest[start:end].rstrip(" ,:-\n\t")
    text = NOUNLESS.sub("", text) if article else text
    while (cut := text.rpartition(" "))[0] and cut[2].strip(",") in IDLE:
        text = cut[0].rstrip(" ,")
    if not head and start < read.own and (given := GIVEN.match(text)):
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


def trimmed(parameter: RoleParameter, phrase: Phrase, read: Reading) -> tuple[int, int]:
    """Return the place of a phrase without the words around it that are about the tool."""
    start, end = phrase.start, phrase.end
    quoted = [one.span() for one in QUOTED.finditer(read.text, start, end)]
    if len(quoted) == 1 and parameter.kind != "array":
        left, right = quoted[0]
        if not read.tells(f"{read.text[start:left]} {read.text[right:end]}"):
            return left, right
    words = list(re.finditer(r"\S+", read.text[start:end]))
    to_do = parameter.is_worded and phrase.head == "to"
    while start >= read.own and len(words) > 1 and not to_do and _tells(words[0][0]):
        words.pop(0)
    possessed = 0
    while len(words) > 1 and _trails(words[-1][0], words[-2][0], parameter, read):
        words.pop()
        possessed = 2 * words[-1][0].endswith(("'s", "\u2019s"))
    while len(words) > 1 and _leads(words[0][0], read):
        words.pop(0)
    return start + words[0].start(), start + words[-1].end() - possessed


def _tells(word: str) -> bool:
    """Return whether a word begins what is told beside an order: `want to play squash`."""
    return word.lower() in TOLD or (word.islower() and (word == "to" or is_verb(word)))


def _leads(word: str, read: Reading) -> bool:
    """Return whether a word before a value does not belong to it: `the user` of `the user Al`."""
    if not (word.islower() and word[-1].isalpha()) or word in GIVEN_NAMES:
        return False
    return word in LEADING or read.knows(word)


def _trails(word: str, before: str, parameter: RoleParameter, read: Reading) -> bool:
    """Return whether a word behind a value does not belong to it: `light` of `kitchen light`."""
    meant = topic(word)
    if not word.islower() or not word[-1].isalpha():
        return False
    if meant in parameter.hints:
        simple = (before[0].isupper() or word not in COMPOUNDS) and before[-2:] not in (
            "'s",
            "\u2019s",
        )
        return meant in parameter.words and simple and not parameter.is_worded
    if any(meant in one.words for one in read.every if not one.is_text):
        return False
    if word.endswith("ing") and "title" in parameter.roles:
        return False
    known = meant in read.known if "title" in parameter.roles else read.knows(word)
    return word in IDLE or known


def code_in(text: str) -> re.Match[str] | None:
    """Find what looks like an id: an address, a path, a symbol in capitals, a number."""
    named = NAMED.search(text)
    code = ARGUMENT.plate.search(text) or ARGUMENT.code.search(text)
    return code or (named if named and named[0].lower() not in SILENT else None)
