"""Questions: what a sentence wants to know, and which facts answer it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from mockletta.language.sentences import as_clause, kind, plain, sentences, subject_text, unwrapped
from mockletta.language.small_talk import greeting, small_talk
from mockletta.language.words import (
    AUXILIARY,
    BE,
    FIRST_PERSON,
    KINDS,
    NEGATIVE,
    NUMBERS,
    SECOND_PERSON,
    concept,
    concepts,
    expand,
    is_verb,
    lower_words,
    patterns,
    remembered,
    rewritten,
    tokens,
)

CHANGE = patterns("change")
FACT = patterns("fact")
QUESTION = patterns("question")

Wants = Literal["time", "place", "number", "reason", "frequency", "polar", "thing"]
PLACE = re.compile(r"^(?:(?:from|to|in) )?where\b")
WHY = re.compile("^why")
NUMBER = re.compile(r"^how (?:many|much|old|tall|long|far|big|heavy)\b")
WHO_AM_I = re.compile(r"^(?:who (?:am i|i am)|what am i called)$")
OWNERS = FIRST_PERSON | SECOND_PERSON | {"the", "his", "her"}
PLACED = {"work": " at", "live": " in", "study": " at"}
NOUN_FOLLOWS = OWNERS - {"i", "we", "you"} | {"favorite", "favourite", "a", "an"}
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
    surname: bool = False

    @property
    def about(self) -> bool:
        """Return whether it asks for everything there is to say, not for one answer."""
        plural = (
            bool(QUESTION.several.match(self.text))
            or ("like" in self.concepts and "favorite" not in self.concepts)
            or "allergy" in self.concepts
        )
        return self.wants != "polar" and (plural or " about " in f" {self.text.lower()} ")

    @property
    def possesses(self) -> bool:
        return not {"my", "our"}.isdisjoint(self.text.lower().split())


def asked(text: str) -> list[str]:
    """Return the sentences of a message that ask something."""
    return [sentence for sentence in sentences(text) if kind(sentence) == "question"]


@remembered
def asked_last(text: str) -> str:
    """Return the question that a message ends with, "" if none."""
    *_, last = ["", *sentences(text[-LONGEST:])]
    return last if kind(last) == "question" else ""


def as_question(clause: str) -> str:
    """Write a clause as a question for yes or no: `is my dog old?` for `my dog is old`."""
    subject = subject_text(clause)
    verb, _, rest = clause[len(subject) :].strip().partition(" ")
    return f"{verb} {subject} {rest}?" if verb in AUXILIARY else f"do {clause}?"


def stated_answer(question: str, said: str) -> tuple[str, str]:
    """Return what a message states as the answer to the user's own question, and its topic.

    `my favorite color is teal` for `teal` after `What is my favorite color?`. Both are "" if it
    states nothing.
    """
    core = without_lead_in(question)
    whether, yes = CHANGE.asks_whether.match(core), CHANGE.says_yes.match(expand(said))
    if whether and yes:
        verb = "" if whether["aux"].lower() == "do" else f"{whether['aux'].lower()} "
        stated = f"{whether['who']} {verb}{whether['rest']}"
        return f"{stated} {yes['more']}".strip(), stated
    asked_for = CHANGE.asks_value.match(core)
    match = CHANGE.answers.match(expand(unwrapped(said)))
    talks = kind(said) != "statement" or small_talk(said) or greeting(said)
    if asked_for is None or match is None or talks:
        return "", ""
    value = match["value"] or as_clause(match["bare"])
    if not match["value"] and not _can_be_bare(value, asked_for):
        return "", ""
    opening = _answer_opening(asked_for)
    if opening.endswith("name is"):
        value = value.removeprefix("called ").removeprefix("named ")
    place = "" if CHANGE.valued.match(value) else PLACED.get(opening.split()[-1], "")
    return f"{opening}{place} {value}", opening


def _can_be_bare(value: str, asked_for: re.Match[str]) -> bool:
    """Return whether a few words alone can be what is asked: an age, a place, what is mine."""
    if asked_for["aged"]:
        return value.isdecimal() or value.lower() in NUMBERS
    placed = not asked_for["where"] or CHANGE.valued.match(value)
    of_user = not (asked_for["thing"] or "").lower().startswith("the ")
    return bool(placed and of_user) and not any(map(is_verb, tokens(value)))


def _answer_opening(asked_for: re.Match[str]) -> str:
    """Return how an answer begins: `my name is` for `What is my name?`."""
    if asked_for["aged"] or asked_for["one"]:
        return "I am" if asked_for["aged"] else f"{asked_for['one']} {asked_for['does']}"
    thing = asked_for["thing"]
    return f"{thing} is" if thing else f"{asked_for['who']} {asked_for['verb']}"


def asks_for_return(question: str) -> bool:
    """Return whether a question is about what a tool has returned before."""
    return FACT.about_returns.search(question) is not None


@remembered
def query(sentence: str) -> Query:
    """Read one question."""
    core = without_lead_in(sentence)
    returned = asks_for_return(sentence)
    tagged = QUESTION.tag.search(core)
    kept = any(one["keep"] for one in QUESTION.mention.finditer(core))
    core = " ".join(rewritten(core, "question").split()).strip(" ?!.,")
    meant = rewritten(core, "phrase")
    words = tokens(meant[:1].lower() + meant[1:])
    if QUESTION.how_long.match(core) or QUESTION.how_often.match(core):
        words = [word for word in words if word not in {"long", "often", "frequently", "big"}]
    lower = [word.lower() for word in words]
    found = ("name",) if WHO_AM_I.match(core.lower()) else concepts(words)
    if PLACE.match(core.lower()) and "from" in lower and {"i", "my", "you", "your"} & set(lower):
        found = tuple(dict.fromkeys((*(one for one in found if one != "com"), "origin")))
    acting = not {"i", "we"}.isdisjoint(lower) and {"my", "our"}.isdisjoint(lower)
    noun = QUESTION.asked_noun.match(core.lower())
    kinds = _kind_asked_for(core)
    wanted = "polar" if tagged else _wants(core.lower(), lower)
    return Query(core, found, _owner(lower), acting, wanted,
                 not NEGATIVE.isdisjoint(lower[lower[:1] == ["no"]:]), kept, returned,
                 (concept(noun[1]) or "") if noun else "",
                 kinds, frozenset(concepts(_verbs(lower))) - kinds,
                 QUESTION.surname.search(core) is not None)  # fmt: skip


def _verbs(lower: list[str]) -> Iterator[str]:
    """Yield the verbs of a question: in `What is my favorite drink?` no `drink`."""
    for before, word in pairwise(["", *lower]):
        if is_verb(word) and before not in NOUN_FOLLOWS:
            yield word


def _kind_asked_for(core: str) -> frozenset[str]:
    """Return what kind of thing is asked for, unless the lexicon knows which things are of it."""
    match = QUESTION.kind.match(core)
    found = frozenset(concepts(tokens(match[1]))) if match else frozenset()
    return frozenset() if not KINDS.isdisjoint(found) else found


@remembered
def without_lead_in(sentence: str) -> str:
    """Return a question without `can you tell me` and the like."""
    core = QUESTION.tail.sub("", plain(expand(sentence[:LONGEST])).strip(" ?!."))
    for _ in range(3):
        core = QUESTION.lead_in.sub("", core, count=1)
    return core


def parts(asked_for: Query) -> list[Query]:
    """Return the several things one question asks: `my name and age` is `my name`, `my age`."""
    pieces = [piece for piece in QUESTION.part.split(asked_for.text) if piece.strip()][:MOST_PARTS]
    if len(pieces) < 2:
        return []
    first_owner = QUESTION.owner.search(pieces[0])
    prefix = f"{first_owner[0]} " if first_owner else ""
    whole = [pieces[0], *(one if _has_owner(one) else f"{prefix}{one}" for one in pieces[1:])]
    return [found for found in map(query, whole) if found.concepts]


def choices(asked_for: Query) -> list[Query]:
    """Return what a question lets one choose from: `Do I use tabs or spaces?` has two."""
    first, *others = re.split(r",?\s+or\s+", asked_for.text)
    words = first.split()
    leads = (" ".join(words[: -len(one.split())]) for one in others)
    pieces = [first, *(f"{lead} {one}".strip() for lead, one in zip(leads, others, strict=True))]
    pieces = pieces if others else []
    return [replace(found, wants="thing") for found in map(query, pieces) if found.concepts]


def _has_owner(piece: str) -> bool:
    return not OWNERS.isdisjoint(lower_words(piece))


def _owner(lower: list[str]) -> Literal["user", "agent", "other"]:
    if not FIRST_PERSON.isdisjoint(lower):
        return "user"
    return "agent" if not SECOND_PERSON.isdisjoint(lower) else "other"


def _wants(core: str, lower: list[str]) -> Wants:
    forms: tuple[tuple[re.Pattern[str], Wants], ...] = (
        (QUESTION.times, "time"), (PLACE, "place"), (NUMBER, "number"), (WHY, "reason"),
        (QUESTION.how_often, "frequency"),
    )  # fmt: skip
    for form, result in forms:
        if form.match(core):
            return result
    polar = BE | {"do", "does", "did", "have", "has", "had", "can", "could", "will", "would"}
    return "polar" if lower and lower[0] in polar else "thing"
