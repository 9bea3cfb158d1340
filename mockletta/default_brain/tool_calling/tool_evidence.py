"""Tool evidence: what of a tool the words of a message name."""

from functools import lru_cache
from typing import NamedTuple

from mockletta.brain.decisions import ToolSchema
from mockletta.language.parameter_roles import about, roles_of, senses, topic
from mockletta.language.sentences import plain
from mockletta.language.words import (
    ACT_STEMS,
    NUMBERS,
    base,
    categories,
    is_verb,
    lexicon,
    name_words,
    patterns,
    remembered,
    stem,
    tokens,
)

ARGUMENT = patterns("argument")
TOOL = patterns("tool")
LOOKING = lexicon("looking")
RECKONING = lexicon("reckoning")
ACTS = frozenset(map(stem, lexicon("acts")))
ARTICLES = frozenset({"the", "a", "an"})
FILE = topic("file")
SHORT = 500


@lru_cache(2048)
def meanings(word: str) -> frozenset[str]:
    """Return what a word can stand for: itself, its kind, and what it brings to mind."""
    return senses(word).union([topic(word)], categories(word)) - {""}


@lru_cache(1024)
def _acts(name: str, description: str) -> tuple[str, frozenset[str]]:
    """Return the stem of a tool's verb if it changes something, and of the words that say so."""
    first = stem(next(iter(name_words(name)), "").lower())
    says = next(iter(tokens(description)), "").lower()
    known = first in ACTS or first in ACT_STEMS
    does = first if known and says not in LOOKING | ARTICLES else stem(says)
    return does if does in ACTS else "", frozenset().union(
        *({one} | ACT_STEMS.get(one, frozenset()) for one in {first, does} - {""})
    )


@lru_cache(1024)
def _words(name: str, description: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset().union(*about(name, description)), _acts(name, description[:40])[1]


def is_touched(name: str, description: str, meant: frozenset[str], stems: set[str]) -> bool:
    """Return whether what words mean, or their stems, are among those of a tool."""
    concepts, acts = _words(name, description)
    return not (meant.isdisjoint(concepts) and acts.isdisjoint(stems))


def acts_of(tool: ToolSchema) -> tuple[str, frozenset[str]]:
    return _acts(tool.name, tool.description[:40])


def does_something(tool: ToolSchema) -> bool:
    """Return whether a tool's verb does more than to look something up or to reckon."""
    first = next(iter(name_words(tool.name)), "").lower()
    return is_verb(first) and first not in LOOKING and first not in RECKONING


@lru_cache(1024)
def name_stems(name: str) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in name_words(name))


class Evidence(NamedTuple):
    """What of a tool a part of a message names: its verb, its things, what its description says."""

    literal: bool
    verb: bool
    nouns: int
    described: int
    unasked: int
    searches: bool

    @property
    def score(self) -> int:
        return 2 * self.nouns + 2 * self.verb + self.described or int(self.searches)

    @property
    def is_enough(self) -> bool:
        return bool(self.nouns or self.verb or self.described > 1 or self.searches)


@remembered
def _meant(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the words of a text can stand for, and their stems."""
    words = tokens(text)
    stems = frozenset(stem(base(word)) for word in words)
    return frozenset().union(*map(meanings, words)), stems


def evidence_for(tool: ToolSchema, piece: str) -> Evidence:
    wanted, said = _meant(piece.partition(": ")[0][:SHORT])
    named, described = about(tool.name, tool.description[:SHORT])
    acts, _ = acts_of(tool)
    first = next(iter(name_words(tool.name)), "").lower()
    says = next(iter(tokens(tool.description[:40])), "").lower()
    does = acts or is_verb(first) or not LOOKING.isdisjoint((first, says))
    nouns = named - {topic(first)} if does else named
    verb = stem(first) if first not in LOOKING or not nouns else ""
    if FILE in named and ARGUMENT.path.search(piece):
        wanted |= {FILE}
    verbs = ACT_STEMS.get(verb, frozenset()) | {verb}
    derived = len(verb) > 4 and any(one.startswith(verb) for one in said)
    own = {topic(says)} if acts and stem(first) in ACTS else set()
    takes = roles_of(tool)
    chosen = len(wanted & takes.choices)
    topical = any("topic" in one.roles for one in takes.required)
    return Evidence(
        derived or verb in said,
        derived or not said.isdisjoint(verbs),
        len(wanted & nouns),
        len(wanted & (described - named - own - NUMBERS.keys())) + chosen,
        len(nouns - wanted),
        not acts
        and TOOL.searching.match(plain(piece)) is not None
        and bool(chosen or wanted & described or (topical and TOOL.seeking.search(piece))),
    )
