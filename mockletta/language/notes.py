"""Notes: what the blocks, sections and prompts tell that are not said by the user."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, islice

from mockletta.brain.decisions import MemoryBlock
from mockletta.brain.history import own_instructions
from mockletta.language.clause_meaning import KEYED
from mockletta.language.facts import (
    OF_PERSONS,
    Fact,
    Teller,
    as_told,
    completed,
    joined,
    read,
    refers_back,
)
from mockletta.language.retelling import in_first_person
from mockletta.language.sentences import POINT, clauses, is_finite, kind, sentences, unmarked
from mockletta.language.words import (
    PERSONS,
    SECOND_PERSON,
    concepts,
    is_verb,
    lexicon,
    lower_words,
    patterns,
    remembered,
    rewritten,
    tokens,
)

PROMPT = patterns("prompt")
SENTENCE = patterns("sentence")
FACT = patterns("fact")

LONGEST_KEPT, MOST_KEPT = 5_000, 32
"""The length and the number of blocks or sections up to which it is kept what they tell."""
LONGEST_PROMPT, MOST_PROMPTS = 20_000, 8
LIST_LABELS = lexicon("list_labels")
TELLERS: dict[str, Teller] = {"human": "human", "persona": "persona"}
MANUAL, GUIDE = 20, 5


def block_facts(block: MemoryBlock) -> Sequence[Fact]:
    """Return what a memory block tells.

    The first person is the agent's in a `persona` block, the user's in any other.
    """
    value = block.value.strip()
    of = _kept_block_facts if len(value) <= LONGEST_KEPT else _block_facts
    return of(block.label, value)


def _block_facts(block_label: str, value: str) -> tuple[Fact, ...]:
    name = re.sub(r"[\W_]+", " ", block_label).removesuffix(" list")
    label = frozenset(concepts(tokens(name)))
    value = NOTES.get(block_label, str)(value)
    points = POINT.match(value)
    listed = "," in value
    is_list = not LIST_LABELS.isdisjoint(block_label.lower().split("_")) and ". " not in value
    words_only = value and (is_list or (listed and not any(map(is_finite, tokens(value)))))
    if block_label not in TELLERS and ":" not in value and (points or words_only):
        head = f"{name.removesuffix(' list')} list:"
        value = f"{head}\n{value}" if points else f"{head} {value}".replace("\n", ", ")
    label |= {"list"} if re.search(r":.*\n\s*[-*•\d]", value) else set()
    found = note_facts(value, TELLERS.get(block_label, "note"))
    return tuple(replace(fact, maybe=fact.maybe | label) for fact in found)


_kept_block_facts = lru_cache(MOST_KEPT)(_block_facts)


@partial(remembered, longest=LONGEST_KEPT, most=MOST_KEPT)
def section_facts(text: str) -> Sequence[Fact]:
    """Return what a section tells that the client added; its lines are about one thing.

    Its orders to the agent are no facts, nor are bare words such as the names of files. Of a point
    of a list only the first sentence is.
    """
    lines = (islice(sentences(one), 1 if POINT.match(one) else None) for one in text.split("\n"))
    whole = [*chain.from_iterable(lines)]
    stated = statements(whole)
    kept = (one for one in whole if one in stated or KEYED.match(one))
    told = note_facts("\n".join(kept), "client")
    found = [fact for fact in told if fact.labels or any(map(is_verb, fact.words))]
    labels = frozenset(label for fact in found for label in fact.labels)
    return [replace(fact, maybe=fact.maybe | labels) for fact in found]


@partial(remembered, longest=LONGEST_PROMPT, most=MOST_PROMPTS)
def prompt_facts(system: str) -> Sequence[Fact]:
    """Return what a system prompt tells."""
    return note_facts(_told_instructions(system), "persona")


def note_facts(text: str, teller: Teller) -> list[Fact]:
    keyed = (as_told(unmarked(line), teller) for line in sentences(text))
    told = (item for line in keyed if not FACT.untold.match(line) for item in clauses(line))
    return list(chained(told, teller))


def chained(told: Iterable[str], teller: Teller) -> Iterator[Fact]:
    """Yield facts in order. One that starts with `he` or `its` is joined to the fact before."""
    anchor: Fact | None = None
    for text in told:
        other = anchor and not PERSONS.isdisjoint(anchor.concepts) and text[:3].lower() != "the"
        clause = text if other or teller != "human" else in_first_person(text)
        fact = read(completed(clause, anchor), teller)
        if fact is None:
            continue
        if refers_back(fact):
            fact = joined(anchor, fact)
        anchor = fact
        yield fact


def _told_instructions(system: str) -> str:
    """Return what a system prompt states; "" of a manual that only addresses the agent."""
    lines = [*sentences(PROMPT.titled.sub("", own_instructions(system)))]
    told = statements(lines)
    of_others = [one for one in told if SECOND_PERSON.isdisjoint(lower_words(one))]
    is_manual = len(lines) >= MANUAL and 2 * len(of_others) < len(lines)
    parts = () if is_manual else (part for one in told for part in PROMPT.next_key.split(one))
    return "\n".join(map(_of_the_place, parts))


def _of_the_place(line: str) -> str:
    """Write `Hotline: 0800 123` of a system prompt as `The hotline is 0800 123`."""
    line = PROMPT.clauses.sub("", rewritten(line, "users"))
    told = as_told(line, "persona")
    is_keyed = told != line and told.startswith("My ")
    return f"The{told[2:]}" if is_keyed and tokens(told)[1] not in OF_PERSONS else line


def statements(lines: Iterable[str]) -> list[str]:
    """Return the sentences that state something, without those that order or ask.

    What has an address or a number for its value is no order: `Support email: help@loom.example`.
    """
    bare = (SENTENCE.heading.sub("", one) for one in lines)
    told = (one for one in bare if kind(one) == "statement" or PROMPT.contact.match(one))
    return [one for one in told if not PROMPT.instructs.match(one)]


def _user_notes(value: str) -> str:
    """Return a `human` block without a guide in it that tells the agent what to find out."""
    lines = [*sentences(value)]
    told = statements(lines)
    if len(lines) < GUIDE or 3 * len(told) > 2 * len(lines):
        return value
    return "\n".join(one for one in told if FACT.note.match(one))


NOTES: Mapping[str, Callable[[str], str]] = {
    "human": _user_notes,
    "persona": lambda value: "\n".join(statements(sentences(value))),
}
