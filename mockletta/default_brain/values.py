"""Values: the bare answer in a fact, for who asks for just the word."""

import re

from mockletta.default_brain.facts import Fact
from mockletta.default_brain.hints import NUMBERS
from mockletta.default_brain.lexicon import BE, FIRST_PERSON, SILENT, categories, concept, concepts
from mockletta.default_brain.questions import Query
from mockletta.default_brain.words import tokens

BARE = re.compile(
    r"\b(?:just|only|simply|exactly|nothing but)\s+(?:with\s+|say\s+|give\s+(?:me\s+)?)?(?:the|"
    r"that|my|its|"
    r"a|one)\s+(?:single\s+|exact\s+|bare\s+)?(?P<noun>[\w-]+)\b"
    r"|\b(?:in|with|using)\s+(?:exactly |only |just )?(?:one|a single|1)\s+(?P<one>word|number)\b"
    r"|\b(?:one|single)[ -]word(?: answer| reply| response)?\b|\bone word only\b"
    r"|\b(?:and )?nothing (?:else|more)\b|\bno (?:other|extra) (?:words|text)\b"
    r"|\bthe \w+ (?:only|alone)\b|\bwithout (?:any )?(?:explanation|other words)\b",
    re.IGNORECASE,
)
COPULA = re.compile(r"\s(?:is|are|was|were|am|means|equals|=)\s+", re.IGNORECASE)
COLON = re.compile(r":\s+(?=\S)|:(?=[^\W\d_])")
QUOTE = re.compile(r"[\"“]([^\"”]+)[\"”]|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)")
LEADING = re.compile(
    r"^(?:(?:now|actually|currently|called|named|set|to|on|at|in|by|from|near|of|due|for|with|as|"
    r"the|a|an|eating|really|very|much|some|going|based|located|my|our)\b\s*|[:,—=-]\s*)+(?=\S)",
    re.IGNORECASE,
)
CUT = re.compile(
    r"\s*[,;(]\s|\s+(?:and|but|for|so|because) (?=(?:i|my|me|later|we|it|that|this)\b)"
    r"|\s+(?:please|now|instead|today|anymore|by the way|too|as well)$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[-+]?\d[\w.,:/-]*\w|\d")


def wanted(text: str) -> str | None:
    """Return the noun of a demand for the bare answer (`just the word` -> `word`), "" for any."""
    match = BARE.search(text[-400:])
    return (match["noun"] or match["one"] or "").lower() if match else None


def value(query: Query, fact: Fact, noun: str) -> str:
    """Return only the answer: of `My name is Alice.`, asked for the name, `Alice`."""
    text = fact.clause.strip().rstrip(".!?;, ")
    if noun == "number" or query.wants == "number":
        found: list[str] = [m for m in NUMBER.findall(text) if m.lower() not in query.text.lower()]
        found += [word for word in tokens(text) if word.lower() in NUMBERS]
        if found:
            return found[0]
    if listed := [word for word in tokens(text) if set(categories(word)) & set(query.concepts)]:
        return listed[-1]
    return tidy(side(query, text)) or text


def side(query: Query, text: str) -> str:
    if quoted := QUOTE.search(text):
        return str(quoted[1] or quoted[2])
    if (colon := COLON.search(text)) and text[colon.end() :].strip():
        return text[colon.end() :]
    if copula := COPULA.search(f" {text}"):
        left, right = f" {text}"[: copula.start()].strip(), f" {text}"[copula.end() :]
        swapped = bool(overlap(query, right)) and not overlap(query, left)
        return left if swapped and not persons_only(left) else after_topic(query, right)
    return after_topic(query, text)


def persons_only(text: str) -> bool:
    return all(word.lower() in FIRST_PERSON | BE for word in tokens(text))


def overlap(query: Query, text: str) -> set[str]:
    return set(concepts(tokens(text))) & set(query.concepts)


def after_topic(query: Query, text: str) -> str:
    """Return what follows the last word of the topic, or precedes it if nothing does."""
    end = 0
    for word in re.finditer(r"\S+", text):
        meant = concept(word[0].strip(".,:;!?\"'"))
        if meant in query.concepts or meant in {"like", "live", "work", "name", "word"}:
            end = word.end()
    rest = text[end:].strip(" ,:;—-")
    return rest or text


def tidy(text: str) -> str:
    text = LEADING.sub("", text.strip())
    cut = CUT.search(text)
    text = (text[: cut.start()] if cut and cut.start() else text).strip(" .,;:!?\"'“”\u2018\u2019")
    words = text.split()
    while len(words) > 1 and words[0].lower() in SILENT and words[0].islower():
        words = words[1:]
    return " ".join(words)
