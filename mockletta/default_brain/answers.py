"""Answers: what is said to a question, out of the facts or honestly without them."""

import re
from collections.abc import Iterator
from functools import cached_property

from mockletta.brain.decisions import ModelCall
from mockletta.default_brain import persons, values
from mockletta.default_brain.facts import Fact, block_facts, history_facts, note_facts
from mockletta.default_brain.instructions import own_words
from mockletta.default_brain.questions import Query, asked, parts, query
from mockletta.default_brain.ranking import best, closest
from mockletta.default_brain.small_talk import small_talk
from mockletta.default_brain.words import expand

WHAT_IS = re.compile(r"^(?:what|who|which|when|where) (?:is|are|was|were) (?=\S)", re.IGNORECASE)
INVERTED = re.compile(
    r"^((?:what|where|when|why|how|who|which)(?: [\w'-]+){0,3}?) do (.+)$",
    re.IGNORECASE,
)
WH_I_AM = re.compile(r"^((?:what|where|when|why|how|who)(?: \w+)?) am i\b(.*)$", re.IGNORECASE)
WH = re.compile(r"^(?:what|where|when|why|how|who|which)\b", re.IGNORECASE)
LISTED = 30
PLACED = re.compile(r"(?:in|inside|on|at|under|behind|near|next|with|for|between)\b", re.IGNORECASE)
LONGEST_TOPIC = 120
LONGEST_LIST = 2000


class Sources:
    """Where answers come from, in the order they are believed; each is read when needed."""

    def __init__(self, call: ModelCall) -> None:
        self.call = call

    @cached_property
    def history(self) -> list[Fact]:
        return history_facts(self.call.messages)

    @cached_property
    def blocks(self) -> list[Fact]:
        return [fact for block in self.call.blocks for fact in block_facts(block)]

    @cached_property
    def files(self) -> list[Fact]:
        return [fact for file in self.call.files for fact in note_facts(file.value, "persona")]

    @cached_property
    def system(self) -> list[Fact]:
        return note_facts(own_words(self.call.system), "persona")

    def __iter__(self) -> Iterator[list[Fact]]:
        yield self.history
        yield self.blocks
        yield self.files
        yield self.system


def answer(text: str, sources: Sources) -> str:
    """Answer every question of a message, each from the first source that can."""
    noun = values.wanted(text)
    queries = [found for found in map(query, asked(text)) if found.concepts or found.kept]
    answers = [found for item in queries for found in resolve(item, sources)]
    if noun is not None:
        return bare(answers, noun)
    return composed(answers)


def resolve(asked_for: Query, sources: Sources) -> list[tuple[Query, list[Fact]]]:
    pieces = parts(asked_for)
    whole_questions = len(pieces) > 1 and all(WH.match(piece.text) for piece in pieces)
    found = [] if whole_questions else lookup(asked_for, sources)
    if found:
        return [(asked_for, found)]
    split = [(part, lookup(part, sources)) for part in pieces]
    if whole_questions or any(facts for _, facts in split):
        return split
    return [(asked_for, kept(asked_for, sources))]


def lookup(asked_for: Query, sources: Sources) -> list[Fact]:
    return next((found for facts in sources if (found := best(asked_for, facts))), [])


def was_told(question: str, sources: Sources) -> bool:
    """Whether the user told the answer: in this conversation or, about themselves, in a block."""
    asked_for = query(question)
    known = [*sources.history, *(sources.blocks if asked_for.owner == "user" else ())]
    return bool(best(asked_for, known))


def kept(asked_for: Query, sources: Sources) -> list[Fact]:
    """Return what the user last asked to remember, for a question about just that."""
    if not asked_for.kept or len(asked_for.concepts) > 1:
        return []
    return [fact for fact in sources.history if fact.remembered][-1:]


def bare(answers: list[tuple[Query, list[Fact]]], noun: str) -> str:
    found = [values.value(asked_for, fact, noun) for asked_for, facts in answers for fact in facts]
    return ", ".join(dict.fromkeys(found)) if found else "I don't know: you haven't told me."


def composed(answers: list[tuple[Query, list[Fact]]]) -> str:
    known = [fact for _, facts in answers for fact in facts]
    unknown = [asked_for for asked_for, facts in answers if not facts]
    return " ".join([*together(known), *(ignorance(item) for item in unknown)])


def together(facts: list[Fact]) -> list[str]:
    """Return the facts as sentences; two or three short ones become one sentence."""
    told = list(dict.fromkeys(fact.retold() for fact in facts))
    inside = [any(mark in line[:-1] for mark in '.!?"') for line in told]
    if len(told) in {2, 3} and not any(inside):
        clauses = [persons.as_clause(line) for line in told]
        return [persons.as_sentence(" and ".join([", ".join(clauses[:-1]), clauses[-1]]))]
    return told


def ignorance(asked_for: Query) -> str:
    return f"I don't know {topic(asked_for)}. You haven't told me."


def nearest(text: str, sources: Sources) -> str:
    """Return the closest thing to an answer, named as such; "" where nothing is close."""
    queries = list(map(query, asked(text)))
    for asked_for in queries:
        if lookup(asked_for, sources):
            continue
        for facts in sources:
            if fact := closest(asked_for, facts):
                return f"The closest thing I was told: {persons.as_clause(fact.retold())}."
    return ""


def topic(asked_for: Query) -> str:
    text = asked_for.text[:LONGEST_TOPIC]
    if text.lower().startswith("about "):
        return f"anything {in_clause(text)}"
    if (shorter := WHAT_IS.match(text)) and not text.endswith(("called", "named")):
        named = text[shorter.end() :].removesuffix(" like")
        if PLACED.match(named):
            return in_clause(text)
        return persons.as_clause(persons.to_second_person(named))
    if inverted := INVERTED.match(text):
        return in_clause(f"{inverted[1]} {inverted[2]}")
    if wh_i_am := WH_I_AM.match(text):
        return in_clause(f"{wh_i_am[1]} I am{wh_i_am[2]}")
    return f'the answer to "{persons.as_clause(text)}"' if text else "that"


def in_clause(text: str) -> str:
    return persons.as_clause(persons.to_second_person(text[:1].lower() + text[1:]))


def everything(sources: Sources) -> str:
    """All that was told in this conversation and stands in the blocks, newest last, as a list."""
    joined = [fact.text for fact in sources.history if fact.text != fact.clause]
    whole = [
        f
        for f in sources.history
        if (f.text in joined or not any(f.clause in j for j in joined))
        and small_talk(f.text, "") is None
    ]
    facts = [fact for fact in whole if fact.subject == "user" or fact.remembered]
    others = [fact for fact in whole if fact not in facts]
    noted = [fact for fact in sources.blocks if fact.teller != "persona"]
    told = list(
        dict.fromkeys(fact.retold() for fact in (facts + others)[-LISTED:] + noted[:LISTED])
    )
    if not told:
        return "I don't know anything about you yet. You haven't told me."
    listed = "; ".join(persons.as_clause(expand(line)) for line in told)
    return f"Here is what I know: {listed[:LONGEST_LIST]}."
