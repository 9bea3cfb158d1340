"""The events of a model's reply: its reasoning, its text and its tool calls.

Step mode has whole parts, a token stream one event per token [10, 11]. A token is a word with the
white space after it; a piece of a tool call's arguments has 16 characters. Models of the Responses
API begin each reasoning with an empty piece without a step, and only whole parts have their
signature [13].
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import TypedDict

from mockletta.brain.decisions import Decision
from mockletta.state.event_log import Burst, Event
from mockletta.turns.events import PartFields, message_event, token_events
from mockletta.turns.message_expansion import Thought, part_otid
from mockletta.turns.model_failures import stream_broke
from mockletta.turns.tool_calls import StepCalls
from mockletta.turns.turn_state import PacedEvents, Pause, TurnState, Wait
from mockletta.wire.message_content import ToolCall
from mockletta.wire.messages import (
    ApprovalRequestMessage,
    AssistantMessage,
    Message,
    ReasoningMessage,
    RequestedCallDelta,
    ToolCallDelta,
    ToolCallMessage,
)

_TOKEN = re.compile(r"\S+\s*|\s+")
_PIECE = 16
SHORT = 2_000


def tokens_of(text: str) -> list[str]:
    """Split a text into the tokens that are streamed."""
    return _TOKEN.findall(text)


def in_chunks(tokens: list[str], size: int) -> list[str]:
    """Join tokens, so many for each event of the stream."""
    if size == 1:
        return tokens
    return ["".join(tokens[start : start + size]) for start in range(0, len(tokens), size)]


def spelled(text: str, most: int | None, size: int) -> tuple[bytes, ...]:
    """Return the JSON strings of a text's events: its first tokens, so many in each. The newest
    short texts are cached, since the same texts are often sent again."""
    return _remembered(text, most, size) if len(text) <= SHORT else _spelled(text, most, size)


def _spelled(text: str, most: int | None, size: int) -> tuple[bytes, ...]:
    return tuple([quoted(one).encode() for one in in_chunks(tokens_of(text)[:most], size)])


_remembered = lru_cache(64)(_spelled)


class StepFields(TypedDict):
    """The fields that all events of a step share."""

    id: str
    date: str
    step_id: str
    run_id: str


class ReplyEmitter:
    """Emits the decision of one step. Its events have `message_id`, `step_id` and `date`; those of
    calls that wait for the client have `request_id`."""

    def __init__(
        self, state: TurnState, message_id: str, step_id: str, date: str, request_id: str
    ) -> None:
        self._state = state
        self._log = state.log
        self._message_id = message_id
        self._step_id = step_id
        self._date = date
        self._request_id = request_id
        self._parts = 0
        self._chunk = 1
        self.heard: datetime | None = None

    def emit(self, decision: Decision, calls: StepCalls) -> Iterable[Wait]:
        """Emit the events of a decision, and yield the waits of its pace."""
        pace = self._state.pacing.pace_of(decision)
        self._log.keepalive = pace.keepalive
        self._chunk = pace.chunk
        if self._state.tokens:
            between = pace.seconds_per_token * pace.chunk
            return self._paced(self._pieces(decision, calls), pace.ttft, between, pace.jitter)
        silence = pace.ttft
        if pace.tokens_per_second:
            words = len(tokens_of(decision.reasoning or "")) + len(tokens_of(decision.text))
            silence += pace.seconds_per_token * max(words - 1, 0)
        return self._paced(self._wholes(decision, calls), silence, 0.0, pace.jitter)

    def _paced(
        self, events: Iterator[Event | Burst], first: float, between: float, jitter: float
    ) -> Iterable[Wait]:
        if first or between:
            return self._with_pauses(events, first, between, jitter)
        self._emit_all(events)
        return ()

    def _emit_all(self, events: Iterator[Event | Burst]) -> None:
        self._state.begun = True
        for item in events:
            self._state.emit(item)

    def _with_pauses(
        self, events: Iterator[Event | Burst], first: float, between: float, jitter: float
    ) -> Iterator[Wait]:
        pacing = self._state.pacing
        if first:
            yield Pause(pacing.varied(first, jitter))
            self.heard = self._state.world.clock.peek()
        if not between:
            self._emit_all(events)
            return
        self._state.begun = True
        is_first = True
        for item in events:
            pause = 0.0 if is_first else pacing.varied(between, jitter)
            if isinstance(item, Burst):
                delays = pacing.delays(pause, between, len(item.texts), jitter)
                yield PacedEvents(item, delays)
            else:
                if pause:
                    yield Pause(pause)
                self._state.emit(item)
            is_first = False

    def _wholes(self, decision: Decision, calls: StepCalls) -> Iterator[Event | Burst]:
        if decision.reasoning is not None:
            yield message_event(self._log, self._reasoning(decision.reasoning, decision.signature))
        if decision.text:
            yield from self._texts((quoted(decision.text).encode(),))
        if calls.all:
            yield from self._whole_calls(calls)

    def _whole_calls(self, calls: StepCalls) -> Iterator[Event | Burst]:
        for text in self._spoken(calls):
            yield from self._spoken_texts((quoted(text).encode(),))
        shown = [call for call in calls.free if not self._is_spoken(call)]
        if shown:
            yield message_event(self._log, self._calls(shown[0], shown))
        if calls.requested:
            yield message_event(self._log, self._request(calls.requested[0], list(calls.requested)))

    def _pieces(self, decision: Decision, calls: StepCalls) -> Iterator[Event | Burst]:
        if decision.reasoning is not None:
            yield from self._reasoning_pieces(decision.reasoning, decision.signature is not None)
        if decision.text:
            yield from self._texts(
                spelled(decision.text, decision.breaks_after_tokens, self._chunk)
            )
        if decision.breaks_after_tokens is not None:
            raise stream_broke(decision.breaks_with, self._state.llm)
        if calls.all:
            for text in self._spoken(calls):
                yield from self._spoken_texts(spelled(text, None, self._chunk))
            yield from self._call_pieces(calls)

    def _reasoning_pieces(self, reasoning: str, begins_empty: bool) -> Iterator[Event | Burst]:
        otid = self._next_otid()
        if begins_empty:
            nothing = ReasoningMessage(**self._shared(), otid=otid, reasoning="")
            yield message_event(self._log, nothing.changed({"step_id": None}))
        texts = spelled(reasoning, None, self._chunk)
        yield from self._in_tokens(ReasoningMessage, "reasoning", otid, texts)

    def _texts(self, texts: tuple[bytes, ...]) -> Sequence[Burst]:
        """Return the events of the decision's text, which is a thought of an agent that speaks with
        a tool."""
        if self._state.must_call_tool:
            return self._in_tokens(Thought, "reasoning", self._next_otid(), texts)
        return self._spoken_texts(texts)

    def _spoken_texts(self, texts: tuple[bytes, ...]) -> Sequence[Burst]:
        return self._in_tokens(AssistantMessage, "content", self._next_otid(), texts)

    def _in_tokens(
        self, shape: type[Message], field: str, otid: str, texts: tuple[bytes, ...]
    ) -> Sequence[Burst]:
        if not texts:
            return ()
        shared = PartFields(self._message_id, self._date, otid, self._step_id, self._state.run_id)
        return (token_events(self._log, shape, field, texts, shared),)

    def _call_pieces(self, calls: StepCalls) -> Iterator[Event]:
        """Return the pieces of calls. Each change of the message type begins a new part [83 mixed
        (tokens)]."""
        otid, before = "", None
        for call, arguments in zip(calls.all, calls.written, strict=True):
            if call in calls.free and self._is_spoken(call):
                continue
            delta = self._requested_delta if call in calls.requested else self._called_delta
            if delta != before:
                otid, before = self._next_otid(), delta
            yield delta(otid, name=call.name, tool_call_id=call.tool_call_id)
            for piece in _pieces_of(arguments, _PIECE * self._chunk):
                yield delta(otid, arguments=piece, tool_call_id=call.tool_call_id)

    def _called_delta(self, otid: str, **piece: str) -> Event:
        delta = ToolCallDelta(**piece)
        message = ToolCallMessage(**self._shared(), otid=otid, tool_call=delta, tool_calls=delta)
        return message_event(self._log, message)

    def _requested_delta(self, _: str, **piece: str) -> Event:
        delta = RequestedCallDelta(**piece)
        return message_event(self._log, self._request(delta, delta))

    def _reasoning(self, reasoning: str, signature: str | None) -> ReasoningMessage:
        return ReasoningMessage(
            **self._shared(), otid=self._next_otid(), reasoning=reasoning, signature=signature
        )

    def _is_spoken(self, call: ToolCall) -> bool:
        speech = self._state.speech
        return speech is not None and speech.is_in(call)

    def _spoken(self, calls: StepCalls) -> Sequence[str]:
        speech = self._state.speech
        return () if speech is None else speech.texts_of(calls.free)

    def _calls(self, first: ToolCall, calls: list[ToolCall]) -> Message:
        return ToolCallMessage(
            **self._shared(), otid=self._next_otid(), tool_call=first, tool_calls=calls
        )

    def _request(
        self, first: ToolCall | RequestedCallDelta, calls: list[ToolCall] | RequestedCallDelta
    ) -> Message:
        shared: StepFields = {**self._shared(), "id": self._request_id}
        return ApprovalRequestMessage(
            **shared, otid=self._request_id, tool_call=first, tool_calls=calls
        )

    def _shared(self) -> StepFields:
        return {
            "id": self._message_id,
            "date": self._date,
            "step_id": self._step_id,
            "run_id": self._state.run_id,
        }

    def _next_otid(self) -> str:
        self._parts += 1
        return part_otid(self._message_id, self._parts - 1)


def _pieces_of(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))
