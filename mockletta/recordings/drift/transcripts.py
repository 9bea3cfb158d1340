"""Transcripts: sessions that an earlier recorder wrote into one JSON document each.

It shortened long texts, and kept the files and fields of forms by their names.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mockletta.documents.json_types import Json
from mockletta.recordings.drift.scenario import (
    EventFrame,
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
    started_at,
)

_REPEATED = re.compile(r"(.)\1*<repeated to (\d+) characters>")


@dataclass(frozen=True)
class ScenarioTranscript(Scenario):
    """A scenario in the form of its file."""

    raw: Mapping[str, Json] = field(default_factory=dict, repr=False)


def parse_transcript(name: str, raw: Json) -> ScenarioTranscript:
    """Read a transcript from its JSON, with its shortened texts at their full length again."""
    raw = _expanded(raw)
    defaults = raw["default_request_headers"]
    exchanges = tuple(_exchange(index, one, defaults) for index, one in enumerate(raw["exchanges"]))
    return ScenarioTranscript(name, exchanges, started_at(exchanges), raw)


def _exchange(index: int, raw: Json, defaults: Mapping[str, str]) -> ScenarioExchange:
    sent = raw["request"]
    headers = dict(sent["headers"])
    if not sent.get("without_default_headers"):
        headers = {**defaults, **headers}
    content = sent["body"]
    if content is not None and not isinstance(content, str):
        headers.setdefault("content-type", "application/json")
    request = ScenarioRequest(
        sent["method"],
        sent["path"],
        sent["query"],
        headers,
        content,
        {name: _uncut(file) for name, file in sent.get("multipart", {}).items()},
        sent.get("form", {}),
    )
    callbacks = raw.get("callbacks_received")
    return ScenarioExchange(
        index,
        raw["name"],
        request,
        _recorded(raw["response"]),
        raw.get("started"),
        raw.get("ended"),
        None if callbacks is None else tuple(callbacks),
    )


def _uncut(file: Json) -> Json:
    """Return a file that is JSON again where the recorder cut a long text in it: the cut broke its
    lines [53]."""
    try:
        return {**file, "content": json.dumps(json.loads(file["content"], strict=False))}
    except ValueError:
        return file


def _recorded(raw: Json) -> ScenarioAnswer | None:
    if "transport_error" in raw:
        return None
    frames = None
    if raw["status"] == 200 and "sse" in raw:
        frames = tuple(
            EventFrame(one["data"], one.get("event"), one.get("t")) for one in raw["sse"]
        )
    return ScenarioAnswer(
        raw["status"],
        raw["headers"],
        raw.get("body"),
        raw.get("body_text"),
        frames,
        raw.get("client_closed_early", False),
    )


def _expanded(value: Json) -> Json:
    if isinstance(value, str):
        return _REPEATED.sub(lambda found: found[1] * int(found[2]), value)
    if isinstance(value, list):
        return [_expanded(one) for one in value]
    if isinstance(value, dict):
        return {key: _expanded(one) for key, one in value.items()}
    return value
