"""Tool wishes: calls that a message asks for by what a tool does, without the tool's name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.brain.history import newest
from mockletta.brain.tool_parameters import own_tools
from mockletta.default_brain.memory.answers import was_told
from mockletta.default_brain.memory.bare_answers import bare_value
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.tool_calling.follow_up_orders import answered_order, more_of_the_same
from mockletta.default_brain.tool_calling.tool_arguments import calls, cuts_quotation, read_order
from mockletta.default_brain.tool_calling.tool_evidence import (
    ACTS,
    LOOKING,
    Evidence,
    acts_of,
    does_something,
    evidence_for,
    is_touched,
    meanings,
    name_stems,
)
from mockletta.default_brain.tool_calling.tool_orders import (
    MOST_CALLS,
    NotCallable,
    Order,
    needs,
    repeats,
    tool_orders,
)
from mockletta.language.facts import asks_for_return
from mockletta.language.order_reading import Reading, Recall
from mockletta.language.parameter_roles import PREPOSITIONS, about, topic
from mockletta.language.questions import without_lead_in
from mockletta.language.sentences import is_finite, is_order, kind, plain, sentences
from mockletta.language.words import (
    ATTRIBUTES,
    AUXILIARY,
    FIRST_PERSON,
    IRREGULAR_PAST,
    ORDERS,
    SILENT,
    base,
    concepts,
    expand,
    is_verb,
    lexicon,
    lower_words,
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
MOST_SENTENCES = 5
MOST_TOOLS = 100
MOST_TOUCHED = 24
MOST_PIECES = 8
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


def named_orders(text: str, call: ModelCall, sources: Callable[[], Sources]) -> list[Order]:
    """Return the calls that a message orders by name, or that it completes: `in Hamburg`."""
    return tool_orders(text, call) or answered_order(text, call, _recall(sources))


def wished_orders(text: str, call: ModelCall, sources: Callable[[], Sources]) -> list[Order]:
    """Return the calls that clearly answer or obey a message, unless the answer was told before.

    NotCallable if an order clearly means a tool but lacks what the tool needs.
    """
    touched = _touched(text, own_tools(call.schemas)[:MOST_TOOLS])
    recall = _recall(sources)
    if more := more_of_the_same(text, call, recall):
        return more
    pieces = _sentences(text) if touched else []
    stated = [one for one in pieces if kind(one) == "statement"]
    orders: list[Order] = []
    lacking = ""
    for sentence in pieces if pieces and not tool_orders(text, call) else ():
        context = "; ".join(one for one in stated if one is not sentence)
        fits = list(_fitted(TOOL.parallel.sub(" ", sentence), context, touched, recall))
        asks = fits and kind(sentence) == "question" and not TOOL.searching.match(sentence)
        if asks and was_told(sentence, sources()):
            continue
        for fit in fits:
            if fit.read.missing:
                lacking = lacking or needs(fit.tool, fit.read.missing)
            else:
                found = calls(fit.read) * repeats(fit.tool, sentence)
                orders += [(fit.tool, one) for one in found]
    if lacking and not orders:
        raise NotCallable(lacking)
    return orders[:MOST_CALLS]


def _sentences(text: str) -> list[str]:
    """Return the first sentences, each cut. A preposition goes on: `"Ready?" for Al`."""
    joined: list[str] = []
    for one in islice(sentences(text), MOST_SENTENCES):
        if joined and one.partition(" ")[0] in PREPOSITIONS:
            joined[-1] = f"{joined[-1]} {one}"[:SHORT]
        else:
            joined.append(one[:SHORT])
    return joined


def begins_with_act(text: str, call: ModelCall) -> bool:
    """Whether an order begins with the verb of one of the agent's own tools, or is to use one."""
    own = own_tools(call.schemas)
    if not own:
        return False
    first = stem(next(iter(tokens(plain(text[:SHORT])[:OPENING])), "").lower())
    asked = TOOL.with_tool.search(text[:SHORT])
    return any(asked or first in acts_of(one)[1] for one in own)


def is_exact_order(text: str, call: ModelCall, sources: Callable[[], Sources]) -> bool:
    """Whether an order names what a tool does and to what, and does not speak of memory."""
    touched = _touched(text, own_tools(call.schemas)[:MOST_TOOLS])
    if not touched or TOOL.remembering.search(text[:SHORT]):
        return False
    fits = (fit for one in _sentences(text) for fit in _fitted(one, "", touched, _recall(sources)))
    return any(fit.exact and not fit.read.missing for fit in fits)


def _recall(sources: Callable[[], Sources]) -> Recall:
    """Return a function for what was told before of the user's own: `sister`, `where I live`."""

    def recall(name: str) -> str:
        call = sources().call
        earlier = [one for one in call.messages[: newest(call.messages)] if one.role == "user"]
        told = Sources(replace(call, messages=earlier))
        home = {"city", "live"}.issuperset(concepts(tokens(name)))
        found = bare_value("city" if name.startswith("where ") or home else name, told)
        words = frozenset(lower_words(found))
        return "" if words <= SILENT | ATTRIBUTES or words & FIRST_PERSON else found

    return recall


def _touched(text: str, tools: Sequence[ToolSchema]) -> list[ToolSchema]:
    """Return the tools whose words a message has. Of very many these are the best ones."""
    if not tools:
        return []
    words = tokens(text[: MOST_SENTENCES * SHORT])
    meant = frozenset().union(*map(meanings, words))
    stems = {stem(base(word)) for word in words}
    searches = TOOL.searching.search(text[:SHORT]) is not None
    touched = [
        tool
        for tool in tools
        if searches or is_touched(tool.name, tool.description[:SHORT], meant, stems)
    ]
    if len(touched) > MOST_TOUCHED:
        touched.sort(key=lambda tool: -evidence_for(tool, text).score)
    return touched[:MOST_TOUCHED]


def _fitted(
    sentence: str, context: str, tools: Sequence[ToolSchema], recall: Recall
) -> Iterator[Fit]:
    """Yield the orders of a sentence, each with the tool that fits it."""
    if found := _told_before(sentence, context, tools, recall):
        yield from found
        return
    for joint in islice(TOOL.joint.finditer(sentence), MOST_PIECES):
        left, right = sentence[: joint.start()], sentence[joint.end() :]
        if not _begins_order(right, tools):
            continue
        before, after = (_best(one, context, tools, recall) for one in (left, right))
        if before and after and _is_apart(before, after):
            yield before
            yield from _fitted(right, context, tools, recall)
            return
    whole = _best(sentence, context, tools, recall)
    if whole is None:
        parts = (_best(one, context, tools, recall) for one in _openings(sentence))
        part = next(filter(None, parts), None)
        several = list(_each(part, sentence, recall)) if part and not part.read.missing else []
        if len(several) > 1:
            yield from several
        else:
            yield from _after_statement(sentence, context, tools, recall)
    elif not whole.read.missing:
        yield from _each(whole, sentence, recall)
    else:
        yield whole


def _told_before(
    sentence: str, context: str, tools: Sequence[ToolSchema], recall: Recall
) -> list[Fit]:
    """Return the orders behind a short statement: `it's cold in here, set the hall to 22`."""
    match = TOOL.told.match(sentence)
    told = match["told"] if match else ""
    right = sentence[match.end() :] if match else ""
    states = told and kind(told) == "statement" and not _mood(told, tools)
    if not states or not _begins_order(right, tools):
        return []
    return list(_fitted(right, f"{told}; {context}", tools, recall))


def _openings(sentence: str) -> Iterator[str]:
    joints = islice(TOOL.joint.finditer(sentence), MOST_PIECES)
    return (sentence[: joint.start()] for joint in joints)


def _is_apart(before: Fit, after: Fit) -> bool:
    """Whether two orders are two calls; what lacks something for the same tool is part of it."""
    lacks = before.tool is after.tool and after.read.missing
    return not lacks and (after.exact or not before.read.free)


def _after_statement(
    sentence: str, context: str, tools: Sequence[ToolSchema], recall: Recall
) -> Iterator[Fit]:
    """Yield the orders behind a statement: `I spent 20 euros on food, add it as an expense`."""
    for joint in islice(TOOL.joint_or_colon.finditer(sentence), MOST_PIECES):
        told, right = sentence[: joint.start()], sentence[joint.end() :]
        if _begins_order(right, tools):
            found = list(_fitted(right, f"{told}; {context}", tools, recall))
            yield from found
            if found:
                return


def _begins_order(text: str, tools: Sequence[ToolSchema]) -> bool:
    first = next(iter(tokens(plain(text)[:40])), "").lower()
    if first not in ORDERS and (first.endswith("ed") or first in IRREGULAR_PAST):
        return False
    known = first in ORDERS or first in LOOKING or is_verb(first)
    verbs = (acts_of(tool)[1] for tool in tools)
    return known or bool(TOOL.wish.match(text)) or any(stem(first) in one for one in verbs)


def _each(fit: Fit, sentence: str, recall: Recall) -> Iterator[Fit]:
    """Yield an order, and again for values behind `and`: `the hall to 20 and the bath to 24`."""
    lists = any(one.kind == "array" for one in fit.read.required)
    if len(fit.read.required) > 1 and not lists:
        for joint in islice(TOOL.joint.finditer(sentence), MOST_PIECES):
            left = read_order(fit.tool, sentence[: joint.start()], recall)
            right = read_order(fit.tool, sentence[joint.end() :], recall)
            unclear = right.missing or right.unexplained or right.guessed > 1
            if not (left.missing or unclear or left.free):
                yield fit._replace(read=left)
                yield from _each(fit._replace(read=right), sentence[joint.end() :], recall)
                return
    yield fit


def _best(piece: str, context: str, tools: Sequence[ToolSchema], recall: Recall) -> Fit | None:
    """Return the tool that clearly fits a part of a message; None if there is none or several."""
    mood = _mood(piece, tools)
    fits = [fit for tool in tools if mood and (fit := _fit(tool, piece, mood, context, recall))]
    fits.sort(key=lambda fit: (-fit.score, bool(fit.read.missing), fit.unasked))
    if (
        len(fits) > 1
        and fits[0][:2] == fits[1][:2]
        and fits[0].read.missing == fits[1].read.missing
    ):
        return None
    return fits[0] if fits else None


def _mood(piece: str, tools: Sequence[ToolSchema]) -> str:
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
    """Whether a part of a message names what a tool does, if the tool changes something."""
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
