"""Sentences: where one ends, whether it asks, orders or states, and the clauses in it."""

import re
from collections.abc import Iterator
from typing import Literal

from mockletta.default_brain.memo import SHORT, remembered
from mockletta.default_brain.words import base, expand, tokens, word_set

Kind = Literal["question", "command", "statement"]

LONGEST = 2000
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”\u2019)\]]*+(?=\s|$)|[。\uff01\uff1f]|\n+")
ABBREVIATION = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|St|vs|e\.g|i\.e|[A-Z][a-z]+ [A-HJ-Z])$"
)
BULLET = re.compile(r"^\s{0,20}(?:[-*•>#]{1,6}\s+|\d{1,3}[.)]\s+)")
COURTESY = re.compile(
    r"^\W{0,10}(?:(?:please|kindly|pls|now|then|ok|okay|well|so|and|also|but|oh|hey|hi|hello|"
    r"alright|great|thanks|thank you|actually|sorry|no|yes|btw|by the way|fyi|just so you know|"
    r"for the record|in fact|anyway|(?:can|could|would|will) you(?: please| kindly| just| also)?|"
    r"i(?:'d| would) like you to|i want you to|i need you to|would you mind)\b(?!['\u2019-])|"
    r"(?!(?:say|repeat|echo|reply|respond|print|output|write|type|return|parrot|remember|memori[sz]e|"
    r"note|save|store|add|update)\b)[^?:.!\n]{1,40}?(?::|\s[-\u2013—])"
    r"(?=\s+(?:what|who|where|when|which|how|do|does|did|can|could|is|are|am)\b))"
    r"[\s,:;!.\u2013—-]*(?=\S)",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"^(?:(?:in|on|at|for|from|to|with|by|of|under) )?(?:"
    r"(?:what|who|where|when|why|how|whose|whom|which)(?:['\u2019](?:s|re|d|ll)\b| (?:is|are|am|"
    r"was|were|"
    r"do|does|did|have|has|had|can|could|will|would|should|old|many|much|long|far|often|tall|"
    r"big)\b)|"
    r"(?:what|which|whose|how)(?: [\w'\u2019-]{1,30}){1,4} (?:is|are|am|was|were|do|does|did|"
    r"have|has|"
    r"had|can|could|will|would|should)\b|"
    r"(?:is|are|am|was|were|do|does|did|have|has|had|can|could|will|would|should|may|might) "
    r"(?:i|you|we|he|she|it|they|my|your|our|his|her|its|their|the|there|this|that|any\w*)\b)",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"^(?!\w+(?: me)? (?:an?|some|more|another|\d+)\b)(?:tell me|remind me|give me|"
    r"show me|list|recall|name|describe|summari[sz]e)\b(?!:)"
    r"|^(?:say|repeat|state|spell) (?=my\b)"
    r"|^i (?:forgot|forget|have forgotten|do not (?:remember|recall|know)|don['\u2019]t "
    r"(?:remember|"
    r"recall|know)|wonder|want to know|would like to know)\b",
    re.IGNORECASE,
)
DEMAND = re.compile(
    r"^(?:(?:just|only|simply|nothing but|with|in|using) )*(?:(?:the|my|its|a|one|that|single) "
    r")+[\w-]{1,30}"
    r"(?: (?:only|alone|please|answer|reply|nothing (?:else|more)|and nothing else))*[.!,]*$"
    r"|^(?:and )?(?:nothing (?:else|more)|no (?:\w+ )?(?:explanation|punctuation|words|"
    r"text))\b.{0,40}$",
    re.IGNORECASE,
)
WHAT_NOW = re.compile(r"^(?:what|how) (?:an?\b|nice|lovely|great)", re.IGNORECASE)
ORDERS = word_set(
    """say repeat echo reply respond answer print output count write create generate explain
    translate help find search run open delete fix update save store use stop continue start try
    think compare draw build compute calculate solve check ignore forget let sing play read send
    show list give tell remind summarize summarise describe replace change add append put insert
    record edit modify do don't never always"""
)
CLAUSE_BREAK = re.compile(
    r"(?:\s*[,;]\s*(?:and|but|while|so|yet|plus)?|\s+(?:and|but|while|plus))\s+"
    r"(?=(?:i|we|i['\u2019]m|i['\u2019]ve)\b(?!,)|(?:my|our|the|his|her|its|he|she|they|it|you|"
    r"your)\b"
    r"(?:\s+[\w'\u2019-]{1,30}){0,4}?\s+(?:is|are|was|were|am|has|have|lives?|works?|loves?|likes?|"
    r"named|called)\b)|\s*;\s+",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """Cut a text at sentence ends and line breaks; end marks stay, blank pieces go."""
    return iter(short_sentences(text)) if len(text) <= SHORT else cut(text)


@remembered
def short_sentences(text: str) -> tuple[str, ...]:
    return tuple(cut(text))


def cut(text: str) -> Iterator[str]:
    start = 0
    for mark in SENTENCE_END.finditer(text):
        if mark[0] == "." and ABBREVIATION.search(
            text[max(start, mark.start() - 20) : mark.start()]
        ):
            continue
        if piece := tidy(text[start : mark.end()]):
            yield piece
        start = mark.end()
    if piece := tidy(text[start:]):
        yield piece


def tidy(piece: str) -> str:
    return BULLET.sub("", " ".join(piece[:LONGEST].split()))


@remembered
def plain(sentence: str) -> str:
    """Return a sentence without its courtesies: `Could you please say hi` -> `say hi`."""
    for _ in range(6):
        shorter = COURTESY.sub("", sentence, count=1)
        if shorter == sentence:
            break
        sentence = shorter
    return sentence.strip()


@remembered
def kind(sentence: str) -> Kind:
    """Whether a sentence asks for something it wants to know, orders something, or states it."""
    core = expand(plain(sentence))
    if is_order(core) or DEMAND.match(core):
        return "command"
    asks = core.rstrip("\"'”\u2019)] ").endswith(("?", "\uff1f"))
    if REQUEST.match(core) or asks or (QUESTION.match(core) and not WHAT_NOW.match(core)):
        return "question"
    return "statement"


def is_order(core: str) -> bool:
    first = next(iter(tokens(core[:60])), "")
    return base(first) in ORDERS and not REQUEST.match(core) and not QUESTION.match(core)


def clauses(sentence: str) -> list[str]:
    """Return the independent clauses of a sentence: `I am Al and I like tea` has two."""
    pieces = CLAUSE_BREAK.split(sentence)
    return [piece.strip() for piece in pieces if piece.strip()]
