"""Echoes: `say X`, `repeat after me: X`, `reply with just the word X` and the like."""

import re

from mockletta.default_brain.literals import literal, unquoted
from mockletta.default_brain.memo import remembered
from mockletta.default_brain.sentences import plain, sentences
from mockletta.default_brain.words import word_set

AFTER_COLON = re.compile(
    r"^(?:repeat(?: after me)?|say(?: after me)?|echo|print|output|write|type|return|parrot)"
    r"(?:\s+(?:back|the following|this|exactly|only|just|to me|after me|text|sentence|words?|"
    r"phrase|the|"
    r"message|verbatim|word for word)){0,6}\s*:\s*(?P<rest>\S[\s\S]*)$",
    re.IGNORECASE,
)
AFTER_ME = re.compile(r"^(?:repeat|say) after me[\s,—-]+(?P<rest>\S[\s\S]*)$", re.IGNORECASE)
WITH = re.compile(
    r"^(?:(?:always|only|just) )?(?:reply|respond|answer|say|echo|repeat|print|output|return|"
    r"write|type)\b"
    r"(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    r"^(?:say|echo|repeat)\s+(?P<rest>\S(?:[^\n]*\S)?)\s*$",
    re.IGNORECASE,
)
SPOKEN_TAIL = re.compile(
    r"[,\s]+(?:(?:back )?to me|back|please|for me|exactly|aloud|out loud|and nothing "
    r"else)\s*[.!?]*$",
    re.IGNORECASE,
)
NOT_SPOKEN = word_set(
    """something anything it that this what my your his her their our nothing more again a an
    the one some you if when where who why how whether yourself them everything all hello-world"""
)
MOST_SPOKEN = 12
LONGEST_SPOKEN = 300
MOST_SENTENCES = 12


@remembered
def echo(text: str) -> str | None:
    """Return what a message orders to be said word for word, or None without such an order."""
    whole = echoed(plain(text))
    if whole is not None:
        return whole
    for count, sentence in enumerate(sentences(text)):
        if count == MOST_SENTENCES:
            break
        found = echoed(plain(sentence))
        if found is not None:
            return found
    return None


def echoed(core: str) -> str | None:
    if match := AFTER_COLON.match(core) or AFTER_ME.match(core):
        inside = unquoted(match["rest"])
        return match["rest"].strip() if inside is None else inside
    if (match := WITH.match(core)) and (found := literal(match["rest"])) is not None:
        return found
    return spoken(core)


def spoken(core: str) -> str | None:
    match = SPOKEN.match(core) if len(core) < LONGEST_SPOKEN else None
    if not match:
        return None
    text = SPOKEN_TAIL.sub("", match["rest"]).rstrip(".!?")
    words = text.split()
    first = words[0].lower().strip(",.") if words else ""
    if not words or len(words) > MOST_SPOKEN or first in NOT_SPOKEN:
        return None
    return text
