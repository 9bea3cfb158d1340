"""A script that gives the answers of a recording."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from mockletta.brain.history import own_words
from mockletta.catalogue.base_tools import tools_by_name
from mockletta.recordings.learn.recorded_turns import RecordedCall, RecordedStep, RecordedTurn

Item = Any
LONGEST_NAME = 40
FAILURES: Sequence[tuple[str, str]] = (
    ("rate.?limit|429", "rate_limit"),
    ("timed? ?out|timeout", "timeout"),
    ("authentication|api.?key", "authentication"),
    ("insufficient|credits|quota", "insufficient_credits"),
    ("permission", "permission_denied"),
    ("context.?window|context.?length", "context_overflow"),
    ("connection|connect to", "unreachable"),
    ("overloaded|503", "overloaded"),
    ("bad.?request|invalid.?argument", "bad_request"),
)
"""The text of an error, and the failure of a script that it stands for."""
_NATURAL = {"", "end_turn", "requires_approval", "tool_rule", "cancelled", "max_steps"}
_FAILED = {"error", "llm_api_error"}
LEAST_PAUSE = 0.2
"""The seconds until an answer that a script repeats, if it repeats pauses."""


def script_of(
    turns: Iterable[RecordedTurn], *, with_usage: bool = False, with_pauses: bool = False
) -> dict[str, Any]:
    """Return the content of a script file that gives the same answers as some turns.

    `with_usage` repeats token counts, `with_pauses` the seconds until an answer.
    """
    groups: dict[tuple[str, str], list[RecordedTurn]] = defaultdict(list)
    summaries: list[str] = []
    for turn in turns:
        summaries += turn.summaries
        groups[own_words(turn.asked) or turn.asked, turn.role].append(turn)
    names: set[str] = set()
    rules = [
        _rule(asked, role, group, names, with_usage=with_usage, with_pauses=with_pauses)
        for (asked, role), group in groups.items()
    ]
    return {
        "version": 1,
        "replies": [rule for rule in rules if rule] + _summary_rules(summaries),
        "otherwise": "default",
    }


def _rule(
    asked: str,
    role: str,
    turns: Sequence[RecordedTurn],
    names: set[str],
    *,
    with_usage: bool,
    with_pauses: bool,
) -> dict[str, Any] | None:
    replies = [_items(turn, with_usage=with_usage, with_pauses=with_pauses) for turn in turns]
    replies = [reply for reply in replies if reply]
    if not replies:
        return None
    when: dict[str, Any] = {"text": {"exact": asked}} if asked else {}
    if role != "user":
        when["role"] = role
    rule: dict[str, Any] = {"name": _name(asked, names), "when": when}
    if all(reply == replies[0] for reply in replies):
        return {**rule, "reply": _plain(replies[0])}
    in_one_thread = len({turn.thread for turn in turns}) == 1
    per = {} if in_one_thread else {"per": "world"}
    return {**rule, "sequence": [_plain(reply) for reply in replies], **per}


def _name(asked: str, names: set[str]) -> str:
    """Return a name for a rule that no other rule has."""
    words = re.sub(r"[^a-z0-9]+", "-", asked.lower()).strip("-")[:LONGEST_NAME].strip("-")
    name = words = words or "message"
    number = 2
    while name in names:
        name, number = f"{words}-{number}", number + 1
    names.add(name)
    return name


def _plain(items: list[Item]) -> Item:
    return items[0] if len(items) == 1 and isinstance(items[0], str) else items


def _items(turn: RecordedTurn, *, with_usage: bool, with_pauses: bool) -> list[Item]:
    items: list[Item] = []
    if with_pauses and turn.first_token > LEAST_PAUSE:
        items.append({"wait": round(turn.first_token, 1)})
    for step in turn.steps:
        items += _step_items(step)
        if with_usage and step.usage:
            items.append({"usage": dict(step.usage)})
    if turn.failure:
        items.append({"fail": failure_name(turn.failure)})
    elif turn.stop_reason not in _NATURAL | _FAILED:
        items.append({"stop": turn.stop_reason})
    return items if turn.steps or turn.failure else []


def _step_items(step: RecordedStep) -> list[Item]:
    items: list[Item] = []
    if step.reasoning:
        items.append({"think": escaped(step.reasoning)})
    if step.text:
        items.append(escaped(step.text))
    calls = [_call_item(call) for call in step.calls]
    if len(calls) > 1:
        items.append({"calls": calls})
    return items + calls if len(calls) == 1 else items


def _call_item(call: RecordedCall) -> dict[str, Item]:
    item: dict[str, Item] = {"call": call.name}
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        item["arguments"] = escaped(call.arguments)
    elif arguments:
        item["with"] = _escaped_all(arguments)
    if call.approve:
        item["approve"] = True
    if call.returned is not None and call.name not in tools_by_name():
        item |= _return_keys(call)
    return item


def _return_keys(call: RecordedCall) -> dict[str, Item]:
    keys: dict[str, Item] = {"returns": _escaped_all(call.returned)}
    if call.status == "error":
        keys["status"] = "error"
    for name, lines in (("stdout", call.stdout), ("stderr", call.stderr)):
        if lines:
            keys[name] = [escaped(line) for line in lines]
    return keys


def failure_name(text: str) -> str:
    """Return the failure of a script that the text of an error describes."""
    found = (name for pattern, name in FAILURES if re.search(pattern, text, re.IGNORECASE))
    return next(found, "server_error")


def _summary_rules(summaries: Sequence[str]) -> list[dict[str, Any]]:
    if not summaries:
        return []
    replies = [[{"summary": escaped(text)}] for text in summaries if text]
    return [
        {"name": "summaries", "when": {"purpose": "summary"}, "sequence": replies, "per": "world"}
    ]


def escaped(text: str) -> str:
    """Return a text for a script: braces that would begin a template are written as a template."""
    return text.replace("{{", "{{ '{{' }}")


def _escaped_all(value: Item) -> Item:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, list):
        return [_escaped_all(one) for one in value]
    if isinstance(value, dict):
        return {name: _escaped_all(one) for name, one in value.items()}
    return value
