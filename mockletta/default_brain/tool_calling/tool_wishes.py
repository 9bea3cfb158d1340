"""Tool wishes: calls that a message asks for by what a tool does, without the tool's name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from mockletta.brain.decisions import ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import newest, parsed, said
from mockletta.brain.tool_parameters import own_tools
from mockletta.default_brain.memory.answers import bare_value, was_told
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.tool_calling.tool_arguments import calls, fill, read_order, unquoted
from mockletta.default_brain.tool_calling.tool_fits import (
    SHORT,
    Fit,
    acts_of,
    best_fit,
    evidence_for,
    first_word,
    is_touched,
    meant_by,
)
from mockletta.default_brain.tool_calling.tool_orders import (
    MOST_CALLS,
    NotCallable,
    Order,
    needs,
    repeats,
    tool_orders,
)
from mockletta.language.facts import MEMORY_TOOLS
from mockletta.language.order_reading import PREPOSITIONS, Recall, grouped
from mockletta.language.sentences import is_finite, is_order, kind, plain, sentences
from mockletta.language.words import (
    AUXILIARY,
    FIRST_PERSON,
    SILENT,
    concept,
    concepts,
    lower_words,
    patterns,
    stem,
    tokens,
)

TOOL = patterns("tool")
MOST_SENTENCES = 5
MOST_TOOLS = 100
MOST_TOUCHED = 24
MOST_PIECES = 8
MOST_READ = 40_000
OPEN_QUOTATION = re.compile(
    r"(?:[^\"`'“]++|\"[^\"]*+\"|`[^`]*+`|“[^”]*+”|(?<=\w)'|'[^']*+'(?!\w))*+[\"`'“]"
)


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
    pieces = _sentences(text) if touched and not tool_orders(text, call) else []
    stated = [one for one in pieces if kind(one) == "statement"]
    fitting = _Fitting(touched, recall)
    orders: list[Order] = []
    lacking = ""
    for sentence in pieces:
        context = "; ".join(one for one in stated if one is not sentence)
        fits = fitting.orders_in(TOOL.parallel.sub(" ", sentence), context)
        if fits and kind(sentence) == "question" and was_told(sentence, sources()):
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
    """Return the first sentences, each cut. A preposition and a quotation go on:
    `"Ready? Go." for Al`."""
    joined: list[str] = []
    for one in islice(sentences(text), MOST_SENTENCES):
        if joined and (one.partition(" ")[0] in PREPOSITIONS or OPEN_QUOTATION.match(joined[-1])):
            joined[-1] = f"{joined[-1]} {one}"[:SHORT]
        else:
            joined.append(one[:SHORT])
    return joined


def is_exact_order(text: str, call: ModelCall, sources: Callable[[], Sources]) -> bool:
    """Return whether an order names what a tool does and to what, and does not speak of memory."""
    touched = _touched(text, own_tools(call.schemas)[:MOST_TOOLS])
    if not touched or TOOL.remembering.search(text[:SHORT]):
        return False
    fitting = _Fitting(touched, _recall(sources))
    fits = (fit for one in _sentences(text) for fit in fitting.orders_in(one, ""))
    return any(fit.exact and not fit.read.missing for fit in fits)


def _recall(sources: Callable[[], Sources]) -> Recall:
    """Return a function for what was told before of the user's own: `sister`, `where I live`."""

    def recall(name: str) -> str:
        call = sources().call
        earlier = [one for one in call.messages[: newest(call.messages)] if one.role == "user"]
        told = Sources(replace(call, messages=earlier))
        home = name.startswith("where ") or {"city", "live"}.issuperset(concepts(tokens(name)))
        found = bare_value("city" if home else name, told)
        return "" if SILENT.issuperset(lower_words(found)) else found

    return recall


def _touched(text: str, tools: Sequence[ToolSchema]) -> list[ToolSchema]:
    """Return the tools whose words a message has. Of very many these are the best ones."""
    if not tools:
        return []
    meant, stems = meant_by(text[: MOST_SENTENCES * SHORT])
    searches = TOOL.searching.search(text[:SHORT]) is not None
    touched = [tool for tool in tools if searches or is_touched(tool, meant, stems)]
    if len(touched) > MOST_TOUCHED:
        touched.sort(key=lambda tool: -evidence_for(tool, text).score)
    return touched[:MOST_TOUCHED]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Finds the orders of a message. It reads a part of a sentence once, and so much in all."""

    tools: Sequence[ToolSchema]
    recall: Recall
    best: dict[tuple[str, str], Fit | None] = field(default_factory=dict)
    orders: dict[str, list[Fit]] = field(default_factory=dict)

    def orders_in(self, sentence: str, context: str) -> list[Fit]:
        """Return the orders of a sentence, or of its rest, each with the tool that fits it."""
        if sentence not in self.orders:
            self.orders[sentence] = []
            self.orders[sentence] = self._cut(sentence, context)
        return self.orders[sentence]

    def _cut(self, sentence: str, context: str) -> list[Fit]:
        for joint in islice(TOOL.joint.finditer(sentence), MOST_PIECES):
            left, right = sentence[: joint.start()], sentence[joint.end() :]
            if not _begins_order(right, self.tools):
                continue
            before, after = self._best(left, context), self._best(right, context)
            if before and after and _is_apart(before, after):
                return [before, *self.orders_in(right, context)]
        if whole := self._best(sentence, context):
            return [whole] if whole.read.missing else list(_each(whole, sentence, self.recall))
        return self._after(sentence, context)

    def _after(self, sentence: str, context: str) -> list[Fit]:
        """Return the orders behind a statement: `I spent 20 euros, add it as an expense`."""
        for joint in islice(TOOL.joint_or_colon.finditer(sentence), MOST_PIECES):
            told, right = sentence[: joint.start()], sentence[joint.end() :]
            begins = _begins_order(right, self.tools)
            if begins and (found := self.orders_in(right, f"{told}; {context}")):
                return found
        return []

    def _best(self, piece: str, context: str) -> Fit | None:
        read = sum(len(one) for one, _ in self.best)
        if (piece, context) not in self.best and read * len(self.tools) < MOST_READ:
            self.best[piece, context] = best_fit(piece, context, self.tools, self.recall)
        return self.best.get((piece, context))


def _is_apart(before: Fit, after: Fit) -> bool:
    """Whether two orders are two calls; what lacks something for the same tool is part of it."""
    lacks = before.tool is after.tool and after.read.missing
    return not lacks and (after.exact or not before.read.free)


def _begins_order(text: str, tools: Sequence[ToolSchema]) -> bool:
    first = first_word(plain(text))
    verbs = frozenset().union(*(acts_of(tool)[1] for tool in tools))
    return is_order(plain(text)) or bool(TOOL.wish.match(text)) or stem(first) in verbs


def _each(fit: Fit, sentence: str, recall: Recall) -> Iterator[Fit]:
    """Yield an order, and again for values behind `and`: `the hall to 20 and the bath to 24`."""
    if len(fit.read.required) > 1:
        for joint in islice(TOOL.joint.finditer(sentence), MOST_PIECES):
            left = read_order(fit.tool, sentence[: joint.start()], recall)
            right = read_order(fit.tool, sentence[joint.end() :], recall)
            if not (left.missing or right.missing or right.unexplained or left.free):
                yield fit._replace(read=left)
                yield from _each(fit._replace(read=right), sentence[joint.end() :], recall)
                return
    yield fit


ARGUMENT = patterns("argument")
WORDED = frozenset({"text", "title", "topic"})
LONGEST = 2000
MOST_WORDS = 12
MOST_QUESTIONS = 5
ASKING = " I need: "


def answered_order(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the call that was asked about, if a message gives what it lacked: `in Hamburg`."""
    tool, order = _asked_about(call)
    if tool is None or kind(text) == "question" or TOOL.not_answer.search(text):
        return []
    given = read_order(tool, order, recall)
    lacking = [one for one in given.required if one in given.open]
    text_only = len(lacking) == 1 and lacking[0].is_text
    words = TOOL.answer.sub("", plain(text)).strip()
    if text_only and not lacking[0].roles.isdisjoint(WORDED):
        head, _, rest = words.partition(" ")
        value = rest if head.lower() in lacking[0].heads else words
        found: dict[str, object] = {lacking[0].name: unquoted(value)}
    elif kind(text) == "command":
        return []
    else:
        found = fill(lacking, [], words, given.known, recall).arguments
        told = not all(map(given.knows, filter(concept, tokens(words))))
        if text_only and told and not found and _is_short(words):
            found = {lacking[0].name: ARGUMENT.article.sub("", words).strip(" .!")}
    missing = [one.name for one in lacking if one.name not in found]
    if missing and found:
        raise NotCallable(needs(tool, missing))
    return [] if missing else [(tool, grouped({**given.arguments, **found}, given.parents))]


def _asked_about(call: ModelCall) -> tuple[ToolSchema | None, str]:
    """Return the tool whose arguments the agent has just asked for, and what was said so far."""
    texts: list[str] = []
    name = ""
    last = newest(call.messages)
    while last and len(texts) < MOST_QUESTIONS:
        before = call.messages[last - 1]
        said_before = before.text[:SHORT]
        asked = TOOL.asked.search(said_before) if ASKING in said_before else None
        if asked is None or before.role != "assistant":
            break
        name = asked[1]
        last = newest(call.messages[: last - 1])
        order = said(call.messages[last or 0])
        texts.append(TOOL.after.sub("", order.partition(name)[2]) or order)
    return _tool(name, call), " ".join(reversed(texts))[:LONGEST]


def _tool(name: str, call: ModelCall) -> ToolSchema | None:
    return next((one for one in call.schemas if one.name == name), None) if name else None


def more_of_the_same(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the last call with other arguments: `and in Rome?`, `make it 20`, `turn it off`."""
    made = _last_call(call) if call.schemas else None
    tool = _tool(made.name, call) if made else None
    if made is None or tool is None:
        return []
    before = parsed(made.arguments)
    text = text[:SHORT]
    opening = TOOL.more.match(text)
    assert opening is not None
    whole = opening["again"] or opening["change"]
    of_it = None if whole else TOOL.of_it.match(text)
    if of_it and (changed := _changed(of_it, tool, before, recall)):
        return [(tool, changed)]
    rest = TOOL.more_ends.sub("", text[opening.end() :], count=1)
    goes_on = (
        whole
        or opening["and"]
        or opening["about"]
        or (opening["no"] and rest and not rest[0].islower())
    )
    if not goes_on or not _is_short(rest):
        return []
    read = read_order(tool, rest, recall)
    kept = {name: value for name, value in before.items() if whole or name in read.missing}
    if read.unexplained or not kept.keys() >= set(read.missing):
        return []
    return [(tool, {**kept, **one}) for one in calls(read)]


def _is_short(text: str) -> bool:
    """Return whether a text is only a few words, and states nothing."""
    words = tokens(text)
    return len(words) <= MOST_WORDS and not any(
        is_finite(one) or one.lower() in AUXILIARY | FIRST_PERSON for one in words
    )


def _changed(
    of_it: re.Match[str], tool: ToolSchema, before: dict[str, object], recall: Recall
) -> dict[str, object]:
    """Return the last call as an order about its thing changes it: `turn it off`; {} if none."""
    read = read_order(tool, f"{of_it['verb']} {of_it['particle'] or ''}{of_it['rest']}", recall)
    typed = {one.name for one in read.every if one.is_typed}
    changed = {name: value for name, value in read.arguments.items() if name in typed}
    kept = typed - {one.name for one in read.required}
    return {**{k: v for k, v in before.items() if k not in kept}, **changed} if changed else {}


def _last_call(call: ModelCall) -> ToolCall | None:
    """Return the newest tool call of the turn before this one."""
    for index in range((newest(call.messages) or 0) - 1, -1, -1):
        message = call.messages[index]
        if message.role == "user":
            return None
        if message.tool_calls:
            last = message.tool_calls[-1]
            return None if last.name in MEMORY_TOOLS else last
    return None
