"""Follow-up orders: what completes the call that the agent asked about, or varies the last one."""

from mockletta.brain.decisions import ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import newest, parsed, said
from mockletta.default_brain.tool_arguments import calls, fill, read_order, unquoted
from mockletta.default_brain.tool_orders import NotCallable, Order, needs
from mockletta.language.order_reading import Recall
from mockletta.language.sentences import is_finite, kind, plain
from mockletta.language.words import AUXILIARY, FIRST_PERSON, patterns, tokens

TOOL = patterns("tool")
WORDED = frozenset({"text", "title", "topic"})
SHORT = 500
LONGEST = 2000
MOST_WORDS = 12
MOST_QUESTIONS = 5


def answered_order(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the call that was asked about, if a message gives what it lacked: `in Hamburg`."""
    tool, order = _asked_about(call)
    if tool is None or text.endswith("?") or TOOL.not_answer.search(text):
        return []
    given = read_order(tool, order, recall)
    lacking = [one for one in given.required if one in given.open]
    words = TOOL.answer.sub("", plain(text)).strip()
    if len(lacking) == 1 and lacking[0].is_text and not lacking[0].roles.isdisjoint(WORDED):
        found: dict[str, object] = {lacking[0].name: unquoted(words)}
    elif kind(text) == "command" or any(word.lower() in FIRST_PERSON for word in tokens(words)):
        return []
    else:
        others = [one for one in given.optional if one in given.open]
        read = fill(lacking, others, words, given.known, recall)
        if read.missing:
            read = fill(lacking, [], words, given.known, recall)
        found = read.arguments
    arguments = {**given.arguments, **found}
    missing = [one.name for one in lacking if one.name not in found]
    if missing and found:
        raise NotCallable(needs(tool, missing))
    return [] if missing else [(tool, arguments)]


def _asked_about(call: ModelCall) -> tuple[ToolSchema | None, str]:
    """Return the tool whose arguments the agent has just asked for, and what was said so far."""
    last = newest(call.messages)
    texts: list[str] = []
    name = ""
    while last is not None and last > 1 and len(texts) < MOST_QUESTIONS:
        asked = TOOL.asked.search(call.messages[last - 1].text[:SHORT])
        if asked is None or call.messages[last - 1].role != "assistant":
            break
        name = asked[1]
        last = newest(call.messages[: last - 1])
        order = said(call.messages[last]) if last is not None else ""
        texts.append(order.partition(name)[2] or order)
    tool = next((one for one in call.schemas if one.name == name), None) if name else None
    return tool, " ".join(reversed(texts))[:LONGEST]


def more_of_the_same(text: str, call: ModelCall, recall: Recall) -> list[Order]:
    """Return the last call with other arguments: `and in Rome?`, `what about Oslo?`."""
    opening = TOOL.more.match(text[:SHORT])
    rest = text[opening.end() : SHORT] if opening else ""
    words = tokens(rest)
    if (
        not words
        or len(words) > MOST_WORDS
        or any(is_finite(one) or one.lower() in AUXILIARY | FIRST_PERSON for one in words)
    ):
        return []
    made = _last_call(call)
    tool = next((one for one in call.schemas if made and one.name == made.name), None)
    if made is None or tool is None:
        return []
    read = read_order(tool, rest, recall)
    if not read.arguments or read.unexplained:
        return []
    kept = {name: value for name, value in parsed(made.arguments).items() if name in read.missing}
    return [(tool, {**kept, **one}) for one in calls(read)]


def _last_call(call: ModelCall) -> ToolCall | None:
    """Return the newest tool call of the turn before this one."""
    last = newest(call.messages)
    for message in reversed(call.messages[:last]) if last else ():
        if message.role == "user":
            return None
        if message.tool_calls:
            return message.tool_calls[-1]
    return None
