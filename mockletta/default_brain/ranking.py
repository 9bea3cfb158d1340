"""Ranking: which facts answer a question, by the idf-weighted overlap of their concepts."""

import math
from collections import Counter
from collections.abc import Sequence

from mockletta.default_brain.facts import Fact
from mockletta.default_brain.hints import NUMBERS
from mockletta.default_brain.lexicon import KIN, categories
from mockletta.default_brain.questions import Query
from mockletta.default_brain.words import tokens, word_set

PLACE_WORDS = word_set(
    """in at on from near to under behind inside by next between above into along outside around
    here there home below beside within across"""
)
REASON_WORDS = word_set("because since due as so for")
TIME_CONCEPTS = frozenset({"day", "month", "year", "clock", "season"})
MOST = 6


def best(query: Query, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts that answer a question fully: one, or several where it asks for all.

    The highest overlap wins; of equals the one told last.
    """
    ranked = [item for item in scored(query, facts) if item[0] >= 1]
    if not ranked:
        return []
    if query.about:
        found = [item[4] for item in sorted(ranked, key=lambda item: item[3])]
        longer = [fact for fact in found if fact.text != fact.clause]
        return [f for f in found if not any(f.clause in g.text for g in longer if f is not g)][
            -MOST:
        ]
    return [max(ranked, key=lambda item: item[:4])[4]]


def closest(query: Query, facts: Sequence[Fact]) -> Fact | None:
    """Return the fact nearest to an answer, where more than half of the question is met."""
    needed = 0.5 if query.wants == "polar" else 0.6
    ranked = [item for item in scored(query, facts) if needed <= item[0] < 1]
    return max(ranked, key=lambda item: item[:4])[4] if ranked else None


def scored(query: Query, facts: Sequence[Fact]) -> list[tuple[float, float, int, int, Fact]]:
    """Every eligible fact with its coverage (0 to 1), overlap, fit and position."""
    if not query.concepts:
        return []
    counts = Counter(word for fact in facts for word in fact.concepts)
    weights = [math.log(1 + (len(facts) + 1) / (counts[word] + 0.5)) for word in query.concepts]
    found = []
    for position, fact in enumerate(facts):
        degrees = [degree(fact, word) for word in query.concepts]
        if any(degrees) and eligible(query, fact):
            overlap = sum(w * d for w, d in zip(weights, degrees, strict=True))
            overlap *= 0.5 if contrary(query, fact) else 1
            coverage = sum(1 for d in degrees if d) / len(degrees)
            found.append((coverage, round(overlap, 9), -surplus(query, fact), position, fact))
    return found


def degree(fact: Fact, word: str) -> float:
    """How far a fact meets one concept: 1 said, 0.5 implied or akin, 0 not at all."""
    if word in fact.concepts:
        return 1.0
    akin = word in fact.maybe or not KIN.get(word, frozenset()).isdisjoint(fact.concepts)
    return 0.5 if akin else 0.0


def surplus(query: Query, fact: Fact) -> int:
    joined = fact.text != fact.clause
    extra = [word for gate in fact.gates[:1] for word in gate if word not in query.concepts]
    return len(extra) + joined


def eligible(query: Query, fact: Fact) -> bool:
    if query.negated and not fact.negated:
        return False
    if supposed(fact.text) and "if" not in query.text.lower().split():
        return False
    if contrary(query, fact) and not {"like", "favorite"}.isdisjoint(query.concepts):
        return False
    return owned(query, fact) and fits(query, fact)


def supposed(text: str) -> bool:
    """Whether a sentence only says what would be: `if I were rich I would buy a boat`."""
    return text[:3].lower() == "if "


def contrary(query: Query, fact: Fact) -> bool:
    return fact.negated and not query.negated and query.wants != "polar"


def owned(query: Query, fact: Fact) -> bool:
    """Whether a fact is about the person asked about: my name is not my dog's name."""
    if query.owner == "other":
        return True
    if fact.subject != query.owner:
        untold = fact.subject == "other" and not (query.acting and "'" not in query.text)
        return untold and query.owner == "user" and opened(query, fact)
    return opened(query, fact)


def opened(query: Query, fact: Fact) -> bool:
    asked = set(query.concepts) | {kin for word in query.concepts for kin in KIN.get(word, ())}
    return all(not gate.isdisjoint(asked) for gate in fact.gates)


def fits(query: Query, fact: Fact) -> bool:
    """Whether a fact has the kind of thing asked for: a time, a place, a number, a reason."""
    lower = [word.lower() for word in tokens(fact.clause)]
    numeric = any(word[0].isdecimal() or word in NUMBERS for word in lower)
    match query.wants:
        case "time":
            return (
                numeric
                or not TIME_CONCEPTS.isdisjoint(fact.concepts)
                or "deadline" in query.concepts
            )
        case "place":
            return tells_place(lower, fact)
        case "number":
            return numeric or not {"a", "an", "several", "many"}.isdisjoint(lower)
        case "reason":
            return not REASON_WORDS.isdisjoint(lower)
    return True


def tells_place(lower: list[str], fact: Fact) -> bool:
    if not {"live", "origin"}.isdisjoint(fact.concepts):
        return True
    for word, following in zip(lower, [*lower[1:], ""], strict=True):
        timed = following[:1].isdecimal() or {"month", "day"} & set(categories(following))
        if word in PLACE_WORDS and not timed:
            return True
    return False
