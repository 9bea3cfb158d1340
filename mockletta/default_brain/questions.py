"""Questions: what a sentence wants to know, and which facts answer it."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mockletta.default_brain.clause_meaning import PHRASES, Gate
from mockletta.default_brain.facts import Fact, asks_for_return
from mockletta.default_brain.sentences import kind, plain, sentences
from mockletta.default_brain.words import (
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
    is_verb,
    remembered,
    tokens,
    word_set,
)

Wants = Literal["time", "place", "number", "reason", "polar", "thing"]
NamePart = Literal["", "first", "last"]
LEAD_IN = re.compile(
    r"^(?:(?:do|can|could|would|will) you (?:still |also |please |even )*(?:tell me|remind me(?: "
    r"of)?|remember|recall|know|say|repeat|name)|tell me|remind me(?: of)?|give me|show me|list|"
    r"recall|name|describe|say|repeat|state|spell|i (?:forgot|forget|have forgotten|wonder|do not "
    r"(?:remember|recall|know)|want to know|would like to know)|any idea|have i (?:told|mentioned "
    r"to) you|did i (?:ever )?(?:tell you|mention)|are you aware(?: of)?)\b(?:\s+(?:again|please|"
    r"if|whether|all|that))*[\s,:]*",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"(?:,\s*)?\b(?:according to|based on|as per|given|from|in|out of)\s+(?:your|the|my|our|this|"
    r"what)(?:\s+(?:core|own|long-term|persistent))?\s+(?:memory(?:\s+blocks?)?|memories|notes|"
    r"conversation|chat|discussion|i (?:said|told you)|you (?:know|remember))\b|\b(?:that |which "
    r")?you (?:know|remember)(?: of)?\b",
    re.IGNORECASE,
)
MENTION = re.compile(
    r"\b(?:(?:did|do|have|had|that|which) )?(?:i|we) (?:(?:just|ever|already|previously|earlier|"
    r"first|last|once|have|had) )*(?P<verb>ask|asked|tell|told|give|gave|given|say|said|mention|"
    r"mentioned|share|shared|provide|provided|send|sent|want|wanted|teach|taught)\b(?: (?:with |"
    r"to )?you\b(?! (?:am|are|is)\b))?(?P<keep> to (?:remember|memori[sz]e|keep|note|store|save|"
    r"recall|hold|learn)\b)?(?: (?:that|is|was)\b)?",
    re.IGNORECASE,
)
RECEIVED = re.compile(
    r"\b(?:that |which )?(?:you|it|the tool) (?:just )?(?:got|found|received|fetched|looked up|"
    r"retrieved|returned)\b|\b(?:again|once more)\b",
    re.IGNORECASE,
)
SHOULD_KEEP = re.compile(
    r"\b(?:you|to) (?:should |must |are to )?(?:remember|memori[sz]e|recall)\b", re.IGNORECASE
)
PART = re.compile(r"\s*(?:,\s*(?:and|or|plus)?|\b(?:and|plus|as well as)\b|&)\s+", re.IGNORECASE)
OWNER = re.compile(
    r"\b(?:my|our|your|the|his|her)(?:\s+[\w-]{1,30}['\u2019]s)?(?=\s)", re.IGNORECASE
)
OF_TAIL = re.compile(r"\b(?:of|for) (?:my|our|your|the) [\w'\u2019 -]{1,60}$", re.IGNORECASE)
TIMES = re.compile(
    r"^(?:when|(?:what|which|at what|on what|on which|until what)\s+(?:time|day|date|year|month))\b"
)
PLACE = re.compile(r"^(?:(?:from|to|in) )?where\b")
NUMBER = re.compile(r"^how (?:many|much|old|tall|long|far|big|heavy)\b")
KIND = re.compile(
    r"^(?:(?:in|on|at|from|to|for) )?(?:what|which) (?:kind of |sort of |type of )?([\w -]+?) "
    r"(?:do|does|did|am|is|are|was|were|have|has|had|can|could|should|will|would) ",
    re.IGNORECASE,
)
HOW_LONG = re.compile(r"^how long (?:have|has|had|did|do|does|was|were|is|are) ", re.IGNORECASE)
ASKED_NOUN = re.compile(
    r"^(?:(?:in|on|at|from|to|for) )?(?:what|which) (?:kind of |sort of |type of )?([\w-]+) "
    r"(?!is\b)"
)
DOES_FOR_WORK = re.compile(
    r"\bdo i do\b(?:\s+for (?:a living|work|money))?(?!\s+(?:on|at|in|after|with|to))",
    re.IGNORECASE,
)
THEY_DO = re.compile(
    r"^what (?:does|do) (?!i\b|you\b)(\S.*?) do(?: for (?:a living|work|money))?\W*$", re.IGNORECASE
)
WHO_AM_I = re.compile(r"^(?:who (?:am i|i am)|what am i called)$")
TELLS_NAME = re.compile(r"\b(?:am|is|are|was|called|named|calls|goes by|name)\b|:", re.IGNORECASE)
NAMES_SOMEBODY = re.compile(r"\b(?:is|are|was|called|named)(?: \w+)? [A-Z]|^[A-Z]\w+ is my")
PLURAL = re.compile(r"^(?:what|which) \w+[^s\W]s(?: (?:do|did|have|are|am)\b|$)", re.IGNORECASE)
NAME_PART = re.compile(r"\b(?:(first|given|last|family)[ -]?name|(sur)name)\b", re.IGNORECASE)
THE_USER = re.compile(r"\bthe user('s)?(?=\W|$)", re.IGNORECASE)
EMAIL_ADDRESS = re.compile(r"\b(e-?mail) address", re.IGNORECASE)
WH = re.compile(r"^(?:what|where|when|why|how|who|which)\b", re.IGNORECASE)
PLACE_WORDS = word_set(
    """in at on from near to under behind inside by next between above into along outside around
    here there home below beside within across over through"""
)
REASON_WORDS = word_set("because since due as so for")
COUNT_WORDS = word_set("a an several many no any none never")
TIME_CONCEPTS = frozenset({"day", "month", "year", "clock", "season", "number"})
LONGEST = 500
MOST_PARTS = 6
MOST = 6


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
        """Whether it asks for everything there is to say, not for one answer."""
        plural = bool(PLURAL.match(self.text)) or (
            "like" in self.concepts and "favorite" not in self.concepts
        )
        return self.wants != "polar" and (plural or " about " in f" {self.text.lower()} ")

    @property
    def possesses(self) -> bool:
        return not {"my", "our"}.isdisjoint(self.text.lower().split())


def asked(text: str) -> list[str]:
    """Return the sentences of a message that ask something."""
    return [sentence for sentence in sentences(text) if kind(sentence) == "question"]


@remembered
def query(sentence: str) -> Query:
    """Read one question."""
    core = without_lead_in(sentence)
    returned = asks_for_return(sentence)
    kept = bool(SHOULD_KEEP.search(core)) or any(m["keep"] for m in MENTION.finditer(core))
    core = THE_USER.sub(lambda match: "my" if match[1] else "me", core)
    core = EMAIL_ADDRESS.sub(r"\1", MENTION.sub(" ", ASIDE.sub(" ", RECEIVED.sub(" ", core))))
    core = THEY_DO.sub(r"what is the job of \1", DOES_FOR_WORK.sub("is my job", core))
    core = " ".join(core.split()).strip(" ?!.,")
    meant = core
    for form, plainer in PHRASES:
        meant = form.sub(plainer, meant)
    words = tokens(meant)
    lower = [word.lower() for word in words]
    if HOW_LONG.match(core):
        lower = [word for word in lower if word != "long"]
    found = ("name",) if WHO_AM_I.match(core.lower()) else concepts(lower)
    if PLACE.match(core.lower()) and "from" in lower and {"i", "my", "you", "your"} & set(lower):
        found = tuple(dict.fromkeys((*(one for one in found if one != "com"), "origin")))
    part = NAME_PART.search(core)
    noun = ASKED_NOUN.match(core.lower())
    return Query(core, found, owner(lower), acting(lower), wants(core.lower(), lower),
                 not NEGATIVE.isdisjoint(lower[lower[:1] == ["no"]:]), kept, returned,
                 (concept(noun[1]) or "") if noun else "",
                 _kind_asked_for(core), frozenset(concepts(w for w in lower if is_verb(w))),
                 name_part_of(part))  # fmt: skip


def _kind_asked_for(core: str) -> frozenset[str]:
    """Return what kind of thing is asked for, unless the lexicon knows which things are of it."""
    match = KIND.match(core)
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
        core = LEAD_IN.sub("", core, count=1)
    return core


def parts(asked_for: Query) -> list[Query]:
    """Return the several things one question asks: `my name and age` is `my name`, `my age`."""
    pieces = [piece for piece in PART.split(asked_for.text) if piece.strip()][:MOST_PARTS]
    if len(pieces) < 2:
        return []
    first_owner = OWNER.search(pieces[0])
    prefix = first_owner[0] if first_owner else ""
    tail = OF_TAIL.search(pieces[-1])
    suffix = f" {tail[0]}" if tail and not OWNER.search(pieces[0][4:].replace("the ", "")) else ""
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
        (TIMES, "time"), (PLACE, "place"), (NUMBER, "number"), (re.compile("^why"), "reason"),
    )  # fmt: skip
    for form, result in forms:
        if form.match(core):
            return result
    polar = BE | {"do", "does", "did", "have", "has", "had", "can", "could", "will", "would"}
    return "polar" if lower and lower[0] in polar else "thing"


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
    """Every eligible fact with its coverage (0 to 1), overlap, fit and position."""
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
    """How much of a question a fact meets. `Which gate do I need?` is met by `gate B22`, whatever
    it is needed for, and `Which tool does he use?` by what he uses."""
    missing = [w for w, d in zip(asked_for.concepts, degrees, strict=True) if not d]
    if missing and asked_for.noun in fact.labels:
        missing = [word for word in missing if word not in asked_for.verbs]
    elif asked_for.verbs and asked_for.nouns.issuperset(missing):
        missing = []
    return 1 - len(missing) / len(degrees)


def degree(fact: Fact, word: str) -> float:
    """How far a fact meets one concept: 1 said, 0.5 implied or akin, 0 not at all."""
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
    if asked_for.owner == "other" or fact.teller in ("client", "tool"):
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
    if not {"live", "origin"}.isdisjoint(fact.concepts):
        return True
    for word, following in zip(lower, [*lower[1:], ""], strict=True):
        timed = following[:1].isdecimal() or {"month", "day"} & set(categories(following))
        if word in PLACE_WORDS and not timed:
            return True
    return False
