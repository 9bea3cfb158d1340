"""Tool reports: what the tools of a turn returned, in words."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import (
    just_returned,
    made_for,
    newest,
    newest_message,
    outcome,
    parsed,
    said,
)
from mockletta.brain.tool_parameters import own_tools, parameters_of
from mockletta.default_brain.memory.block_items import units
from mockletta.default_brain.memory.memory_calls import gone, notes, retold
from mockletta.default_brain.tool_calling.parameter_roles import roles_of
from mockletta.default_brain.tool_calling.tool_fits import evidence_for, meanings, words_of
from mockletta.language.facts import MEMORY_TOOLS, topic_of
from mockletta.language.memory_orders import POINTERS, REMOVING, MemoryOrder, memory_orders
from mockletta.language.questions import asks_for_return
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import POINT, as_clause, kind, plain, sentences, subject_text
from mockletta.language.words import concepts, expand, patterns, tokens, word_set

SEND = "send_message"


def since(call: ModelCall) -> Sequence[ChatMessage]:
    """Return the calls and returns since the user's newest message."""
    ends = len(call.messages) and call.messages[-1].role == "tool"
    last = newest(call.messages) if ends else None
    return call.messages[last + 1 :] if last is not None else ()


def reported(call: ModelCall) -> Decision:
    """Say what the tools of this turn returned; nothing after a message by tool."""
    text = said(newest_message(call.messages))
    told: list[str] = []
    for message in since(call) or just_returned(call.messages):
        if message.role != "tool":
            continue
        made = made_for(message, call.messages)
        status, returned = outcome(message.text)
        if made is None or made.name != SEND or status != "OK":
            told.append(_report(made, status, returned, text))
    return Decision(text=" ".join(dict.fromkeys(told)), rule="brain: report")


def _report(made: ToolCall | None, status: str, returned: str, text: str) -> str:
    if made is not None and made.name in MEMORY_TOOLS:
        return _updated(made, status, returned, text)
    name = f"The tool {made.name}" if made else "The tool"
    return f"{name} {'failed' if status == 'Failed' else 'returned'}: {returned[:500]}"


def _updated(made: ToolCall, status: str, message: str, text: str) -> str:
    """Say that memory is updated, or why it is not, after the call that `text` led to."""
    if status == "Failed":
        return f"I could not update my memory: {message[:500]}"
    given = parsed(made.arguments)
    label, note = str(given.get("label", "human")), next(notes(given), "")
    before = str(given.get("old_string", given.get("old_content", "")))
    fresh = " ".join(unit for unit in units(note) if unit not in before) if before else ""
    removed = bool(before) and (not note or bool(gone(before, note)))
    orders = [order for order, _ in memory_orders(text)]
    fitting = (one for one in orders if (one.kind in REMOVING) == removed)
    order = next(fitting, orders[0] if orders else MemoryOrder("add"))
    old = order.old.lower()
    if not note and (order.kind == "clear" or _spaced(label) in _spaced(old) or old in POINTERS):
        what = "what I had stored about you" if label == "human" else f"my {label} block"
        return f"I've cleared {what}."
    if said := _said_of(order, label, note, before):
        return said
    told = fresh or "".join(note.splitlines()[-1:])
    return f"I've updated my memory: {retold(told, label) or 'done.'}"


def _spaced(text: str) -> str:
    return f" {re.sub('[_-]', ' ', text)} "


def _said_of(order: MemoryOrder, label: str, note: str, before: str) -> str:
    """Return what was done in the words of the order; "" if what was written tells it better."""
    there = to_second_person(order.target) if order.is_of_list else "my memory"
    there = f"the {label} block" if there in POINTERS or there.startswith(("a ", "an ")) else there
    old = as_clause(to_second_person(order.old))
    if order.kind == "add" and order.is_of_list:
        added = gone(note, before) if before else units(note)
        fresh = [POINT.sub("", one) for one in added]
        new = order.new.rstrip(".") or " and ".join(fresh)
        return f"I've added {as_clause(to_second_person(new))} to {there}."
    if order.kind == "undo" and order.new:
        return f"I've put back: {to_second_person('; '.join(gone(note, before)))}."
    if order.kind == "set" and order.new.startswith("("):
        return f"I've marked {old} as {order.new.strip('()')}."
    if order.kind in ("remove", "undo") and (order.kind == "remove" or gone(before, note)):
        named = [one for one in order.things[1:] if topic_of(one) & topic_of(before)]
        old = "" if old in POINTERS else as_clause(to_second_person(" and ".join(named))) or old
        that = "that" if subject_text(order.old) or not old else ""
        return f"I've removed {' '.join(filter(None, [that, old]))} from {there}."
    return ""


def has_just_failed(name: str, call: ModelCall) -> bool:
    """Return whether the newest message is a failed return of a tool."""
    last = call.messages[-1] if len(call.messages) else None
    made = made_for(last, call.messages) if last and last.role == "tool" else None
    return bool(last and made and made.name == name and outcome(last.text)[0] == "Failed")


TALK = patterns("talk")
TOOL = patterns("tool")
WHO = word_set("person to from by")
FITTING = {
    "who": WHO, "whom": WHO, "when": word_set("date time"), "where": frozenset({"place"}),
    "what": word_set("text title topic"),
}  # fmt: skip
STAGES = frozenset(concepts(["environment", "stage"]))
MOST = 2000
MOST_SENTENCES = 8
MOST_READ = 200
LONGEST = 300


def tool_question(text: str, call: ModelCall) -> str | None:
    """Return the answer to a question about tools or about calls; None for any other message."""
    said = [*sentences(text[:MOST])][:MOST_SENTENCES]
    asked = [one for one in said if one.endswith("?") or kind(one) == "question"]
    if any(TOOL.asks_for_all.match(expand(plain(one))) for one in asked):
        tools = [one for one in call.schemas if one.name != SEND]
        calls = [_called(one) for one in islice(_made(tools, call), MOST_SENTENCES)]
        return " ".join(reversed(calls)) or "I have not called any tool in this conversation."
    for sentence in asked if call.schemas else ():
        core = expand(plain(sentence))
        if tool := _named(core, call):
            return _described(tool)
        own = own_tools(call.schemas)
        if not own or asks_for_return(core):
            continue
        there_is = _choices(core, own) or _whether_there_is(expand(sentence), own, call)
        if told := there_is or _done(core, own, call):
            return told
    return None


def _choices(core: str, own: Sequence[ToolSchema]) -> str:
    """Return what a parameter can be: `Which environments can I deploy to?`; "" if not asked."""
    asked = TOOL.asks_for_choices.match(core)
    meant = set[str]().union(*map(meanings, tokens(asked["noun"]))) if asked else set()
    meant |= set() if meant.isdisjoint(STAGES) else STAGES
    told = [
        f"The {' '.join(one.parts)} of {tool.name} can be {', '.join(first)} or {last}."
        for tool in own
        for one in roles_of(tool).every
        if len(one.choices) > 1 and not meant.isdisjoint(concepts(one.labels))
        for *first, last in [one.choices]
    ]
    return " ".join(told[:MOST_SENTENCES])[:MOST]


def _named(core: str, call: ModelCall) -> ToolSchema | None:
    """Return the tool that is asked about by its name."""
    if not TALK.of_tool.search(core) or TALK.of_the_user.search(core):
        return None
    words = {word.lower() for word in re.findall(r"[\w-]+", core)}
    return next(
        (one for one in call.schemas if "_" in one.name and one.name.lower() in words), None
    )


def _described(tool: ToolSchema) -> str:
    takes = ", ".join(f"{one.name} ({one.kind})" for one in parameters_of(tool).values())
    return f"{tool.name}: {_does(tool)} It takes {takes or 'no arguments'}."


def _does(tool: ToolSchema) -> str:
    return " ".join(tool.description.split("\n\n")[0].split())[:LONGEST]


def _best(text: str, tools: Sequence[ToolSchema]) -> ToolSchema | None:
    """Return the tool that a text names best by what it does; None if it names none."""
    told = [(evidence_for(one, text), one) for one in tools]
    meant = [
        (named, one)
        for named, one in told
        if named.nouns or named.described or (named.verb and words_of(one).changes)
    ]
    return max(meant, key=lambda one: one[0].score)[1] if meant else None


def _whether_there_is(core: str, own: Sequence[ToolSchema], call: ModelCall) -> str | None:
    """Answer whether there is a tool for something."""
    match = TOOL.asks_for_one.match(core)
    tool = _best(core[match.end() :], own) if match else None
    if match is None or (tool is None and not match["tool"]):
        return None
    if tool is None:
        return f"No. My tools: {', '.join(call.tools)}."
    if match["which"]:
        return _described(tool)
    return f"{'With' if match['open'] else 'Yes, with'} my tool {tool.name}: {_does(tool)}"


def _done(core: str, own: Sequence[ToolSchema], call: ModelCall) -> str | None:
    """Answer what was called before, and with what."""
    polar, asked = TOOL.asks_whether_done.match(core), TOOL.asks_what_was_done.match(core)
    if not (polar or asked):
        return None
    tool = _best(core, own)
    found = next((o for o in _made(own, call) if tool is None or o.name == tool.name), None)
    if found and asked:
        noun, given = (asked["noun"] or "").lower(), parsed(found.arguments)
        takes = roles_of(next(one for one in own if one.name == found.name)).every
        named = [one.name for one in takes if noun in one.labels]
        roles = FITTING.get(asked["word"].lower(), frozenset())
        fits = any(one.name in given and one.roles & roles for one in takes)
        lacks = named and given.keys().isdisjoint(named)
        told = f"{f'No {noun} was given. ' if lacks else ''}{_called(found)}"
        return told if tool or named or fits else None
    if tool and found:
        return f"Yes, {_called(found)}"
    return f"No, I have not called {tool.name} in this conversation." if tool and polar else None


def _made(own: Sequence[ToolSchema], call: ModelCall) -> Iterator[ToolCall]:
    """Yield the calls of tools before the newest message, the newest first."""
    names = {one.name for one in own}
    last = newest(call.messages) or 0
    for index in range(last - 1, max(-1, last - MOST_READ), -1):
        yield from (one for one in reversed(call.messages[index].tool_calls) if one.name in names)


def _called(made: ToolCall) -> str:
    given = "; ".join(f"{name}: {_shown(value)}" for name, value in parsed(made.arguments).items())
    return f"I called {made.name}{' with ' if given else ''}{given}."


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
