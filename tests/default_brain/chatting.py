"""Chats: conversations from a YAML file, led through the SDK with a server in this process.

A chat has an `agent` (what it is created with; `tools` are sources), `client_tools`, a number of
`conversations` (each turn says which it is `in`) and turns. A turn says something (`say`, with
`padding` before it, or `parts`), approves (`approve`, `reason`), gives what client tools return
(`tools_result`, `status`), compacts or recompiles. A `client` wraps what is said as that client
does: `letta-code` puts the `preamble` before the first message, `lettabot` before each,
`json-envelope` packs it.

`expect` says what the reply is to be: `matches` and `not` (regular expressions), `exact`, `calls`
(tools and arguments), `block` (what blocks hold afterwards), `varies` (turns that are not worded
alike), `json`, `schema`, `value`, `stop`, `unique_ids`. `never` holds for every reply of the chat.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from letta_client import Letta

from tests.contract.talk import MODEL

Chat = dict[str, Any]
NOW = "2026-11-29T09:30:00Z"
"""When the chats take place."""

MACROS = {
    "unknown": r"(?:don't|haven't|hasn't) (?:\w+ )?(?:know|told|have)|no note|nothing about",
    "unable": r"can(?:'t|not)|unable|not able|beyond|only",
    "parrot": "received your message",
    "greet": r"\b(?:hello|hi|hey|good (?:morning|evening))\b",
    "welcome": r"welcome|glad",
    "bye": r"bye|see you",
    "fine": r"\b(?:well|good|great|fine|help)\b",
    "denied": r"den(?:y|ied)|declin|refus|reject|not |n't|fail",
    "foreign": "english|understand",
    "weekday": "Sunday",
    "date": "29 November",
    "time": "09:30",
    "year": "2026",
    "month": "November",
    "tomorrow": "Monday",
}


def chats(*names: str) -> list[Chat]:
    """Read the chats of these files."""
    folder = Path(__file__).parent / "chats"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts = [(folder / name).read_text("utf-8") for name in names]
    return [chat for text in texts for chat in yaml.load(text, loader)]


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass
class Reply:
    """What came back in one turn: the text, the calls by id, and how it ended."""

    text: str = ""
    calls: dict[str, tuple[str, str]] = field(default_factory=dict)
    stop: str | None = None

    def take(self, events: Iterable[Any]) -> None:
        """Take the events of a stream."""
        for event in events:
            kind = event.message_type
            if kind == "assistant_message":
                self.text += event.content
            elif kind in ("tool_call_message", "approval_request_message"):
                for call in listed(event.tool_calls or event.tool_call):
                    name, arguments = self.calls.get(call.tool_call_id, ("", ""))
                    self.calls[call.tool_call_id] = (
                        name or call.name or "",
                        arguments + (call.arguments or ""),
                    )
            elif kind == "stop_reason":
                self.stop = event.stop_reason

    def arguments(self) -> list[tuple[str, Any]]:
        """The calls with their arguments read."""
        return [(name, json.loads(written)) for name, written in self.calls.values()]


class Talk:
    """One chat on its way."""

    def __init__(self, client: Letta, chat: Chat) -> None:
        self.client, self.chat = client, chat
        given = dict(chat.get("agent", {}))
        tools = [
            client.tools.upsert(
                source_code=one if isinstance(one, str) else one["source"],
                default_requires_approval=not isinstance(one, str),
            ).id
            for one in given.pop("tools", [])
        ]
        blocks = [{"label": "human", "value": ""}, {"label": "persona", "value": "I help."}]
        given = {"memory_blocks": blocks, "name": "Tester", **given}
        self.agent = client.agents.create(model=MODEL, tool_ids=tools, **given).id
        count = chat.get("conversations", 1)
        self.threads = [client.conversations.create(agent_id=self.agent).id for _ in range(count)]
        self.begun: set[int] = set()
        self.replies: dict[int, Reply] = {}
        self.ids: list[str] = []

    def play(self) -> list[str]:
        """Lead the chat to its end; what was not as expected, a line for each."""
        faults = []
        for number, turn in enumerate(self.chat["turns"], 1):
            reply = self.replies[number] = self.turn(turn)
            faults += [
                f"{number}. {str(turn.get('say', turn))[-80:]!r} -> {reply.text!r} "
                f"{list(reply.calls.values())}: {fault}"
                for fault in self.faults(turn.get("expect", {}), reply)
            ]
        return faults

    def turn(self, turn: Mapping[str, Any]) -> Reply:
        """Take one turn."""
        where = turn.get("in", 1) - 1
        thread = self.threads[where]
        if "compact" in turn:
            done = self.client.conversations.messages.compact(
                thread, compaction_settings={"mode": "all"}
            )
            return Reply(str(done.summary))
        if "recompile" in turn:
            self.client.conversations.recompile(thread)
            return Reply()
        reply = Reply()
        if "approve" in turn:
            self.answer(thread, turn, reply)
        elif "say" in turn or "parts" in turn:
            content = self.content(turn, where)
            self.send(thread, [{"role": "user", "content": content}], reply)
        for _ in range(4):
            if "tools_result" not in turn or (reply.stop not in ("requires_approval", None)):
                break
            self.give(thread, turn, reply)
        return reply

    def content(self, turn: Mapping[str, Any], where: int) -> str | list[dict[str, str]]:
        if "parts" in turn:
            return [{"type": "text", "text": text} for text in turn["parts"]]
        padding = turn.get("padding", {"text": "", "times": 0})
        say = str(padding["text"] * padding["times"] + turn["say"])
        preamble = listed(self.chat.get("preamble", []))
        match self.chat.get("client"):
            case "letta-code":
                before = [] if where in self.begun else preamble
                self.begun.add(where)
                return [{"type": "text", "text": text} for text in [*before, say]]
            case "lettabot":
                return "\n\n".join([*preamble, say])
            case "json-envelope":
                return json.dumps({"type": "user_message", "message": say})
        return say

    def send(self, thread: str, messages: Any, reply: Reply) -> None:  # noqa: ANN401
        more = {"client_tools": tools} if (tools := self.chat.get("client_tools")) else {}
        known = set(reply.calls)
        reply.take(self.client.conversations.messages.create(thread, messages=messages, **more))
        self.ids += [one for one in reply.calls if one not in known]
        self.waiting = [one for one in reply.calls if one not in known]

    def answer(self, thread: str, turn: Mapping[str, Any], reply: Reply) -> None:
        given = {key: turn[key] for key in ("approve", "reason") if key in turn}
        answers = [{"type": "approval", "tool_call_id": one, **given} for one in self.waiting]
        self.send(thread, [{"type": "approval", "approvals": answers}], reply)

    def give(self, thread: str, turn: Mapping[str, Any], reply: Reply) -> None:
        result, status = turn["tools_result"], turn.get("status", "success")
        calls = self.replies | {0: reply}
        named = {key: name for one in calls.values() for key, (name, _) in one.calls.items()}
        answers = [
            {
                "type": "tool",
                "tool_call_id": one,
                "status": status,
                "tool_return": result.get(named[one], "") if isinstance(result, dict) else result,
            }
            for one in self.waiting
        ]
        self.send(thread, [{"type": "approval", "approvals": answers}], reply)

    # What is expected

    def regex(self, text: str) -> re.Pattern[str]:
        for name, value in MACROS.items():
            text = text.replace("{{" + name + "}}", f"(?:{value})")
        return re.compile(text, re.IGNORECASE | re.DOTALL)

    def faults(self, expect: Mapping[str, Any], reply: Reply) -> Iterable[str]:
        """What is not as it was to be."""
        yield from (f"lacks {x}" for x in self.lacking(expect.get("matches", []), reply.text))
        unwanted = [*listed(expect.get("not", [])), *listed(self.chat.get("never", []))]
        yield from (f"has {one}" for one in unwanted if self.regex(one).search(reply.text))
        if "exact" in expect and reply.text != expect["exact"]:
            yield f"is not exactly {expect['exact']!r}"
        if "calls" in expect:
            yield from self.misses(listed(expect["calls"]), reply)
        for want in listed(expect.get("block", [])):
            yield from self.of_block(want)
        if "json" in expect or "schema" in expect:
            yield from self.misshapen(expect, json.loads(reply.text))
        if expect.get("stop", reply.stop) != reply.stop:
            yield f"stopped by {reply.stop}"
        if reply.text in {self.replies[number].text for number in expect.get("varies", [])}:
            yield "is worded as before"
        if len(set(self.ids)) < max(expect.get("unique_ids", 0), len(self.ids)):
            yield f"not {len(self.ids)} ids but {len(set(self.ids))}"

    def misshapen(self, expect: Mapping[str, Any], value: dict[str, Any]) -> Iterable[str]:
        schema = expect.get("schema", {"type": "object"})
        yield from (one.message for one in Draft202012Validator(schema).iter_errors(value))
        for key, form in expect.get("value", {}).items():
            if not self.regex(str(form)).search(str(value[key])):
                yield f"{key} is {value[key]!r}"

    def lacking(self, forms: object, text: str) -> list[str]:
        return [one for one in listed(forms) if not self.regex(one).search(text)]

    def misses(self, wanted: list[dict[str, Any]], reply: Reply) -> Iterable[str]:
        left = reply.arguments()
        for want in wanted:
            hit = next((one for one in left if self.is_call(want, *one)), None)
            if hit is None:
                yield f"no call {want}"
            else:
                left.remove(hit)
        yield from (f"calls {one}" for one in left)

    def is_call(self, want: dict[str, Any], name: str, arguments: dict[str, Any]) -> bool:
        return name == want["name"] and all(
            key in arguments
            and (
                self.regex(one[1:]).search(str(arguments[key]))
                if isinstance(one, str) and one.startswith("~")
                else arguments[key] == one
            )
            for key, one in want.get("arguments", {}).items()
        )

    def of_block(self, want: Mapping[str, Any]) -> Iterable[str]:
        blocks = self.client.agents.blocks.list(agent_id=self.agent)
        held = "\n".join(
            str(one.value) for one in blocks if want.get("label", one.label) == one.label
        )
        yield from (f"block lacks {one}" for one in self.lacking(want.get("contains", []), held))
        unwanted = [one for one in listed(want.get("not", [])) if self.regex(one).search(held)]
        yield from (f"block has {one}: {held!r}" for one in unwanted)
