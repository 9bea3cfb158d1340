"""Tool fits: which tool a part of a message means by what the tool does."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.tool_arguments import cuts_quotation, read_order
from mockletta.language.facts import asks_for_return
from mockletta.language.order_reading import Reading, Recall, about, roles_of, senses, topic
from mockletta.language.questions import without_lead_in
from mockletta.language.sentences import is_finite, is_order, kind, plain
from mockletta.language.words import (
    ACT_STEMS,
    AUXILIARY,
    FIRST_PERSON,
    NUMBERS,
    ORDERS,
    base,
    categories,
    expand,
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
FILE = topic("file")
SHORT = 500


@lru_cache(2048)
def meanings(word: str) -> frozenset[str]:
    """Return what a word can stand for: itself, its kind, and what it brings to mind."""
    return senses(word).union([topic(word)], categories(word)) - {""}


@lru_cache(1024)
def _acts(name: str, description: str) -> tuple[str, frozenset[str]]:
    """Return the stem of a tool's verb if it changes something, and of the words that say so."""
    does = stem(first_word(description))
    verbs = frozenset({stem(first_word(name)), does} - {""})
    return does if does in ACTS else "", verbs.union(*(ACT_STEMS.get(one, ()) for one in verbs))


def acts_of(tool: ToolSchema) -> tuple[str, frozenset[str]]:
    return _acts(tool.name, tool.description[:40])


def is_touched(tool: ToolSchema, meant: frozenset[str], stems: frozenset[str]) -> bool:
    """Return whether what words mean, or their stems, are among those of a tool."""
    named, described = about(tool.name, tool.description[:SHORT])
    return not (
        meant.isdisjoint(named)
        and meant.isdisjoint(described)
        and stems.isdisjoint(acts_of(tool)[1])
    )


@lru_cache(1024)
def name_stems(name: str) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in name_words(name))


def first_word(text: str) -> str:
    """Return the first word of a text, or of a tool's name, in lower case; "" if it has none."""
    return next(iter(name_words(text[:OPENING])), "").lower()


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
def meant_by(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the words of a text can stand for, and their stems."""
    words = tokens(text)
    stems = frozenset(stem(base(word)) for word in words)
    return frozenset().union(*map(meanings, words)), stems


def evidence_for(tool: ToolSchema, piece: str) -> Evidence:
    wanted, said = meant_by(piece.partition(": ")[0][:SHORT])
    named, described = about(tool.name, tool.description[:SHORT])
    if FILE in named and ARGUMENT.path.search(piece):
        wanted |= {FILE}
    first = first_word(tool.name)
    acts = acts_of(tool)[0]
    nouns = named - {topic(first)} if acts or is_verb(first) or first in LOOKING else named
    verb = stem(first) if first not in LOOKING or not nouns else ""
    takes = roles_of(tool)
    chosen = len(wanted & takes.choices)
    topical = any("topic" in one.roles for one in takes.required)
    return Evidence(
        verb in said,
        not said.isdisjoint(ACT_STEMS.get(verb, frozenset()) | {verb}),
        len(wanted & nouns),
        len(wanted & (described - named - NUMBERS.keys())) + chosen,
        len(nouns - wanted),
        not acts
        and TOOL.searching.match(plain(piece)) is not None
        and bool(chosen or wanted & described or topical),
    )


QUESTION = patterns("question")
AUTHORING = lexicon("authoring")
THINGS = lexicon("things")
BEFORE_VERBS = frozenset({"to", "please", "and", "then", "you", "also", "just"})
MOST_WORDS = 12
OPENING = 80


class Fit(NamedTuple):
    """How well a tool fits an order, and what it would be called with."""

    score: int
    unasked: int
    tool: ToolSchema
    read: Reading
    exact: bool


def best_fit(piece: str, context: str, tools: Sequence[ToolSchema], recall: Recall) -> Fit | None:
    """Return the tool that clearly fits a part of a message; None if there is none or several."""
    mood = mood_of(piece, tools)
    fits = [fit for tool in tools if mood and (fit := _fit(tool, piece, mood, context, recall))]
    fits.sort(key=lambda fit: (-fit.score, bool(fit.read.missing), fit.unasked))
    clear = len(fits) == 1 or (fits and fits[0][:2] != fits[1][:2])
    return fits[0] if clear else None


def mood_of(piece: str, tools: Sequence[ToolSchema]) -> str:
    """Return whether a part of a message is an order, a question or only a few words; "" if it
    states something or asks about what was said or returned before."""
    piece = piece.partition(": ")[0]
    core = plain(piece)
    forbids = TOOL.forbidding.match(core)
    if not forbids and TOOL.wish.match(expand(core)):
        return "order"
    bare = without_lead_in(piece)
    asks = QUESTION.aside.search(bare) or QUESTION.mention.search(bare) or asks_for_return(piece)
    if forbids or asks or TOOL.noun.match(piece):
        return ""
    tagged = QUESTION.tag.search(expand(piece).rstrip(" ?!."))
    stated = tagged and kind(tagged.string[: tagged.start()]) == "statement"
    if not stated and (piece.endswith("?") or kind(piece) == "question"):
        return "question"
    words = tokens(core)
    first = stem(words[0].lower()) if words else ""
    told = [is_finite(one) or one.lower() in AUXILIARY | FIRST_PERSON for one in words]
    if any(told) and words[0].endswith("ing"):
        return ""
    acts = is_order(core) or any(first in acts_of(tool)[1] for tool in tools)
    if acts or (not any(told[:3]) and any(first in name_stems(tool.name) for tool in tools)):
        return "order"
    return "" if any(told) or len(words) > MOST_WORDS else "words"


def _fit(tool: ToolSchema, piece: str, mood: str, context: str, recall: Recall) -> Fit | None:
    """Return how a tool fits a part of a message that asks or orders; None if it does not."""
    told = evidence_for(tool, piece)
    if not told.is_enough or not _may_act(tool, piece, mood):
        return None
    read = read_order(tool, piece[:SHORT], recall)
    if read.missing and context:
        read = read_order(tool, piece[:SHORT], recall, context)
    left = len(read.unexplained)
    if told.score <= left or cuts_quotation(read) or not _is_clear(told, read, mood, piece):
        return None
    vague = told.unasked and (read.missing or not read.arguments)
    if (left and (read.missing or mood == "words")) or (mood != "order" and vague):
        return None
    exact = bool(told.nouns and (told.verb or not acts_of(tool)[0]))
    if not told.nouns and not told.verb:  # what a description begins with weighs more
        opening = about(tool.name, tool.description[:OPENING])[1]
        meant = frozenset().union(*map(meanings, tokens(piece)))
        told = told._replace(described=told.described + 2 * len(meant & opening))
    return Fit(told.score + read.fitting, told.unasked, tool, read, exact)


def _is_clear(told: Evidence, read: Reading, mood: str, piece: str) -> bool:
    """Whether what a part of a message names, and the arguments in it, can only mean the tool."""
    if not (told.nouns or told.searches) and (told.unasked or not told.literal):
        given = [one for one in read.every if one.name in read.arguments]
        numbers = read.measured or (told.verb and not read.unexplained)
        typed = any(one.is_typed and (numbers or not one.is_number) for one in given)
        sure = told.literal or typed or bool(told.described)
        asks = not read.missing or (mood == "order" and told.literal and typed)
        made_up = read.guessed and first_word(plain(piece)) in AUTHORING
        return bool(read.arguments) and asks and sure and not made_up
    if mood != "question":
        return mood == "order" or not read.missing
    words = tokens(plain(piece))
    own = not FIRST_PERSON.isdisjoint(word.lower() for word in words) and not told.literal
    if "your" in words and not told.literal:
        return False
    if own and words[0].lower() not in ORDERS and (read.missing or not read.arguments):
        return False
    return bool(read.arguments) or not read.unexplained


def _may_act(tool: ToolSchema, piece: str, mood: str) -> bool:
    """Return whether a part of a message names what a tool does, if the tool changes something."""
    acts, verbs = acts_of(tool)
    first = first_word(tool.name)
    core = plain(piece.partition(": ")[0])
    opening = first_word(core)
    other = opening in AUTHORING or (stem(opening) in ACTS and first in LOOKING)
    if other and stem(opening) not in verbs | name_stems(tool.name):
        return False
    words = [base(word) for word in tokens(piece[:SHORT])]
    asked = mood == "question" and TOOL.unmeant.match(core)
    does = is_verb(first) and first not in LOOKING | RECKONING
    if mood == "question" and not acts and does:
        return not verbs.isdisjoint(map(stem, words))
    if not acts or (mood == "order" and stem(opening) in name_stems(tool.name)):
        return True
    return _has_verb(tool, words) and not asked


def _has_verb(tool: ToolSchema, words: list[str]) -> bool:
    """Whether words have a tool's verb; a thing such as `email` is one where it begins an order."""
    verbs = acts_of(tool)[1]
    found = [place for place, word in enumerate(words) if stem(word) in verbs]
    things = [one for one in found if words[one] in THINGS]
    begins = (not place or words[place - 1] in BEFORE_VERBS for place in things)
    return len(things) < len(found) or any(begins)
