"""Questions: what a sentence wants to know, and which facts answer it."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mockletta.language.clause_meaning import NAMED_PERSON, Ownership
from mockletta.language.facts import Fact, asks_for_return
from mockletta.language.sentences import kind, plain, sentences
from mockletta.language.words import (
    BE,
    FIRST_PERSON,
    KIN,
    NEGATIVE,
    NUMBERS,
    PERSONS,
    SECOND_PERSON,
    categories,
    concept,
    concepts,
    expand,
    is_category,
    is_name,
    is_verb,
    lexicon,
    patterns,
    remembered,
    rewritten,
    tokens,
    word_set,
)

CHANGE = patterns("change")
QUESTION = patterns("question")

Wants = Literal["time", "place", "number", "reason", "polar", "thing"]
NamePart = Literal["", "first", "last"]
PLACE = re.compile(r"^(?:(?:from|to|in) )?where\b")
WHY = re.compile("^why")
NUMBER = re.compile(r"^how (?:many|much|old|tall|long|far|big|heavy)\b")
WHO_AM_I = re.compile(r"^(?:who (?:am i|i am)|what am i called)$")
LONGEST = 500
MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Query:
    """One thing asked. `text` is its wording without lead-ins like `can you tell me`; `noun` what
    kind of thing is asked for, as in `which gate`."""

    text: str
    concepts: tuple[str, ...]
    owner: Literal["user", "agent", "other"]
    acting: bool
    wants: Wants
    negated: bool
    kept: bool
    returned: bool = False
    noun: str = ""
    nouns: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    name_part: NamePart = ""

    @property
    def about(self) -> bool:
        """Return whether it asks for everything there is to say, not for one answer."""
        plural = bool(QUESTION.plural.match(self.text)) or (
            "like" in self.concepts and "favorite" not in self.concepts
        )
        return self.wants != "polar" and (plural or " about " in f" {self.text.lower()} ")

    @property
    def possesses(self) -> bool:
        return not {"my", "our"}.isdisjoint(self.text.lower().split())


def asked(text: str) -> list[str]:
    """Return the sentences of a message that ask something."""
    return [sentence for sentence in sentences(text) if kind(sentence) == "question"]


def answer_opening(text: str) -> str:
    """Return how an answer to a message begins: `my name is` for `What is my name?`."""
    *_, last = ["", *sentences(text[-LONGEST:])]
    match = CHANGE.asks_value.match(without_lead_in(last)) if kind(last) == "question" else None
    if match is None:
        return ""
    return f"{match['thing']} is" if match["thing"] else f"{match['who']} {match['verb']}"


@remembered
def query(sentence: str) -> Query:
    """Read one question."""
    core = without_lead_in(sentence)
    returned = asks_for_return(sentence)
    tagged = QUESTION.tag.search(core)
    mentions = QUESTION.mention.finditer(core)
    kept = bool(QUESTION.should_keep.search(core)) or any(one["keep"] for one in mentions)
    core = QUESTION.latest.sub("", core) if returned else core
    core = " ".join(rewritten(core, "question").split()).strip(" ?!.,")
    meant = rewritten(core, "phrase")
    words = tokens(meant)
    lower = [word.lower() for word in words]
    if QUESTION.how_long.match(core):
        lower = [word for word in lower if word != "long"]
    found = ("name",) if WHO_AM_I.match(core.lower()) else concepts(lower)
    if PLACE.match(core.lower()) and "from" in lower and {"i", "my", "you", "your"} & set(lower):
        found = tuple(dict.fromkeys((*(one for one in found if one != "com"), "origin")))
    if "use" in lower:
        found = (*found, "use")
    part = QUESTION.name_part.search(core)
    noun = QUESTION.asked_noun.match(core.lower())
    wanted = "polar" if tagged else wants(core.lower(), lower)
    return Query(core, found, owner(lower), acting(lower), wanted,
                 not NEGATIVE.isdisjoint(lower[lower[:1] == ["no"]:]), kept, returned,
                 (concept(noun[1]) or "") if noun else "",
                 _kind_asked_for(core), frozenset(concepts(w for w in lower if is_verb(w))),
                 name_part_of(part))  # fmt: skip


def _kind_asked_for(core: str) -> frozenset[str]:
    """Return what kind of thing is asked for, unless the lexicon knows which things are of it."""
    match = QUESTION.kind.match(core)
    found = frozenset(concepts(tokens(match[1]))) if match else frozenset()
    return frozenset() if any(map(is_category, found)) else found


def name_part_of(match: re.Match[str] | None) -> NamePart:
    if match is None:
        return ""
    return "first" if (match[1] or "").lower() in {"first", "given"} else "last"


def without_lead_in(sentence: str) -> str:
    """Return a question without `can you tell me` and the like."""
    core = plain(expand(sentence[:LONGEST])).strip(" ?!.")
    for _ in range(3):
        core = QUESTION.lead_in.sub("", core, count=1)
    return core


def parts(asked_for: Query) -> list[Query]:
    """Return the several things one question asks: `my name and age` is `my name`, `my age`."""
    pieces = [piece for piece in QUESTION.part.split(asked_for.text) if piece.strip()][:MOST_PARTS]
    if len(pieces) < 2:
        return []
    first_owner = QUESTION.owner.search(pieces[0])
    prefix = first_owner[0] if first_owner else ""
    tail = QUESTION.of_tail.search(pieces[-1])
    suffix = (
        f" {tail[0]}"
        if tail and not QUESTION.owner.search(pieces[0][4:].replace("the ", ""))
        else ""
    )
    whole = [pieces[0] + suffix if tail else pieces[0]]
    whole += [piece if has_owner(piece) else f"{prefix} {piece}" for piece in pieces[1:]]
    return [found for found in map(query, whole) if found.concepts]


def choices(asked_for: Query) -> list[Query]:
    """Return what a question lets one choose from: `Do I use tabs or spaces?` has two."""
    first, *others = re.split(r",?\s+or\s+", asked_for.text)
    lead = first.rsplit(" ", 1)[0] if " " in first else ""
    pieces = [first, *(f"{lead} {one}".strip() for one in others)] if others else []
    return [replace(found, wants="thing") for found in map(query, pieces) if found.concepts]


def has_owner(piece: str) -> bool:
    return not (FIRST_PERSON | SECOND_PERSON | {"the", "his", "her"}).isdisjoint(
        word.lower() for word in tokens(piece)
    )


def owner(lower: list[str]) -> Literal["user", "agent", "other"]:
    if not FIRST_PERSON.isdisjoint(lower):
        return "user"
    return "agent" if not SECOND_PERSON.isdisjoint(lower) else "other"


def acting(lower: list[str]) -> bool:
    return not {"i", "we"}.isdisjoint(lower) and {"my", "our"}.isdisjoint(lower)


def wants(core: str, lower: list[str]) -> Wants:
    forms: tuple[tuple[re.Pattern[str], Wants], ...] = (
        (QUESTION.times, "time"), (PLACE, "place"), (NUMBER, "number"), (WHY, "reason"),
    )  # fmt: skip
    for form, result in forms:
        if form.match(core):
            return result
    polar = BE | {"do", "does", "did", "have", "has", "had", "can", "could", "will", "would"}
    return "polar" if lower and lower[0] in polar else "thing"


NAMES_SOMEBODY = re.compile(r"\b(?:is|are|was|called|named)(?: \w+)? [A-Z]|^[A-Z]\w+ is my")
NAMES_LISTED = re.compile(r"(?:called|named|are)(?: [A-Z][\w'-]*,?)+ and [A-Z]")
PLACE_WORDS = lexicon("place_words")
NO_PLACES = word_set("vacation holiday leave call duty time hold sale strike average")
REASON_WORDS = word_set("because since due as so for")
COUNT_WORDS = word_set("a an several many no any none never")
PERSONAL = FIRST_PERSON | SECOND_PERSON
GENERIC = frozenset([*concepts(lexicon("generic")), "use"])
TIMED = frozenset({"day", "month", "clock"})
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
    """Return how much of a question a fact meets, from 0 to 1.

    `Which gate do I need?` is met by `gate B22`, whatever it is needed for, and `Which tool does he
    use?` by what he uses.
    """
    missing = [w for w, d in zip(asked_for.concepts, degrees, strict=True) if not d]
    if missing == ["name"] and len(degrees) > 1 and NAMED_PERSON in fact.maybe:
        return 1
    if len(missing) < len(degrees):
        missing = [word for word in missing if word not in GENERIC]
    if (missing and asked_for.noun in fact.labels) or (asked_for.wants == "time" and timed(fact)):
        missing = [word for word in missing if word not in asked_for.verbs]
    elif "use" in fact.concepts and "use" in asked_for.concepts and len(missing) < len(degrees) - 1:
        missing = [word for word in missing if word not in asked_for.nouns]
    elif asked_for.verbs and asked_for.nouns.issuperset(missing):
        missing = []
    elif asked_for.noun and any(asked_for.noun in one.owner for one in fact.ownerships[:1]):
        missing = [word for word in missing if word not in asked_for.verbs]
    return 1 - len(missing) / len(degrees)


def timed(fact: Fact) -> bool:
    """Return whether a fact settles a time, or is a note like `Dentist on 12 June`."""
    settles = any(slot[1] == "time" for slot in fact.slots)
    return settles or (not TIMED.isdisjoint(fact.concepts) and not any(map(is_verb, fact.words)))


def degree(fact: Fact, word: str) -> float:
    """Return how far a fact meets one concept: 1 said, 0.5 implied or akin, 0 not at all."""
    if word in fact.concepts:
        return 1.0
    akin = word in fact.maybe or not KIN.get(word, frozenset()).isdisjoint(fact.concepts)
    return 0.5 if akin else 0.0


def surplus(asked_for: Query, fact: Fact) -> int:
    joined = fact.text != fact.clause
    extra = [
        word for one in fact.ownerships[:1] for word in one.owner if word not in asked_for.concepts
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
    """Return whether a fact is about the person asked about: my name is not my dog's name."""
    if fact.teller == "client" and asked_for.possesses:
        return not fact.labels.isdisjoint(asked_for.concepts)
    if fact.teller == "tool" and asked_for.concepts == ("name",) and asked_for.owner == "user":
        return asked_for.returned
    asks_who = QUESTION.who_does.match(asked_for.text) and fact.subject != "agent"
    if asks_who or asked_for.owner == "other" or fact.teller in ("client", "tool"):
        return True
    if asked_for.concepts == ("name",) and not (
        fact.subject == asked_for.owner and QUESTION.tells_name.search(fact.text)
    ):
        return False
    if fact.subject != asked_for.owner:
        acts = asked_for.acting and "'" not in asked_for.text and not _names_event(asked_for, fact)
        impersonal = fact.teller == "persona" and PERSONAL.isdisjoint(fact.words[:3])
        untold = fact.subject == "other" and not acts and asked_for.owner == "user"
        return (untold or impersonal) and opened(asked_for, fact)
    return opened(asked_for, fact)


def _names_event(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact is about what someone does with a person: `the meeting with Lou`."""
    names = concepts(word for word in tokens(asked_for.text)[1:] if is_name(word))
    return bool(names) and fact.concepts.issuperset(asked_for.concepts)


def opened(asked_for: Query, fact: Fact) -> bool:
    words = {*asked_for.concepts} | {
        kin for word in asked_for.concepts for kin in KIN.get(word, ())
    }
    is_value = asked_for.text.lower().startswith("who is ") and words <= fact.concepts
    return is_value or all(
        owner_is_asked_for(one, words, asked_for, fact) for one in fact.ownerships
    )


def owner_is_asked_for(held: Ownership, words: set[str], asked_for: Query, fact: Fact) -> bool:
    if held.things and held.things.isdisjoint(words):
        return True
    if not held.owner.isdisjoint(words):
        return True
    is_thing = bool(held.owner) and held.owner.isdisjoint(PERSONS) and not held.things
    said = all(word in fact.concepts for word in asked_for.concepts if word not in asked_for.verbs)
    labelled = asked_for.noun in fact.labels
    return is_thing and not asked_for.possesses and said and labelled


def fits(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact has what is asked for: a time, a place, a number, a reason."""
    if fact.teller == "client" and not fact.labels.isdisjoint(asked_for.concepts):
        return True
    lower = fact.words
    numeric = any(word[0].isdecimal() or word in NUMBERS for word in lower)
    match asked_for.wants:
        case "time":
            timed = not TIME_CONCEPTS.isdisjoint(fact.concepts)
            return numeric or timed or "deadline" in asked_for.concepts
        case "place":
            return tells_place(lower, fact)
        case "number":
            listed = is_list(fact) or bool(NAMES_LISTED.search(fact.text))
            return numeric or listed or not COUNT_WORDS.isdisjoint(lower)
        case "reason":
            return not REASON_WORDS.isdisjoint(lower)
    return True


def is_list(fact: Fact) -> bool:
    """Return whether a fact enumerates something: `my list: tea, milk`."""
    return "list" in fact.concepts and ":" in fact.text


def tells_place(lower: list[str], fact: Fact) -> bool:
    works = "work" in fact.concepts and "for" in lower
    if len(lower) < 3:
        return False  # `I moved` names no place
    if not {"live", "origin"}.isdisjoint(fact.concepts) or ("user", "work") in fact.slots or works:
        return True
    for word, following in zip(lower, [*lower[1:], ""], strict=True):
        timed = following[:1].isdecimal() or {"month", "day"} & set(categories(following))
        if word in PLACE_WORDS and not timed and following not in NO_PLACES:
            return True
    return False
