"""The events of a turn."""

import json

from mockletta.state.event_log import EventLog, each
from mockletta.turns.events import DONE, PartFields, token_events, usage_event
from mockletta.turns.usage import TurnUsage
from mockletta.wire.messages import AssistantMessage, UsageStatistics

SHARED = PartFields("a", "b", "c", "d", "e")


def tokens_of(log: EventLog) -> list[dict[str, object]]:
    burst = token_events(log, AssistantMessage, "content", (b'"a"', b'"b"'), SHARED)
    return [json.loads(event.json) for event in each([burst])]


def test_the_events_of_a_token_stream_differ_in_one_text() -> None:
    whole = AssistantMessage.model_validate({**SHARED._asdict(), "content": "a"}).model_dump()
    assert tokens_of(EventLog()) == [whole, {**whole, "content": "b"}]


def test_in_a_numbered_log_they_go_on_from_its_newest_number() -> None:
    log = EventLog(numbered=True)
    log.append(DONE)
    values = {**SHARED._asdict(), "content": "a", "seq_id": 2}
    whole = AssistantMessage.model_validate(values).model_dump()
    assert tokens_of(log) == [whole, {**whole, "content": "b", "seq_id": 3}]


def test_the_event_of_a_usage_is_its_json() -> None:
    usage = TurnUsage(1, 2, 3, 4, '["run-1"]', 5, None, 6, 7)
    whole = UsageStatistics(**{**usage._asdict(), "run_ids": ["run-1"]})

    assert usage_event(usage).json == whole.model_dump_json().encode()
