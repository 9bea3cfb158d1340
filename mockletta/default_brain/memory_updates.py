"""Memory writing: the tool call that carries out a memory order, or why there is none."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from mockletta.brain.decisions import Decision, MemoryBlock, ModelCall, ToolCall, ToolSchema
from mockletta.default_brain.facts import as_told, parsed, read
from mockletta.default_brain.knowledge import Sources, told_in
from mockletta.default_brain.memory_orders import MemoryOrder, memory_orders
from mockletta.default_brain.sentences import as_clause, clauses, is_factual, sentences
from mockletta.default_brain.tool_arguments import required_of
from mockletta.default_brain.words import (
    as_sentence,
    concepts,
    expand,
    is_verb,
    to_second_person,
    tokens,
)

REWRITES = ("memory_rethink",)
INSERTS = ("memory_insert", "core_memory_append", "memory", "memory_rethink")
REPLACES = ("memory_replace", "core_memory_replace", "memory", "memory_rethink")
UNIT = re.compile(r"[^\n]+?(?:[.!?](?=\s|$)|(?=\n|$))")
KEY = re.compile(r"^(\s*(?:[-*•]\s*)?[\w' -]{1,40}:\s*)")
NO_TOOL = "I can't update my memory: I have not been given a memory tool."
NO_BLOCK = "I can't update my memory: I have not been given a memory block that I may change."
HERE = {
    NO_TOOL: "I have no memory tool",
    NO_BLOCK: "I have no memory block that I may change",
}
LONGEST_NAME = 3
WHAT = "What should I write into my memory?"


def memory_act(text: str, call: ModelCall) -> Decision | None:
    """Carry out the first memory order of a message: a tool call, or a text that says why not.

    None for a message without one.
    """
    for order, line in memory_orders(text):
        if done := _carried_out(order, line, text, call):
            return _with_reasons(done, call)
    return None


def _with_reasons(decision: Decision, call: ModelCall) -> Decision:
    """Add the texts that a client's own memory tool requires beside what is written."""
    made = []
    for one in decision.tool_calls:
        tool = next((tool for tool in call.schemas if tool.name == one.name), ToolSchema(one.name))
        given = parsed(one.arguments)
        missing = [p.name for p in required_of(tool) if p.kind == "string" and p.name not in given]
        more = dict.fromkeys(missing, "The user asked for it.")
        made.append(tool_call(one.name, {**given, **more}))
    return replace(decision, tool_calls=tuple(made))


def _carried_out(order: MemoryOrder, line: str, text: str, call: ModelCall) -> Decision | None:
    match order.kind:
        case "insert":
            note = order.new or _pointed_at(line, text, call)
            return _keep(note, order, call) if note else _unclear(order)
        case "set":
            return _set(order, call)
        case "replace":
            return _replace(order, call)
        case "forget":
            return _forget(order, call)
        case "clear":
            return _clear(order, call)


def _unclear(order: MemoryOrder) -> Decision | None:
    return None if order.soft else Decision(text=WHAT)


def _pointed_at(line: str, text: str, call: ModelCall) -> str:
    """Return what `save that` points to: a statement of this message, or the last one before."""
    rest = " ".join(one for one in sentences(text) if one != line)
    here = [as_sentence(fact.text) for fact in told_in(rest, ())]
    earlier = (as_sentence(fact.text) for fact in reversed(Sources(call).history))
    return " ".join(here) or next(earlier, "")


def _keep(note: str, order: MemoryOrder, call: ModelCall) -> Decision:
    """Write a note into the fitting block, in place of the line that it outdates."""
    note = _spelled(note, order)
    if "archival" in order.target and "archival_memory_insert" in call.tools:
        return calling("archival_memory_insert", {"content": note})
    if not order.target and not order.soft and is_bare(note):
        told = as_clause(to_second_person(note))
        return Decision(text=f"Got it: {told}. I'll know it in this conversation.")
    block = fitting(note, order.target, call.blocks)
    if missing := _missing(INSERTS, block, call):
        told = as_clause(to_second_person(expand(note)))
        here = f"Got it: {told}. I know it in this conversation only, since {HERE[missing]}."
        return Decision(text=missing if order.target else here)
    assert block is not None
    if any(_plain(note) == _plain(unit) for unit in units(block.value)):
        told = to_second_person(note)
        return Decision(text=f"That is already in my memory: {as_sentence(told)}")
    if outdated := _outdated(note, block):
        return _rewrite(block, {outdated: note}, call)
    return _insert(block, note, call)


def _spelled(note: str, order: MemoryOrder) -> str:
    """Return a note as it is written: a clause as a sentence, anything else as it was given."""
    note = note.removeprefix("to ") if note.startswith("to call me ") else note
    told = as_told(note, "note")
    if note.startswith("to "):
        return as_sentence(note)
    if told != note or (is_factual(note) and not order.soft and ":" not in note):
        return as_sentence(told)
    return as_sentence(note) if is_factual(note) else note


def is_bare(note: str) -> bool:
    """Whether a note only names something, as in `remember the word: APPLE`."""
    words = note.split(":", maxsplit=1)[0].lower().split()
    says = any(map(is_verb, words[1:])) or words[0] in {"i", "my", "our", "to", "call"}
    return len(words) <= LONGEST_NAME and not says


def _plain(text: str) -> str:
    return text.strip(" .!").lower()


def _outdated(note: str, block: MemoryBlock) -> str:
    """Return the unit of a block that is about the same as a note of one clause."""
    if len(clauses(note)) != 1 or (new := read(note, "user")) is None:
        return ""
    for unit in units(block.value):
        old = read(as_told(unit, "human"), "user")
        if old is not None and not old.slots.isdisjoint(new.slots):
            return unit
    return ""


def _insert(block: MemoryBlock, note: str, call: ModelCall) -> Decision:
    tool = next(name for name in INSERTS if name in call.tools)
    arguments: dict[str, dict[str, object]] = {
        "memory_insert": {"label": block.label, "new_string": note},
        "core_memory_append": {"label": block.label, "content": note},
        "memory": {
            "command": "insert", "path": f"/memories/{block.label}", "insert_line": -1,
            "insert_text": note,
        },
        "memory_rethink": {"label": block.label, "new_memory": f"{block.value}\n{note}".strip()},
    }  # fmt: skip
    return calling(tool, arguments[tool])


def _set(order: MemoryOrder, call: ModelCall) -> Decision | None:
    """Replace a known value of a block or a fact; add it if nothing is known."""
    note = as_sentence(f"{order.old} is {order.new.rstrip('.!')}")
    block, found = _find(order.old, order.target, call)
    if found and block:
        key = KEY.match(found[0])
        line = f"{key[1]}{order.new.rstrip('.!')}." if key else note
        return _rewrite(block, {found[0]: line}, call)
    return None if order.soft else _keep(note, order, call)


def _held(order: MemoryOrder, call: ModelCall) -> Decision | None:
    """Put one text for another where a block holds it word for word."""
    form = re.compile(rf"(?<!\w){re.escape(order.old)}(?!\w)", re.IGNORECASE)
    blocks = [one for one in _named_first(order.target, call.blocks) if not one.read_only]
    block = next((one for one in blocks if form.search(one.value)), None)
    if block is None:
        return None
    tool = next((name for name in REPLACES if name in call.tools), None)
    if tool is None:
        return Decision(text=NO_TOOL)
    found = form.findall(block.value)
    if len(found) > 1:
        return _rewritten(block, form.sub(lambda _: order.new, block.value), call)
    return calling(tool, replacing(block, found[0], order.new)[tool])


def _replace(order: MemoryOrder, call: ModelCall) -> Decision | None:
    """Decide on `replace old with new`; where nothing holds the old, `change a to b` notes it."""
    if held := _held(order, call):
        return held
    if order.soft:
        return None
    if not any(name in call.tools for name in REPLACES):
        return Decision(text=NO_TOOL)
    block, found = _find(order.old, order.target, call)
    if block and found:
        return _set(order, call)
    if order.old.lower().split()[0] in {"my", "our", "the"}:
        return _keep(as_sentence(f"{order.old} is {order.new}"), order, call)
    return Decision(text=f'I could not find "{order.old[:200]}" in a memory block I may change.')


def _forget(order: MemoryOrder, call: ModelCall) -> Decision | None:
    block, found = _find(order.old, order.target, call)
    if block and found:
        wanted = frozenset(concepts(tokens(expand(order.old))))
        return _rewrite(block, {unit: _without(unit, wanted) for unit in found}, call)
    if order.soft:
        return None
    topic = as_clause(to_second_person(order.old))[:200]
    known = Sources(call).told.outdated
    if any(by is None for _, by in known) and order.old:
        return Decision(text=f"I won't use what you told me of {topic}. No memory block holds it.")
    return Decision(text=f"There is nothing about {topic} in a memory block that I may change.")


def _without(unit: str, wanted: frozenset[str]) -> str:
    """Return a unit without its clauses about some concepts; "" if all of it is about them."""
    kept = [clause for clause in clauses(unit) if not _is_about(clause, wanted)]
    return as_sentence(" and ".join(one.rstrip(" .!") for one in kept)) if kept else ""


def _clear(order: MemoryOrder, call: ModelCall) -> Decision:
    writable = [one for one in call.blocks if not one.read_only]
    named = [one for one in writable if _is_named(one, order.target)]
    block = next(iter(named), None) or next((one for one in writable if one.label == "human"), None)
    if missing := _missing(REPLACES, block, call):
        return Decision(text=missing)
    assert block is not None
    if not block.value.strip():
        return Decision(text=f"There is nothing to clear: my {block.label} block is empty.")
    return _rewritten(block, "", call)


def _missing(tools: Sequence[str], block: MemoryBlock | None, call: ModelCall) -> str:
    if not any(name in call.tools for name in tools):
        return NO_TOOL
    return "" if block is not None else NO_BLOCK


def units(value: str) -> list[str]:
    """Return the sentences of a block, line by line."""
    return [match[0].strip() for match in UNIT.finditer(value) if match[0].strip()]


def _find(topic: str, target: str, call: ModelCall) -> tuple[MemoryBlock | None, list[str]]:
    """Return the first block that holds something about a topic, and the units about it."""
    wanted = frozenset(concepts(tokens(expand(topic))))
    if not wanted:
        return None, []
    for block in _named_first(target, call.blocks):
        if block.read_only or (block.label == "persona" and not _is_named(block, target)):
            continue
        if found := [unit for unit in units(block.value) if _is_about(unit, wanted)]:
            return block, found
    return None, []


def _is_about(unit: str, wanted: frozenset[str]) -> bool:
    fact = read(as_told(unit, "human"), "user")
    return fact is not None and wanted <= fact.concepts | fact.maybe


def _rewrite(block: MemoryBlock, changes: dict[str, str], call: ModelCall) -> Decision:
    """Put each unit's new text in its place; a unit without one goes with its line."""
    if missing := _missing(REPLACES, block, call):
        return Decision(text=missing)
    (old, new), *others = changes.items()
    tool = next(name for name in REPLACES if name in call.tools)
    if not others and new and block.value.count(old) == 1:
        return calling(tool, replacing(block, old, new)[tool])
    value = block.value
    for unit, text in changes.items():
        value = value.replace(unit, text, 1)
    lines = (" ".join(line.split()) if line.strip() else "" for line in value.split("\n"))
    return _rewritten(block, "\n".join(filter(None, lines)), call)


def _rewritten(block: MemoryBlock, value: str, call: ModelCall) -> Decision:
    """Write a block anew, as a replacement of all of it where no tool does that."""
    tool = next(name for name in (*REWRITES, *REPLACES) if name in call.tools)
    if tool in REWRITES:
        return calling(tool, {"label": block.label, "new_memory": value})
    return calling(tool, replacing(block, block.value, value)[tool])


def replacing(block: MemoryBlock, old: str, new: str) -> dict[str, dict[str, object]]:
    """Return the arguments each tool takes to replace a text."""
    path = f"/memories/{block.label}"
    return {
        "memory_replace": {"label": block.label, "old_string": old, "new_string": new},
        "core_memory_replace": {"label": block.label, "old_content": old, "new_content": new},
        "memory": {"command": "str_replace", "path": path, "old_string": old, "new_string": new},
        "memory_rethink": {
            "label": block.label, "new_memory": block.value.replace(old, new, 1),
        },
    }  # fmt: skip


def _is_named(block: MemoryBlock, target: str) -> bool:
    words = {word.lower() for word in tokens(target)} - {"memory", "block"}
    label = {part.lower() for part in re.split(r"[\W_]+", block.label) if part}
    return bool(label) and label <= words


def _named_first(target: str, blocks: Sequence[MemoryBlock]) -> list[MemoryBlock]:
    return sorted(blocks, key=lambda block: not _is_named(block, target))


def fitting(note: str, target: str, blocks: Sequence[MemoryBlock]) -> MemoryBlock | None:
    """Return the block to write to: the one named, else the person's, else the one most alike."""
    writable = [block for block in blocks if not block.read_only]
    labels = {block.label: block for block in writable}
    for block in writable:
        if _is_named(block, target):
            return block
    fact = read(note, "user")
    about = fact.subject if fact else "other"
    person = {"user": "human", "agent": "persona", "other": ""}[about]
    if person in labels:
        return labels[person]
    said = set(concepts(tokens(note)))
    alike = [block for block in writable if said & {*concepts(re.split(r"[\W_]+", block.label))}]
    return next(iter(alike), None) or labels.get("human") or next(iter(writable), None)


def calling(name: str, arguments: dict[str, object]) -> Decision:
    """Decide on one tool call. The world gives it an id."""
    return Decision(tool_calls=(tool_call(name, arguments),))


def tool_call(name: str, arguments: dict[str, object]) -> ToolCall:
    return ToolCall("", name, json.dumps(arguments, ensure_ascii=False))


def report_update(made: ToolCall, status: str, message: str, text: str) -> str:
    """Say that memory is updated, or why it is not, after the call that `text` led to."""
    if status == "Failed":
        return f"I could not update my memory: {message[:500]}"
    order = next((order for order, _ in memory_orders(text)), None)
    if order is not None and order.kind == "forget":
        return f"I've removed {as_clause(to_second_person(order.old))} from my memory."
    if order is not None and order.kind == "clear":
        return "I've cleared what I had stored about you."
    if order is not None and order.kind == "replace" and order.new:
        return f'I\'ve updated my memory: "{order.new}" instead of "{order.old}".'
    return f"I've updated my memory: {_written_note(made)}"


def _written_note(made: ToolCall) -> str:
    arguments = parsed(made.arguments)
    for key in ("new_string", "content", "insert_text", "new_content", "new_memory"):
        note = arguments.get(key)
        if isinstance(note, str) and note.strip():
            return as_sentence(to_second_person(note.splitlines()[-1]))
    return "done."
