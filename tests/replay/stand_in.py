"""The deterministic model behind the recordings: the same rules give a replay the same texts.

Two things are odd because the recorded provider was:

1. a summary always speaks of 2 messages, the summariser's own prompt and the transcript [06, 44];
2. a call's id counts the provider's calls, failed ones too [10].
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ModelFailure, ToolCall
from mockletta.turns.context.compaction import ACKNOWLEDGEMENT

from .tool_results import TOOLS, Results, result_of

Json: TypeAlias = Mapping[str, Any]

PROMPT_TOKENS = 100
COMPLETION_TOKENS = 20
SLOWLY = 0.15
SIGNATURE = "gAAAA-fake-signature"
SUMMARY = "Summary of the earlier conversation ({} messages given)."
TRANSCRIPT_GIVEN = 2
OVERFLOW = {
    "message": "This model's maximum context length is 128000 tokens. However, your messages"
    " resulted in 130000 tokens. Please reduce the length of the messages.",
    "type": "invalid_request_error",
    "param": "messages",
    "code": "context_length_exceeded",
}
# The provider's error type and code by HTTP status [43].
ERRORS: dict[int, tuple[str, str | None]] = {
    400: ("invalid_request_error", "bad_request"),
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_quota"),
    403: ("permission_error", "forbidden"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    500: ("server_error", "server_error"),
    503: ("server_error", "overloaded"),
}

_NUMBER = r"(\d+(?:\.\d+)?)"
_ERROR = re.compile(r"<<error (\d+)(?: once ([^>]*))?>>")
_OVERFLOW = re.compile(r"<<overflow(?: once ([^>]*))?>>")
_USAGE = re.compile(r"<<usage (\d+)>>")
_REASON = re.compile(r"<<reason (.*?)>>", re.DOTALL)
_HANG = re.compile(rf"<<hang {_NUMBER}>>")
_SLOW = re.compile(rf"<<slow {_NUMBER}>>")
_CALL_TOOL = re.compile(r"call tool (\w+) with (?=\{)")
_DID_I_ASK = re.compile(r"(\w+) did I ask")


@dataclass
class StandIn:
    """A brain that answers by contract/README.md's table.

    `time_scale` shortens its delays; `results` are what tools return; `broken_connection` says why
    the model of an agent cannot be reached.
    """

    time_scale: float = 1.0
    broken_connection: Callable[[str], str | None] = lambda _agent_id: None
    results: Results = field(default_factory=lambda: TOOLS)
    calls: int = 0
    failed_once: set[str] = field(default_factory=set)

    def decide(self, call: ModelCall) -> Decision:
        """Answer like the provider the recordings were made with, or raise as it failed."""
        broken = self.broken_connection(call.agent_id)
        if broken is not None:
            raise ModelFailure(message=broken, kind="unreachable")
        self.calls += 1
        counted = Decision(prompt_tokens=PROMPT_TOKENS, completion_tokens=COMPLETION_TOKENS)
        if call.purpose == "summary":
            return replace(counted, text=SUMMARY.format(_given(call)))
        asked = _newest_user_text(call.messages)
        self._fail(asked)
        decision = self._answer(call, asked, _adorned(counted, asked))
        if decision.reasoning is not None and call.model.startswith("openai/gpt-5"):
            decision = replace(decision, signature=SIGNATURE)
        return self._delayed(decision, asked)

    def _fail(self, asked: str) -> None:
        error = _ERROR.search(asked)
        if error and self._is_due(error[0], error[2]):
            raise _failure(int(error[1]))
        overflow = _OVERFLOW.search(asked)
        if overflow and self._is_due(overflow[0], overflow[1]):
            raise ModelFailure(400, str(OVERFLOW["message"]), "overflow", dict(OVERFLOW))

    def _is_due(self, directive: str, once: str | None) -> bool:
        if once is None:
            return True
        seen = directive in self.failed_once
        self.failed_once.add(directive)
        return not seen

    def _answer(self, call: ModelCall, asked: str, decision: Decision) -> Decision:
        plan = _plan(asked)
        if plan is not None:
            return self._step(plan, _assistants_since_user(call.messages), decision)
        if call.messages and call.messages[-1].role == "tool":
            return replace(decision, text=f"Tool said: {call.messages[-1].text[:200]}")
        if "<<empty>>" in asked:
            return decision
        wanted = _called_tool(asked)
        if wanted is not None and wanted["tool"] in call.tools:
            return replace(decision, tool_calls=self._tool_calls([wanted]))
        return replace(decision, text=_reply(call.messages, asked))

    def _step(self, plan: Sequence[Json], number: int, decision: Decision) -> Decision:
        if number >= len(plan):
            return replace(decision, text=f"Plan done after {len(plan)} steps.")
        step = plan[number]
        if "error" in step:
            raise _failure(step["error"])
        return replace(
            decision,
            text=step.get("text", ""),
            reasoning=step.get("reasoning", decision.reasoning),
            finish=step.get("finish", decision.finish),
            tool_calls=self._tool_calls(step.get("tools", [step] if "tool" in step else [])),
        )

    def _tool_calls(self, wanted: Sequence[Json]) -> tuple[ToolCall, ...]:
        return tuple(
            self._tool_call(str(one.get("id", f"call_{self.calls}_{index}")), one)
            for index, one in enumerate(wanted)
        )

    def _tool_call(self, call_id: str, wanted: Json) -> ToolCall:
        name = str(wanted.get("tool", wanted.get("name")))
        arguments = str(wanted.get("raw_args", json.dumps(wanted.get("args", {}))))
        return ToolCall(call_id, name, arguments, result_of(self.results, name, arguments))

    def _delayed(self, decision: Decision, asked: str) -> Decision:
        hang, slow = _HANG.search(asked), _SLOW.search(asked)
        pause = float(slow[1]) if slow else SLOWLY if re.search(r"\bslowly\b", asked) else 0.0
        return replace(
            decision,
            ttft=float(hang[1]) * self.time_scale if hang else 0.0,
            tokens_per_second=1 / (pause * self.time_scale) if pause * self.time_scale else None,
        )


def _adorned(decision: Decision, asked: str) -> Decision:
    usage, reason = _USAGE.search(asked), _REASON.search(asked)
    return replace(
        decision,
        prompt_tokens=int(usage[1]) if usage else decision.prompt_tokens,
        reasoning=reason[1] if reason else None,
        finish="length" if "<<length>>" in asked else "stop",
        breaks_after_tokens=2 if "<<drop>>" in asked else None,
    )


def _given(call: ModelCall) -> int:
    """How many messages are sent for a summary: the prompt, perhaps its acknowledgement, and a
    transcript, or the context itself, the prompt last, after a message of the assistant."""
    if not call.mode.startswith("self_"):
        return TRANSCRIPT_GIVEN + (ACKNOWLEDGEMENT in call.messages)
    return 1 + len(call.messages) + (call.messages[-1].role != "assistant") + 1


def _failure(status: int) -> ModelFailure:
    kind, code = ERRORS.get(status, ("server_error", None))
    message = f"fake error {status}"
    error: dict[str, object] = {"message": message, "type": kind, "param": None, "code": code}
    return ModelFailure(status, message, "status", error)


def _newest_user_text(messages: Sequence[ChatMessage]) -> str:
    return next((_text_of(one) for one in reversed(messages) if one.role == "user"), "")


def _text_of(message: ChatMessage) -> str:
    """The text of a message; the provider joined several parts by a blank, images as nothing."""
    parts = [str(part.get("text", "")) for part in message.parts]
    return " ".join(parts) if parts else message.text


def _assistants_since_user(messages: Sequence[ChatMessage]) -> int:
    count = 0
    for message in reversed(messages):
        if message.role == "user":
            break
        count += message.role == "assistant"
    return count


def _plan(asked: str) -> list[Json] | None:
    _, found, rest = asked.partition("<<plan ")
    if not found:
        return None
    plan, _ = json.JSONDecoder().raw_decode(rest)
    assert isinstance(plan, list)
    return plan


def _called_tool(asked: str) -> Json | None:
    found = _CALL_TOOL.search(asked)
    if not found:
        return None
    arguments, _ = json.JSONDecoder().raw_decode(asked[found.end() :])
    return {"tool": found[1], "args": arguments}


def _reply(messages: Sequence[ChatMessage], asked: str) -> str:
    users = [_text_of(one) for one in messages if one.role == "user"]
    question = _DID_I_ASK.search(asked)
    if question:
        return _word_after(question[1], users[:-1])
    return f"Reply {len(users)} to: {asked[-120:]}"


def _word_after(label: str, texts: Sequence[str]) -> str:
    found = re.findall(rf"\b{re.escape(label)}: (\S+)", "\n".join(texts))
    return str(found[-1]) if found else "none"
