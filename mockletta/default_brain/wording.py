"""Wording: what exactly is said: `say X`, `count to 10`, `what is 2 + 2`, `what time is it`."""

import operator
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from mockletta.default_brain.lexicon import BE, SILENT, is_verb
from mockletta.default_brain.sentences import kind, plain, sentences
from mockletta.default_brain.words import (
    LARGE,
    NUMBERS,
    base,
    expand,
    number,
    remembered,
    tokens,
    word_set,
)

QUOTES = (("“", "”"), ("\u2018", "\u2019"), ('"', '"'), ("'", "'"), ("`", "`"), ("«", "»"))
FILLER = re.compile(
    r"^\s*(?:(?:(?:back|only|just|exactly|exclusively|simply|nothing but|always|in|with|by|saying|"
    r"to me|to (?:every|any|all|each)[\w ]{0,30}?(?=\s(?:with|by|using)\b)|using|"
    r"a|an|the|this|these|one|single|exact|following|literal|fixed|same|me|two|three|"
    r"verbatim)\b\s*))*"
    r"(?P<noun>(?:words?|phrase|text|sentence|string|message|reply|response|answer|token|letter|"
    r"number|line|code|emoji)\b)?\s*(?P<more>(?:only|exactly|verbatim|back(?: to me)?|and "
    r"nothing else)\b\s*)?(?P<mark>[:,—\u2013=-]?)\s*",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,.;]{0,3}\(?(?:and nothing (?:else|more)|nothing (?:else|more)|back(?: to me)?|to "
    r"me|please|for me|exactly(?: like that)?|verbatim|no matter what[\w ',]{0,80}|"
    r"(?:to|for|in|at the (?:end|start) of) (?:every|any|all|each)[\w ',]{0,80}|"
    r"whatever[\w ',]{0,80}|regardless[\w ',]{0,80}|and stop|only|again|aloud|out loud|if you "
    r"(?:understand|are ready|understood|got (?:it|that)|can (?:hear|read) (?:me|this)))\)?)+"
    r"[\s.!?]*$",
    re.IGNORECASE,
)
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
FORMATS = word_set(
    "json xml html yaml sql csv markdown toml ascii latex english french german spanish"
)
AFTER_COLON = re.compile(
    r"^(?:repeat(?: after me)?|say(?: after me)?|echo|print|output|write|type|return|parrot)"
    r"(?:\s+(?:back|the following|this|exactly|only|just|to me|after me|text|sentence|words?|"
    r"phrase|the|message|verbatim|word for word)){0,6}\s*:\s*(?P<rest>\S[\s\S]*)$",
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
    if marked:
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


# Numbers


MOST = 1000
ARTICLES = ("a", "an")
SPELLED = "|".join(sorted([*NUMBERS, "a", *LARGE], key=len, reverse=True))
NUMBER = rf"-?\d[\d,]*|(?:{SPELLED})\b(?:[- ](?:{SPELLED})\b)?"
COUNT = re.compile(
    rf"^(?:count|list|print|write|say|give me|recite)\b(?:\s+(?:out|loud|slowly|aloud|quickly|"
    rf"for me|me|all|the|numbers?|integers?|up|every number|it))*(?P<down>\s+(?:down|backwards?))?"
    rf"(?:\s+(?:slowly|aloud|out loud))?(?:\s+(?:from|between)?\s*(?P<first>{NUMBER}))?"
    rf"(?:\s*(?:(?:up |down |all the way |back )?(?:to|until|till|through|and)|-|\u2013|"
    rf"\.\.\.?)\s*(?P<last>{NUMBER}))?(?:\s+(?:by|in steps of)\s+(?P<step>\w+))?\b[^\n]{{0,60}}$",
    re.IGNORECASE,
)
TOO_MANY = f"I can count at most {MOST} numbers at a time. Please give me a shorter range."
DECIMAL = r"-?\d{1,12}(?:,\d{3})*(?:\.\d{1,9})?"
SUM = re.compile(
    rf"^(?:(?:what(?:['\u2019]?s| is| are)|how much (?:is|are)|calculate|compute|work out|solve|"
    rf"what do you get for)\s+)?(?P<a>{DECIMAL}|(?:{SPELLED})\b)\s*(?P<sign>plus|minus|times|"
    rf"multiplied by|divided by|over|[-+*/x\u00d7\u00f7]|(?:percent|%) of)\s*"
    rf"(?P<b>{DECIMAL}|(?:{SPELLED})\b)\s*=?\s*\??\W*$",
    re.IGNORECASE,
)
SIGNS: dict[str, Callable[[float, float], float]] = {
    "plus": operator.add, "+": operator.add, "minus": operator.sub, "-": operator.sub,
    "times": operator.mul, "multiplied by": operator.mul, "*": operator.mul, "x": operator.mul,
    "\u00d7": operator.mul, "divided by": operator.truediv, "over": operator.truediv,
    "/": operator.truediv, "\u00f7": operator.truediv,
}  # fmt: skip


@remembered
def count(text: str) -> str | None:
    """Return the numbers a message asks to hear, `1, 2, 3`, or None if it does not ask to count."""
    for place, sentence in enumerate(sentences(text[:2000])):
        core = plain(sentence)
        is_count = core.lower().startswith("count") or "numbers" in core.lower()
        if place < 5 and is_count and (match := COUNT.match(core.rstrip(".!? "))):
            return _counted(match)
    return None


def _counted(match: re.Match[str]) -> str | None:
    first, last = number(match["first"]), number(match["last"])
    if last is None and (first is None or match["first"].lower() in ARTICLES):
        return None
    if last is None:
        first, last = (first, 1) if match["down"] else (1, first)
    step = abs(number((match["step"] or "").removesuffix("s")) or 1) or 1
    start = first if first is not None else step
    assert start is not None
    assert last is not None
    if match["down"] and match["first"] is None:
        start, last = last, 1
    if abs(last - start) // step >= MOST:
        return TOO_MANY
    values = range(start, last + 1, step) if last >= start else range(start, last - 1, -step)
    return ", ".join(map(str, values))


def reckon(text: str) -> str | None:
    """Return the result of a sum of two numbers; None for any other message."""
    match = SUM.match(plain(text[:LONGEST_SPOKEN]))
    if match is None:
        return None
    a, b = (_decimal(match[key]) for key in "ab")
    sign = match["sign"].lower()
    if sign in SIGNS and SIGNS[sign] is operator.truediv and not b:
        return "I can't divide by zero."
    result = SIGNS[sign](a, b) if sign in SIGNS else a * b / 100
    return f"That is {result:.10g}."


def _decimal(text: str) -> float:
    return float(number(text) or 0) if text.lower() in NUMBERS else float(text.replace(",", ""))


# The clock


LONGEST_SUM = 2000
UNITS = word_set("day weekday date time year month clock")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "now": 0}
ASIDES = word_set("have do know tell can could will would")
BESIDE = word_set("week right moment present hour current o'clock please currently present-day")


def clock(text: str, now: datetime | None) -> str | None:
    """Return the answer to a question for the date or the time; None for any other message."""
    if now is None:
        return None
    for sentence in [*sentences(text[:LONGEST_SUM])][:8]:
        core = expand(plain(sentence))
        words = [base(word) for word in tokens(core)]
        if kind(sentence) != "question" or words[:1] == ["how"] or {"my", "your"} & {*words}:
            continue
        unit = next((word for word in words if word in UNITS), "")
        near = next((word for word in words if word in NEAR), "")
        if {*words} - SILENT - UNITS - NEAR.keys() - BESIDE or not (unit or near):
            continue
        acts = (is_verb(word) and word not in BE | ASIDES for word in words)
        if {"when", "where", "who", "how", "why", "i"} & {*words} or any(acts):
            continue
        return _time_told(unit or "date", near, now)
    return None


def _time_told(unit: str, near: str, now: datetime) -> str:
    day = now + timedelta(days=NEAR.get(near, 0))
    date = f"{day:%A}, {day.day} {day:%B} {day.year}"
    match unit:
        case "time" | "clock":
            return f"It is {now:%H:%M} {now.tzname() or ''}".strip() + "."
        case "year":
            return f"It is {day.year}."
        case "month":
            return f"It is {day:%B} {day.year}."
    return f"Tomorrow is {date}." if near == "tomorrow" else (
        f"Yesterday was {date}." if near == "yesterday" else f"It is {date}."
    )  # fmt: skip
