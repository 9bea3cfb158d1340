"""Bare answers: only the value, where a message or a schema wants it."""

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
from mockletta.language.words import NUMBERS, concept, concepts, patterns, tokens

NUMBER = re.compile(r"[-+]?\d[\w.,:/-]*\w|\d")
BARE = patterns("bare")


def worded_answer(text: str, sources: Sources) -> tuple[str, bool]:
    """Answer a message as it demands, in sentences or bare; say whether all could be answered."""
    if text not in sources.answers:
        answers = answered(text, sources)
        noun = bare_noun(text)
        told = composed(answers, sources) if noun is None or not answers else bare(answers, noun)
        sources.answers[text] = told, is_known(answers)
    return sources.answers[text]


def bare_noun(text: str) -> str | None:
    """Return the noun of a demand for the bare answer (`just the word` -> `word`), "" for any."""
    match = BARE.bare.search(text[-400:])
    return (match["noun"] or match["one"] or "").lower() if match else None


def bare(answers: list[Answered], noun: str) -> str:
    found = [value(asked_for, fact, noun) for asked_for, facts in answers for fact in facts]
    return ", ".join(dict.fromkeys(found)) if found else "I don't know."


def value(asked_for: Query, fact: Fact, noun: str) -> str:
    """Return only the answer: of `My name is Alice.`, asked for the name, `Alice`."""
    text = fact.clause.strip().rstrip(".!?;, ")
    if noun == "number" or asked_for.wants == "number":
        found = [one for one in NUMBER.findall(text) if one.lower() not in asked_for.text.lower()]
        found += [word for word in tokens(text) if word.lower() in NUMBERS]
        if found:
            return str(found[0])
    rest = BARE.cut.sub("", BARE.leading.sub("", _side(asked_for, text).strip()))
    return rest.strip(" .,;:!?\"'“”\u2018\u2019") or text


def _side(asked_for: Query, text: str) -> str:
    """Return the side of a statement that answers, or what follows the words that are asked for."""
    wanted = set(asked_for.concepts)
    copula = BARE.copula.search(text)
    left, right = (text[: copula.start()], text[copula.end() :]) if copula else ("", text)
    subject, said = concepts(tokens(left)), concepts(tokens(right))
    if subject and wanted.isdisjoint(subject) and not wanted.isdisjoint(said):
        return left
    ends = [
        word.end()
        for word in re.finditer(r"[\w'-]+:?", right)
        if concept(word[0].strip(":")) in wanted | {"like", "live", "work", "name", "word"}
    ]
    return right[max(ends, default=0) :] or right


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
    mark = BARE.copula.search(text)
    items = ITEMS.split(text[mark.end() :]) if mark else []
    return items if len(items) > 1 and all(len(one.split()) < 4 for one in items) else []


def bare_value(name: str, sources: Sources, noun: str = "") -> str:
    """Return what is known of something by its name: `Oulu` for `city`; "" if nothing is."""
    asked_for = query(f"What is my {name}?")
    found = lookup(asked_for, sources) or lookup(query(f"What is the {name}?"), sources)
    return value(asked_for, found[-1], noun) if found else ""
