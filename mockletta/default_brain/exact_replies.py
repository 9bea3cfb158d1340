"""Exact replies: words to say, counts and letters."""

import re
from collections.abc import Sequence
from itertools import islice

from mockletta.brain.decisions import ChatMessage
from mockletta.default_brain.structured_replies import listed_examples
from mockletta.default_brain.sums import calculate, reckoned_on
from mockletta.default_brain.system_prompts import literal
from mockletta.language.sentences import ITEMS, plain, sentences, unquoted
from mockletta.language.words import (
    LARGE,
    NUMBERS,
    as_sentence,
    expand,
    lexicon,
    number,
    pattern,
    patterns,
    remembered,
    rewritten,
)

PROMPT = patterns("prompt")
NOT_SPOKEN = lexicon("not_spoken")
MOST_SPOKEN = 12
LONGEST_SPOKEN = 300
MOST_SENTENCES = 12
SUM = patterns("sum")
LONGEST_READ = 2000
LONGEST_SUM = 200
MOST = 1000
SPELLED = "|".join(sorted([*NUMBERS, "a", *LARGE], key=len, reverse=True))
NUMBER = rf"-?\d[\d,]*|(?:{SPELLED})\b(?:[- ](?:{SPELLED})\b)?"
COUNT = pattern("sum.count", number=NUMBER)


@remembered
def echo(text: str) -> str | None:
    """Return what a message orders to be said word for word, or None without such an order."""
    whole = _echoed(plain(PROMPT.if_read.sub("", text)))
    if whole is not None:
        return whole
    found = (_echoed(plain(one)) for one in islice(sentences(text), MOST_SENTENCES))
    return next((one for one in found if one is not None), None)


def _echoed(core: str) -> str | None:
    if match := PROMPT.after_colon.match(core) or PROMPT.after_me.match(core):
        inside = unquoted(match["rest"])
        return match["rest"].strip() if inside is None else inside
    if (match := PROMPT.replying.match(core)) and (found := literal(match["rest"])) is not None:
        return found
    return _spoken(core)


def _spoken(core: str) -> str | None:
    core = rewritten(core, "times") if len(core) < LONGEST_SPOKEN else ""
    match = PROMPT.spoken.match(core.rstrip(".!"))
    if not match:
        return None
    text = PROMPT.spoken_tail.sub("", match["rest"]).rstrip(".!?")
    words = text.split()
    if (several := PROMPT.times.match(text)) and (count := number(several["count"])):
        return " ".join([several["what"]] * count)
    if to := PROMPT.say_to.match(text):
        return f"{as_sentence(to['what']).rstrip('.')}, {to['who']}!"
    first = words[0].lower().strip(",.") if words else ""
    unspoken = first in NOT_SPOKEN and not core.lower().startswith("echo")
    if not words or len(words) > MOST_SPOKEN or unspoken or SUM.spelled.match(core):
        return None
    return text


def reckoned(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return a count, the result of a sum, or what is asked of words and letters."""
    return (
        count(text)
        or calculate(text)
        or letters(text)
        or reckoned_on(text, messages)
        or _examples(text)
    )


def _examples(text: str) -> str | None:
    listed = listed_examples(plain(text))
    return ", ".join(listed[1]) if listed else None


@remembered
def count(text: str) -> str | None:
    """Return the numbers a message asks to hear, `1, 2, 3`, or None if it does not ask to count."""
    for place, sentence in enumerate(sentences(text[:LONGEST_READ])):
        core = plain(sentence)
        is_count = core.lower().startswith("count") or "numbers" in core.lower()
        if place < 5 and is_count and (match := COUNT.match(core.rstrip(".!? "))):
            return _counted(match)
    return None


def letters(text: str) -> str | None:
    """Spell a word or tell how many letters it has. None for any other message."""
    core = expand(plain(text[:LONGEST_SUM])).strip(" ?!.")
    if spelled := SUM.spelled.match(core):
        word = str(spelled["word"])
        return word[::-1] if spelled["back"] or spelled["reverse"] else "-".join(word)
    if listed := SUM.sorted.match(core):
        return _sorted(ITEMS.split(listed["values"]), listed["how"])
    match = SUM.letters.match(core)
    if match is None:
        return None
    held = match["word"] or match["quoted"]
    number_of = len(held.split()) if match["what"] == "words" else sum(map(str.isalnum, held))
    return f'"{held}" has {number_of} {match["what"]}.'


def _sorted(items: list[str], how: str) -> str:
    numeric = all(re.fullmatch(r"-?\d+(?:\.\d+)?|\.\d+", one) for one in items)
    ordered = sorted(items, key=float if numeric else str.lower)
    falls = not {"descending", "reverse", "largest", "highest", "backwards"}.isdisjoint(how.split())
    return ", ".join(reversed(ordered) if falls else ordered)


def _counted(match: re.Match[str]) -> str | None:
    first, last = number(match["first"]), number(match["last"])
    if last is None and (first is None or match["first"].lower() in ("a", "an")):
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
        return f"I can count at most {MOST} numbers at a time. Please give me a shorter range."
    values = range(start, last + 1, step) if last >= start else range(start, last - 1, -step)
    return ", ".join(map(str, values))
