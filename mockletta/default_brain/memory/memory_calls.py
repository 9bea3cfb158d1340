"""Memory calls: what a call of a memory tool is given to change a block, and what it wrote."""

import json
from collections.abc import Iterator, Sequence

from mockletta.brain.decisions import ChatMessage, Decision, MemoryBlock, ToolCall
from mockletta.brain.history import parsed
from mockletta.language.facts import MEMORY_TOOLS


def calling(name: str, arguments: dict[str, object]) -> Decision:
    return Decision(tool_calls=(tool_call(name, arguments),))


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


RECENT = 12
WRITTEN = ("new_string", "content", "insert_text", "new_content", "new_memory")


def notes(arguments: dict[str, object]) -> Iterator[str]:
    """Yield the texts that a call of a memory tool writes."""
    texts = (arguments.get(key) for key in WRITTEN)
    yield from (text.strip() for text in texts if isinstance(text, str) and text.strip())


def last_label(messages: Sequence[ChatMessage], recent: int = RECENT) -> str:
    """Return the label of the block that the agent has last written to, "" if none lately."""
    lately = (
        messages[place] for place in range(len(messages) - 1, max(-1, len(messages) - recent), -1)
    )
    made = (one for message in lately for one in message.tool_calls if one.name in MEMORY_TOOLS)
    return str(parsed(next(made, ToolCall("", "", "{}")).arguments).get("label", ""))


def just_written(messages: Sequence[ChatMessage]) -> Iterator[str]:
    """Yield what was written into memory in the last two exchanges, the newest first."""
    start = max(0, len(messages) - RECENT)
    lately = [messages[place] for place in range(start, len(messages))]
    own = [place for place, one in enumerate(lately) if one.role == "user"]
    for message in reversed(lately[own[-3:][0] if own else 0 :]):
        for made in message.tool_calls:
            if made.name in MEMORY_TOOLS:
                yield from notes(parsed(made.arguments))
