"""The events a turn emits, made from the shapes of `wire/`.

Order and shape of events as recorded [10, 11]. The events of a token stream differ in one text
only: they share the JSON of one message, which is rendered once. In a numbered log the `seq_id` of
messages, pings and errors is their number; the other events have no such key [20].
"""

import re
from datetime import datetime
from functools import cache
from typing import NamedTuple

from mockletta.http.sse import DONE_TEXT
from mockletta.state.clock import spell_date
from mockletta.state.event_log import Burst, Event, EventLog
from mockletta.state.ids import Ids
from mockletta.turns.usage import TurnUsage
from mockletta.wire.messages import ErrorMessage, Message, Ping, StopReason, UsageStatistics
from mockletta.wire.stop_reasons import StopReasonType

DONE = Event("done", DONE_TEXT.encode())
_TEXT, _TEXT_JSON = "\x00", '"\\u0000"'
_HOLE = b"\x00"
_NUMBER = -(2**52)
_LINE_END = re.compile(r"\r\n?")


class PartFields(NamedTuple):
    """The fields that all events of a part of a reply share, in the order of their JSON."""

    id: str
    date: str
    otid: str
    step_id: str
    run_id: str


def message_event(log: EventLog, message: Message) -> Event:
    if log.numbered:
        message = message.changed({"seq_id": log.next_number})
    return Event(message.message_type, message.__pydantic_serializer__.to_json(message))


def ping_event(ids: Ids, run_id: str, number: int | None, at: datetime) -> Event:
    """Return a ping. A keep-alive repeats the number of the newest event [23]."""
    shown = "null" if number is None else number
    return Event("ping", (_ping() % (ids.new("ping"), spell_date(at), shown, run_id)).encode())


@cache
def stop_event(reason: StopReasonType) -> Event:
    return Event("stop_reason", StopReason(stop_reason=reason).model_dump_json().encode())


def usage_event(usage: TurnUsage) -> Event:
    return Event("usage_statistics", (_usage() % usage).replace("None", "null").encode())


def error_event(log: EventLog, error: ErrorMessage) -> Event:
    numbered = error.changed({"seq_id": log.next_number})
    return Event("error_message", numbered.model_dump_json().encode())


def raw_event(text: str) -> Event:
    """Return an event with any text as its data."""
    return Event("raw", _LINE_END.sub("\n", text).encode())


def token_events(
    log: EventLog, shape: type[Message], field: str, texts: tuple[bytes, ...], shared: PartFields
) -> Burst:
    """Return the events of a token stream: `shape` with each text, a JSON string, in its
    `field`."""
    kind, skeleton = _skeleton(shape, field)
    head, middle, tail = (skeleton % shared).encode().split(_HOLE)
    if not log.numbered:
        return Burst(kind, head + b"null" + middle, texts, tail)
    numbers = range(len(log) + 1, len(log) + len(texts) + 1)
    numbered = [b"%d%b%b" % (n, middle, text) for n, text in zip(numbers, texts, strict=True)]
    return Burst(kind, head, tuple(numbered), tail)


@cache
def _skeleton(shape: type[Message], field: str) -> tuple[str, str]:
    """Return the kind of a message, and its JSON with placeholders for the shared values and holes
    for the number and the text."""
    holes = dict.fromkeys(PartFields._fields, "%s")
    message = shape.trusted(**holes, seq_id=_NUMBER, **{field: _TEXT})
    json = message.model_dump_json().replace(str(_NUMBER), "\x00").replace(_TEXT_JSON, "\x00")
    return message.message_type, json


@cache
def _usage() -> str:
    """Return the JSON of a turn's usage, with placeholders for its fields."""
    usage = UsageStatistics.trusted(**dict.fromkeys(TurnUsage._fields, _NUMBER))
    return usage.model_dump_json(warnings=False).replace(str(_NUMBER), "%s")


@cache
def _ping() -> str:
    """Return the JSON of a ping, with placeholders for its id, date, number and run."""
    ping = Ping.trusted(id="%s", date="%s", run_id="%s", seq_id=_NUMBER)
    return ping.model_dump_json().replace(str(_NUMBER), "%s")
