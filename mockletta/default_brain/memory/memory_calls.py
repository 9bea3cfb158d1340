"""Memory calls: what a call of a memory tool is given to change a block, and what it wrote."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from mockletta.brain.decisions import (
    ChatMessage,
    Decision,
    MemoryBlock,
    ModelCall,
    ToolCall,
    ToolSchema,
)
from mockletta.brain.history import parsed
from mockletta.brain.tool_parameters import required_of
from mockletta.default_brain.memory.block_items import items_of, units
from mockletta.language.facts import MEMORY_TOOLS, as_told
from mockletta.language.retelling import about_the_agent, in_first_person, to_second_person
from mockletta.language.sentences import POINT, as_clause
from mockletta.language.words import as_sentence, expand, is_verb

INSERTS = ("memory_insert", "core_memory_append", "memory", "memory_rethink")
REPLACES = ("memory_replace", "core_memory_replace", "memory", "memory_rethink")
NO_TOOL = "I can't update my memory: I have not been given a memory tool."
NO_BLOCK = "I can't update my memory: I have not been given a memory block that I may change."


def calling(name: str, arguments: dict[str, object]) -> Decision:
    return Decision(tool_calls=(tool_call(name, arguments),))


def only_here(note: str, why: str = "") -> Decision:
    """Acknowledge what no block is to hold, or cannot hold: this conversation has it."""
    told = f"Got it: {as_clause(to_second_person(expand(note)))}. I"
    only = f"{told} know it in this conversation only, since {why}"
    return Decision(text=only if why else f"{told}'ll know it in this conversation.")


def write(call: ModelCall, block: MemoryBlock | None, value: str) -> Decision:
    """Change a block to a new value, by the smallest edit that a tool can make."""
    if block and not block.value.strip() and not value:
        return Decision(text=f"There is nothing to clear: my {block.label} block is empty.")
    old, new = edit(block.value, value) if block else ("", value)
    tools: tuple[str, ...] = REPLACES if old else INSERTS
    if block is not None and old and old == block.value:
        tools = ("memory_rethink", *REPLACES)
    tool = next((name for name in tools if name in call.tools), None)
    if tool is None or block is None:
        return Decision(text=NO_BLOCK if tool else NO_TOOL)
    return calling(tool, _required(tool, call) | written_by(tool, block, old, new))


def edit(value: str, new: str) -> tuple[str, str]:
    """Return the text of a block to replace, "" to add at its end, and the text to put there."""
    if not value.strip() or new.startswith(f"{value}\n"):
        return "", new.removeprefix(value).strip("\n")
    for before, after in ((units(value), units(new)), (value.split("\n"), new.split("\n"))):
        changed = [both for both in zip(before, after, strict=False) if both[0] != both[1]]
        alone = len(before) == len(after) and len(changed) == 1 and value.count(changed[0][0]) == 1
        if alone and value.replace(*changed[0]) == new:
            return changed[0]
    return value, new


def _required(name: str, call: ModelCall) -> dict[str, object]:
    """Return the texts that a client's own memory tool requires beside what is written."""
    tool = next((one for one in call.schemas if one.name == name), ToolSchema(name))
    texts = [one.name for one in required_of(tool) if one.kind == "string"]
    return dict.fromkeys(texts, "The user asked for it.")


def tool_call(name: str, arguments: dict[str, object]) -> ToolCall:
    return ToolCall("", name, json.dumps(arguments, ensure_ascii=False))


def written_by(tool: str, block: MemoryBlock, old: str, new: str) -> dict[str, object]:
    """Return the arguments of a memory tool that puts one text for another, or adds one."""
    texts: dict[str, object] = {"old_string": old} if old else {}
    texts["new_string"] = new
    command: dict[str, object] = {
        "command": "str_replace" if old else "insert",
        "path": f"/memories/{block.label}",
    }
    match tool:
        case "memory":
            return command | (texts if old else {"insert_line": -1, "insert_text": new})
        case "memory_rethink":
            after = block.value.replace(old, new, 1) if old else f"{block.value}\n{new}".strip()
            return {"label": block.label, "new_memory": after}
        case "core_memory_append":
            return {"label": block.label, "content": new}
        case "core_memory_replace":
            return {"label": block.label, "old_content": old, "new_content": new}
    return {"label": block.label, **texts}


RECENT, LONGEST = 12, 2000
ABOUT = frozenset({"human", "persona"})
WRITTEN = ("new_string", "content", "insert_text", "new_content", "new_memory")


def notes(arguments: dict[str, object]) -> Iterator[str]:
    """Yield the texts that a call of a memory tool writes."""
    texts = (arguments.get(key) for key in WRITTEN)
    yield from (text.strip() for text in texts if isinstance(text, str) and text.strip())


def changes(messages: Sequence[ChatMessage], start: int = 0) -> Iterator[tuple[str, str, str]]:
    """Yield the label, the text replaced and the text written of each memory call, newest first."""
    for place in range(len(messages) - 1, max(-1, start - 1), -1):
        for made in messages[place].tool_calls:
            if made.name in MEMORY_TOOLS:
                given = parsed(made.arguments)
                old = given.get("old_string", given.get("old_content", ""))
                yield _label(given), str(old), next(notes(given), "")


def last_changes(messages: Sequence[ChatMessage]) -> Iterator[tuple[str, str, str]]:
    """Yield the changes of memory in the last two exchanges, the newest first."""
    start = max(0, len(messages) - RECENT)
    own = [place for place in range(start, len(messages)) if messages[place].role == "user"]
    return changes(messages, own[-3:][0] if own else start)


def last_change(messages: Sequence[ChatMessage]) -> str:
    """Tell what was written into memory last, or removed from it."""
    _, old, new = next(changes(messages), ("", "", ""))
    told, was = (
        to_second_person(" ".join(one for one in units(text) if one not in other))
        for text, other in ((new, old), (old, new))
    )
    if told:
        before = f" Before it was: {as_sentence(was)}" if was else ""
        return f"I wrote: {as_sentence(told)}{before}"
    return (
        f"I removed: {as_sentence(was)}"
        if was
        else "I have not changed my memory in this conversation."
    )


def concerned(messages: Sequence[ChatMessage], labels: Sequence[str], text: str = "") -> str:
    """Return the label of the block that the last exchanges named or changed, "" if none."""
    words = {label: label.lower().replace("_", " ") for label in labels}
    for place in range(len(messages) - 1, max(-1, len(messages) - RECENT), -1):
        message = messages[place]
        said = (text if place == len(messages) - 1 and text else message.text)[:LONGEST].lower()
        if label := next((one for one, _, _ in changes([message]) if one in words), ""):
            return label
        if message.role == "user":
            for label, spelled in words.items():
                if re.search(rf"\b{re.escape(spelled)}", said):
                    return label
    return ""


def _label(given: Mapping[str, object]) -> str:
    return str(given.get("label", given.get("path", ""))).rpartition("/")[2]


def gone(old: str, new: str) -> list[str]:
    """Return the items that a change of a block removed without putting others in their place."""
    before, after = ([one.whole for one in items_of(text)] for text in (old, new))
    return [one for one in before if one not in after] if len(after) < len(before) else []


def retold(text: str, label: str) -> str:
    """Tell the user what stands in a block: `City: Ulm` of a human is `Your city is Ulm.`."""
    lines = [one for line in text.split("\n") for one in units(POINT.sub("", line))]
    if label == "persona":
        return " ".join(as_sentence(about_the_agent(one)) for one in lines)
    own = label == "human"  # `Lives in Ulm`, but not `Deploys happen on Friday`
    told = (
        as_told(one, "human") if own and not any(map(is_verb, one.split()[1:])) else one
        for one in lines
    )
    return " ".join(as_sentence(to_second_person(in_first_person(one))) for one in told)
