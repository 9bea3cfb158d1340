"""A recording as data: its exchanges in the order their requests started."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mockletta.recordings.drift.scenario import (
    EventFrame,
    Json,
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
    started_at,
)

FOLDER = Path(__file__).parent / "transcripts"
# The recorder kept no form bodies; the error quotes this one [41 form body].
FORM_BODIES = {("41_errors_http_level", "form body"): "label=x&value=y"}
FORM = "application/x-www-form-urlencoded"

_REPEATED = re.compile(r"(.)\1*<repeated to (\d+) characters>")


@dataclass(frozen=True)
class Transcript(Scenario):
    """A scenario as its file has it."""

    raw: Mapping[str, Json] = field(default_factory=dict, repr=False)


def names() -> list[str]:
    """The names of all recordings in the folder, in order."""
    return [path.stem for path in sorted(FOLDER.glob("*.json"))]


def transcripts(pattern: str = "*") -> list[Transcript]:
    """Every recording in the folder whose name matches the glob `pattern`, in order."""
    return [load(path) for path in sorted(FOLDER.glob(f"{pattern}.json"))]


def named(name: str) -> Transcript:
    """The recording in the folder with this name."""
    return load(FOLDER / f"{name}.json")


def load(path: Path) -> Transcript:
    """Read one recording, with its shortened strings at their full length again."""
    return _parsed(path.stem, _expanded(json.loads(path.read_text(encoding="utf-8"))))


def with_address(transcript: Transcript, recorded: str, address: str) -> Transcript:
    """The same transcript with another address in place of a recorded one."""
    text = json.dumps(transcript.raw).replace(recorded, address)
    return _parsed(transcript.name, json.loads(text))


def _parsed(name: str, raw: Json) -> Transcript:
    defaults = raw["default_request_headers"]
    exchanges = tuple(
        _exchange(name, index, one, defaults) for index, one in enumerate(raw["exchanges"])
    )
    return Transcript(name, exchanges, started_at(exchanges), raw)


def _exchange(file: str, index: int, raw: Json, defaults: Mapping[str, str]) -> ScenarioExchange:
    sent = raw["request"]
    headers = dict(sent["headers"])
    if not sent.get("without_default_headers"):
        headers = {**defaults, **headers}
    content = sent["body"]
    if (file, raw["name"]) in FORM_BODIES:
        content = FORM_BODIES[file, raw["name"]]
        headers["content-type"] = FORM
    elif content is not None and not isinstance(content, str):
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
    heard = raw.get("callbacks_received")
    return ScenarioExchange(
        index,
        raw["name"],
        request,
        _recorded(raw["response"]),
        raw.get("started"),
        raw.get("ended"),
        None if heard is None else tuple(heard),
    )


def _uncut(file: Json) -> Json:
    """A file that is JSON again where a long text in it was cut: the cut broke its lines [53]."""
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
