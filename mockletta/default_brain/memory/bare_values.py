"""Bare values: the part of a fact that answers a question, without the sentence around it."""

import re

from mockletta.language.facts import Fact
from mockletta.language.questions import Query
from mockletta.language.sentences import ITEMS
from mockletta.language.words import NUMBERS, concept, concepts, patterns, tokens

BARE = patterns("bare")
NUMBER = re.compile(r"[-+]?\d[\w.,:/-]*\w|\d")


def bare(answers: list[tuple[Query, list[Fact]]], noun: str) -> str:
    """Return only the answers; `noun` is what the message demands: of `just the word`, `word`."""
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


def listed_values(fact: Fact) -> list[str]:
    """Return the things that a fact lists: of `our stack is Go, Kafka and Redis` three."""
    text = fact.clause.rstrip(" .!")
    mark = BARE.copula.search(text)
    items = ITEMS.split(text[mark.end() :]) if mark else []
    return items if len(items) > 1 and all(len(one.split()) < 4 for one in items) else []
