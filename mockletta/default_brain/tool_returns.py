"""Tool returns: what tools gave back, as it is reported at once and asked for later."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mockletta.brain.decisions import ChatMessage, ToolCall, ToolSchema
from mockletta.default_brain.facts import Fact, read
from mockletta.default_brain.lexicon import concepts
from mockletta.default_brain.words import tokens, word_set

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
ABOUT_RETURNS = re.compile(
    r"\btools?\b.*\b(?:return|gave|give|said|say|answer|find|found|report)|\b(?:return(?:ed)?|"
    r"result|output|outcome)\b|\b(?:you|it) (?:just )?(?:got|found|received|fetched|looked up|"
    r"retrieved)\b|\bdid (?:you|it) (?:get|find|return|receive|fetch)\b|\b(?:again|once more)\b",
    re.IGNORECASE,
)
MEMORY_TOOLS = word_set(
    """memory_insert memory_replace memory_rethink memory core_memory_append core_memory_replace
    archival_memory_insert memory_apply_patch"""
)
SILENT_TOOLS = MEMORY_TOOLS | {"send_message"}
PENDING = 30
MOST = 500
LONGEST = 500


def name_words(name: str) -> list[str]:
    """The words of a tool's name: `getWeather` and `get_weather` are `get weather`."""
    return tokens(CAMEL.sub(" ", name).replace("_", " ").replace("-", " "))


def parsed(text: str) -> dict[str, object]:
    """The JSON object that a text is, {} for any other."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def outcome(text: str) -> tuple[str, str]:
    """The status of a tool message, `OK` or `Failed`, and what it says."""
    value = parsed(text)
    return str(value.get("status", "OK")), str(value.get("message", text))


def made_for(returned: ChatMessage, messages: Sequence[ChatMessage]) -> ToolCall | None:
    """Return the call a tool message answers, looked for among the last messages."""
    for index in range(len(messages) - 1, max(-1, len(messages) - PENDING), -1):
        for made in messages[index].tool_calls:
            if returned.tool_call_id in {None, made.id}:
                return made
    return None


def asks_for_return(question: str) -> bool:
    """Whether a question is about what a tool has returned before."""
    return ABOUT_RETURNS.search(question) is not None


def return_facts(messages: Sequence[ChatMessage], schemas: Sequence[ToolSchema]) -> list[Fact]:
    """What tools returned in this conversation, the newest last."""
    does = {tool.name: tool.description[:LONGEST] for tool in schemas}
    return list(_return_facts(messages[-MOST:], does))


def _return_facts(messages: Sequence[ChatMessage], does: Mapping[str, str]) -> Iterator[Fact]:
    made: dict[str, ToolCall] = {}
    for message in messages:
        made |= {call.id: call for call in message.tool_calls}
        call = made.get(message.tool_call_id or "") if message.role == "tool" else None
        if (
            call is not None
            and call.name not in SILENT_TOOLS
            and (fact := _fact(call, message.text, does.get(call.name, "")))
        ):
            yield fact


def _fact(call: ToolCall, text: str, does: str) -> Fact | None:
    status, said = outcome(text)
    verb = "failed" if status == "Failed" else "returned"
    given = ", ".join(f"{key}: {value}" for key, value in parsed(call.arguments).items())
    with_ = f" for {given}"[:LONGEST] if given else ""
    fact = read(f"The tool {call.name}{with_} {verb}: {said[:LONGEST]}", "tool")
    if fact is None:
        return None
    words = concepts(
        [
            *name_words(call.name),
            *tokens(does),
            "tool",
            "return",
            "result",
            "output",
            "found",
            "got",
        ]
    )
    return replace(fact, gates=(), negated=False, concepts=fact.concepts | {*words})
