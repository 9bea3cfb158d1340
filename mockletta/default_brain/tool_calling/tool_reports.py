"""Tool reports: what the tools of a turn returned, in words."""

from collections.abc import Sequence

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ToolCall
from mockletta.brain.history import (
    just_returned,
    made_for,
    newest,
    newest_message,
    outcome,
    parsed,
    said,
)
from mockletta.default_brain.memory.knowledge import PRONOUNS
from mockletta.default_brain.memory.memory_calls import notes
from mockletta.default_brain.memory.memory_notes import retold, units
from mockletta.language.facts import MEMORY_TOOLS
from mockletta.language.memory_orders import MemoryOrder, memory_orders
from mockletta.language.retelling import about_the_agent, to_second_person
from mockletta.language.sentences import as_clause, subject_text

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
    order = next((order for order, _ in memory_orders(text)), MemoryOrder("insert"))
    new, old = order.new or "it", as_clause(to_second_person(order.old))
    old = "the list" if order.kind in ("add", "take") and old in PRONOUNS else old
    that = "that " if subject_text(order.old) else ""
    given = parsed(made.arguments)
    note = next(notes(given), "")
    new = note if order.kind == "replace" and order.new not in note else new
    done = {
        "add": f"I've added {new.rstrip('.')} to {old}.", "take": f"I've removed {new} from {old}.",
        "forget": f"I've removed {that}{old} from my memory.",
        "undo": "I've removed that from my memory.",
        "clear": not order.new and "I've cleared what I had stored about you.",
        "replace": order.new and f'I\'ve updated my memory: "{new}" instead of "{order.old}".',
    }  # fmt: skip
    if order.kind == "forget" and str(given.get("label")) in order.old.lower().split():
        return f"I've cleared {old}."
    if order.kind == "clear" and not order.new and given.get("label", "human") != "human":
        return f"I've cleared my {given['label']} block."
    if said := done.get(order.kind):
        return said
    before = str(given.get("old_string", given.get("old_content", "")))
    fresh = " ".join(unit for unit in units(note) if unit not in before) if before else ""
    told = fresh or "".join(note.splitlines()[-1:])
    if given.get("label") == "persona":
        return f"I've updated my memory: {about_the_agent(told)}"
    return f"I've updated my memory: {retold(told) if told else 'done.'}"


def has_just_failed(name: str, call: ModelCall) -> bool:
    """Return whether the newest message is a failed return of a tool."""
    last = call.messages[-1] if len(call.messages) else None
    made = made_for(last, call.messages) if last and last.role == "tool" else None
    return bool(last and made and made.name == name and outcome(last.text)[0] == "Failed")
