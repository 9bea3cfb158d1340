"""Tool fits: which tool a part of a message means, by what the tool does and by what it takes."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.order_readings import ARGUMENT, Beside, Reading
from mockletta.default_brain.tool_calling.parameter_roles import about, roles_of, senses, topic
from mockletta.default_brain.tool_calling.tool_arguments import read_order
from mockletta.language.questions import asks_for_return, without_lead_in
from mockletta.language.sentences import is_finite, is_order, kind, plain
from mockletta.language.words import (
    ACT_STEMS,
    ACT_WORDS,
    AUXILIARY,
    FIRST_PERSON,
    NUMBERS,
    ORDERS,
    THIRD_PERSON,
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
    word_set,
)

TOOL = patterns("tool")
QUESTION = patterns("question")
LOOKING, RECKONING = lexicon("looking"), lexicon("reckoning")
AUTHORING, THINGS = lexicon("authoring"), lexicon("things")
WANTING = frozenset(["get", "need", "want", "like", "make", "do", "have", "put"])
ACTS, GENERIC = (frozenset(map(stem, lexicon(one))) for one in ("acts", "generic_acts"))
LOOKS = frozenset(map(stem, LOOKING))
POINTING = FIRST_PERSON | THIRD_PERSON | word_set("that this you your there thanks")
ARTICLES = frozenset({"the", "a", "an"})
SWITCHES = frozenset({"on", "off"})
BEFORE_VERBS = frozenset({"to", "please", "and", "then", "you", "also", "just", "can", "could"})
ASPECTS = frozenset(map(topic, word_set("status state info details location history")))
MOST_WORDS, SHORT, OPENING = 14, 500, 80


class ToolWords(NamedTuple):
    """What a tool's name and description say: its verbs, its things, and what else.

    `stems` are those of its name, `verbs` those of its first words and `likely` those of verbs that
    mean the same. A text with one of the `literal` verbs names the tool.
    """

    first: str
    stems: frozenset[str]
    verbs: frozenset[str]
    likely: frozenset[str]
    literal: frozenset[str]
    nouns: frozenset[str]
    described: frozenset[str]
    changes: bool


def words_of(tool: ToolSchema) -> ToolWords:
    return _words(tool.name, tool.description[:SHORT])


@lru_cache(1024)
def _words(name: str, description: str) -> ToolWords:
    words = [one.lower() for one in name_words(name)]
    first, says = next(iter(words), ""), next(iter(tokens(description[:40])), "").lower()
    verbs = frozenset(stem(one) for one in (first, says) if one and one not in ARTICLES)
    looks = not (LOOKING | RECKONING | ARTICLES).isdisjoint((first, says))
    changes = not looks and (is_verb(says) or not ACTS.isdisjoint((stem(says), stem(first))))
    named, described = about(name, description)
    is_act = is_verb(first) or first in LOOKING.union(RECKONING, ACT_WORDS) or stem(first) in ACTS
    is_act = is_act and not (says in LOOKING and first in THINGS - LOOKING)  # `order_status`
    nouns = named - {topic(first)} if is_act else named
    return ToolWords(
        first,
        frozenset(map(stem, words)),
        verbs,
        verbs.union(*(ACT_STEMS.get(one, frozenset()) for one in verbs)),
        verbs - LOOKS - (GENERIC if nouns else set()) - (set() if is_act else {stem(first)}),
        nouns,
        described - named.union(map(topic, verbs), NUMBERS),
        changes,
    )


@lru_cache(2048)
def meanings(word: str) -> frozenset[str]:
    """Return what a word can stand for: itself, its kind, and what it brings to mind."""
    return senses(word).union([topic(word)], categories(word)) - {""}


@remembered
def _meant(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the words of a text can stand for, and the stems of those that can be verbs.

    A thing such as `email` is a verb where it begins an order.
    """
    acts = [base(one) for one in tokens(plain(text))]
    stems = frozenset(
        stem(word)
        for place, word in enumerate(acts)
        if word != "not" and (word not in THINGS or not place or acts[place - 1] in BEFORE_VERBS)
    )
    joined = [f"{one}{out}" for one, out in pairwise(acts) if out == "out"]  # `check out`
    return frozenset().union(*map(meanings, [*tokens(text), *joined])), stems


class Evidence(NamedTuple):
    """What of a tool a text names: its verb, its things, what it and its parameters are about."""

    literal: bool
    verb: bool
    nouns: int
    described: int
    chosen: int
    unasked: int

    @property
    def score(self) -> int:
        return 2 * self.nouns + 2 * self.verb + self.literal + self.described + self.chosen

    @property
    def is_whole(self) -> bool:
        """Whether the verb and all the things of the tool's name are named."""
        return self.literal and self.nouns > 0 and not self.unasked


def evidence_for(tool: ToolSchema, text: str) -> Evidence:
    """Return what of a tool a text names."""
    wanted, said = _meant(text)
    words, takes = words_of(tool), roles_of(tool)
    derived = stem(words.first) not in GENERIC | LOOKS and topic(words.first) in wanted
    seeks = bool(TOOL.seeking.search(text)) and any("topic" in one.roles for one in takes.required)
    literal = derived or not words.literal.isdisjoint(said) or (seeks and not words.changes)
    looks = words.first in LOOKING and not LOOKS.isdisjoint(said) and not TOOL.indirect.search(text)
    return Evidence(
        literal,
        literal or looks or not words.likely.isdisjoint(said),
        len(wanted & words.nouns),
        len(wanted & words.described),
        len(wanted & takes.choices),
        len(words.nouns - wanted - ASPECTS),
    )


def touched_by(text: str, tools: Sequence[ToolSchema]) -> list[ToolSchema]:
    """Return the tools that a text names anything of, the best ones first."""
    told = [(evidence_for(one, text).score, one) for one in tools]
    return [one for score, one in sorted(told, key=lambda one: -one[0]) if score]


# The mood of a part of a message


def mood_of(piece: str, tools: Sequence[ToolSchema]) -> str:
    """Return whether a part of a message is an order, a question or only a few words; "" if it
    states something or asks about what was said or returned before."""
    core, bare = plain(piece), without_lead_in(piece)
    if TOOL.forbidding.match(core):
        return ""
    if TOOL.wish.match(core) or TOOL.wish.match(expand(core)):
        return "order"
    about_before = QUESTION.aside.search(bare) or QUESTION.mention.search(bare)
    if (about_before or asks_for_return(piece)) and not _begins_literally(core, tools):
        return ""
    if TOOL.asked_to.search(piece):
        return "order"
    return "question" if _asks(piece) else _mood_without_mark(piece, core, tools)


def _begins_literally(core: str, tools: Sequence[ToolSchema]) -> bool:
    """Return whether an order begins with the verb of a tool: `turn the light off again`."""
    first = stem(next(iter(tokens(core.lower())), ""))
    return is_order(core) and any(first in words_of(tool).literal for tool in tools)


def _asks(piece: str) -> bool:
    tagged = QUESTION.tag.search(expand(piece).rstrip(" ?!."))
    stated = tagged and kind(tagged.string[: tagged.start()]) == "statement"
    return not stated and (piece.endswith("?") or kind(piece) == "question")


def _mood_without_mark(piece: str, core: str, tools: Sequence[ToolSchema]) -> str:
    words = tokens(expand(plain(piece.partition(": ")[0]))) or tokens(core)
    first = stem(words[0].lower()) if words else ""
    told = [is_finite(one) or one.lower() in AUXILIARY | FIRST_PERSON for one in words]
    acts = is_order(core) or any(first in words_of(tool).likely for tool in tools)
    acts = acts and not (any(told) and words[0].endswith("ing"))
    names = not any(told[:3]) and any(first in words_of(tool).stems for tool in tools)
    if acts or names or (not any(told) and ARGUMENT.imperative.match(core)):
        return "order"
    return "" if any(told) or len(words) > MOST_WORDS else "words"


# How well a tool fits


class Piece(NamedTuple):
    """A part of a message: its text, its mood, what it says before a colon, and its words."""

    text: str
    mood: str
    core: str
    words: list[str]

    @property
    def opening(self) -> str:
        return self.words[0] if self.words else ""


class Fit(NamedTuple):
    """How well a tool fits an order, and what it would be called with."""

    score: float
    tool: ToolSchema
    read: Reading
    exact: bool


def best_fits(piece: str, mood: str, tools: Sequence[ToolSchema], beside: Beside) -> list[Fit]:
    """Return the tool that clearly fits a part of a message, or those that fit alike."""
    named, _, rest = piece.partition(": ")
    core = plain(piece)
    text = (piece if rest else core)[:SHORT]
    part = Piece(text, mood, plain(named), [one.lower() for one in tokens(core)])
    opening = named if len(tokens(named)) > 2 else f"{named} {rest}"
    told = [(evidence_for(one, opening), one) for one in tools]
    best = max((one.score for one, _ in told), default=0)
    likely = [(one, tool) for one, tool in told if one.score >= max(best - 3, int(best >= 3))]
    fits = [fit for one, tool in likely if (fit := _fit(tool, one, part, beside))]
    most = max((fit.score for fit in fits), default=0)
    return [fit for fit in fits if fit.score == most]


def _fit(tool: ToolSchema, told: Evidence, piece: Piece, beside: Beside) -> Fit | None:
    """Return how a tool fits a part of a message that asks or orders; None if it does not."""
    measured = told.score or ARGUMENT.measured.search(piece.text)
    if not measured or not _may_act(tool, told, piece):
        return None
    points = len(piece.words) == 1 or TOOL.pronoun.search(piece.text)
    meant = beside.context and (beside.refers or points)
    read = read_order(tool, piece.text, beside._replace(refers=False))
    if read.missing and (meant or _is_title(beside.context, read)):
        read = read_order(tool, piece.text, beside._replace(refers=True))
    if piece.mood == "question":
        read.drop_spoken_ids()
    words, opening = words_of(tool), stem(piece.opening)
    verbs = words.likely | words.stems | GENERIC | LOOKS
    support = (
        2 * told.nouns
        + told.described
        + told.chosen
        + (3 if told.literal else told.verb + (opening in words.likely - GENERIC))
        + 2 * read.sure
        + bool(read.arguments and not read.missing)
        - 2 * len(read.unexplained)
        - 2 * (words.changes and is_verb(opening) and opening not in verbs)
    )
    if cuts_quotation(read) or not _is_clear(tool, told, piece, read, support):
        return None
    fills = (told.literal or told.chosen) and read.sure and not read.missing
    fills = fills or (len(read.arguments) > 2 and not read.missing and not read.unexplained)
    nouns = told.nouns or (meant and evidence_for(tool, beside.context).nouns)
    exact = bool(fills or (nouns and (told.verb or not words.changes)))
    begins = about(tool.name, tool.description[:OPENING])[1] & _meant(piece.text)[0]
    score = support + len(read.arguments) - 2 * len(read.missing)
    return Fit(score + 0.5 * len(begins), tool, read, exact)


def _may_act(tool: ToolSchema, told: Evidence, piece: Piece) -> bool:
    """Return whether a part of a message can order a tool that changes something."""
    words, opening = words_of(tool), piece.opening
    begins = stem(opening) in words.stems
    switched = next((one for one in piece.words if one in SWITCHES), "")
    if switched and words.stems & SWITCHES and switched not in words.stems:
        return False  # not `turn_on` if it is to be turned off
    if words.first in LOOKING and stem(opening) in ACTS - words.likely and not begins:
        return False
    if not words.changes or piece.mood == "words":
        return not words.changes or not TOOL.to_me.match(piece.core)
    if piece.mood == "question":
        return told.verb and not TOOL.unmeant.match(piece.core)
    acts = is_verb(opening) or opening in ORDERS
    wishes = opening in WANTING or TOOL.wish.match(piece.core)
    return not TOOL.to_me.match(piece.core) and bool(told.verb or begins or wishes or not acts)


def cuts_quotation(read: Reading) -> bool:
    """Return whether an argument is only a part of what stands in quotation marks."""
    quoted = [one.text[1:-1] for one in read.tokens if one.kind == "quoted"]
    values = [one for one in read.arguments.values() if isinstance(one, str)]
    return any(value in one for one in quoted if one not in values for value in values)


def _is_title(context: str, read: Reading) -> bool:
    """Return whether all that an order lacks is a title, and what was told before it is one."""
    words = tokens(plain(context))
    told = len(words) > 2 and words[0].lower() not in POINTING and "?" not in context
    lacking = [one for one in read.takes.required if one in read.open]
    return told and all("title" in one.roles for one in lacking)


def _is_clear(tool: ToolSchema, told: Evidence, piece: Piece, read: Reading, support: int) -> bool:
    """Return whether what a part of a message names, and its arguments, can only mean the tool."""
    if piece.mood == "question":
        return _is_asked(tool, told, piece, read)
    opening = piece.opening
    if opening in AUTHORING and not told.nouns and stem(opening) not in words_of(tool).verbs:
        return False
    somebody = told.nouns > 0 and TOOL.to_somebody.search(piece.text) is not None
    asks = piece.mood == "order" and len(read.unexplained) <= somebody
    if read.missing and not (asks and (told.nouns or told.literal or read.sure > 1)):
        return False
    if piece.mood == "words":
        return support >= (3 if told.nouns and not read.unexplained else 4)
    return support >= (2 if told.nouns else 3)


def _is_asked(tool: ToolSchema, told: Evidence, piece: Piece, read: Reading) -> bool:
    """Return whether a question asks for what only a tool can tell."""
    given = read.sure or any(one.kind == "quoted" for one in read.tokens)
    named = told.nouns or told.described > 1 or (told.literal and read.arguments)
    clear = not read.missing and (
        (read.sure > 1 and (told.verb or told.chosen))
        or (told.described and given)
        or (told.verb and read.arguments and not words_of(tool).changes)
    )
    if not (named or clear) or read.unexplained:
        return False
    lacks = read.missing and not read.arguments and told.unasked
    if lacks or ("your" in piece.words and not told.literal):
        return False
    own = not FIRST_PERSON.isdisjoint(piece.words) and piece.opening not in ORDERS
    if own and (read.missing or not read.arguments):
        ids = {one.name for one in read.takes.required if "id" in one.roles}
        state = TOOL.asks_state.match(piece.core) and ids.issuperset(read.missing)
        return told.nouns > 0 and told.unasked == 0 and bool(state or "where" in piece.opening)
    texts = [one.name for one in read.takes.every if one.is_text and "topic" not in one.roles]
    words = tokens(" ".join(str(read.arguments.get(one, "")) for one in texts))
    return about(tool.name, "")[0].isdisjoint(map(topic, words))  # not the `secret word` itself
