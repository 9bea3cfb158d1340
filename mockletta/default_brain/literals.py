"""Literals: the exact text an order names, as in `reply with the word OK`."""

import re

from mockletta.default_brain.words import word_set

QUOTES = (("“", "”"), ("\u2018", "\u2019"), ('"', '"'), ("'", "'"), ("`", "`"), ("«", "»"))
FILLER = re.compile(
    r"^\s*(?:(?:(?:back|only|just|exactly|exclusively|simply|nothing but|always|in|with|by|"
    r"saying|to me|"
    r"to (?:every|any|all|each)[\w ]{0,30}?(?=\s(?:with|by|using)\b)|using|"
    r"a|an|the|this|these|one|single|exact|following|literal|fixed|same|me|two|three|"
    r"verbatim)\b\s*))*"
    r"(?P<noun>(?:words?|phrase|text|sentence|string|message|reply|response|answer|token|letter|"
    r"number|line|code|emoji)\b)?\s*(?P<more>(?:only|exactly|verbatim|back(?: to me)?|and "
    r"nothing else)\b\s*)?"
    r"(?P<mark>[:,—\u2013=-]?)\s*",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,.;]{0,3}\(?(?:and nothing (?:else|more)|nothing (?:else|more)|back(?: to me)?|to "
    r"me|please|"
    r"for me|exactly(?: like that)?|verbatim|no matter what[\w ',]{0,80}|"
    r"(?:to|for|in|at the (?:end|start) of) (?:every|any|all|each)[\w ',]{0,80}|"
    r"whatever[\w ',]{0,80}|regardless[\w ',]{0,80}|and stop|only|again|aloud|out loud|if you "
    r"(?:understand|"
    r"are ready|understood|got (?:it|that)|can (?:hear|read) (?:me|this)))\)?)+[\s.!?]*$",
    re.IGNORECASE,
)
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
FORMATS = word_set(
    "json xml html yaml sql csv markdown toml ascii latex english french german spanish"
)
LONGEST = 20_000
TAIL_LENGTH = 200


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
            end = closing(text, right)
            return (text[1:end], text[end + 1 :]) if end > 0 else None
    return None


def closing(text: str, right: str) -> int:
    """Where a quotation ends: an apostrophe within a word does not end it."""
    end = text.find(right, 1)
    while end > 0 and right in "'\u2019" and text[end + 1 : end + 2].isalnum():
        end = text.find(right, end + 1)
    return end


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
    return worded(core, opening["noun"] or "", opening["mark"] == ":")


def worded(core: str, noun: str, marked: bool) -> str | None:
    text = core.rstrip(".!") if len(core.split()) < 4 else core
    word = text.lower()
    if marked:
        return text or None
    if not BARE_WORD.match(text) or (word in FORMATS and noun != "word"):
        return None
    return text if noun or SHOUTED.match(text) or word in SHORT else None
