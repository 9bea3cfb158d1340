"""Tool fits: which tool a part of a message means by what the tool does."""

from collections.abc import Sequence
from typing import NamedTuple

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.tool_arguments import cuts_quotation, read_order
from mockletta.default_brain.tool_calling.tool_evidence import (
    ACTS,
    LOOKING,
    Evidence,
    acts_of,
    does_something,
    evidence_for,
    meanings,
    name_stems,
)
from mockletta.language.facts import asks_for_return
from mockletta.language.order_reading import Reading, Recall
from mockletta.language.parameter_roles import about, topic
from mockletta.language.questions import without_lead_in
from mockletta.language.sentences import is_finite, is_order, kind, plain
from mockletta.language.words import (
    AUXILIARY,
    FIRST_PERSON,
    ORDERS,
    base,
    expand,
    is_verb,
    lexicon,
    name_words,
    patterns,
    stem,
    tokens,
)

TOOL = patterns("tool")
QUESTION = patterns("question")
AUTHORING = lexicon("authoring")
THINGS = lexicon("things")
BEFORE_VERBS = frozenset({"to", "please", "and", "then", "you", "also", "just"})
MOST_WORDS = 12
SHORT = 500
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
    if (
        len(fits) > 1
        and fits[0][:2] == fits[1][:2]
        and fits[0].read.missing == fits[1].read.missing
    ):
        return None
    return fits[0] if fits else None


def mood_of(piece: str, tools: Sequence[ToolSchema]) -> str:
    """Return whether a part of a message is an order, a question or only a few words; "" if it
    states something or asks about what was said or returned before."""
    piece = piece.partition(": ")[0]
    core = plain(piece)
    forbids = TOOL.forbidding.match(core)
    wishes = TOOL.wish.match(core) or TOOL.wish.match(expand(core)) or TOOL.polite.search(piece)
    if wishes and not forbids:
        return "order"
    bare = without_lead_in(piece)
    if (
        forbids
        or QUESTION.aside.search(bare)
        or QUESTION.mention.search(bare)
        or asks_for_return(piece)
        or TOOL.opinion.search(piece)
    ):
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
    if mood == "question" and _names_itself(tool, read):
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


def _names_itself(tool: ToolSchema, read: Reading) -> bool:
    """Whether an argument holds what the tool is about: `the secret word` for define_word."""
    plain = [one.name for one in read.every if one.is_text and "topic" not in one.roles]
    texts = " ".join(str(read.arguments.get(name, "")) for name in plain)
    return not about(tool.name, "")[0].isdisjoint(map(topic, tokens(texts)))


def _is_clear(told: Evidence, read: Reading, mood: str, piece: str) -> bool:
    """Whether what a part of a message names, and the arguments in it, can only mean the tool."""
    if not (told.nouns or told.searches) and (told.unasked or not told.literal):
        given = [one for one in read.every if one.name in read.arguments]
        numbers = read.measured or (told.verb and not read.unexplained)
        typed = any(one.is_typed and (numbers or not one.is_number) for one in given)
        sure = told.literal or typed or bool(told.described)
        asks = not read.missing or (mood == "order" and told.literal and typed)
        made_up = read.guessed and next(iter(tokens(plain(piece))), "").lower() in AUTHORING
        return bool(read.arguments) and asks and sure and not made_up
    if mood != "question":
        return mood == "order" or not read.missing
    words = tokens(plain(piece))
    own = not FIRST_PERSON.isdisjoint(word.lower() for word in words) and not told.literal
    if "your" in words and not told.literal:
        return False
    if own and words[0].lower() not in ORDERS and (read.missing or not read.arguments):
        return False
    return bool(read.arguments) or not (read.unexplained or TOOL.past.match(piece))


def _may_act(tool: ToolSchema, piece: str, mood: str) -> bool:
    """Return whether a part of a message names what a tool does, if the tool changes something."""
    acts, verbs = acts_of(tool)
    core = plain(piece.partition(": ")[0])
    opening = next(iter(tokens(core[:40])), "").lower()
    looks = next(iter(name_words(tool.name)), "").lower() in LOOKING
    other = opening in AUTHORING or (stem(opening) in ACTS and looks)
    if other and stem(opening) not in verbs | name_stems(tool.name):
        return False
    words = [base(word) for word in tokens(piece[:SHORT])]
    asked = mood == "question" and TOOL.unmeant.match(core)
    verbless = TOOL.polite.search(piece) and not any(is_verb(one) for one in words)
    if mood == "question" and not acts and does_something(tool):
        return not verbs.isdisjoint(map(stem, words))
    if not acts or (mood == "order" and stem(opening) in name_stems(tool.name)):
        return True
    return bool(verbless or (_has_verb(tool, words) and not asked))


def _has_verb(tool: ToolSchema, words: list[str]) -> bool:
    """Whether words have a tool's verb; a thing such as `email` is one where it begins an order."""
    verbs = acts_of(tool)[1]
    found = [place for place, word in enumerate(words) if stem(word) in verbs]
    things = [one for one in found if words[one] in THINGS]
    begins = (not place or words[place - 1] in BEFORE_VERBS for place in things)
    return len(things) < len(found) or any(begins)
