"""Revisions: what a note makes untrue in a memory block, and what the block says then."""

import re
from dataclasses import replace
from functools import partial

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
from mockletta.language.supersession import changes_in, takes_back, without_things
from mockletta.language.words import PERSONS, as_sentence, expand, patterns, rewritten

CHANGE = patterns("change")
FACT = patterns("fact")
MEMORY = patterns("memory")
NAME = ("user", "name")


def _clauses_in(text: str) -> list[tuple[str, Fact | None]]:
    """Return the clauses of a text with what they tell; each is completed by the one before it."""
    told: list[tuple[str, Fact | None]] = []
    for line in sentences(text):
        for clause in clauses(rewritten(expand(line), "noted")):
            said = MEMORY.adverb.sub(r"\1 ", as_told(clause, "user"))
            said = completed(said, told[-1][1] if told else None)
            told.append((clause, read(said, "user")))
    return told


def revised(value: str, note: str, *, persona: bool, removes: bool) -> tuple[str, list[str]]:
    """Return a block with what a note changes of it, and the clauses that change nothing.

    Only clauses about the agent change a persona block. A denial replaces what it denies, or
    removes it if `removes` is set. Clauses that only introduce a change are left out.
    """
    told, before = _clauses_in(note), value
    left = dict(told)
    for clause, fact in sorted(told, key=_denies):
        if fact is not None and (fact.subject == "agent") == persona:
            new = _of_the_agent(fact) if persona else fact
            was, change = value, partial(_revised, new=new, persona=persona, removes=removes)
            value = with_each(was, change)
            if value != was:
                left.pop(clause, None)  # it may be told twice
    return value, [one[0] for one in left.items() if value == before or not _denies(one)]


def _denies(told: tuple[str, Fact | None]) -> bool:
    return told[1] is not None and told[1].negated


def _of_the_agent(fact: Fact) -> Fact:
    """Return a fact about the agent in its own words. Only its name can outdate another fact."""
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
    if switched := _switched(new, concepts_of(item.key)):
        return switched
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
    if old is None or old.spelling == new.spelling:
        return None
    settled = {one[-1] for one in old.slots} & new.concepts
    ended = new.negated and settled and old.concepts - key <= new.concepts
    named = key and key == concepts_of(subject_text(new.clause))
    if ended or named or _switched(new, key):
        return ""
    if takes_back(new, old):
        return without_things(clause, new.concepts)
    if swap := _contrast(new, old, clause):
        return swapped(clause, *swap) if re.search(word_form(swap[0]), clause) else ""
    return "" if revalues(new.clause, clause) or not old.slots.isdisjoint(new.slots) else None


def _switched(new: Fact, key: frozenset[str]) -> str:
    """Return what a fact switches a key to: `We upgraded to the Business plan`; "" if nothing."""
    switch = changes_in(new.text).get("switch")
    return (
        MEMORY.determiner.sub("", switch["new"]) if switch and key and key <= new.concepts else ""
    )


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
