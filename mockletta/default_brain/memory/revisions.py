"""Revisions: what a note makes untrue in a memory block, and what the block says then."""

import re
from dataclasses import dataclass, replace

from mockletta.default_brain.memory.block_items import (
    NOTHING,
    Item,
    concepts_of,
    cut,
    fact_of,
    renewed,
    with_each,
)
from mockletta.language.clause_meaning import KEYED, revalues, swapped, value_of, word_form
from mockletta.language.facts import Fact, as_told, completed, read
from mockletta.language.retelling import about_the_agent
from mockletta.language.sentences import clauses, sentences, subject_text
from mockletta.language.supersession import takes_back, without_things
from mockletta.language.words import PERSONS, as_sentence, expand, patterns, rewritten

CHANGE = patterns("change")
FACT = patterns("fact")
MEMORY = patterns("memory")
NAME = ("user", "name")


@dataclass(frozen=True, slots=True)
class Note:
    """A clause that is told, and the fact that it tells."""

    clause: str
    fact: Fact | None

    @property
    def denies(self) -> bool:
        return self.fact is not None and self.fact.negated


def notes_in(text: str) -> list[Note]:
    """Read a text clause by clause; each is completed by the one before it."""
    notes: list[Note] = []
    for line in sentences(text):
        for clause in clauses(rewritten(expand(line), "noted")):
            told = MEMORY.adverb.sub(r"\1 ", as_told(clause, "user"))
            told = completed(told, notes[-1].fact if notes else None)
            notes.append(Note(clause, read(told, "user")))
    return notes


def revised(value: str, note: str, *, persona: bool, removes: bool) -> tuple[str, list[str]]:
    """Return a block with what a note changes of it, and the clauses that change nothing.

    Only clauses about the agent change a persona block. A denial replaces what it denies, or
    removes it if `removes` is set. Clauses that only introduce a change are left out.
    """
    told, before, left = notes_in(note), value, []
    for one in sorted(told, key=lambda one: one.denies):
        changed = _with_note(value, one, persona=persona, removes=removes)
        left += [one] if changed == value else []
        value = changed
    kept = [one.clause for one in told if one in left and not (one.denies and value != before)]
    return value, kept


def _with_note(value: str, note: Note, *, persona: bool, removes: bool) -> str:
    new = note.fact
    if new is None or (new.subject == "agent") != persona:
        return value
    new = _of_the_agent(new) if persona else new
    return with_each(value, lambda item: _revised(item, new, persona=persona, removes=removes))


def _of_the_agent(fact: Fact) -> Fact:
    """Return what is told of the agent as it says it itself; its name alone settles something."""
    told = about_the_agent(fact.text)
    own = read(told, "user") or fact
    return replace(own, text=told, slots=own.slots & {NAME})


def _revised(item: Item, new: Fact, *, persona: bool, removes: bool) -> str:
    """Return what becomes of an item when a fact is told."""
    if persona and MEMORY.identity.match(new.text) and MEMORY.identity.match(item.text):
        return as_sentence(new.text)
    if item.is_thing:
        denied = new.negated and item.head and concepts_of(item.whole) <= new.concepts
        return "" if denied else item.text
    rest, gone = cut(item.text, lambda one: _left(one, new))
    if not gone or any(gone.values()):
        return rest if gone else item.text
    value = "" if new.negated else _value(new, item)
    note = "" if removes else as_sentence(new.text)
    topic = NOTHING if item.key else concepts_of(subject_text(new.text))
    return renewed(item.text, lambda one: _left(one, new), value, topic, note)


def _value(new: Fact, item: Item) -> str:
    """Return the value that a fact gives to an item: `Bell` of a surname is `Ann Bell`."""
    value, first = value_of(new.text), value_of(item.text) or item.text.partition(":")[2].strip()
    if first and MEMORY.surname.search(new.text):
        value = f"{first.split()[0]} {value}"
    return value


def _left(clause: str, new: Fact) -> str | None:
    """Return what a fact leaves of a clause of a block; None if it does not concern it."""
    keyed, old = KEYED.match(clause), fact_of(clause)
    key = concepts_of(keyed[1]) if keyed else frozenset[str]()
    if keyed and FACT.untold.match(keyed[2]):
        return "" if key <= new.concepts else None
    if old is None:
        return None
    settled = {one[-1] for one in old.slots} & new.concepts
    ended = new.negated and settled and old.concepts - key <= new.concepts
    if ended or (key and key == concepts_of(subject_text(new.clause))):
        return ""
    if takes_back(new, old):
        return without_things(clause, new.concepts)
    if swap := _contrast(new, old, clause):
        return swapped(clause, *swap) if re.search(word_form(swap[0]), clause) else ""
    return "" if revalues(new.clause, clause) or not old.slots.isdisjoint(new.slots) else None


def _contrast(fact: Fact, older: Fact, clause: str) -> tuple[str, str] | None:
    """Return what a fact denies of an older one, and the word for it: `a Kia, not a Volvo`."""
    denied, value = MEMORY.contrast.search(fact.text), value_of(fact.text)
    gone = concepts_of(denied["old"]) if denied else frozenset[str]()
    shared = (older.concepts & fact.concepts) - gone - PERSONS
    same = older.concepts & PERSONS <= fact.concepts and gone <= older.concepts
    if not (denied and value and gone and shared and same):
        return None
    words = value.split()
    while len(words) > 1 and re.search(word_form(words[0]), clause, re.IGNORECASE):
        del words[0]  # `allergic to` of `allergic to shellfish, not nuts`
    return MEMORY.article.sub("", denied["old"]), " ".join(words)
