"""Ranking: which of the facts that were told answer a question, and how well."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from mockletta.default_brain.clause_meaning import NAMED_PERSON, Gate
from mockletta.default_brain.facts import Fact
from mockletta.default_brain.questions import Query
from mockletta.default_brain.words import KIN, NUMBERS, PERSONS, categories, tokens, word_set

WHO_DOES = re.compile(r"^who (?!am\b|is\b|are\b|was\b|do\b|does\b|did\b)", re.IGNORECASE)
TELLS_NAME = re.compile(r"\b(?:am|is|are|was|called|named|calls|goes by|name)\b|:", re.IGNORECASE)
NAMES_SOMEBODY = re.compile(r"\b(?:is|are|was|called|named)(?: \w+)? [A-Z]|^[A-Z]\w+ is my")
PLACE_WORDS = word_set(
    """in at on from near to under behind inside by next between above into along outside around
    here there home below beside within across over through"""
)
NO_PLACES = word_set("vacation holiday leave call duty time hold sale strike average")
REASON_WORDS = word_set("because since due as so for")
COUNT_WORDS = word_set("a an several many no any none never")
TIME_CONCEPTS = frozenset({"day", "month", "year", "clock", "season", "number"})
MOST = 6


def best(asked_for: Query, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts that answer a question fully: one, or several where it asks for all.

    The highest overlap wins; of equals the one told last.
    """
    ranked = [item for item in scored(asked_for, facts) if item[0] >= 1]
    if not ranked:
        return []
    if asked_for.about:
        found = [item[4] for item in sorted(ranked, key=lambda item: item[3])]
        longer = [fact for fact in found if fact.text != fact.clause]
        return [f for f in found if not any(f.clause in g.text for g in longer if f is not g)][
            -MOST:
        ]
    return [max(ranked, key=lambda item: item[:4])[4]]


def closest(asked_for: Query, facts: Sequence[Fact]) -> Fact | None:
    """Return the fact nearest to an answer, where more than half of the question is met."""
    needed = 0.5 if asked_for.wants == "polar" else 0.6
    ranked = [item for item in scored(asked_for, facts) if needed <= item[0] < 1]
    return max(ranked, key=lambda item: item[:4])[4] if ranked else None


def scored(asked_for: Query, facts: Sequence[Fact]) -> list[tuple[float, float, int, int, Fact]]:
    """Return every eligible fact with its coverage (0 to 1), overlap, fit and position."""
    if not asked_for.concepts:
        return []
    counts = Counter(word for fact in facts for word in fact.concepts)
    weights = [math.log(1 + (len(facts) + 1) / (counts[word] + 0.5)) for word in asked_for.concepts]
    found = []
    for position, fact in enumerate(facts):
        degrees = [degree(fact, word) for word in asked_for.concepts]
        if any(degrees) and eligible(asked_for, fact):
            overlap = sum(w * d for w, d in zip(weights, degrees, strict=True))
            overlap *= 0.5 if contrary(asked_for, fact) else 1
            coverage = covered(asked_for, fact, degrees)
            found.append((coverage, round(overlap, 9), -surplus(asked_for, fact), position, fact))
    return found


def covered(asked_for: Query, fact: Fact, degrees: list[float]) -> float:
    """Return how much of a question a fact meets.

    `Which gate do I need?` is met by `gate B22`, whatever
    it is needed for, and `Which tool does he use?` by what he uses."""
    missing = [w for w, d in zip(asked_for.concepts, degrees, strict=True) if not d]
    if missing == ["name"] and len(degrees) > 1 and NAMED_PERSON in fact.maybe:
        return 1
    if (missing and asked_for.noun in fact.labels) or (
        asked_for.wants == "time" and any(slot[1] == "time" for slot in fact.slots)
    ):
        missing = [word for word in missing if word not in asked_for.verbs]
    elif asked_for.verbs and asked_for.nouns.issuperset(missing):
        missing = []
    return 1 - len(missing) / len(degrees)


def degree(fact: Fact, word: str) -> float:
    """Return how far a fact meets one concept: 1 said, 0.5 implied or akin, 0 not at all."""
    if word in fact.concepts:
        return 1.0
    akin = word in fact.maybe or not KIN.get(word, frozenset()).isdisjoint(fact.concepts)
    return 0.5 if akin else 0.0


def surplus(asked_for: Query, fact: Fact) -> int:
    joined = fact.text != fact.clause
    extra = [
        word for gate in fact.gates[:1] for word in gate.owner if word not in asked_for.concepts
    ]
    who = asked_for.text.lower().startswith("who is") and not NAMES_SOMEBODY.search(fact.text)
    return len(extra) + joined + who


def eligible(asked_for: Query, fact: Fact) -> bool:
    if asked_for.negated and not fact.negated:
        return False
    if fact.text[:3].lower() == "if " and "if" not in asked_for.text.lower().split():
        return False
    if contrary(asked_for, fact) and not {"like", "favorite"}.isdisjoint(asked_for.concepts):
        return False
    return owned(asked_for, fact) and fits(asked_for, fact)


def contrary(asked_for: Query, fact: Fact) -> bool:
    return fact.negated and not asked_for.negated and asked_for.wants != "polar"


def owned(asked_for: Query, fact: Fact) -> bool:
    """Whether a fact is about the person asked about: my name is not my dog's name."""
    if fact.teller == "client" and asked_for.possesses:
        return fact.labels.issuperset(asked_for.concepts)
    asks_who = WHO_DOES.match(asked_for.text) and fact.subject != "agent"
    if asks_who or asked_for.owner == "other" or fact.teller in ("client", "tool"):
        return True
    if asked_for.concepts == ("name",) and not (
        fact.subject == asked_for.owner and TELLS_NAME.search(fact.text)
    ):
        return False
    if fact.subject != asked_for.owner:
        untold = fact.subject == "other" and not (asked_for.acting and "'" not in asked_for.text)
        return untold and asked_for.owner == "user" and opened(asked_for, fact)
    return opened(asked_for, fact)


def opened(asked_for: Query, fact: Fact) -> bool:
    words = {*asked_for.concepts} | {
        kin for word in asked_for.concepts for kin in KIN.get(word, ())
    }
    return all(passes(gate, words, asked_for, fact) for gate in fact.gates)


def passes(gate: Gate, words: set[str], asked_for: Query, fact: Fact) -> bool:
    if gate.things and gate.things.isdisjoint(words):
        return True
    if not gate.owner.isdisjoint(words):
        return True
    is_thing = bool(gate.owner) and gate.owner.isdisjoint(PERSONS) and not gate.things
    said = all(word in fact.concepts for word in asked_for.concepts if word not in asked_for.verbs)
    labelled = asked_for.noun in fact.labels
    return is_thing and not asked_for.possesses and said and labelled


def fits(asked_for: Query, fact: Fact) -> bool:
    """Whether a fact has the kind of thing asked for: a time, a place, a number, a reason."""
    lower = [word.lower() for word in tokens(fact.clause)]
    numeric = any(word[0].isdecimal() or word in NUMBERS for word in lower)
    match asked_for.wants:
        case "time":
            timed = not TIME_CONCEPTS.isdisjoint(fact.concepts)
            return numeric or timed or "deadline" in asked_for.concepts
        case "place":
            return tells_place(lower, fact)
        case "number":
            return numeric or is_list(fact) or not COUNT_WORDS.isdisjoint(lower)
        case "reason":
            return not REASON_WORDS.isdisjoint(lower)
    return True


def is_list(fact: Fact) -> bool:
    """Whether a fact enumerates something: `my list: tea, milk`."""
    return "list" in fact.concepts and ":" in fact.text


def tells_place(lower: list[str], fact: Fact) -> bool:
    if not {"live", "origin"}.isdisjoint(fact.concepts) or ("user", "work") in fact.slots:
        return True
    for word, following in zip(lower, [*lower[1:], ""], strict=True):
        timed = following[:1].isdecimal() or {"month", "day"} & set(categories(following))
        if word in PLACE_WORDS and not timed and following not in NO_PLACES:
            return True
    return False
