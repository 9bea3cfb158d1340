"""Notes in a memory block: its sentences, and what a new one outdates."""

import re
from dataclasses import replace

from mockletta.language.clause_meaning import KEYED
from mockletta.language.facts import Fact, as_told, is_about, read
from mockletta.language.memory_orders import MemoryOrder
from mockletta.language.retelling import about_the_agent, in_first_person, to_second_person
from mockletta.language.sentences import (
    LONGEST,
    POINT,
    clauses,
    is_factual,
    sentences,
    subject_text,
)
from mockletta.language.supersession import takes_back, without_things
from mockletta.language.words import (
    PERSONS,
    as_sentence,
    concepts,
    expand,
    is_verb,
    patterns,
    rewritten,
    tokens,
)

FACT = patterns("fact")
MEMORY = patterns("memory")
KEY = re.compile(r"^(\s*(?:[-*•]\s*)?[\w' -]{1,40}:\s*)")


def units(value: str) -> list[str]:
    """Return the sentences of a block, line by line."""
    return [match[0].strip() for match in MEMORY.unit.finditer(value) if match[0].strip()]


def spelled(note: str, order: MemoryOrder) -> str:
    """Return a note as it is written: a clause as a sentence, anything else as it was given."""
    note = note.removeprefix("to ") if note.startswith("to call me ") else note
    note = rewritten(note, "called")
    told = as_told(note, "note")
    whole = is_factual(note) and (not order.soft or ":" not in note)
    return as_sentence(told) if told != note or whole or note.startswith("to ") else note


def is_bare(note: str) -> bool:
    """Return whether a note only names something, as in `remember the word: APPLE`."""
    words = note.split(":", maxsplit=1)[0].lower().split()
    says = any(map(is_verb, words[1:])) or words[0] in {"i", "my", "our", "to", "call"}
    return len(words) < 4 and not says


def updated(note: str, held: list[str], value: str) -> tuple[str, str]:
    """Return what a note outdates of a block, "" if nothing, and what is written for it.

    A denial is left out if a later clause outdates the same: `I left Rome, I live in Oslo`.
    """
    told = [clause for sentence in sentences(note) for clause in clauses(sentence)]
    found = [(one, _outdated(one, held)) for one in told]
    if not any(outdated for _, (outdated, _) in found):
        return "", note
    if len(found) == 1:
        return found[0][1]
    new = value
    for at, (clause, (outdated, _)) in enumerate(found):
        if outdated and _denies(clause) and any(old == outdated for _, (old, _) in found[at + 1 :]):
            continue
        old, text = _outdated(clause, units(new))
        new = new.replace(old, text, 1) if old else f"{new} {as_sentence(clause)}"
    return value, new


def _denies(clause: str) -> bool:
    fact = read(as_told(clause, "user"), "user")
    return fact is not None and fact.negated


def _outdated(told: str, held: list[str]) -> tuple[str, str]:
    """Return the unit that a clause outdates, "" if none, and the unit that it becomes."""
    told = as_told(told, "user")
    new = read(told, "user")
    note = about_the_agent(told) if new and new.subject == "agent" else told
    new = read(note, "user")
    if new and note != told:
        new = replace(new, slots=new.slots & {("user", "name")})
    for unit in held:
        kept = [left for one in clauses(unit) if (left := _left(one, new))]
        key, stated = KEY.match(unit), MEMORY.stated.match(note)
        if key and stated and not kept:
            value = stated["value"].rstrip(".")
            return unit, f"{key[1]}{value}{'.' if unit.endswith('.') else ''}"
        if kept != [*clauses(unit)]:
            return unit, " ".join(map(as_sentence, [*kept, note]))
    return "", told


def _left(clause: str, new: Fact | None) -> str:
    """Return what a fact leaves of a clause of a block; all, unless it outdates it."""
    empty, old = KEYED.match(POINT.sub("", clause)), _read(clause)
    if new and empty and FACT.untold.match(empty[2]):
        return "" if {*concepts(tokens(empty[1]))} <= new.concepts else clause
    if new is None or old is None:
        return clause
    if empty and {*concepts(tokens(empty[1]))} == {*concepts(tokens(subject_text(new.clause)))}:
        return ""
    if takes_back(new, old):
        return without_things(clause, new.concepts)
    return clause if old.slots.isdisjoint(new.slots) and not _contrasts(new, old) else ""


def _contrasts(new: Fact, old: Fact) -> bool:
    """Return whether a fact denies what an older one says: `I drive a Kia, not a Volvo`."""
    denied = MEMORY.contrast.search(new.text)
    gone = {*concepts(tokens(denied["old"]))} if denied else set()
    alike = (old.concepts & new.concepts) - gone - PERSONS
    return bool(gone and alike) and gone <= old.concepts and old.concepts & PERSONS <= new.concepts


def _read(clause: str) -> Fact | None:
    """Read a clause of a block that is about the user."""
    told = as_told(POINT.sub("", clause[:LONGEST]), "human")
    return read(in_first_person(told), "user")


def without_clauses(unit: str, wanted: frozenset[str]) -> str:
    """Return a unit without its clauses about some concepts; "" if all of it is about them."""
    told = (
        one if not says_of(one, wanted) else without_things(one, wanted) for one in clauses(unit)
    )
    kept = [one for one in told if one]
    return as_sentence(" and ".join(one.rstrip(" .!") for one in kept)) if kept else ""


def says_of(unit: str, wanted: frozenset[str]) -> bool:
    fact = _read(unit)
    return fact is not None and is_about(fact, wanted)


def upper(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".!")


def retold(note: str) -> str:
    return as_sentence(to_second_person(note))


def is_prose(value: str) -> bool:
    """Return whether a text is of sentences, and is no list or line with a key."""
    return value.rstrip().endswith(".") and {":", ","}.isdisjoint(value)


def things_meant(value: str, text: str) -> list[str]:
    """Return the things of a list that a text is about."""
    said = {*concepts(tokens(expand(text)))}
    things = (POINT.sub("", one).strip(" .") for one in re.split(r"\n|, ", value))
    return [one for one in things if said.intersection(concepts(tokens(one))) and ":" not in one]
