"""Clause meaning: whose a clause is, and what its form tells beyond its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mockletta.language.sentences import (
    SUBJECTS,
    is_factual,
    is_finite,
    subject_text,
)
from mockletta.language.words import (
    AUXILIARY,
    BE,
    FIRST_PERSON,
    IRREGULAR_PAST,
    NUMBERS,
    OWNING,
    PERSONS,
    SECOND_PERSON,
    SILENT,
    base,
    categories,
    concept,
    concepts,
    is_name,
    is_verb,
    lexicon,
    lower_words,
    patterns,
    tokens,
    word_set,
)

CLAUSE = patterns("clause")

KEYED = re.compile(r"^([^\W\d_][\w'\u2019 -]{0,40}):\s+(\S.*)$", re.DOTALL)
STOPS = word_set("in on at from to of with and who that which by for about")
OWNERS = OWNING | {"the", "his", "her", "their"}
RELATIVE_DAYS = lexicon("relative_days")
MOVED = word_set("moved postponed rescheduled pushed shifted changed delayed brought")
CLOCKS = word_set("noon midnight o'clock pm")
COMING = word_set("am come comes is originally")
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
FILLERS = lexicon("fillers")
IDENTIFIER = re.compile(r"^(?:[A-Z]{0,4}[-]?\d[\w.-]*|[IVX]{1,5}|[A-Z])$")
NAMED_PERSON = "a named person"
"""Implied by a clause that gives a person's role and name: `with my husband Tom`."""
LISTED_NAMES = re.compile(r"[,:]\s+(?:and )?([A-Z][\w'-]+)")
CHANGE = patterns("change")
MOST_CORRECTED = 8
DIGITS = re.compile(r"\d+")
NUMERIC = re.compile(
    r"(?<!\w)[$€£]?\d[\w:.,/-]*(?: ?(?:am|pm|[ap]\.m\.|o'clock)\b)?", re.IGNORECASE
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
    return next((i for i, word in enumerate(words) if i and verbal(word)), len(words))


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
    padded = ["", *words, "", ""]
    for index, word in enumerate(lower):
        before, after, beyond = padded[index], padded[index + 2], padded[index + 3]
        if word.endswith("'s") and base(word) not in {"user", "human"}:
            if index < verb or (after.islower() and after not in STOPS | BE):
                yield from _ownership(word, "" if index < verb else after)
        elif word in {"named", "called"} and before.lower() not in SILENT and after != "me":
            yield from _ownership(before, "name")
        elif word == "of" and after.lower() in OWNERS and {"i", "we"}.isdisjoint(lower):
            yield from _ownership(beyond, before)


def _ownership(owner: str = "", thing: str = "") -> Iterator[Ownership]:
    if found := concept(owner):
        things = frozenset(concepts([thing])) if thing else frozenset[str]()
        if things or not thing:
            yield Ownership(frozenset({found}) | frozenset(categories(owner)), things)


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
    at = {"at", "by", "until"} | ({"to"} if not MOVED.isdisjoint(lower) else set())
    hours = (HOUR.match(w) and (":" in w or b in at) for b, w in pairs)
    tests = {
        "use": not {"use", "uses", "using"}.isdisjoint(lower),
        "hobby": any(t in TASTES and n.endswith("ing") for t, n in pairs),
        "origin": _tells_origin(words, lower),
        "day": not RELATIVE_DAYS.isdisjoint(lower),
        "year": any(map(YEAR.match, lower)),
        "clock": any(hours) or not CLOCKS.isdisjoint(lower) or any(map(CLOCK.match, lower)),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def _tells_origin(words: list[str], lower: list[str]) -> bool:
    named = lower[:2] == ["i", "am"]
    for before, word, after in zip(["", *lower], lower, [*words[1:], ""], strict=False):
        if word == "from" and (before in COMING or (named and is_name(after))):
            return True
        if before in {"grow", "born"} and word in {"up", "in", "on", "at"}:
            return True
    return False


def implied(words: list[str], lower: list[str], text: str) -> frozenset[str]:
    """Return what a clause implies by its form: a name, a trade, an age, a food, a number."""
    tests = {
        "name": implies_name(words, lower) or bool(LISTED_NAMES.search(text)),
        "work": _implies_trade(lower),
        "age": age_in(lower) is not None,
        "food": _implies_food(words, lower),
        "number": any(word[0].isdecimal() or word in NUMBERS for word in lower),
        NAMED_PERSON: any(
            _is_named_person(*three) for three in zip(words, words[1:], words[2:], strict=False)
        ),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def _is_named_person(owner: str, person: str, name: str) -> bool:
    """Return whether three words are such as `my husband Tom`."""
    return owner.lower() in {"my", "our"} and concept(person) in PERSONS and is_given_name(name)


def implies_name(words: list[str], lower: list[str]) -> bool:
    if lower[:2] == ["i", "am"]:
        return len(words) > 2 and is_given_name(words[2])
    named = any(is_given_name(word) for word in words[lower[:1] == ["my"] :])
    return named and bool(owned_words(lower)) and "favorite" not in lower


def is_given_name(word: str) -> bool:
    """Return whether a word may be somebody's name: no nation, no colour, no month."""
    lower = base(word)
    if lower in GIVEN_NAMES:
        return True
    nation = CLAUSE.nationality.search(lower)
    return is_name(word) and not nation


def _implies_trade(lower: list[str]) -> bool:
    acts = concepts(lower[verb_index(lower) :][:1])
    if "teach" in acts or ("drive" in acts and lower[:1] == ["i"]):
        return True
    if not ({"am", "is", "as"} & set(lower[:5])):
        return False
    trades = (
        word in TRADES or (TRADE.match(word) and word not in RELATIVES) for word in lower[2:8]
    )
    return any(trades)


def age_in(lower: list[str]) -> int | None:
    """Return the index of an age in a clause; None without one."""
    for index, (before, word) in enumerate(pairwise(lower), 1):
        if AGED.match(word):
            return index
        is_number = word in NUMBERS or (word.isdecimal() and len(word) < 4)
        if is_number and before in {"am", "is", "turned", "turn", "age", "aged", "now"}:
            rest = lower[index + 1 :]
            if not rest or rest[0] in {"and", "year", "years", "now", "old", "today", "yesterday"}:
                return index
    return None


def _implies_food(words: list[str], lower: list[str]) -> bool:
    taste = next((i for i, word in enumerate(lower) if word in TASTES), None)
    if taste is None:
        return False
    rest = taste + 1
    while rest < len(lower) and lower[rest] in FILLERS:
        rest += 1
    if rest == len(lower) or concept(words[rest]) is None:
        return False
    return (
        words[rest].islower() and not categories(words[rest]) and not ABSTRACT.search(lower[rest])
    )


def says_something(text: str) -> bool:
    """Return whether a text says something of something, rather than only naming it."""
    words = text.partition(":")[0].split()
    return "i" in map(str.lower, words) or any(map(is_verb, words[1:])) or "we" in words


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
    if place := _alike(value, bare):
        return f"{bare[: place[0]]}{value}{bare[place[1] :]}"
    subject = subject_text(bare) or "I"
    rest = bare[len(subject) :].split()
    placed = not prep and len(rest) > 2 and CHANGE.valued.match(f"{rest[1]} ")
    kept = 2 if placed or rest[1:2] in (["called"], ["named"]) else 1
    return " ".join([subject, *rest[:kept], value])


def fits_in(text: str, value: str) -> bool:
    """Return whether a text has a value of the same form, which this one can replace."""
    prep = CHANGE.valued.match(value)
    bare = value.rstrip(" .!")
    return bool(bare) and bool(
        _alike(bare, text) or (prep and prep[0].lower() in text.lower()) or is_name(bare)
    )


def can_correct(text: str, value: str) -> bool:
    """Return whether a few words can be the right value of what was told."""
    words = frozenset(lower_words(value))
    if len(value.split()) > MOST_CORRECTED or words & (AUXILIARY | IRREGULAR_PAST):
        return False
    return is_factual(text) or (fits_in(text, value) and not is_name(value))


def _alike(value: str, text: str) -> tuple[int, int] | None:
    """Return where a text last has a value of the same kind: a number or time, a day, a colour."""
    kinds = set(categories(value.split(maxsplit=1)[0]))
    if value[0].isdecimal() or value.lower() in NUMBERS:
        spelled = (one for one in re.finditer(r"\w+", text) if one[0].lower() in NUMBERS)
        found = list(NUMERIC.finditer(text)) or list(spelled)
        shape = DIGITS.sub("0", value.split(maxsplit=1)[0])
        same = [one for one in found if DIGITS.sub("0", one[0].split(maxsplit=1)[0]) == shape]
        spans = [match.span() for match in same or found]
    else:
        words = re.finditer(r"[\w'-]+", text)
        spans = [word.span() for word in words if kinds & {*categories(word[0])}]
    return spans[-1] if spans else None
