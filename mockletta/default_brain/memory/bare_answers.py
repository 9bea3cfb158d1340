"""Bare answers: the value alone, where a message or a schema wants no sentence."""

import re

from mockletta.default_brain.memory.answers import (
    Answered,
    answered,
    composed,
    is_known,
    lookup,
    resolve,
)
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.language.facts import Fact
from mockletta.language.questions import Query, asked, query
from mockletta.language.sentences import ITEMS
from mockletta.language.words import (
    BE,
    FIRST_PERSON,
    NUMBERS,
    SILENT,
    categories,
    concept,
    concepts,
    patterns,
    tokens,
)

BARE = patterns("bare")

COLON = re.compile(r":\s+(?=\S)|:(?=[^\W\d_])")
QUOTE = re.compile(r"[\"“]([^\"”]+)[\"”]|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)")
NUMBER = re.compile(r"[-+]?\d[\w.,:/-]*\w|\d")


def worded_answer(text: str, sources: Sources) -> tuple[str, bool]:
    """Answer a message as it demands, in sentences or bare; say whether all could be answered."""
    answers = answered(text, sources)
    noun = bare_noun(text)
    told = composed(answers, sources) if noun is None or not answers else bare(answers, noun)
    return told, is_known(answers)


def bare_noun(text: str) -> str | None:
    """Return the noun of a demand for the bare answer (`just the word` -> `word`), "" for any."""
    match = BARE.bare.search(text[-400:])
    return (match["noun"] or match["one"] or "").lower() if match else None


def bare(answers: list[Answered], noun: str) -> str:
    found = [value(asked_for, fact, noun) for asked_for, facts in answers for fact in facts]
    return ", ".join(dict.fromkeys(found)) if found else "I don't know: you haven't told me."


def value(asked_for: Query, fact: Fact, noun: str) -> str:
    """Return only the answer: of `My name is Alice.`, asked for the name, `Alice`."""
    text = fact.clause.strip().rstrip(".!?;, ")
    if noun == "number" or asked_for.wants == "number":
        found: list[str] = [
            m for m in NUMBER.findall(text) if m.lower() not in asked_for.text.lower()
        ]
        found += [word for word in tokens(text) if word.lower() in NUMBERS]
        if found:
            return found[0]
    if listed := [word for word in tokens(text) if set(categories(word)) & set(asked_for.concepts)]:
        return listed[-1]
    return tidied(side(asked_for, text)) or text


def side(asked_for: Query, text: str) -> str:
    if quoted := QUOTE.search(text):
        return str(quoted[1] or quoted[2])
    if (colon := COLON.search(text)) and text[colon.end() :].strip():
        return text[colon.end() :]
    if copula := BARE.copula.search(f" {text}"):
        left, right = f" {text}"[: copula.start()].strip(), f" {text}"[copula.end() :]
        swapped = bool(overlap(asked_for, right)) and not overlap(asked_for, left)
        persons_only = all(word.lower() in FIRST_PERSON | BE for word in tokens(left))
        return left if swapped and not persons_only else after_topic(asked_for, right)
    return after_topic(asked_for, text)


def overlap(asked_for: Query, text: str) -> set[str]:
    return set(concepts(tokens(text))) & set(asked_for.concepts)


def after_topic(asked_for: Query, text: str) -> str:
    """Return what follows the last word of the topic, or precedes it if nothing does."""
    end = 0
    for word in re.finditer(r"\S+", text):
        meant = concept(word[0].strip(".,:;!?\"'"))
        if meant in asked_for.concepts or meant in {"like", "live", "work", "name", "word"}:
            end = word.end()
    rest = text[end:].strip(" ,:;—-")
    return rest or text


def tidied(text: str) -> str:
    text = BARE.leading.sub("", text.strip())
    cut = BARE.cut.search(text)
    text = (text[: cut.start()] if cut and cut.start() else text).strip(" .,;:!?\"'“”\u2018\u2019")
    words = text.split()
    while len(words) > 1 and words[0].lower() in SILENT and words[0].islower():
        words = words[1:]
    return " ".join(words)


def named_values(text: str, sources: Sources) -> dict[str, object]:
    """Return the answers to a message's questions by what they ask for: `{"name": "Al"}`."""
    found = (one for item in map(query, asked(text)) for one in resolve(item, sources))
    named: dict[str, object] = {
        "_".join(tokens(BARE.asked_of.sub("", asked_for.text).lower())): (
            listed_values(facts[-1]) or value(asked_for, facts[-1], "")
        )
        for asked_for, facts in found
        if facts
    }
    return {key: one for key, one in named.items() if key}


def listed_values(fact: Fact) -> list[str]:
    """Return the things that a fact lists: of `our stack is Go, Kafka and Redis` three."""
    text = fact.clause.rstrip(" .!")
    mark = BARE.copula.search(text) or COLON.search(text)
    items = ITEMS.split(text[mark.end() :]) if mark else []
    return items if len(items) > 1 and all(len(one.split()) < 4 for one in items) else []


def bare_value(name: str, sources: Sources, noun: str = "") -> str:
    """Return what is known of something by its name: `Oulu` for `city`; "" if nothing is."""
    asked_for = query(f"What is my {name}?")
    found = lookup(asked_for, sources) or lookup(query(f"What is the {name}?"), sources)
    return value(asked_for, found[-1], noun) if found else ""
