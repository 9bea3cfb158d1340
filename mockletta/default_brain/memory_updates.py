"""Memory updates: how the default brain writes into memory, and what it says after a tool call."""

import hashlib
import json
import re
from collections.abc import Sequence
from itertools import islice, takewhile

from mockletta.brain.decisions import ChatMessage, Decision, MemoryBlock, ModelCall, ToolCall
from mockletta.default_brain import memory_requests, persons
from mockletta.default_brain.facts import history_facts, read
from mockletta.default_brain.lexicon import concepts
from mockletta.default_brain.sentences import kind, sentences
from mockletta.default_brain.statements import is_factual, statements
from mockletta.default_brain.words import tokens

INSERTS = ("memory_insert", "core_memory_append", "memory", "memory_rethink")
REPLACES = ("memory_replace", "core_memory_replace", "memory", "memory_rethink")
TOOLS = frozenset({*INSERTS, *REPLACES, "archival_memory_insert"})
QUOTES = frozenset("\"'“\u2018")
MANY = 30


def memory_update(text: str, call: ModelCall) -> Decision | None:
    """Decide on a request to write into memory: a tool call; None for any other message.

    Where no tool or block can take it, the decision says so in text.
    """
    if not memory_requests.mentions_memory(text):
        return None
    lines = list(islice(sentences(text), MANY))
    for index, line in enumerate(lines):
        if match := memory_requests.replacement(line):
            return replace(match, call)
        if match := memory_requests.request(line):
            note = noted(match, lines[index + 1 :]) or pointed_at(text, call)
            return insert(note, memory_requests.target(match), call)
    return None


def noted(match: re.Match[str], following: list[str]) -> str:
    """Return what the request names, and after a colon also the statements that follow it."""
    content = memory_requests.content(match)
    if not content or match["content"].lstrip()[0] in QUOTES:
        return content
    listed = ":" in match.string[: match.start("content")]
    told = takewhile(
        lambda line: listed and kind(line) == "statement" and is_factual(line), following
    )
    return " ".join(map(persons.as_sentence, [content, *told]))


def pointed_at(text: str, call: ModelCall) -> str:
    """Return what `save that` points to: a statement of this message, or the last one before."""
    here = [persons.as_sentence(clause) for clause, _ in statements(text) if clause]
    earlier = (persons.as_sentence(fact.text) for fact in reversed(history_facts(call.messages)))
    return " ".join(here) or next(earlier, "")


def insert(note: str, target: str, call: ModelCall) -> Decision:
    if not note:
        return Decision(text="What should I write into my memory?")
    if "archival" in target and "archival_memory_insert" in call.tools:
        return calling("archival_memory_insert", {"content": note}, call)
    tool = next((name for name in INSERTS if name in call.tools), None)
    block = fitting(note, target, call.blocks)
    if tool is None or block is None:
        return Decision(text=unable("tool" if tool is None else "block"))
    arguments: dict[str, dict[str, object]] = {
        "memory_insert": {"label": block.label, "new_string": note},
        "core_memory_append": {"label": block.label, "content": note},
        "memory": {
            "command": "insert", "path": f"/memories/{block.label}", "insert_line": -1,
            "insert_text": note,
        },
        "memory_rethink": {"label": block.label, "new_memory": f"{block.value}\n{note}".strip()},
    }  # fmt: skip
    return calling(tool, arguments[tool], call)


def replace(match: re.Match[str], call: ModelCall) -> Decision:
    """Decide on `replace old with new`; where nothing holds the old, `update a to b` notes it."""
    old = memory_requests.tidy(match["old"]).rstrip(".!")
    new = memory_requests.tidy(match["new"].rstrip(".!"))
    target = memory_requests.target(match)
    tool = next((name for name in REPLACES if name in call.tools), None)
    holding = [
        block
        for block in named_first(target, call.blocks)
        if old.lower() in block.value.lower() and not block.read_only
    ]
    if not holding and match[0].lower().startswith(("update", "change")):
        return insert(persons.as_sentence(f"{old} is {new}"), target, call)
    if not holding:
        return Decision(text=f'I could not find "{old[:200]}" in a memory block I may change.')
    if tool is None:
        return Decision(text=unable("tool"))
    return calling(tool, replacing(holding[0], old, new)[tool], call)


def replacing(block: MemoryBlock, old: str, new: str) -> dict[str, dict[str, object]]:
    """Return the arguments each tool takes to replace a text, in whatever case it stands."""
    position = block.value.lower().find(old.lower())
    found = block.value[position : position + len(old)]
    path = f"/memories/{block.label}"
    return {
        "memory_replace": {"label": block.label, "old_string": found, "new_string": new},
        "core_memory_replace": {"label": block.label, "old_content": found, "new_content": new},
        "memory": {"command": "str_replace", "path": path, "old_string": found, "new_string": new},
        "memory_rethink": {"label": block.label, "new_memory": block.value.replace(found, new)},
    }


def unable(missing: str) -> str:
    what = "a memory tool" if missing == "tool" else "a memory block that I may change"
    return f"I can't update my memory: I have not been given {what}."


def named_first(target: str, blocks: tuple[MemoryBlock, ...]) -> list[MemoryBlock]:
    words = {word.lower() for word in tokens(target)}
    return sorted(blocks, key=lambda block: words.isdisjoint(map(str.lower, tokens(block.label))))


def fitting(note: str, target: str, blocks: tuple[MemoryBlock, ...]) -> MemoryBlock | None:
    """Return the block to write to: the one named, else the person's, else the one most alike."""
    writable = [block for block in blocks if not block.read_only]
    labels = {block.label: block for block in writable}
    words = {word.lower() for word in tokens(target)}
    for block in writable:
        if {part.lower() for part in tokens(block.label)} & words:
            return block
    fact = read(note, "user")
    about = fact.subject if fact else "other"
    person = {"user": "human", "agent": "persona", "other": ""}[about]
    if person in labels:
        return labels[person]
    return closest(note, writable) or labels.get("human") or (writable[0] if writable else None)


def closest(note: str, blocks: list[MemoryBlock]) -> MemoryBlock | None:
    said = set(concepts(tokens(note)))
    shared = [len(said & set(concepts(tokens(block.label)))) for block in blocks]
    if not any(shared):
        return None
    return blocks[shared.index(max(shared))]


def calling(name: str, arguments: dict[str, object], call: ModelCall) -> Decision:
    written = json.dumps(arguments, ensure_ascii=False)
    memory = [(block.label, block.value) for block in call.blocks]
    seed = json.dumps([len(call.messages), name, written, memory])
    digest = hashlib.sha256(seed.encode()).hexdigest()[:24]
    return Decision(tool_calls=(ToolCall(f"call_{digest}", name, written),))


def report(returned: ChatMessage, call: ModelCall) -> str:
    """Return what to say when a tool has returned: that memory is updated, or why it is not."""
    made = made_for(returned, call.messages)
    status, message = outcome(returned.text)
    if made is None or made.name not in TOOLS:
        name = f"The tool {made.name}" if made else "The tool"
        return f"{name} {'failed' if status == 'Failed' else 'returned'}: {message[:500]}"
    if status == "Failed":
        return f"I could not update my memory: {message[:500]}"
    return f"I've updated my memory: {written_note(made)}"


def made_for(returned: ChatMessage, messages: Sequence[ChatMessage]) -> ToolCall | None:
    """Return the call a tool message answers, looked for among the last messages."""
    for index in range(len(messages) - 1, max(-1, len(messages) - MANY), -1):
        for made in messages[index].tool_calls:
            if returned.tool_call_id in {None, made.id}:
                return made
    return None


def outcome(text: str) -> tuple[str, str]:
    value = parsed(text)
    return str(value.get("status", "OK")), str(value.get("message", text))


def parsed(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def written_note(made: ToolCall) -> str:
    arguments = parsed(made.arguments)
    for key in ("new_string", "content", "insert_text", "new_content", "new_memory"):
        note = arguments.get(key)
        if isinstance(note, str) and note.strip():
            return persons.as_sentence(persons.to_second_person(note.splitlines()[-1]))
    return "done."
