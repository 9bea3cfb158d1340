"""Supersession: what a fact settles, and which older facts it outdates or takes back."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from mockletta.language.clause_meaning import RELATIVE_DAYS, STOPS, age_in, verb_index
from mockletta.language.sentences import ITEMS, subject_text
from mockletta.language.words import (
    ATTRIBUTES,
    BE,
    NUMBERS,
    categories,
    concepts,
    lexicon,
    lower_words,
    patterns,
    remembered,
    root,
    rows,
    tokens,
    word_set,
)

if TYPE_CHECKING:
    from mockletta.language.facts import Fact

CHANGE = patterns("change")
Slot = tuple[object, ...]
ONLY_PERSONS = lexicon("only_persons")
OWNED = {"name": "name", "city": "live", "work": "job", "company": "work", "age": "age"}
ENDS = {how: {*map(root, ended.split())} for how, ended in rows("ends").items()}
CONTRARIES = {
    word: set(" ".join(other for other in sides if other is not side).split())
    for sides in (line.split(" / ") for line in rows("contrary").values())
    for side in sides
    for word in side.split()
}
COUNTING = (["have"], ["own"], ["keep"], ["need"])
CHANGES = word_set("it_is using postponed replaced not_so not_but switch over ended state_now")
LEADING = RELATIVE_DAYS | word_set(
    """last this next in on since a an few couple two three ago recently lately now then of the as
    for also year years month months weeks days"""
)


@remembered
def changes_in(text: str) -> dict[str, re.Match[str]]:
    """Return the forms by which a statement changes or ends others, by their names."""
    found = ((name, getattr(CHANGE, name).search(text)) for name in CHANGES)
    return {name: match for name, match in found if match}


def slots_of(fact: "Fact", lower: list[str]) -> frozenset[Slot]:
    """Return what a fact settles, so that a newer one on the same outdates it."""
    verb = verb_index(lower)
    if (start := _acting(lower)) is not None:
        return frozenset(_of_person(lower[start:], fact))
    subject = lower[:verb]
    about = frozenset(concepts([w for w in subject if w not in STOPS]))
    valued = CHANGE.gives_value.match(" ".join(lower[verb:]))
    if len(about) == 1 and lower[0] in {"my", "our"} and valued and min(about) in OWNED:
        return frozenset({("user", OWNED[min(about)])})
    if not about or verb == len(lower):
        return frozenset()
    return frozenset(_of_thing(about, subject, lower[verb:], fact))


def _acting(lower: list[str]) -> int | None:
    """Return where the `I` or `we` stands with which a clause begins: `last year I moved`."""
    place = next((at for at, word in enumerate(lower[:5]) if word in {"i", "we"}), None)
    before = lower[: place or 0]
    timed = all(word in LEADING or word.isdecimal() or categories(word) for word in before)
    return place if timed else None


def _of_person(lower: list[str], fact: "Fact") -> Iterator[Slot]:
    unsure = CHANGE.wished.search(fact.text) or CHANGE.to_come.search(fact.text)
    if unsure or (fact.negated and "like" not in fact.concepts):
        return
    said, words = fact.concepts, set(lower)
    tests = {
        "live": "live" in said and "name" not in said and bool({"in", "to", "at"} & words),
        "age": age_in(lower) is not None,
        "weight": lower[1:2] == ["weigh"],
        "work": lower[1:2] == ["work"] and bool({"at", "for"} & words),
        "job": lower[1:3] == ["work", "as"] or (lower[1:2] == ["am"] and "work" in fact.maybe),
        "name": lower[1:2] == ["am"] and ("name" in fact.maybe or lower[2:3] == ["called"]),
    }
    yield from (("user", name) for name, holds in tests.items() if holds)
    for before, word in pairwise(lower if lower[1:2] in COUNTING else ()):
        if before in NUMBERS or before.isdecimal():
            yield "user", "count", root(word)


def _of_thing(
    about: frozenset[str], subject: list[str], rest: list[str], fact: "Fact"
) -> Iterator[Slot]:
    if fact.negated:
        return
    dated = rest[1:2] == ["on"] and any(one[0].isdecimal() for one in rest[2:3])
    times = {"day", "month", "year", "clock"} if "age" not in fact.concepts else {"day"}
    timed = dated or times & fact.concepts
    names = "name" in about and {"called", "named"}.isdisjoint(subject)
    if names or _is_named(subject, rest, fact):
        yield about - {"name"}, "name"
    elif age_in(["", *rest]) is not None:
        yield about, "age"
    elif timed and rest[0] != "likes":
        yield about, "time"
    elif rest[0] in BE and rest[1:2] and rest[1] in {"in", "at", "on", "near"}:
        yield about, "place"
    elif "live" in fact.concepts:
        yield about, "live"
    elif (subject[-1] in ATTRIBUTES or "favorite" in about) and rest[0] in BE:
        yield about, "value"


def _is_named(subject: list[str], rest: list[str], fact: "Fact") -> bool:
    one = subject[-1] in ONLY_PERSONS and rest[0] in BE and "name" in fact.maybe
    return one or rest[:2] in (["is", "called"], ["is", "named"])


def is_same_subject(fact: "Fact", older: "Fact") -> bool:
    """Return whether both are about the same, or the newer one about the owner of the older."""
    new, old = (subject_text(one.clause).lower() for one in (fact, older))
    part = concepts(tokens(new))
    return (
        fact.subject == "user" or new == old or (bool(part) and {*part} <= {*concepts(tokens(old))})
    )


def takes_back(fact: "Fact", older: "Fact") -> bool:
    """Return whether a fact says that an older one no longer holds, or the contrary of it."""
    changes = changes_in(fact.text)
    if gone := ENDS.get(changes["over"]["how"].lower() if "over" in changes else ""):
        told = older.subject == "user" and not older.negated
        return told and not gone.isdisjoint(older.concepts)
    if fact.negated == older.negated or fact.subject != older.subject:
        return False
    about = fact.concepts - {"stop", "quit", "giv", "day", "like"}
    ended = "ended" in changes or "like" in fact.concepts
    return bool(about) and (about <= older.concepts if ended else about == older.concepts)


def without_things(text: str, topic: frozenset[str]) -> str:
    """Return a clause without the things of a topic, "" if it does not list any beside others."""
    first, *more = ITEMS.split(text.rstrip(" .!"))
    words = first.split()
    verb = verb_index([word.lower() for word in words]) + 1
    items = [" ".join(words[verb:]), *more]
    left = [one for one in items if not topic.issuperset(concepts(tokens(one)))]
    if not more or not words[verb:] or not left or len(left) == len(items):
        return ""
    return (
        f"{' '.join(words[:verb])} {' and '.join(filter(None, [', '.join(left[:-1]), left[-1]]))}"
    )


def is_opposed(said: str, told: str) -> bool:
    """Return whether a text has the contrary of a word of another: `closed` of `open`."""
    words = {*lower_words(told)}
    return any(not words.isdisjoint(CONTRARIES.get(one, ())) for one in lower_words(said))
