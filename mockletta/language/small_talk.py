"""Small talk: greetings, thanks, farewells, questions about the agent."""

import re
from functools import cache
from itertools import takewhile

from mockletta.language.sentences import plain
from mockletta.language.words import (
    data_table,
    expand,
    patterns,
    remembered,
)

TALK = patterns("talk")
MOCK = "a mock agent without a language model"
SELF = "I am this agent."
"""Stands for what the agent is, which the system prompt or a memory block may say."""
COMPANY = "I work for this company."
"""Stands for whom the agent works for, which who it is may say."""
ABILITIES = (
    "I can remember what you tell me, answer questions about it, update my memory blocks, "
    "call my tools, repeat and count."
)
FORMS = data_table("small_talk")
REPLIES = [reply.replace("{MOCK}", MOCK) for reply in FORMS]
MOST_PIECES = 4
PIECES = re.compile(r"\s*[,.;!]+\s*|\s+and\s+")
TALK_LONGEST = 120


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


def _talk(core: str) -> str | None:
    for form in dict.fromkeys((core, plain(core))):
        if found := _any_form().fullmatch(form):
            return REPLIES[(found.lastindex or 1) - 1]
    return None


@cache
def _any_form() -> re.Pattern[str]:
    """Compile the forms of all replies, each in a group. They have no groups of their own."""
    groups = (f"({forms})".replace("\n", "|") for forms in FORMS.values())
    return re.compile("|".join(groups), re.IGNORECASE)
