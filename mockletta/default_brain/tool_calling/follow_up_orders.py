"""Follow-up orders: what completes the call that the agent asked about, or varies the last one."""

import re

from mockletta.brain.decisions import ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import newest, parsed, said
from mockletta.default_brain.tool_calling.tool_arguments import fill, read_order, unquoted
from mockletta.default_brain.tool_calling.tool_orders import NotCallable, Order, needs
from mockletta.language.facts import MEMORY_TOOLS
from mockletta.language.order_reading import Recall, grouped
from mockletta.language.parameter_roles import roles_of
from mockletta.language.sentences import is_finite, kind, plain
from mockletta.language.words import AUXILIARY, FIRST_PERSON, concept, patterns, tokens

ARGUMENT = patterns("argument")
TOOL = patterns("tool")
WORDED = frozenset({"text", "title", "topic"})
SHORT = 500
LONGEST = 2000
MOST_WORDS = 12
MOST_QUESTIONS = 5
ASKING = " I need: "


def answered_order(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the call that was asked about, if a message gives what it lacked: `in Hamburg`."""
    if text.endswith("?") or kind(text) == "question" or TOOL.not_answer.search(text):
        return []
    tool, order = _asked_about(call)
    if tool is None:
        return []
    given = read_order(tool, order, recall)
    lacking = [one for one in given.required if one in given.open]
    words = TOOL.answer.sub("", plain(text)).strip()
    if len(lacking) == 1 and lacking[0].is_text and not lacking[0].roles.isdisjoint(WORDED):
        head, _, rest = words.partition(" ")
        is_headed = "topic" in lacking[0].roles and head.lower() in lacking[0].heads
        found: dict[str, object] = {lacking[0].name: unquoted(rest if is_headed else words)}
    elif kind(text) == "command" or any(word.lower() in FIRST_PERSON for word in tokens(words)):
        return []
    else:
        others = [one for one in given.optional if one in given.open]
        read = fill(lacking, others, words, given.known, recall)
        if read.missing:
            read = fill(lacking, [], words, given.known, recall)
        found = read.arguments
        if not found and len(lacking) == 1 and lacking[0].is_text and not lacking[0].is_typed:
            bare = ARGUMENT.article.sub("", words).strip(" .!")
            told = not all(map(given.knows, filter(concept, tokens(bare))))
            found = {lacking[0].name: bare} if told and _is_short(bare) else {}
    arguments = {**given.arguments, **found}
    missing = [one.name for one in lacking if one.name not in found]
    if missing and found:
        raise NotCallable(needs(tool, missing))
    return [] if missing else [(tool, grouped(arguments, given.parents))]


def _asked_about(call: ModelCall) -> tuple[ToolSchema | None, str]:
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
        texts.append(TOOL.after.sub("", order.partition(name)[2]) or order)
    tool = next((one for one in call.schemas if one.name == name), None) if name else None
    return tool, " ".join(reversed(texts))[:LONGEST]


def more_of_the_same(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the last call with other arguments: `and in Rome?`, `make it 20`, `turn it off`."""
    made = _last_call(call) if call.schemas else None
    tool = next((one for one in call.schemas if one.name == made.name), None) if made else None
    if made is None or tool is None:
        return []
    before = _ungrouped(parsed(made.arguments), roles_of(tool).parents)
    opening = TOOL.more.match(text[:SHORT])
    ending = TOOL.more_ends.search(text[:SHORT])
    assert opening is not None
    assert ending is not None
    whole = opening["again"] or opening["change"] or ending["instead"]
    of_it = None if whole else TOOL.of_it.match(text[:SHORT])
    if of_it and (changed := _changed(of_it, tool, before, recall)):
        return [(tool, changed)]
    rest = text[opening.end() : max(opening.end(), ending.start())]
    named = opening["no"] and (rest[:1].isupper() or rest[:1].isdecimal())
    if not (whole or named or opening["and"] or opening["about"] or ending["too"]):
        return []
    if not _is_short(rest):
        return []
    read = read_order(tool, rest, recall)
    kept = {name: value for name, value in before.items() if whole or name in read.missing}
    clear = not read.unexplained and (read.arguments or not rest.strip())
    complete = clear and kept.keys() >= set(read.missing)
    found = [{**kept, **read.arguments, **one} for one in ({}, *read.more) if complete]
    return [(tool, grouped(one, read.parents)) for one in found]


def _ungrouped(arguments: dict[str, object], parents: dict[str, str]) -> dict[str, object]:
    """Return arguments with those of objects beside them."""
    flat: dict[str, object] = {}
    for name, value in arguments.items():
        flat |= value if isinstance(value, dict) and name in parents.values() else {name: value}
    return flat


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
    verb, particle, rest = (of_it[name] or "" for name in ("verb", "particle", "rest"))
    read = read_order(tool, f"{verb} {particle}{rest}", recall)
    typed = {one.name for one in read.every if one.is_typed}
    changed = {name: value for name, value in read.arguments.items() if name in typed}
    kept = {one.name for one in read.every if one in read.required or not one.is_typed}
    if read.unexplained or not changed:
        return {}
    before = {name: value for name, value in before.items() if name in kept}
    return grouped({**before, **changed}, read.parents)


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
