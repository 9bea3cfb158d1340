"""Answer forms: whether a fact has the form of what is asked, such as a time or a place."""

import re
from itertools import pairwise

from mockletta.language.clause_meaning import FREQUENCIES, KEYED
from mockletta.language.facts import Fact
from mockletta.language.questions import Query
from mockletta.language.words import (
    NUMBERS,
    categories,
    concept,
    lexicon,
    patterns,
    remembered,
    word_set,
)

CHANGE = patterns("change")
LOOK = patterns("shown")
LISTED = re.compile(r"[\w-], [\w -]{1,40} and \w")
NAMES_LISTED = re.compile(r"(?:called|named|are)(?: [A-Z][\w'-]*,?)+ and [A-Z]")
CLOCKED = re.compile(r"\d[\d:.,]*(?:am|pm|st|nd|rd|th|h)?$")
PLACE_WORDS = lexicon("place_words")
NO_PLACES = word_set("vacation holiday leave call duty time hold sale strike average")
SIGNS = {
    "frequency": FREQUENCIES,
    "reason": word_set("because since due as so for"),
}
COUNT_WORDS = word_set("a an several many no any none never")
ADDRESS = concept("address")
TIME_CONCEPTS = frozenset({"day", "month", "year", "clock", "season", "number"})
SETTLED = {("user", "work"), ("user", "live")}


def fits(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact has what is asked for: a time, a place, a number, a reason."""
    lower = fact.words
    numeric = any(word[0].isdecimal() or word in NUMBERS for word in lower)
    match asked_for.wants:
        case "time":
            timed = not TIME_CONCEPTS.isdisjoint(fact.concepts)
            return numeric or timed or "deadline" in asked_for.concepts
        case "place":
            keyed = fact.teller != "tool" and KEYED.match(fact.text)
            named = fact.labels.issuperset(asked_for.concepts)
            return tells_place(lower, fact) or bool(keyed and named)
        case "number":
            is_many = asked_for.text.lower().startswith("how many")
            counted = is_many and (LISTED.search(fact.text) or not COUNT_WORDS.isdisjoint(lower))
            listed = is_list(fact) or NAMES_LISTED.search(fact.text)
            return bool(numeric or listed or counted)
        case "reason" | "frequency":
            return not SIGNS[asked_for.wants].isdisjoint(lower)
    return True


def is_list(fact: Fact) -> bool:
    """Return whether a fact enumerates something: `my list: tea, milk`."""
    return "list" in fact.concepts and ":" in fact.text


def tells_place(lower: list[str], fact: Fact) -> bool:
    if len(lower) < 3:
        return False  # `I moved` names no place
    works = "work" in fact.concepts and ("for" in lower or to_come(fact.text))
    settled = SETTLED & fact.slots or LOOK.address.search(fact.text)
    if not {"live", "origin", ADDRESS}.isdisjoint(fact.concepts) or settled or works:
        return True
    placed = (after for word, after in pairwise([*lower, ""]) if word in PLACE_WORDS)
    return any(not _is_time(word) and word not in NO_PLACES for word in placed)


def _is_time(word: str) -> bool:
    return bool(CLOCKED.match(word) or {"month", "day"} & {*categories(word)})


def is_ahead(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact tells a wish, or a work or home to come for which nobody asks."""
    settles = not {"live", "work"}.isdisjoint(asked_for.concepts)
    wished = CHANGE.wished.search(fact.text) and not CHANGE.wished.search(asked_for.text)
    return bool(wished or (settles and to_come(fact.text) and not to_come(asked_for.text)))


@remembered
def to_come(text: str) -> bool:
    return CHANGE.to_come.search(text) is not None
