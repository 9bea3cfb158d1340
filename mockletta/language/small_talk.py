"""Small talk: greetings, thanks, farewells, questions about the agent."""

import re
from functools import cache
from itertools import takewhile

from mockletta.language.sentences import kind, plain, unwrapped
from mockletta.language.words import (
    data_table,
    expand,
    filled,
    lexicon,
    patterns,
    remembered,
    tokens,
    word_set,
)

TALK = patterns("talk")
MOCK = "a mock agent without a language model"
SELF = "I am this agent."
"""Stands for what the agent is, which the system prompt or a memory block may say."""
COMPANY = "I work for this company."
"""Stands for whom the agent works for, which who it is may say."""
ABILITIES = (
    "I can remember what you tell me, answer questions about it, update memory blocks, "
    "call tools, repeat and count."
)
FORMS = data_table("small_talk")
REPLIES = [reply.replace("{MOCK}", MOCK) for reply in FORMS]
NO_PROBLEM, ALL_RIGHT = "No problem.", "All right."
GLAD_TO_HEAR, SORRY_TO_HEAR = "Glad to hear that!", "I'm sorry to hear that."
FLATTERED = "That's kind of you, thank you!"
BLAMED = f"I'm sorry. I am {MOCK} and do what I can."
DENIALS = word_set("not cannot without hardly nothing")
GOOD, BAD = lexicon("good_words"), lexicon("bad_words")
MOST_PIECES = 4
PIECES = re.compile(r"\s*[,.;!]+\s*|\s+and\s+")
TALK_LONGEST = 120
AT_ONCE = 8
"""The replies whose forms are compiled together. All take twenty milliseconds."""


def greeting(text: str) -> str:
    """Return the greeting a message opens with, as it stands there; "" without one."""
    match = TALK.greeting.match(text[:200])
    return match[0] if match else ""


@remembered
def small_talk(text: str) -> str | None:
    """Return the reply to a message that is nothing but small talk; None for any other."""
    core = expand(text[: TALK_LONGEST + 1]).strip(" \t\n.,!?;:~…¡¿")
    core = TALK.decoration.sub("", core).strip(" .,!?") or core
    if len(core) > TALK_LONGEST:
        return None
    found = _talk(core)
    for split in (PIECES.split(core), core.split()) if found is None else ():
        pieces = [piece for piece in split if piece][: MOST_PIECES + 1]
        replies = [*takewhile(bool, (_talk(piece.strip(" ?")) for piece in pieces))]
        if 0 < len(replies) == len(pieces) <= MOST_PIECES:
            found = min(filter(None, replies), key=REPLIES.index)
    return found


@remembered
def _talk(core: str) -> str | None:
    for form in dict.fromkeys((core, plain(core))):
        for first in range(0, len(REPLIES), AT_ONCE):
            if found := _forms(first).fullmatch(form):
                return REPLIES[first + (found.lastindex or 1) - 1]
    return _remark(core)


@cache
def _forms(first: int) -> re.Pattern[str]:
    """Compile the forms of AT_ONCE replies, each in a group. They have no groups of their own."""
    some = [*FORMS.values()][first : first + AT_ONCE]
    groups = "|".join(f"({forms})".replace("\n", "|") for forms in some)
    return re.compile(filled(f"{{talk.before}}(?:{groups}){{talk.after}}", ""), re.IGNORECASE)


def mood(text: str) -> int:
    """Return how good a text sounds: less than zero is bad. `not` turns what follows."""
    sign, total = 1, bool(TALK.smiles.search(text)) - bool(TALK.frowns.search(text))
    for word in tokens(text[:1].lower() + text[1:]):
        if word in DENIALS:
            sign = -1
        total += sign * ((word in GOOD) - (word in BAD))
    return total


def _remark(text: str) -> str | None:
    """Return the reply to a remark that leaves nothing to remember; None for any other text."""
    found = TALK.remark.match(unwrapped(text))
    felt = mood(text) if found else 0
    if found is None or (felt == 0 and not found["vague"]) or kind(text) != "statement":
        return None
    if felt > 0:
        return FLATTERED if found["agent"] else GLAD_TO_HEAR
    return ALL_RIGHT if found["vague"] else BLAMED
