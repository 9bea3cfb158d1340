"""Facts: single clauses that someone told, with what they are about, and what outdates them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from mockletta.brain.decisions import MemoryBlock
from mockletta.default_brain import words as persons
from mockletta.default_brain.clause_forms import (
    KEYED,
    STOPS,
    Gate,
    age_in,
    gates_of,
    implied,
    labels_of,
    says_something,
    stated,
    subject_words,
    verb_index,
)
from mockletta.default_brain.lexicon import (
    ATTRIBUTES,
    BE,
    FIRST_PERSON,
    NEGATIVE,
    SECOND_PERSON,
    THIRD_PERSON,
    categories,
    concepts,
    is_name,
    root,
)
from mockletta.default_brain.sentences import (
    clauses,
    sentences,
    subject_text,
    unmarked,
)
from mockletta.default_brain.words import MANY, NUMBERS, SHORT, base, expand, tokens

Owner = Literal["user", "agent", "other"]
Teller = Literal["user", "human", "persona", "note", "client", "tool"]
Slot = tuple[object, ...]

UNTOLD = re.compile(
    r"^(?:\W*|(?:unknown|none|n/?a|tbd|todo|null|empty|unspecified|undefined|not (?:known|set|"
    r"given|told|specified|provided|available)|to be (?:filled|determined|added))\b.*|.*\bis "
    r"unknown)\W*$",
    re.IGNORECASE,
)
CALL_ME = re.compile(
    r"^(?:(?:you (?:can|may|should)|please|just) )*call me |^(?:(?:every(?:one|body)|people|(?:my "
    r")?friends|they|folks|most people) )?calls? me ",
    re.IGNORECASE,
)
PHRASES = tuple(
    (re.compile(form, re.IGNORECASE), plainer)
    for form, plainer in (
        (r"\bcannot (?:stand|bear|abide|take)\b|\bnot a (?:big )?fan of\b", "hate"),
        (r"\b(?:crazy|mad|nuts|passionate|wild) about\b", "like"),
        (r"\b(?:am|are|is) (?:really |very )?(?:into|keen on|fond of)\b", "like"),
        (r"\b(?:last|first|sur|family )[ -]?name\b", "name"),
        (r"\b(?:grew up|was raised|am originally)\b", "grow up"),
        (r"\btakes? place\b", "is"),
        (
            r"^I (?:am|got|have been|was) (?:married|engaged) to (?=[A-Z])(.+)$",
            r"my consort \1 is married",
        ),
        (
            (
                r"\b((?:prefer|like|love|enjoy|use|want|choose|chose|pick)\w*\b.*?) (?:over|rather "
                r"than|instead of|more than|better than) .+$"
            ),
            r"\1",
        ),
        (r"\bgoing to (?=[a-z]+\b)(?!the |my |a )", "will "),
    )
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A clause someone told.

    `concepts` is what it says in so many words, `maybe` what it can be taken to imply, `labels`
    what it gives a value to. `slots` are what it settles: a newer fact with the same one outdates
    it. `text` is how it is told, `clause` the part that tells something new.
    """

    text: str
    clause: str
    concepts: frozenset[str]
    maybe: frozenset[str]
    labels: frozenset[str]
    subject: Owner
    gates: tuple[Gate, ...]
    negated: bool
    remembered: bool
    teller: Teller
    slots: frozenset[Slot] = frozenset()

    def retold(self) -> str:
        """Return the fact as the agent tells it to the user, a sentence."""
        if self.teller == "user" and self.remembered and not says_something(self.clause):
            told = persons.to_second_person(self.clause).rstrip(".")
            return f"You asked me to remember {told}."
        if self.teller == "client":
            return f"According to your client: {self.text.rstrip('.')}."
        return persons.as_sentence(RETELL[self.teller](self.text))


RETELL: Mapping[Teller, Callable[[str], str]] = {
    "user": persons.to_second_person,
    "human": persons.about_the_user,
    "persona": persons.about_the_agent,
    "note": persons.to_second_person,
    "tool": lambda text: text,
}
TELLERS: dict[str, Teller] = {"human": "human", "persona": "persona"}
VOICES: dict[Teller, tuple[Owner, Owner, Owner]] = {
    "user": ("user", "agent", "other"),
    "human": ("user", "user", "user"),
    "persona": ("agent", "agent", "agent"),
    "note": ("user", "agent", "other"),
    "client": ("other", "other", "other"),
    "tool": ("other", "other", "other"),
}


def block_facts(block: MemoryBlock) -> list[Fact]:
    """Return what a memory block tells.

    The first person is the agent's in a `persona` block, the user's in any other.
    """
    label = frozenset(concepts(tokens(block.label.replace("_", " "))))
    found = note_facts(block.value, TELLERS.get(block.label, "note"))
    return [replace(fact, maybe=fact.maybe | label) for fact in found]


def note_facts(text: str, teller: Teller) -> list[Fact]:
    """Return what a note tells, a line or a sentence at a time."""
    keyed = (as_told(unmarked(line), teller) for line in sentences(text))
    told = (item for line in keyed if not UNTOLD.match(line) for item in clauses(line))
    return list(chained(((item, False) for item in told), teller))


def as_told(line: str, teller: Teller) -> str:
    """Write `Name: Al` in a block that is about someone as a sentence: `My name is Al`."""
    match = KEYED.match(line)
    if match is None or len(match[1].split()) > 3:
        return line
    if UNTOLD.match(match[2]):
        return ""
    if match[1].lower().startswith(("my ", "our ")):
        return f"{match[1]} is {match[2]}"
    owned = teller in ("human", "persona")
    return f"My {match[1].lower()} is {match[2]}" if owned else line


def chained(told: Iterable[tuple[str, bool]], teller: Teller) -> Iterator[Fact]:
    """Facts in order; one that starts with `he`, `its` ... is joined to the one it refers to."""
    anchor: Fact | None = None
    for clause, remembered in told:
        fact = read(clause, teller, remembered)
        if fact is None:
            continue
        if teller != "human" and refers_back(fact):
            fact = joined(anchor, fact)
        anchor = fact
        yield fact


def refers_back(fact: Fact) -> bool:
    """Whether a fact begins with a word for what was told before."""
    first = next(iter(tokens(fact.clause[:30])), "")
    return first.lower() in THIRD_PERSON


def joined(anchor: Fact | None, fact: Fact) -> Fact:
    """Return a fact with what its first word refers to."""
    if anchor is None:
        return replace(fact, gates=(*fact.gates, Gate(frozenset())))
    subject = subject_text(anchor.clause)
    if subject and subject.lower() not in {"i", "we", "you", "it"}:
        first, _, rest = fact.clause.partition(" ")
        owned = "'s" if first.lower() in {"his", "her", "its", "their"} else ""
        whole = read(f"{subject}{owned} {rest}", fact.teller, fact.remembered)
        if whole is not None:
            called = anchor.text[len(subject) :].split()
            named = called[1:2] if called[:1] == ["is"] and called[1:2] != ["not"] else []
            names = frozenset(concepts(word for word in named if is_name(word)))
            return replace(whole, maybe=whole.maybe | names)
    text = f"{persons.as_sentence(anchor.text)} {persons.as_sentence(fact.clause)}"
    gates = (*anchor.gates, *fact.gates, Gate(anchor.concepts))
    return replace(
        fact, text=text, concepts=fact.concepts | anchor.concepts, maybe=fact.maybe | anchor.maybe,
        subject=anchor.subject, gates=gates, remembered=False, slots=frozenset(),
    )  # fmt: skip


def read(clause: str, teller: Teller, remembered: bool = False) -> Fact | None:
    """Read one clause; None where no word of it says anything."""
    reader = _read_short if len(clause) <= SHORT else _read
    return reader(clause, teller, remembered)


def _read(clause: str, teller: Teller, remembered: bool) -> Fact | None:
    text = CALL_ME.sub("I am called ", expand(clause))
    meant = text
    for form, plainer in PHRASES:
        meant = form.sub(plainer, meant)
    words = tokens(meant)
    said = frozenset(concepts(words)) | {kind for word in words for kind in categories(word)}
    lower = [word.lower() for word in words]
    if not said and "-" not in text and not any(word in SECOND_PERSON for word in lower):
        return None
    negated = not NEGATIVE.isdisjoint(lower)
    fact = Fact(
        text=text,
        clause=text,
        concepts=said | stated(words, lower),
        maybe=implied(words, lower, meant),
        labels=labels_of(words, text),
        subject=_subject(lower, teller),
        gates=tuple(gates_of(words, lower)),
        negated=negated,
        remembered=remembered,
        teller=teller,
    )
    return replace(fact, slots=_slots(fact, lower)) if said else None


_read_short = lru_cache(MANY)(_read)


def _subject(lower: list[str], teller: Teller) -> Owner:
    first, second, other = VOICES[teller]
    for word in subject_words(lower):
        if word in FIRST_PERSON:
            return first
        if word in SECOND_PERSON:
            return second
        if base(word) == "user":
            return "user"
    return other


def _slots(fact: Fact, lower: list[str]) -> frozenset[Slot]:
    """Return what a fact settles, so that a newer one on the same outdates it."""
    if fact.text[:3].lower() == "if ":
        return frozenset()
    verb = verb_index(lower)
    if lower[:1] in (["i"], ["we"]):
        return frozenset(_of_person("user", lower, fact))
    subject = lower[:verb]
    about = frozenset(concepts([w for w in subject if w not in STOPS]))
    if not about or verb == len(lower):
        return frozenset()
    return frozenset(_of_thing(about, subject, lower[verb:], fact))


def _of_person(who: str, lower: list[str], fact: Fact) -> Iterator[Slot]:
    if fact.negated and not {"like"} & fact.concepts:
        return
    said = fact.concepts
    if "live" in said and not {"name"} & said and {"in", "to", "at"} & set(lower):
        yield who, "live"
    if age_in(lower) is not None:
        yield who, "age"
    if lower[1:2] == ["am"] and ("name" in fact.maybe or lower[2:3] == ["called"]):
        yield who, "name"
    for before, word in pairwise(lower):
        if (before in NUMBERS or before.isdecimal()) and lower[1:2] in (
            ["have"], ["own"], ["keep"], ["need"]
        ):  # fmt: skip
            yield who, "count", root(word)


def _of_thing(
    about: frozenset[str], subject: list[str], rest: list[str], fact: Fact
) -> Iterator[Slot]:
    if fact.negated:
        return
    who: object = "user" if {"my", "our"} & set(subject) and about == {"name"} else about
    timed = {"day", "month", "year", "clock"} & fact.concepts
    if who == "user" or "name" in about:
        yield who if who == "user" else about - {"name"}, "name"
    elif rest[:2] in (["is", "called"], ["is", "named"]):
        yield about, "name"
    elif timed and rest[0] != "likes":
        yield about, "time"
    elif rest[0] in BE and rest[1:2] and rest[1] in {"in", "at", "on", "near"}:
        yield about, "place"
    elif "live" in fact.concepts:
        yield about, "live"
    elif (subject[-1] in ATTRIBUTES or "favorite" in about) and rest[0] in BE:
        yield about, "value"
