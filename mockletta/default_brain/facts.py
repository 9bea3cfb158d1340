"""Facts: single clauses that someone told, with what they are about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mockletta.brain.decisions import ChatMessage, MemoryBlock
from mockletta.brain.history import user_texts
from mockletta.default_brain import hints, persons
from mockletta.default_brain.lexicon import (
    FIRST_PERSON,
    NEGATIVE,
    SECOND_PERSON,
    THIRD_PERSON,
    categories,
    concept,
    concepts,
)
from mockletta.default_brain.sentences import clauses, sentences
from mockletta.default_brain.statements import statements
from mockletta.default_brain.words import base, expand, tokens

Owner = Literal["user", "agent", "other"]
Teller = Literal["user", "human", "persona", "note"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A clause someone told.

    `concepts` is what it says in so many words, `maybe` what it can be taken to imply. It is
    about what `subject` owns; every set in `gates` must meet the question's concepts before it
    may answer a question about the user: `my dog's name` is not my name.
    """

    text: str
    clause: str
    concepts: frozenset[str]
    maybe: frozenset[str]
    subject: Owner
    gates: tuple[frozenset[str], ...]
    negated: bool
    remembered: bool
    teller: Teller

    def retold(self) -> str:
        """Return the fact as the agent tells it to the user, a sentence."""
        if self.teller == "user" and self.remembered and not hints.is_clause(self.clause):
            return (
                f"You asked me to remember {persons.to_second_person(self.clause)}".rstrip(".")
                + "."
            )
        return persons.as_sentence(RETELL[self.teller](self.text))


CALL_ME = re.compile(r"^(?:(?:you (?:can|may|should)|please|just) )*call me ", re.IGNORECASE)
RETELL = {
    "user": persons.to_second_person,
    "human": persons.about_the_user,
    "persona": persons.about_the_agent,
    "note": persons.to_second_person,
}
TELLERS: dict[str, Teller] = {"human": "human", "persona": "persona"}
VOICES: dict[Teller, tuple[Owner, Owner, Owner]] = {
    "user": ("user", "agent", "other"),
    "human": ("user", "user", "user"),
    "persona": ("agent", "agent", "agent"),
    "note": ("user", "agent", "other"),
}


def history_facts(messages: Sequence[ChatMessage]) -> list[Fact]:
    """Return what the user told in this conversation, oldest first."""
    told = (item for text in user_texts(messages) for item in statements(text))
    return list(chained(told, "user"))


def block_facts(block: MemoryBlock) -> list[Fact]:
    """Return what a memory block tells.

    The first person is the agent's in a `persona` block, the user's in any other.
    """
    return note_facts(block.value, TELLERS.get(block.label, "note"))


def note_facts(text: str, teller: Teller) -> list[Fact]:
    keyed = (hints.keyed(sentence, teller != "note") for sentence in sentences(text))
    return list(chained(((item, False) for line in keyed for item in clauses(line)), teller))


def chained(told: Iterable[tuple[str, bool]], teller: Teller) -> Iterator[Fact]:
    """Facts in order; one that starts with `he`, `its` ... is joined to the one it refers to."""
    anchor: Fact | None = None
    for clause, remembered in told:
        fact = read(clause, teller, remembered)
        if fact is None:
            continue
        if teller != "human" and refers_back(fact):
            yield joined(anchor, fact)
        else:
            anchor = fact
            yield fact


def refers_back(fact: Fact) -> bool:
    first = next(iter(tokens(fact.clause[:30])), "")
    return first.lower() in THIRD_PERSON


def joined(anchor: Fact | None, fact: Fact) -> Fact:
    if anchor is None:
        return Fact(
            fact.text, fact.clause, fact.concepts, fact.maybe, fact.subject, (frozenset(),),
            fact.negated, fact.remembered, fact.teller,
        )  # fmt: skip
    text = f"{persons.as_sentence(anchor.text)} {persons.as_sentence(fact.clause)}"
    return Fact(
        text, fact.clause, fact.concepts | anchor.concepts, fact.maybe | anchor.maybe,
        anchor.subject, (*anchor.gates, *fact.gates, anchor.concepts), fact.negated,
        False, fact.teller,
    )  # fmt: skip


def read(clause: str, teller: Teller, remembered: bool = False) -> Fact | None:
    """Read one clause; None where no word of it says anything."""
    text = CALL_ME.sub("I am called ", expand(clause))
    words = tokens(text)
    said = frozenset(concepts(words)) | {kind for word in words for kind in categories(word)}
    if not said:
        return None
    lower = [word.lower() for word in words]
    return Fact(
        text=text,
        clause=text,
        concepts=said | hints.stated(lower),
        maybe=hints.implied(words, lower),
        subject=subject(lower, teller),
        gates=tuple(gates(lower)),
        negated=not NEGATIVE.isdisjoint(lower) or "no longer" in text.lower(),
        remembered=remembered,
        teller=teller,
    )


def subject(lower: list[str], teller: Teller) -> Owner:
    first, second, other = VOICES[teller]
    for word in hints.subject_words(lower):
        if word in FIRST_PERSON:
            return first
        if word in SECOND_PERSON:
            return second
        if base(word) == "user":
            return "user"
    return other


def gates(lower: list[str]) -> Iterator[frozenset[str]]:
    owned = hints.owned_words(lower)
    if owned:
        yield frozenset(concepts(owned)) | {kind for word in owned for kind in categories(word)}
    for index in range(len(lower)):
        owner = hints.possessor(lower, index)
        if owner and base(owner) not in {"user", "human"} and (found := concept(owner)):
            yield frozenset({found}) | frozenset(categories(owner))
