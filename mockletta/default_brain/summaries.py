"""Summaries: what the user said, quoted so that facts can still be read out of it."""

from collections.abc import Sequence

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import SAID, SUMMARY_HEAD, newest, said, user_texts
from mockletta.default_brain.lexicon import FIRST_PERSON
from mockletta.default_brain.sentences import sentences
from mockletta.default_brain.statements import told
from mockletta.default_brain.words import tokens

LONGEST = 1000
LONGEST_LINE = 300


def summary(messages: Sequence[ChatMessage]) -> str:
    """Return a summary of at most 1000 characters, a line for each thing the user told.

    Where not everything fits, what the user told of themselves stays first, then what is newer.
    The user's newest message is always kept, as the turn may still have to answer it.
    """
    lines = [line for text in user_texts(messages) for line in sentences(text)]
    kept = list(dict.fromkeys(line for line in lines if told(line)[0]))
    last = newest(messages)
    final = " ".join(said(messages[last]).split())[:LONGEST_LINE] if last is not None else ""
    if final and final not in kept[-1:]:
        kept = [*kept, final]
    if not kept:
        return f"{SUMMARY_HEAD} The user has not told anything."
    return "\n".join([SUMMARY_HEAD, SAID, *(f"- {line}" for line in chosen(kept))])


def chosen(lines: list[str]) -> list[str]:
    """As many lines as fit, in their order."""
    room = LONGEST - len(SUMMARY_HEAD) - len(SAID) - 2
    taken: dict[int, str] = {}
    for index in sorted(range(len(lines)), key=lambda index: rank(index, lines), reverse=True):
        line = lines[index][:LONGEST_LINE]
        if len(line) + 3 <= room:
            taken[index] = line
            room -= len(line) + 3
    return [taken[index] for index in sorted(taken)]


def rank(index: int, lines: list[str]) -> tuple[bool, bool, int]:
    personal = not FIRST_PERSON.isdisjoint(word.lower() for word in tokens(lines[index]))
    return index == len(lines) - 1, personal, index
