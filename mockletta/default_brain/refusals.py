"""Refusals: what the default brain cannot do, say or understand.

A wrong reply is worse than a clumsy one. What is not understood is said in short, varied words that
repeat a part of what the user said only if the sentence stays grammatical and short.
"""

import re
from itertools import islice

from mockletta.brain.decisions import ModelCall
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import as_clause, is_factual, kind, plain, sentences
from mockletta.language.small_talk import GLAD_TO_HEAR, MOCK, SORRY_TO_HEAR, mood
from mockletta.language.words import (
    SHORT,
    SILENT,
    expand,
    patterns,
    remembered,
    rows,
    word_set,
)

TALK = patterns("talk")
MOST, MOST_SENTENCES = 2000, 8
LONGEST_SHOWN = 100
FOREIGN = {name: word_set(line) for name, line in rows("language").items()}
ENGLISH = SILENT | word_set("like live work love name")
FOREIGN_REPLIES = (
    "Sorry, I understand English only{}.",
    "I can't follow you{}: I only understand English.",
    "That{} is beyond my English. Could you rephrase it?",
)
STILL_CANNOT = (
    f"No, I can't do that either: I am {MOCK}.",
    "That is beyond me too: I only follow fixed rules.",
    "I'm afraid not: without a language model I can do nothing of that kind.",
)
REFUSED = ("I can't ", "I'm not able to ", "To ", *STILL_CANNOT)
NO_OPINION = (
    f"I have no opinion on that: I am {MOCK}.",
    "I can't judge that, as I have no language model.",
    "Tastes and advice are beyond me: I only follow fixed rules.",
)
CODE_REPLY = f"That looks like code, which I can neither run nor explain. I am {MOCK}."
CANNOT = (
    "I can't {}: I am a mock agent without a language model.",
    "I'm not able to {}, as I have no language model.",
    "To {} is beyond me: I only follow fixed rules.",
)
PUZZLED = (
    'I can\'t make anything of "{}". Tell me a fact, or ask me about one.',
    'I don\'t understand "{}": I only follow fixed rules.',
    'I can\'t do much with "{}": I remember facts and call tools.',
)
NOT_UNDERSTOOD = tuple(one.partition('"')[0] for one in PUZZLED)


def no_opinion(text: str, turn: int) -> str | None:
    """Return the reply to a question for an opinion or a translation; None for any other."""
    asks = any(TALK.opinion.match(expand(plain(one))) for one in sentences(text[:MOST]))
    if asks:
        return one_of(NO_OPINION, turn)
    asked = TALK.translate.match(expand(plain(text[:MOST])).strip(" ?!."))
    return f"I can't say {asked['what']}: I am {MOCK}." if asked else None


def foreign(text: str, turn: int) -> str | None:
    """Return the reply to a message in another language; None for one in English."""
    name = _language(text[:SHORT])
    if name is None:
        return None
    return one_of(FOREIGN_REPLIES, turn).format(f", not {name}" if name and turn % 3 == 1 else "")


@remembered
def _language(text: str) -> str | None:
    """Return the language that a text is in, "" for one without a name here, None for English."""
    letters = [mark for mark in text if mark.isalpha()]
    if letters and sum(mark > "\u024f" for mark in letters) > len(letters) / 2:
        return ""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)]
    hits = {name: sum(word in known for word in words) for name, known in FOREIGN.items()}
    name = max(hits, key=lambda one: hits[one])
    if hits[name] < 2 or 3 * hits[name] < len(words):
        return None
    return name if hits[name] > sum(word in ENGLISH for word in words) else None


def code(text: str) -> str | None:
    """Return the reply to a piece of a program; None for any other message."""
    lines = [line for line in text[:MOST].splitlines() if line.strip()]
    found = sum(bool(TALK.code.match(line)) for line in lines)
    return CODE_REPLY if "```" in text[:MOST] or (lines and 2 * found >= len(lines)) else None


def cannot(text: str, turn: int) -> str | None:
    """Name what a message orders, as something that cannot be done; None if it orders nothing."""
    for sentence in islice(sentences(text[:MOST]), MOST_SENTENCES):
        able = TALK.ability.match(sentence)
        if able or kind(sentence) == "command":
            if refrain := TALK.refrain.match(expand(plain(sentence))):
                return f"All right, I won't {_as_order(refrain['what'])}."
            order = _as_order(plain(sentence[able.end() :] if able else sentence).split(": ")[0])
            shown = order if 0 < len(order) <= LONGEST_SHOWN else "do that"
            return one_of(CANNOT, turn).format(shown)
    return None


def cannot_either(text: str, call: ModelCall) -> str | None:
    """Return the reply to `and in Rust?` after a refusal; None for any other message."""
    if len(text) > LONGEST_SHOWN or not TALK.either.match(expand(text)):
        return None
    if kind(text) == "statement" and is_factual(plain(text)):
        return None
    last = call.messages[-2].text if len(call.messages) > 1 else ""
    refused = last.startswith(REFUSED) and not last.startswith(NOT_UNDERSTOOD)
    return one_of(STILL_CANNOT, call.turn) if refused else None


def _as_order(text: str) -> str:
    """Return an order as it stands behind `I can't`."""
    told = to_second_person(TALK.please.sub("", expand(text))).strip(" .!?,")
    return as_clause(told[:1].lower() + told[1:])


def puzzled(text: str, turn: int) -> str:
    """Say that a message is not understood, and which, or what suits the mood that it shows."""
    if felt := mood(text[:SHORT]):
        return GLAD_TO_HEAR if felt > 0 else SORRY_TO_HEAR
    shown = " ".join(text[:400].split())
    shortened = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
    return one_of(PUZZLED, turn).format(shortened)


def one_of(forms: tuple[str, ...], turn: int) -> str:
    """Return one of several wordings, another in each turn."""
    return forms[(turn - 1) % len(forms)]
