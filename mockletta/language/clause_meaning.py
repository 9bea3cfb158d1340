"""Clause meaning: whose a clause is, and what its form tells beyond its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mockletta.language.sentences import (
    SUBJECTS,
    is_finite,
    subject_text,
)
from mockletta.language.words import (
    BE,
    FIRST_PERSON,
    NUMBERS,
    OWNING,
    PERSONS,
    SECOND_PERSON,
    TABLE,
    base,
    categories,
    concept,
    concepts,
    expand,
    is_name,
    is_verb,
    lexicon,
    patterns,
    root,
    tokens,
    word_set,
)

CLAUSE = patterns("clause")
MEMORY = patterns("memory")

KEYED = re.compile(r"^([^\W\d_][\w'\u2019 -]{0,40}):\s+(\S.*)$", re.DOTALL)
AFTER_HEAD = re.compile(r" (?:of|for|to|in|at|on|with|from)\b")
STOPS = word_set("in on at from to of with and who that which by for about")
DATED = word_set("since in until till from by of last next this")
RELATIVE_DAYS = lexicon("relative_days")
FREQUENCIES = lexicon("frequencies")
CLOCKS = word_set("noon midnight o'clock pm")
ORIGIN = re.compile(
    r"\b(?:am|come|comes|is|originally) from\b|^i am\b.* from (?-i:[A-Z])|\bgrow up\b"
    r"|\bborn (?:in|on|at)\b",
    re.IGNORECASE,
)
AGED = re.compile(r"^\d{1,3}-years?-old$")
HOUR = re.compile(r"^\d{1,2}(?::\d\d)?$")
CLOCK = re.compile(r"^\d{1,2}(?::\d\d)?(?:am|pm)$")
YEAR = re.compile(r"^(?:19|20)\d\d$")
GIVEN_NAMES = lexicon("given_names") | word_set("adrian vivian dorian sebastian christian")
RELATIVES = lexicon("relatives")
TRADES = lexicon("trades")
TRADE = re.compile(r"\w{2,}(?:er|or|eer|ist|ician|smith|wright|monger|keeper|man|woman|wife)$")
ABSTRACT = re.compile(r"(?:ing|logy|nomy|graphy|ics|ball|ism|tion|ment|ness|ity|try|ance|ence)$")
TASTES = lexicon("tastes")
IDENTIFIER = re.compile(r"^(?:[A-Z]{0,4}[-]?\d[\w.-]*|[IVX]{1,5}|[A-Z])$")
LISTED_NAMES = re.compile(r"[,:]\s+(?:and )?([A-Z][\w'-]+)")
CHANGE = patterns("change")
DIGITS, CAPITALS = re.compile(r"\d+"), re.compile(r"[A-Z]+")
FURTHER = re.compile(r" (?:in|on|at|from|until)\b")
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
MONTHS = TABLE["examples.month"].replace(" ", "|")
DATE = re.compile(
    rf"\b(?:{DAY} (?:of )?(?:{MONTHS})|(?:{MONTHS}) {DAY})\b",
    re.IGNORECASE,
)
NUMERIC = re.compile(
    r"(?<![\w$€£])[$€£#]?(?=[\w:/.,-]*\d)\w+(?:[:/.,-]\w+)*%?(?: ?(?:am|pm|[ap]\.m\.|o'clock)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns something in a clause: only a question for `owner` gets what is told of `things`.

    Without `things` it is all that the clause tells.
    """

    owner: frozenset[str]
    things: frozenset[str] = frozenset()


def verb_index(words: Sequence[str]) -> int:
    verbal = is_verb if words[:1] and words[0] in SUBJECTS else is_finite
    verbs = (i for i, word in enumerate(words) if i and verbal(word))
    return next((i for i in verbs if words[i] != "may" or words[i - 1] not in DATED), len(words))


def subject_words(lower: list[str]) -> list[str]:
    """Return the persons in a clause's subject; of `Rex is my dog` that is `my`."""
    verb = verb_index(lower)
    left = [word for word in lower[:verb] if word not in {"me", "us", "myself", "yourself"}]
    acting = [word for word in left if word in {"i", "we"}] or left[:3]
    found = [w for w in acting if w in FIRST_PERSON | SECOND_PERSON or base(w) == "user"]
    return found or [word for word in lower[verb + 1 : verb + 2] if word in OWNING]


def owned_words(lower: list[str]) -> list[str]:
    """Return what the owner of the subject owns: of `my dog's name is Rex` it is `dog's name`."""
    verb = verb_index(lower)
    if not {"i", "we"}.isdisjoint(lower[:verb]):
        return []
    for start in (*range(min(3, verb)), verb + 1):
        if start < len(lower) and lower[start] in OWNING:
            words = lower[start + 1 : min(start + 6, verb if start < verb else start + 6)]
            stop = next((i for i, word in enumerate(words) if word in STOPS), len(words))
            return words[:stop]
    return []


def ownerships_of(words: list[str], lower: list[str]) -> Iterator[Ownership]:
    verb = verb_index(lower)
    if owned := owned_words(lower):
        kinds = {kind for word in owned for kind in categories(word)}
        yield Ownership(frozenset(concepts(owned)) | kinds)
    padded = ["", *words, ""]
    for index, word in enumerate(lower):
        before, after = padded[index], padded[index + 2]
        if word in {"named", "called"} and after != "me" and (named := concept(before)):
            yield Ownership(frozenset({named, *categories(before)}), frozenset({"name"}))
        beside = before.lower() in {"her", "his", "their"} and is_given_name(after)
        if beside and index > verb:  # `with her husband Kenji`
            yield Ownership(frozenset({root(word), *categories(word)}), frozenset({"name"}))
        owns = (
            word.endswith("'s") and base(word) not in {"user", "human"} and after != "appointment"
        )
        owner = concept(word) if owns else ""
        things = frozenset(concepts([] if index < verb else [after]))
        if owner and (index < verb or (things and after.islower() and after not in STOPS | BE)):
            yield Ownership(frozenset({owner, *categories(word)}), things)


def labels_of(words: list[str], text: str) -> frozenset[str]:
    """Return what a clause gives a value to: `gate` of `gate B22`, `folder` of `folder: /a`."""
    keyed = KEYED.match(text)
    found = set(concepts(tokens(keyed[1]))) if keyed else set()
    for before, word in pairwise(words):
        if IDENTIFIER.match(word) and (named := concept(before)) and not before[0].isdigit():
            found.add(named)
    return frozenset(found)


def stated(words: list[str], lower: list[str]) -> frozenset[str]:
    """Return times and origins, which their form shows rather than a word of their own."""
    pairs = list(pairwise(["", *lower]))
    at = {"at", "by", "until", "to"}
    hours = (HOUR.match(w) and (":" in w or b in at) for b, w in pairs)
    tests = {
        "use": not {"use", "uses", "using"}.isdisjoint(lower),
        "hobby": any(t in TASTES and n.endswith("ing") for t, n in pairs),
        "origin": ORIGIN.search(" ".join(words)) is not None,
        "day": not RELATIVE_DAYS.isdisjoint(lower),
        "month": any(word == "may" and before in DATED for before, word in pairs),
        "year": any(map(YEAR.match, lower)),
        "clock": any(hours) or not CLOCKS.isdisjoint(lower) or any(map(CLOCK.match, lower)),
    }
    return frozenset(name for name, holds in tests.items() if holds)


IMPLIED = word_set("name work age food number habit plan todo")


def implied(words: list[str], lower: list[str], text: str) -> frozenset[str]:
    """Return what a clause implies by its form: a name, a trade, an age, a food, a number."""
    named = any(concept(a) in PERSONS and is_given_name(b) for a, b in pairwise(words))
    often = lower[:1] in (["i"], ["we"]) and not FREQUENCIES.isdisjoint(lower)
    tests = {
        "habit": often,
        "plan": CLAUSE.planned.match(text) is not None,
        "todo": lower[1:3] in (["have", "to"], ["need", "to"]) or lower[1:2] == ["must"],
        "name": implies_name(words, lower) or bool(LISTED_NAMES.search(text)) or named,
        "work": _implies_trade(lower),
        "age": age_in(lower) is not None,
        "food": _implies_food(words, lower),
        "own": CLAUSE.owns.match(text) is not None,
        "number": any(re.search(r"\d", word) or word in NUMBERS for word in lower),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def implies_name(words: list[str], lower: list[str]) -> bool:
    if lower[:2] == ["i", "am"]:
        return any(map(is_given_name, words[2:3]))
    verb = verb_index(lower)
    end = verb + 4 if lower[verb : verb + 1] in ([], ["is"], ["are"], ["was"]) else verb
    end = next((at for at in range(verb, min(end, len(lower))) if lower[at] in STOPS), end)
    named = any(map(is_given_name, words[lower[:1] == ["my"] : end]))
    return named and bool(owned_words(lower)) and "favorite" not in lower


def is_given_name(word: str) -> bool:
    """Return whether a word may be somebody's name: no nation, no colour, no month."""
    lower = base(word)
    return lower in GIVEN_NAMES or (is_name(word) and not CLAUSE.nationality.search(lower))


def _implies_trade(lower: list[str]) -> bool:
    acts = concepts(lower[verb_index(lower) :][:1])
    if {"am", "is", "as", "was", "became"}.isdisjoint(lower[:5]):
        return "teach" in acts or ("drive" in acts and lower[:1] == ["i"])
    return any(
        word in TRADES or (TRADE.match(word) and word not in RELATIVES) for word in lower[2:8]
    )


AGE_FOLLOWS = word_set("and year years weeks months now old today yesterday last this")


def age_in(lower: list[str]) -> int | None:
    """Return the index of an age in a clause; None without one."""
    for index, (before, word) in enumerate(pairwise(lower), 1):
        if AGED.match(word):
            return index
        is_number = word in NUMBERS or (word.isdecimal() and len(word) < 4)
        if is_number and before in {"am", "is", "turned", "turn", "age", "aged", "now"}:
            rest = lower[index + 1 :]
            if not rest or rest[0] in AGE_FOLLOWS:
                return index
    return None


def _implies_food(words: list[str], lower: list[str]) -> bool:
    """Return whether one likes or hates a thing that may be eaten: no name, no sport, no colour."""
    thing = words[-1] if words and not TASTES.isdisjoint(lower) else ""
    return thing.islower() and not categories(thing) and not ABSTRACT.search(thing)


def word_form(text: str) -> str:
    return rf"(?<!\w){re.escape(text)}(?!\w)"


def swapped(text: str, old: str, new: str) -> str:
    return re.sub(word_form(old), lambda _: new, text, flags=re.IGNORECASE)


def with_value(text: str, value: str) -> str:
    """Put a value where a fact has another of its form: behind a preposition, a number, a verb."""
    bare = text.rstrip(" .!")
    first, _, thing = value.partition(" ")
    if (first.lower() in NUMBERS or first.isdecimal()) and thing:
        counted = re.compile(
            rf"\b(?:{'|'.join(NUMBERS)}|an?|\d+)\s+(?={re.escape(thing)}\b)", re.IGNORECASE
        )
        if counted.search(bare):
            return counted.sub(f"{first} ", bare)
    prep = CHANGE.valued.match(value)
    places = list(re.finditer(rf"\b{prep['prep']}\s", bare, re.IGNORECASE)) if prep else ()
    if places:
        after = CHANGE.next_part.search(bare, places[-1].end())
        return bare[: places[-1].start()] + value + (bare[after.start() :] if after else "")
    if places_alike := _alikes(value, bare):
        place = places_alike[-1]
        tail = bare[place[1] :]
        outdated = " " in value and FURTHER.match(tail)  # `7 in the morning` by `8 on Sundays`
        return f"{bare[: place[0]]}{value}{'' if outdated else tail}"
    subject = subject_text(bare) or "I"
    rest = bare[len(subject) :].split()
    placed = not prep and len(rest) > 2 and CHANGE.valued.match(f"{rest[1]} ")
    kept = 2 if placed or rest[1:2] in (["called"], ["named"]) else 1
    return " ".join([subject, *rest[:kept], value])


def revalues(told: str, clause: str) -> bool:
    """Return whether a sentence gives the thing of another one a new value of the same form.

    `The launch is on 9 May` does so for `Our product launch is on 5 May`, and not for
    `The launch is in Rome` or `The launch party is on 5 May`.
    """
    thing, other = subject_text(told), subject_text(clause)
    heads = [concepts(tokens(AFTER_HEAD.split(one, 1)[0])[-1:]) for one in (thing, other)]
    if not thing.lower().startswith("the ") or heads[0] != heads[1]:
        return False
    new, old = value_of(told), value_of(clause)
    forms = [(any(map(str.isdecimal, one)), is_name(one)) for one in (new, old)]
    alike = {*concepts(tokens(thing))} <= {*concepts(tokens(other))} and forms[0] == forms[1]
    return alike and fits_in(clause, new)


def fits_in(text: str, value: str) -> bool:
    """Return whether a text has a value of the same form, which this one can replace."""
    prep = CHANGE.valued.match(value)
    bare = value.rstrip(" .!")
    return bool(bare) and bool(
        _alikes(bare, text) or (prep and prep[0].lower() in text.lower()) or is_name(bare)
    )


def with_alike(text: str, value: str) -> str:
    """Put a number, a time, a code or a day over the only one in a text; "" if there is none."""
    spans = _alikes(value, text) if NUMERIC.fullmatch(value) or " " not in value else []
    start, end = (spans or [(0, 0)])[0]
    return f"{text[:start]}{value}{text[end:]}" if len(spans) == 1 else ""


def renamed(text: str, thing: str, name: str) -> str:
    """Put a name over the one that follows a thing, as in `my cat Moss`; "" if there is none."""
    form = rf"(?<!\w)({re.escape(thing)}(?: called| named)?) (?-i:[A-Z][\w-]*)"
    new, found = re.subn(form, lambda one: f"{one[1]} {name}", text, flags=re.IGNORECASE)
    return new if found else ""


def _alikes(value: str, text: str) -> list[tuple[int, int]]:
    """Return where a text has values of the same kind: numbers, times, codes, days, colours."""
    if DATE.search(value) and (dates := [one.span() for one in DATE.finditer(text)]):
        return dates
    first, *_ = [*value.split(maxsplit=1), ""]
    kinds = {*categories(first)}
    words = list(re.finditer(r"[\w'-]+", text))
    if not NUMERIC.match(value) and first.lower() not in NUMBERS:
        return [word.span() for word in words if kinds & {*categories(word[0])}]
    spelled = [one for one in words if one[0].lower() in NUMBERS]
    found = list(NUMERIC.finditer(text)) or spelled
    same = [one.span() for one in found if _shape(one[0]) == _shape(first)]
    return same or [one.span() for one in found if not CAPITALS.match(value)]


def _shape(text: str) -> str:
    """Return a text with `0` for numbers and `A` for capitals: two codes may be alike."""
    return CAPITALS.sub("A", DIGITS.sub("0", text.split(maxsplit=1)[0]))


def value_of(told: str) -> str:
    """Return the value that a clause gives to its subject: `Bo` of `My name is Bo`."""
    text = MEMORY.adverb.sub(r"\1 ", expand(told))
    subject = subject_text(text)
    found = MEMORY.value.match(text[len(subject) :]) if subject else None
    return found["value"] if found else ""
