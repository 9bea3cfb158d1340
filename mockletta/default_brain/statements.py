"""Statements: which part of a user's sentence tells something, freed from the order around it."""

import re
from collections.abc import Iterator

from mockletta.default_brain import memory_requests
from mockletta.default_brain.sentences import clauses, kind, plain, sentences

REMEMBER = re.compile(
    r"^(?:(?:always|also|just) )?(?:remember|memori[sz]e|(?:do not|don['\u2019]t|never) forget|"
    r"keep in mind|bear in mind|note|take note|make a note|learn|know|be aware)\b(?!\s+(?:me|"
    r"when)\b)"
    r"(?:\s+(?:of\s+)?(?:this|the following)(?:\s+(?:fact|for (?:me|later)))?\s*(?=[:,—-]))?"
    r"(?:\s+of\s+(?=this|that|the|my))?[\s:,—-]+(?:that\s+(?=\S))?",
    re.IGNORECASE,
)
TOLD = re.compile(
    r"^(?:i (?:already )?(?:told|said|mentioned)(?: to)?(?: you)? that|let me tell you(?: that)?|"
    r"i(?:['\u2019]d| would)? (?:just )?(?:want|wanted|like|love)(?: you)? to (?:know|tell you|"
    r"say|add)"
    r"(?: that)?|you should know(?: that)?|it is true that|the fact is(?: that)?)\s+",
    re.IGNORECASE,
)
SHORTEST = 3
SHAPED = re.compile(
    r"\b(?:i|we|my|our|am|is|are|was|were|has|have|had|will|would|can|must|likes?|loves?|lives?|"
    r"works?|wants?|needs?|means?|equals)\b|[=]|['\u2019](?:m|re|s)\b|\w:\s",
    re.IGNORECASE,
)


def told(sentence: str) -> tuple[str, bool]:
    """Return what a sentence tells, "" if nothing, and whether to remember it."""
    if match := memory_requests.request(sentence):
        return memory_requests.content(match), True
    if memory_requests.replacement(sentence):
        return "", True
    core = plain(sentence)
    remember = REMEMBER.match(core)
    if remember and not (core.endswith("?") and not SHAPED.search(core[remember.end() :])):
        return core[remember.end() :], True
    return (TOLD.sub("", core), False) if kind(sentence) == "statement" else ("", False)


def statements(text: str) -> Iterator[tuple[str, bool]]:
    """Return the clauses of a user's text that tell something, each with whether to remember it."""
    for sentence in sentences(text):
        if len(sentence) < SHORTEST:
            continue
        core, remembered = told(sentence)
        for clause in clauses(core):
            yield clause, remembered


def is_factual(text: str) -> bool:
    """Whether a statement has the form of a fact: a subject and a verb, or a key and a value."""
    return SHAPED.search(text) is not None
