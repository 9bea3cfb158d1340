"""The turns in a recording: the user's messages and the replies, step by step."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockletta.recordings.learn.recorded_messages import (
    Message,
    calls_in,
    json_of,
    messages_of,
    text_of,
)
from mockletta.recordings.recording import Exchange, Recording

_SENDING = re.compile(r"/v1/(agents|conversations)/([^/]+)/messages(?:/stream|/async)?/?")
_RUN = re.compile(r"/v1/runs/([^/]+)/(?:stream|messages)/?")
_CALLS = ("tool_call_message", "approval_request_message")


@dataclass
class RecordedCall:
    """A tool call of the model, and what the tool returned, None if that is not recorded."""

    id: str
    name: str
    arguments: str
    approve: bool = False
    returned: Any = None
    status: str = "success"
    stdout: Sequence[str] = ()
    stderr: Sequence[str] = ()


@dataclass
class RecordedStep:
    """What the model said in one step."""

    id: object = None
    reasoning: str = ""
    text: str = ""
    calls: list[RecordedCall] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)


@dataclass
class RecordedTurn:
    """The messages that were sent to a thread and the reply.

    A `thread` is the id of a conversation, or that of an agent for its direct messages. `failure`
    is the text of an error, `first_token` the seconds until the answer began.
    """

    number: int
    thread: str
    asked: str
    role: str
    steps: list[RecordedStep] = field(default_factory=list)
    failure: str = ""
    stop_reason: str = ""
    summaries: list[str] = field(default_factory=list)
    first_token: float = 0.0

    @property
    def said(self) -> str:
        """Everything that the agent said."""
        return "\n".join(step.text for step in self.steps if step.text)

    def call(self, call_id: object) -> RecordedCall | None:
        """Find a call by its id."""
        calls = (call for step in self.steps for call in step.calls)
        return next((call for call in calls if call.id == call_id), None)


def turns_of(recording: Recording) -> list[RecordedTurn]:
    """Find the turns of a recording, in order."""
    turns: list[RecordedTurn] = []
    open_turns: dict[str, RecordedTurn] = {}
    elsewhere = _messages_of_runs(recording)
    for exchange in recording.exchanges:
        thread = thread_of(exchange)
        if thread is None:
            continue
        sent = _sent(exchange)
        turn = open_turns.get(thread) if _approvals(sent) else None
        if turn is None:
            asked = next((one for one in reversed(sent) if "role" in one), None)
            if asked is None:
                continue
            role = str(asked["role"])
            turn = RecordedTurn(exchange.number, thread, text_of(asked.get("content")), role)
            turn.first_token = exchange.pieces[0][0] if exchange.pieces else 0.0
            turns.append(turn)
        _take_answer(turn, exchange, elsewhere, _client_tools(exchange))
        open_turns[thread] = turn
    return [turn for turn in turns if turn.steps or turn.failure]


def thread_of(exchange: Exchange) -> str | None:
    """Return the thread that a request sends messages to, None for another request."""
    found = _SENDING.fullmatch(exchange.path)
    if found is None or exchange.method != "POST":
        return None
    body = json_of(exchange.content.data)
    agent = body.get("agent_id") if isinstance(body, dict) else None
    return str(agent) if found[2] == "default" and agent else found[2]


def _sent(exchange: Exchange) -> list[Message]:
    body = json_of(exchange.content.data)
    if not isinstance(body, dict):
        return []
    if body.get("input") is not None:
        return [{"role": "user", "content": body["input"]}]
    messages = body.get("messages")
    return [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []


def _approvals(sent: Sequence[Message]) -> bool:
    return any(one.get("type") in ("approval", "tool_return") for one in sent)


def _client_tools(exchange: Exchange) -> set[str]:
    body = json_of(exchange.content.data)
    tools = body.get("client_tools") if isinstance(body, dict) else None
    return {str(one.get("name")) for one in tools or () if isinstance(one, dict)}


def _messages_of_runs(recording: Recording) -> dict[str, list[Message]]:
    """Find the messages of runs that other requests read than those that started them."""
    found: dict[str, list[Message]] = {}
    for exchange in recording.exchanges:
        run = _RUN.fullmatch(exchange.path)
        messages = messages_of(exchange) if run is not None else []
        if run is not None and len(messages) > len(found.get(run[1], ())):
            found[run[1]] = messages
    return found


def _take_answer(
    turn: RecordedTurn,
    exchange: Exchange,
    elsewhere: dict[str, list[Message]],
    client_tools: set[str],
) -> None:
    if exchange.status >= 400:
        turn.failure = exchange.body.decode(errors="replace")
        return
    messages = messages_of(exchange)
    if not any(one.get("message_type") == "usage_statistics" for one in messages):
        rest = elsewhere.get(_run_of(exchange, messages), [])
        messages = rest if len(rest) > len(messages) else messages
    before = len(turn.steps)
    for message in messages:
        _take(turn, message, client_tools)
    usage = next((one for one in messages if one.get("message_type") == "usage_statistics"), {})
    _spread(usage, turn.steps[before:])


def _spread(usage: Message, steps: Sequence[RecordedStep]) -> None:
    """Assign the counted tokens to steps: the last step has those of its context."""
    if not steps or not isinstance(usage.get("prompt_tokens"), int):
        return
    sent, said = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    context = _count(usage, "context_tokens")
    last = min(max(context - said, 0), sent) if context and len(steps) > 1 else sent
    for step in steps:
        step.usage = {"prompt_tokens": 0, "completion_tokens": 0}
    steps[0].usage["prompt_tokens"] = sent - last
    steps[-1].usage |= {"prompt_tokens": last, "completion_tokens": said}
    thought = _count(usage, "reasoning_tokens")
    if thought:
        steps[-1].usage["reasoning_tokens"] = thought


def _count(usage: Message, name: str) -> int:
    count = usage.get(name)
    return count if isinstance(count, int) else 0


def _run_of(exchange: Exchange, messages: Sequence[Message]) -> str:
    """Return the run of an answer: the run of its messages, or the answer itself."""
    named = [str(one["run_id"]) for one in messages if one.get("run_id")]
    body = json_of(exchange.body)
    own = body.get("id") if isinstance(body, dict) else None
    return named[0] if named else str(own)


def _take(turn: RecordedTurn, message: Message, client_tools: set[str]) -> None:
    kind = message.get("message_type")
    if kind == "reasoning_message":
        _step(turn, message).reasoning += str(message.get("reasoning") or "")
    elif kind == "assistant_message":
        _step(turn, message).text += text_of(message.get("content"))
    elif kind in _CALLS:
        step = _step(turn, message)
        for call in calls_in(message):
            step.calls.append(_call(call, kind, client_tools))
    elif kind == "tool_return_message":
        _take_returns(turn, message)
    else:
        _take_ending(turn, message)


def _take_ending(turn: RecordedTurn, message: Message) -> None:
    kind = message.get("message_type")
    if kind == "stop_reason":
        turn.stop_reason = str(message.get("stop_reason") or "")
    elif kind == "error_message":
        turn.failure = f"{message.get('error_type')} {message.get('detail')}"
    elif kind == "summary_message":
        turn.summaries.append(str(message.get("summary") or ""))


def _step(turn: RecordedTurn, message: Message) -> RecordedStep:
    """Return the step of a message. A message after calls, or of another step, begins a new one."""
    step_id = message.get("step_id")
    last = turn.steps[-1] if turn.steps else None
    is_call = message.get("message_type") in _CALLS
    if last is None or last.id != step_id or (last.calls and not is_call):
        turn.steps.append(RecordedStep(step_id))
    return turn.steps[-1]


def _call(call: Message, kind: str, client_tools: set[str]) -> RecordedCall:
    name = str(call.get("name"))
    approve = kind == "approval_request_message" and name not in client_tools
    return RecordedCall(
        str(call.get("tool_call_id")), name, str(call.get("arguments") or ""), approve
    )


def _take_returns(turn: RecordedTurn, message: Message) -> None:
    for one in _returns(message):
        call = turn.call(one.get("tool_call_id"))
        if call is not None:
            call.returned = one.get("tool_return")
            call.status = str(one.get("status"))
            call.stdout, call.stderr = one.get("stdout") or (), one.get("stderr") or ()


def _returns(message: Message) -> Iterator[Message]:
    several = message.get("tool_returns")
    if isinstance(several, list) and several:
        yield from (one for one in several if isinstance(one, dict))
    else:
        yield message
