"""Order phrases: the parts of an order that are left when its typed values are taken.

An order is cut at its clauses, at the tokens that were taken, at prepositions and at the names of
parameters. A list such as `for Rome and for Paris` is one phrase.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mockletta.default_brain.tool_calling.order_readings import Reading
from mockletta.default_brain.tool_calling.parameter_roles import (
    NAMING,
    PREPOSITIONS,
    RoleParameter,
    topic,
)
from mockletta.language.sentences import is_finite
from mockletta.language.words import (
    BE,
    ORDERS,
    is_verb,
    lexicon,
    word_set,
)

IDLE, COMPOUNDS, LEADING = map(lexicon, ("idle", "compounds", "leading"))
OPENING, GIVEN_NAMES = map(lexicon, ("opening", "given_names"))
DETERMINING = word_set("the a an my your our this that is are , some any")
SUBJECTS = word_set("he she it they i we you there everyone everybody")
JOINING = word_set(", ; and but so because who which")
RELATING = word_set("that which who taking costing lasting needing")
WHILE = word_set("before after when whenever while until once if unless since")
PARTICLES = word_set("up on off out in down for at me us it them him her")
UNVERBAL = PREPOSITIONS | word_set("all such not and")
BOUND = word_set(". ; : ! ? - \u2013 \u2014")
JOINTS = word_set(", and or")
MOST_PHRASES = 12


class Phrase(NamedTuple):
    """A part of an order, and what it stands behind: a preposition, a label, or nothing."""

    head: str
    start: int
    end: int


def opening_end(read: Reading) -> int:
    """Return where what an order begins with ends: `could you`, its verb, `up`."""
    place = 0
    while read.low(place) in OPENING:
        place += 1
    word, after = read.low(place), read.low(place + 1)
    acts = after in ("the", "my", "our", "a", "an") and read.tokens[place].text not in UNVERBAL
    acts = acts and read.tokens[place].text.islower()
    if word and (acts or is_verb(word) or word in ORDERS or read.knows(word)):
        place += 1
        while read.low(place) in PARTICLES:
            place += 1
    return place


def phrases_of(takers: Sequence[RoleParameter], read: Reading) -> list[Phrase]:
    """Return the phrases of what is left of an order."""
    found: list[Phrase] = []
    head, begin, place = "", 0, 0
    while place < len(read.tokens):
        stop = _stop(place, read)
        count = stop or _head(place, begin, head, takers, read)
        if count:
            found += _phrase(head, begin, place, read)
            word = read.span(place, place + count).lower().replace("_", " ")
            head = "" if stop else "to" if word == "and" else word
            begin = place + count
        place += count or 1
    found += _phrase(head, begin, len(read.tokens), read)
    return found[:MOST_PHRASES]


def _stop(place: int, read: Reading) -> int:
    """Return how many tokens part what is before them from what is behind; 0 if none do."""
    token, low, after = read.tokens[place], read.low(place), read.low(place + 1)
    if not low or (low in BOUND and read.text[token.end : token.end + 1] in ("", " ", "\n", ";")):
        return 1
    beside = place >= read.own
    if beside and any(one.is_worded for one in read.open):
        return _clause(place, read) if read.low(place - 1) == ";" else 0
    if low in RELATING and (
        last := [n for n in (1, 2, 3) if read.lows[place + n : place + n + 1] == [""]]
    ):
        return last[0]
    if low in ("and", ",") and after.isalpha() and read.low(place + 2) in ("it", "them"):
        return 3
    if low in WHILE and after in SUBJECTS:
        rest = range(place, len(read.tokens))
        return next((n for n in rest if read.low(n) in BOUND or not read.low(n)), read.own) - place
    finite = beside and token.text.islower() and low not in BE and is_finite(low)
    return _clause(place, read) or finite


def _clause(place: int, read: Reading) -> int:
    """Return how many tokens begin a clause, with its verb: `, because she's`, `its lid is`."""
    start = place
    while read.low(start) in JOINING:
        start += 1
    word, verb = read.low(start).replace("\u2019", "'"), read.low(start + 1)
    if word.partition("'")[0] in SUBJECTS and (is_finite(verb or "?") or "'" in word):
        return start + 1 + ("'" not in word) - place
    if word in ("his", "her", "its", "their") and verb not in ("", "name"):
        is_verbal = read.low(start + 2) in ("is", "are")
        return start + 2 + is_verbal - place if is_verbal or verb.endswith("'s") else 0
    return 0


def _head(place: int, begin: int, head: str, takers: Sequence[RoleParameter], read: Reading) -> int:
    """Return how many tokens begin a phrase, rather than being part of a name or of a list."""
    word, after = read.low(place), read.low(place + 1)
    if end := read.label_end(takers, place) or (place + 1) * (word in NAMING):
        after = read.low(end)
        idle = after in PREPOSITIONS | IDLE or not any(map(str.isalnum, after)) or _stop(end, read)
        if not idle and (word.endswith("ed") or not read.knows(read.tokens[end].text)):
            return end - place
    if word == "and" and head in ("between", "with"):
        return {"from", "to"} <= {role for one in takers for role in one.roles}
    if word not in PREPOSITIONS:
        return 0
    if word == head:
        joints = [one for one in range(begin, place) if read.low(one) in JOINTS]
        return not joints or read.tells(read.span(joints[-1] + 1, place))
    before = read.tokens[place - 1].text if place > begin else ""
    if word == "of":
        return not before or not read.tells(before)
    skip = place + 1 + (after in ("the", "a", "an"))
    names = before[:1].isupper() and read.low(skip) and read.tokens[skip].text[0].isupper()
    return not names or any(word in one.heads for one in takers)


def _phrase(head: str, start: int, end: int, read: Reading) -> Iterator[Phrase]:
    """Yield a phrase without articles and idle words; `Anna` of `Anna the keys` by itself."""
    begin = start
    while start < end and read.tokens[start].text in DETERMINING:
        start += 1
    if read.words(start, 2) in ("bit of", "little of"):
        start += 2
    if begin < start < end - 1 and read.low(end - 1) in ("one", "ones"):
        end -= 1
    while start < end - 1 and (read.low(end - 1) in IDLE or read.low(end - 1) in ",-:"):
        end -= 1
    named = start < end and (read.tokens[start].text[0].isupper() or read.low(start) in PARTICLES)
    told = (
        read.low(start + 1) in ("the", "a", "an")
        or read.words(start + 1, end - start - 1) == "that"
    )
    if not head and start < read.own and named and told and end - start > 1:
        yield Phrase(head, start, start + 1)
        yield from _phrase(head, start + 1, end, read)
    elif (text := read.span(start, end).lower()) not in IDLE and any(map(str.isalnum, text)):
        yield Phrase(head, start, end)


def parts_of(start: int, end: int, read: Reading) -> list[str]:
    """Cut a phrase at its commas and `and`."""
    joints = [place for place in range(start, end) if read.low(place) in JOINTS]
    starts = [start, *(place + 1 for place in joints)]
    pairs = zip(starts, [*joints, end], strict=True)
    return [read.span(first, last) for first, last in pairs if first < last]


def trimmed(parameter: RoleParameter, phrase: Phrase, read: Reading) -> tuple[int, int]:
    """Return the place of a phrase without the words around it that are about the tool."""
    start, end = phrase.start, phrase.end
    quoted = [place for place in range(start, end) if read.tokens[place].kind == "quoted"]
    if len(quoted) == 1 and parameter.kind != "array":
        place = quoted[0]
        if not read.tells(f"{read.span(start, place)} {read.span(place + 1, end)}"):
            return place, place + 1
    while start < end - 1 and _trails(end - 1, parameter, read):
        end -= 1
    while start < end - 1 and _leads(read.tokens[start].text, read):
        start += 1
    return start, end


def _leads(word: str, read: Reading) -> bool:
    """Return whether a word before a value does not belong to it: `the user` of `the user Al`."""
    plain = word.islower() and word[-1].isalpha() and word not in GIVEN_NAMES
    return plain and (word in LEADING or read.knows(word))


def _trails(place: int, parameter: RoleParameter, read: Reading) -> bool:
    """Return whether a word behind a value does not belong to it: `light` of `kitchen light`."""
    word, meant = read.tokens[place].text, topic(read.tokens[place].text)
    if not word.islower() or not word[-1].isalpha():
        return False
    if meant in parameter.hints:
        simple = read.tokens[place - 1].text[0].isupper() or word not in COMPOUNDS
        return meant in parameter.words and simple and not parameter.is_worded
    if any(meant in one.words for one in read.takes.every if not one.is_text):
        return False
    titled = "title" in parameter.roles
    known = meant in read.takes.known if titled else read.knows(word)
    return (word in IDLE or known) and not (titled and word.endswith("ing"))
