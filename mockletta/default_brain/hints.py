"""Hints: what the form of a clause gives away beyond its words."""

import re
from itertools import pairwise

from mockletta.default_brain.lexicon import (
    BE,
    FIRST_PERSON,
    SECOND_PERSON,
    SILENT,
    categories,
    concept,
)
from mockletta.default_brain.words import base, word_set

KEYED = re.compile(r"^([^\W\d_][\w'\u2019 -]{0,40}):\s+(\S.*)$", re.DOTALL)
OWNING = frozenset({"my", "our", "your", "user's"})
VERBS = BE | word_set(
    """has have had will would can could should must may might named called lives works likes
    loves enjoys hates prefers speaks moved lived worked born turns turned starts ends leaves
    arrives expires runs costs plays goes equals means"""
)
STOPS = VERBS | word_set("in on at from to of with and who that which by for")
DIGITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty"""
TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
NUMBERS = (
    {word: value for value, word in enumerate(DIGITS.split())}
    | {word: 10 * value for value, word in enumerate(TENS.split(), start=3)}
    | {"thousand": 1000}
)
RELATIVE_DAYS = word_set("today tomorrow tonight yesterday weekend christmas easter week")
CLOCK = re.compile(r"^\d{1,2}(?:am|pm)$")
YEAR = re.compile(r"^(?:19|20)\d\d$")
NATIONALITY = re.compile(
    r"(?:ese|ish|(?:i|e|ic)an|german|french|dutch|greek|swiss|czech|thai|muslim|jew|catholic)$"
)
GIVEN_NAMES_LIKE_NATIONS = word_set("ian brian adrian vivian dorian sebastian christian")
RELATIVES = word_set(
    """father mother brother sister daughter partner teenager beginner lover member winner loser
    believer user owner customer visitor fighter stranger survivor monster"""
)
TRADES = word_set(
    """nurse chef cook pilot lawyer judge vet nanny clerk architect student accountant assistant
    consultant scientist analyst coach guide guard agent detective maid model athlete freelancer
    surgeon librarian veterinarian mechanic lumberjack diplomat ceo cto barista soldier monk
    sailor captain secretary tutor poet journalist spy bartender intern"""
)
TRADE = re.compile(r"\w{2,}(?:er|or|eer|ist|ician|smith|wright|monger|keeper|man|woman)$")
ABSTRACT = re.compile(r"(?:ing|logy|nomy|graphy|ics|ball|ism|tion|ment|ness|ity|try|ance|ence)$")
TASTES = word_set("love loves loved like likes enjoy enjoys adore adores")
FILLERS = word_set(
    "a an some really very much most all any eating eat to have having good more also best"
)


def is_clause(text: str) -> bool:
    """Whether a text says something of something, rather than only naming it."""
    lower = [word.lower() for word in text.split()]
    return not (VERBS | TASTES | {"i", "we"}).isdisjoint(lower)


def keyed(sentence: str, owned: bool) -> str:
    """Write `Name: Al` in a block that is about someone as a sentence: `My name is Al`."""
    match = KEYED.match(sentence)
    if not (match and owned) or len(match[1].split()) > 3:
        return sentence
    return f"My {match[1].lower()} is {match[2]}"


def verb_index(lower: list[str]) -> int:
    return next((i for i, word in enumerate(lower) if word in VERBS), len(lower))


def subject_words(lower: list[str]) -> list[str]:
    """Return the persons in a clause's subject; of `Rex is my dog` that is `my`."""
    if any(pair in {("call", "me"), ("calls", "me")} for pair in pairwise(lower)):
        return ["i"]
    verb = verb_index(lower)
    left = [word for word in lower[:verb] if word not in {"me", "us", "myself", "yourself"}]
    acting = [word for word in left if word in {"i", "we"}] or left[:3]
    persons = [w for w in acting if w in FIRST_PERSON | SECOND_PERSON or base(w) == "user"]
    return persons or [word for word in lower[verb + 1 : verb + 2] if word in OWNING]


def owned_words(lower: list[str]) -> list[str]:
    """Return what the owner of the subject owns: of `my dog's name is Rex` it is `dog's name`."""
    verb = verb_index(lower)
    if not {"i", "we"}.isdisjoint(lower[:verb]):
        return []
    for start in (*range(min(3, verb)), verb + 1):
        if start < len(lower) and lower[start] in OWNING:
            return until_stop(lower[start + 1 : start + 6])
    return []


def until_stop(words: list[str]) -> list[str]:
    stop = next((i for i, word in enumerate(words) if word in STOPS), len(words))
    return words[:stop]


def possessor(lower: list[str], index: int) -> str | None:
    """Who owns what is told of: `dog` in `dog's`, `of my dog`, `a dog named`."""
    word = lower[index]
    before = lower[index - 1] if index else ""
    after = lower[index + 1 : index + 3]
    if word.endswith("'s"):
        return word
    acting = not {"i", "we"}.isdisjoint(lower)
    if (
        word == "of"
        and not acting
        and len(after) == 2
        and after[0] in OWNING | {"the", "his", "her", "their"}
    ):
        return after[1]
    if word in {"named", "called"} and before not in SILENT and after[:1] != ["me"]:
        return before
    return None


def stated(lower: list[str]) -> frozenset[str]:
    """Return times and origins, which are told by form rather than by a word of their own."""
    found = {"hobby"} if any(t in TASTES and n.endswith("ing") for t, n in pairs(lower)) else set()
    for before, word in pairs(["", *lower]):
        if word == "from" and before in {"am", "come", "comes", "is", "originally"}:
            found.add("origin")
        if word in RELATIVE_DAYS:
            found.add("day")
        if YEAR.match(word):
            found.add("year")
        if CLOCK.match(word) or word in {"noon", "midnight", "o'clock", "pm"}:
            found.add("clock")
        if before in {"at", "by", "until"} and word.isdecimal() and len(word) < 3:
            found.add("clock")
    return frozenset(found)


def pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def implied(words: list[str], lower: list[str]) -> frozenset[str]:
    """Return what a clause implies by its form: a name, a trade, an age, a food, a number."""
    tests = {
        "name": implies_name(words, lower),
        "work": implies_trade(lower),
        "age": implies_age(lower),
        "food": implies_food(words, lower),
        "number": any(word[0].isdecimal() or word in NUMBERS for word in lower),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def implies_name(words: list[str], lower: list[str]) -> bool:
    if lower[:2] == ["i", "am"]:
        return len(words) > 2 and is_name(words[2])
    named = any(is_name(word) for word in (words[:1] if lower[:1] != ["my"] else words[1:]))
    return named and bool(owned_words(lower)) and "favorite" not in lower


def is_name(word: str) -> bool:
    lower = base(word)
    nation = NATIONALITY.search(lower) and lower not in GIVEN_NAMES_LIKE_NATIONS
    return word[0].isupper() and lower not in SILENT and not nation and not categories(word)


def implies_trade(lower: list[str]) -> bool:
    if not ({"am", "is", "as"} & set(lower[:4])):
        return False
    return any(
        word in TRADES or (TRADE.match(word) and word not in RELATIVES) for word in lower[2:8]
    )


def implies_age(lower: list[str]) -> bool:
    for before, word in pairs(lower):
        number = word in NUMBERS or (word.isdecimal() and len(word) < 4)
        if number and before in {"am", "is", "turned", "turn"}:
            rest = lower[lower.index(word) + 1 :]
            return not rest or rest[0] in {"and", "year", "years", "now", "old", "today"}
    return False


def implies_food(words: list[str], lower: list[str]) -> bool:
    taste = next((i for i, word in enumerate(lower) if word in TASTES), None)
    if taste is None:
        return False
    rest = taste + 1
    while rest < len(lower) and lower[rest] in FILLERS:
        rest += 1
    if rest == len(lower) or concept(words[rest]) is None:
        return False
    return (
        words[rest].islower() and not categories(words[rest]) and not ABSTRACT.search(lower[rest])
    )
