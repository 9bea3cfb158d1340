"""Wording: what exactly is said: `say X`, `count to 10`, `what is 2 + 2`, `what time is it`."""

import re

from mockletta.default_brain.sentences import plain, sentences
from mockletta.default_brain.words import (
    remembered,
    word_set,
)

QUOTES = (("“", "”"), ("\u2018", "\u2019"), ('"', '"'), ("'", "'"), ("`", "`"), ("«", "»"))
FILLER = re.compile(
    r"^\s*(?:(?:(?:back|only|just|exactly|exclusively|simply|nothing but|always|in|with|by|saying|"
    r"to me|to (?:every|any|all|each)[\w ]{0,30}?(?=\s(?:with|by|using)\b)|using|a|an|the|this|"
    r"these|one|single|exact|following|literal|fixed|same|me|two|three|"
    r"verbatim)\b\s*))*(?P<noun>(?:words?|phrase|text|sentence|string|message|reply|response|"
    r"answer|token|letter|number|line|code|emoji|json(?: object)?)\b)?\s*(?P<more>(?:only|exactly|"
    r"verbatim|back(?: to me)?|and nothing else)\b\s*)?(?P<mark>[:,—\u2013=-]?)\s*",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,.;]{0,3}\(?(?:and nothing (?:else|more)|nothing (?:else|more)|back(?: to me)?|to me|"
    r"please|for me|exactly(?: like that)?|verbatim|no matter what[\w ',]{0,80}|(?:to|for|in|at "
    r"the (?:end|start) of) (?:every|any|all|each)[\w ',]{0,80}|whatever[\w ',]{0,80}|"
    r"regardless[\w ',]{0,80}|and stop|only|again|aloud|out loud|if you (?:understand|are ready|"
    r"understood|got (?:it|that)|can (?:hear|read) (?:me|this)))\)?)+[\s.!?]*$",
    re.IGNORECASE,
)
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
FORMATS = word_set(
    "json xml html yaml sql csv markdown toml ascii latex english french german spanish"
)
AFTER_COLON = re.compile(
    r"^(?:repeat(?: after me)?|say(?: after me)?|echo|print|output|write|type|return|"
    r"parrot)(?:\s+(?:back|the following|this|exactly|only|just|to me|after me|text|sentence|"
    r"words?|phrase|the|message|verbatim|word for word)){0,6}\s*:\s*(?P<rest>\S[\s\S]*)$",
    re.IGNORECASE,
)
AFTER_ME = re.compile(r"^(?:repeat|say) after me[\s,—-]+(?P<rest>\S[\s\S]*)$", re.IGNORECASE)
WITH = re.compile(
    r"^(?:(?:always|only|just) )?(?:reply|respond|answer|say|echo|repeat|print|output|return|"
    r"write|type)\b(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
SPOKEN = re.compile(r"^(?:say|echo|repeat)\s+(?P<rest>\S(?:[^\n]*\S)?)\s*$", re.IGNORECASE)
SPOKEN_TAIL = re.compile(
    r"[,\s]+(?:(?:back )?to me|back|please|for me|exactly|aloud|out loud|and nothing "
    r"else)\s*[.!?]*$",
    re.IGNORECASE,
)
NOT_SPOKEN = word_set(
    """something anything it that this what my your his her their our nothing more again a an
    the one some you if when where who why how whether yourself them everything all hello-world"""
)
LONGEST = 20_000
TAIL_LENGTH = 200
MOST_SPOKEN = 12
LONGEST_SPOKEN = 300
MOST_SENTENCES = 12


def unquoted(text: str) -> str | None:
    """Return the inside of a text that is one quotation, else None."""
    text = text.strip()
    core = text if text[-1:] in {right for _, right in QUOTES} else text.rstrip(".!?")
    for left, right in QUOTES:
        if len(core) > 1 and core[0] == left and core[-1] == right:
            return core[1:-1]
    return None


def quotation(text: str) -> tuple[str, str] | None:
    """Return the quotation a text starts with and what follows it, else None."""
    for left, right in QUOTES:
        if text.startswith(left):
            end = text.find(right, 1)
            while end > 0 and right in "'\u2019" and text[end + 1 : end + 2].isalnum():
                end = text.find(right, end + 1)  # an apostrophe within a word
            return (text[1:end], text[end + 1 :]) if end > 0 else None
    return None


def literal(rest: str) -> str | None:
    """Return the text an order names after its verb, or None where it names none.

    Named is what stands in quotes, after a colon, after a noun like `the word`, or a single
    word in capitals.
    """
    rest = rest[:LONGEST]
    opening = FILLER.match(rest)
    assert opening is not None
    core = rest[opening.end() :].strip()
    if not core:
        return None
    if quoted := quotation(core):
        text, after = quoted
        return text if not after.strip(" .!?,") or TAIL.fullmatch(after[:TAIL_LENGTH]) else None
    core = core[:-TAIL_LENGTH] + TAIL.sub("", core[-TAIL_LENGTH:])
    return _worded(core, opening["noun"] or "", opening["mark"] == ":")


def _worded(core: str, noun: str, marked: bool) -> str | None:
    text = core.rstrip(".!") if len(core.split()) < 4 else core
    word = text.lower()
    if marked or (core[0] in "{[" and core[-1] in "}]"):
        return text or None
    if not BARE_WORD.match(text) or (word in FORMATS and noun != "word"):
        return None
    return text if noun or SHOUTED.match(text) or word in SHORT else None


@remembered
def echo(text: str) -> str | None:
    """Return what a message orders to be said word for word, or None without such an order."""
    whole = _echoed(plain(text))
    if whole is not None:
        return whole
    for count_, sentence in enumerate(sentences(text)):
        if count_ == MOST_SENTENCES:
            break
        found = _echoed(plain(sentence))
        if found is not None:
            return found
    return None


def _echoed(core: str) -> str | None:
    if match := AFTER_COLON.match(core) or AFTER_ME.match(core):
        inside = unquoted(match["rest"])
        return match["rest"].strip() if inside is None else inside
    if (match := WITH.match(core)) and (found := literal(match["rest"])) is not None:
        return found
    return _spoken(core)


def _spoken(core: str) -> str | None:
    match = SPOKEN.match(core) if len(core) < LONGEST_SPOKEN else None
    if not match:
        return None
    text = SPOKEN_TAIL.sub("", match["rest"]).rstrip(".!?")
    words = text.split()
    first = words[0].lower().strip(",.") if words else ""
    if not words or len(words) > MOST_SPOKEN or first in NOT_SPOKEN:
        return None
    return text
