"""Follow-up orders: what completes the call that the agent asked about, or varies the last one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import newest, parsed, said
from mockletta.brain.tool_parameters import own_tools
from mockletta.default_brain.tool_calling.order_readings import (
    ARGUMENT,
    STOPS,
    Beside,
    Reading,
    Recall,
    grouped,
    tokenized,
    unquoted,
)
from mockletta.default_brain.tool_calling.parameter_roles import (
    PREPOSITIONS,
    RoleParameter,
    ToolParameters,
    roles_of,
)
from mockletta.default_brain.tool_calling.tool_arguments import fill, read_order
from mockletta.default_brain.tool_calling.tool_fits import mood_of, words_of
from mockletta.default_brain.tool_calling.tool_orders import NotCallable, Order, needs
from mockletta.language.facts import MEMORY_TOOLS
from mockletta.language.sentences import is_finite, kind, plain, sentences
from mockletta.language.words import (
    AUXILIARY,
    FIRST_PERSON,
    concept,
    lower_words,
    patterns,
    rows,
    stem,
    tokens,
)

TOOL = patterns("tool")
MORE = {
    name: [tuple(one.split("_")) for one in line.split()] for name, line in rows("more").items()
}
ENDINGS = {word: name for name, line in rows("more_ends").items() for word in line.split()}
FILLING, VARYING = ("and", "no", "filler"), ("again", "about", "change", "back")
SIGNS = frozenset(",.!?")
LESS = frozenset(["more", "less"])
POINTED = frozenset(["it", "that", "this", "them"])
PARTICLES = frozenset(["on", "off", "up", "down"])
SHORT = 500
LONGEST = 2000
MOST_WORDS = 12
MOST_QUESTIONS = 5
MOST_SMALL = 4
MOST_READ = 12
ASKING = " I need: "
"""The words in every question for arguments. Most replies do not have them, and to look for them
takes less time than a regular expression."""


def answered_order(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the call that was asked about, if a message gives what it lacked: `in Hamburg`."""
    tool, texts = _asked_about(call)
    if tool is None or _is_no_answer(text) or any(one.name in text for one in call.schemas):
        return []
    given = read_order(tool, texts[0], Beside(recall))
    if texts[0].endswith("?"):
        given.drop_spoken_ids()
    for before in texts[1:]:
        given.arguments |= _answer(before, given, call)
    found = _answer(text, given, call)
    if not found:
        return []
    given.arguments |= found
    if given.missing:
        raise NotCallable(needs(tool, given.missing))
    return [(tool, grouped(given.arguments, given.takes.parents))]


def _answer(text: str, given: Reading, call: ModelCall) -> dict[str, object]:
    """Return what an answer gives of what an order lacks; an address goes to whom it is for."""
    lacking = [one for one in given.takes.required if one in given.open]
    words = TOOL.answer.sub("", plain(text)).strip()
    if ARGUMENT.email.fullmatch(words) and all(one.look != "email" for one in lacking):
        takers = [
            one for one in given.takes.every if one.look == "email" or one.roles & {"to", "person"}
        ]
        lacking = [one for one in takers if one.is_text][:1] or lacking
    others = [one for one in given.takes.optional if one in given.open]
    takes = replace(given.takes, required=lacking, optional=others)
    texts = [one for one in lacking if one.is_text and not one.is_typed]
    only = texts[0] if len(lacking) == 1 and texts else None
    read = fill(takes, words, given.beside)
    if only and (only.is_worded or "topic" in only.roles):
        stated = ":" in words and only.name in read.arguments
        return read.arguments if stated else {only.name: unquoted(words)}
    if begins_act(words, call):
        return {}
    told = any(not given.knows(one) for one in filter(concept, tokens(words)))
    if only and told and not read.arguments and _is_short(words):
        return {only.name: ARGUMENT.article.sub("", words).strip(" .!")}
    return read.arguments


def _is_no_answer(text: str) -> bool:
    asks = text.endswith("?") or kind(text) == "question"
    return asks or TOOL.not_answer.search(text) is not None


def begins_act(text: str, call: ModelCall) -> bool:
    """Return whether a message begins with what one of the tools does."""
    first = stem(next(iter(tokens(plain(text))), "").lower())
    return any(first in words_of(one).likely for one in own_tools(call.schemas))


def _asked_about(call: ModelCall) -> tuple[ToolSchema | None, list[str]]:
    """Return the tool whose arguments the agent has just asked for, and what was said so far."""
    last = newest(call.messages)
    texts: list[str] = []
    name = ""
    while last is not None and last > 1 and len(texts) < MOST_QUESTIONS:
        before = call.messages[last - 1]
        said_before = before.text[:SHORT]
        asked = TOOL.asked.search(said_before) if ASKING in said_before else None
        if asked is None or before.role != "assistant":
            break
        name = asked[1]
        last = newest(call.messages[: last - 1])
        order = said(call.messages[last]) if last is not None else ""
        texts.append(TOOL.after.sub("", order.partition(name)[2]) if name in order else order)
    if not name:  # most turns ask for nothing, and reading all schemas takes long
        return None, []
    tool = next((one for one in call.schemas if one.name == name), None)
    return tool, [one[:LONGEST] for one in reversed(texts)]


class Last(NamedTuple):
    """The call of the turn before: its tool, and the arguments that it was made with."""

    tool: ToolSchema
    takes: ToolParameters
    before: dict[str, object]
    recall: Recall

    def made(self, arguments: Mapping[str, object]) -> list[Order]:
        return [(self.tool, grouped(arguments, self.takes.parents))]


class Opening(NamedTuple):
    """What varies a call: the `kinds` of the words that a message begins and ends with, such as
    `and`, `no` and `too`, and the text between them."""

    kinds: frozenset[str]
    rest: str


def opening_of(text: str) -> Opening:
    """Read how a message that varies a call begins: `and`, `no, make it`, `same again but`."""
    words = tokenized(text)
    lows = [one.low.replace("\u2019", "'") for one in words]
    kinds: set[str] = set()
    place, end = _skipped(lows, 0, FILLING, kinds), len(lows)
    place = _skipped(lows, place, VARYING, kinds)
    while end > place and (lows[end - 1] in ENDINGS or lows[end - 1] in SIGNS):
        end -= 1
        kinds.add(ENDINGS.get(lows[end], ""))
    rest = text[words[place].start : words[end - 1].end] if place < end else ""
    return Opening(frozenset(kinds), rest)


def _skipped(lows: Sequence[str], place: int, group: Sequence[str], kinds: set[str]) -> int:
    """Return where the phrases of some kinds end that begin at a place, and note their kinds."""
    while counts := [(n, one) for one in group if (n := _phrase_at(lows, place, one))]:
        count, name = max(counts)
        place += count
        kinds.add(name)
    return place


def _phrase_at(lows: Sequence[str], place: int, name: str) -> int:
    """Return how many words a phrase of some kind has that begins at a place; 0 for none."""
    if name == "filler" and lows[place : place + 1] and lows[place] in SIGNS:
        return 1
    if lows[place : place + 1] == ["too"] and name == "filler":
        return 2
    again = lows[place + 1 : place + 2] and lows[place + 1] in POINTED
    if name == "again" and again and lows[place + 2 : place + 3] == ["again"]:
        return 3
    louder = lows[place : place + 1] and (lows[place].endswith("er") or lows[place] in LESS)
    if name == "change" and louder:
        behind = [one for one in lows[place + 1 : place + 3] if one not in (",", "to", "at")]
        return 1 if behind[:1] and behind[0].isdecimal() else 0
    counts = (len(one) for one in MORE[name] if tuple(lows[place : place + len(one)]) == one)
    return max(counts, default=0)


def of_it(text: str) -> str:
    """Return an order about what was meant before without its pronoun: `turn off` of `turn it
    off`; "" for any other text."""
    words = tokenized(text)
    words = words[_skipped([one.low for one in words], 0, FILLING, set()) :]
    lows = [one.low for one in words]
    at = next((n for n in (1, 2) if lows[n : n + 1] and lows[n] in POINTED), 0)
    if not at or not lows[0].isalpha() or (at == 2 and lows[1] not in PARTICLES):
        return ""
    after = at + 1 + (lows[at + 1 : at + 2] == ["one"])
    end = next((n for n in range(after, len(lows)) if lows[n] in STOPS), len(lows))
    stated = lows[end : end + 1] == [":"]
    kept = [one.text for one in [*words[:at], *words[after:end]]]
    return "" if stated else " ".join(kept)


def more_of_the_same(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the last call with other arguments: `and in Rome?`, `make it 20`, `turn it off`."""
    made = _last_call(call) if call.schemas else None
    tool = next((one for one in call.schemas if one.name == made.name), None) if made else None
    *earlier, text = [*sentences(text[:SHORT])] or [text]
    long = any(one.endswith("?") or len(tokens(one)) > MOST_SMALL for one in earlier)
    if made is None or tool is None or long:
        return []
    takes = roles_of(tool)
    last = Last(tool, takes, _ungrouped(parsed(made.arguments), takes.parents), recall)
    opening = opening_of(text)
    if "back" in opening.kinds:
        exchanged = _exchanged(last)
        return _varied(opening, exchanged, call) if exchanged else []
    return _same(text, last) or _changed(text, last) or _varied(opening, last, call)


def _exchanged(last: Last) -> Last | None:
    """Return a call with its ends exchanged, for `and back on Friday?`; None if it lacks one."""
    ends = [one.name for role in ("from", "to") for one in last.takes.every if role in one.roles]
    if len(ends) == len({*ends}) == 2 and last.before.keys() >= {*ends}:
        start, end = ends
        exchanged = {**last.before, start: last.before[end], end: last.before[start]}
        return last._replace(before=exchanged)
    return None


def _same(text: str, last: Last) -> list[Order]:
    """Return the last call with what differs: `Send the same amount to Al`; [] if not that."""
    words = lower_words(text)
    labels = [after for same, after in pairwise(words) if same == "same"]
    labelled = [one.name for one in last.takes.every if not {*labels}.isdisjoint(one.labels)]
    kept = {name: last.before[name] for name in labelled if name in last.before}
    read = read_order(last.tool, text, Beside(last.recall)) if kept else None
    if read is None or set(read.missing) - kept.keys():
        return []
    return last.made({**read.arguments, **kept})


def _changed(text: str, last: Last) -> list[Order]:
    """Return the last call as an order about its thing changes it: `turn it off`; [] if none."""
    order = of_it(text)
    read = read_order(last.tool, order, Beside(last.recall)) if order else None
    if read is None or read.unexplained:
        return []
    typed = {one.name for one in read.takes.every if one.is_typed}
    changed = {name: value for name, value in read.arguments.items() if name in typed}
    return last.made({**last.before, **changed}) if changed else []


def _varied(opening: Opening, last: Last, call: ModelCall) -> list[Order]:
    """Return the last call with the values that a few words give: `no, for Thursday`."""
    kinds, rest = opening
    head = rest.partition(" ")[0].lower()
    whole = bool(kinds & {"again", "change", "instead", "back"})
    marked = whole or bool(kinds & {"no", "and", "about", "too"})
    adds = not marked and head in PREPOSITIONS
    orders = not whole and mood_of(rest, own_tools(call.schemas)) == "order"
    if not (marked or adds) or orders or not _is_short(rest):
        return []
    kept_all = whole or adds or "no" in kinds
    wanted = last.before if kept_all else {one.name for one in last.takes.required}
    required = [one for one in last.takes.every if one.name in wanted]
    others = [one for one in last.takes.every if one.name not in wanted]
    takes = replace(last.takes, required=required, optional=others)
    begun = "and " if head == "to" else ""  # `to call Bo` is a text only behind an order
    read = fill(takes, f"{begun}{rest}", Beside(last.recall))
    given = read.arguments
    kept = {name: value for name, value in last.before.items() if kept_all or name in read.missing}
    clear = not read.unexplained and (read.sure or not adds) and (given or (whole and not rest))
    if not clear or set(read.missing) - kept.keys():
        return []
    return [one for more in ({}, *read.more) for one in last.made({**kept, **given, **more})]


def _ungrouped(arguments: dict[str, object], parents: dict[str, str]) -> dict[str, object]:
    """Return arguments with those of objects beside them."""
    flat: dict[str, object] = {}
    for name, value in arguments.items():
        flat |= value if isinstance(value, dict) and name in parents.values() else {name: value}
    return flat


def _is_short(text: str) -> bool:
    """Return whether a text is only a few words, and states nothing."""
    words = tokens(ARGUMENT.when.sub(" ", text))
    return len(words) <= MOST_WORDS and not any(
        is_finite(one) or one.lower() in AUXILIARY | FIRST_PERSON - {"me"} for one in words
    )


def just_named(parameter: RoleParameter, call: ModelCall) -> str:
    """Return the id that the newest calls were given by that name or returned; "" if none."""
    last = newest(call.messages) or 0
    returned = ""
    for message in reversed(call.messages[max(0, last - MOST_READ) : last]):
        returned += message.text if message.role == "tool" else ""
        for made in reversed(message.tool_calls):
            code = re.search(r"\b[A-Za-z]+[-_]?\d[\w-]*", returned)
            given = parsed(made.arguments).get(parameter.name, code[0] if code else "")
            if given:
                return str(given)
    return ""


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
