"""Counting: up, down, by steps."""

import re

from mockletta.default_brain.hints import NUMBERS
from mockletta.default_brain.memo import remembered
from mockletta.default_brain.sentences import plain, sentences

MOST = 1000
ARTICLES = ("a", "an")
WORDS = "|".join(
    sorted([*NUMBERS, "a", "million", "billion", "trillion", "infinity"], key=len, reverse=True)
)
NUMBER = rf"-?\d[\d,]*|(?:{WORDS})\b(?:[- ](?:{WORDS})\b)?"
COUNT = re.compile(
    rf"^(?:count|list|print|write|say|give me|recite)\b(?:\s+(?:out|loud|slowly|aloud|quickly|"
    rf"for me|me|all|"
    r"the|numbers?|integers?|up|every number|it))*(?P<down>\s+(?:down|backwards?))?"
    rf"(?:\s+(?:slowly|aloud|out loud))?(?:\s+(?:from|between)?\s*(?P<first>{NUMBER}))?"
    rf"(?:\s*(?:(?:up |down |all the way |back )?(?:to|until|till|through|and)|-|\u2013|"
    rf"\.\.\.?)\s*(?P<last>{NUMBER}))?"
    r"(?:\s+(?:by|in steps of)\s+(?P<step>\w+))?\b[^\n]{0,60}$",
    re.IGNORECASE,
)
TOO_MANY = f"I can count at most {MOST} numbers at a time. Please give me a shorter range."


@remembered
def count(text: str) -> str | None:
    """Return the numbers a message asks to hear, `1, 2, 3`, or None if it does not ask to count."""
    for number, sentence in enumerate(sentences(text[:2000])):
        core = plain(sentence)
        if number < 5 and (is_count(core)) and (match := COUNT.match(core.rstrip(".!? "))):
            return counted(match)
    return None


def is_count(core: str) -> bool:
    first = core.lower()
    return first.startswith("count") or "numbers" in first


def counted(match: re.Match[str]) -> str | None:
    first, last = number(match["first"]), number(match["last"])
    if last is None and (first is None or match["first"].lower() in ARTICLES):
        return None
    if last is None:
        first, last = (first, 1) if match["down"] else (1, first)
    step = abs(stepsize(match["step"])) or 1
    start = first if first is not None else step
    assert start is not None
    assert last is not None
    if match["down"] and match["first"] is None:
        start, last = last, 1
    if abs(last - start) // step >= MOST:
        return TOO_MANY
    values = range(start, last + 1, step) if last >= start else range(start, last - 1, -step)
    return ", ".join(map(str, values))


def stepsize(text: str | None) -> int:
    return number((text or "").removesuffix("s")) or 1


def number(text: str | None) -> int | None:
    """Return a number given in digits or words; a huge one for `a million` and beyond."""
    if not text:
        return None
    digits = text.replace(",", "")
    if digits.lstrip("-").isdecimal():
        return int(digits) if len(digits) < 10 else 10**9
    words = [
        word for word in re.split(r"[- ]", text.lower()) if word not in {"a", "an", "one"}
    ] or ["one"]
    if words[-1] in {"million", "billion", "trillion", "infinity"}:
        return 10**9
    known = [NUMBERS[word] for word in words if word in NUMBERS]
    if len(known) != len(words):
        return None
    if len(known) == 2 and known[1] >= 100:
        return known[0] * known[1]
    return sum(known)
