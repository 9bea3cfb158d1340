"""The transcripts in the folder, and what their recorder did not keep."""

import json
from dataclasses import replace
from pathlib import Path

from mockletta.documents.json_types import Json
from mockletta.recordings.drift.scenario import ScenarioExchange
from mockletta.recordings.drift.transcripts import ScenarioTranscript, parse_transcript

FOLDER = Path(__file__).parent / "transcripts"
# The recorder kept no form bodies; the error quotes this one [41 form body].
FORM_BODIES = {("41_errors_http_level", "form body"): "label=x&value=y"}
FORM = "application/x-www-form-urlencoded"


def names() -> list[str]:
    """The names of all recordings in the folder, in order."""
    return [path.stem for path in sorted(FOLDER.glob("*.json"))]


def transcripts(pattern: str = "*") -> list[ScenarioTranscript]:
    """Every recording in the folder whose name matches the glob `pattern`, in order."""
    return [load(path) for path in sorted(FOLDER.glob(f"{pattern}.json"))]


def named(name: str) -> ScenarioTranscript:
    """The recording in the folder with this name."""
    return load(FOLDER / f"{name}.json")


def load(path: Path) -> ScenarioTranscript:
    """Read one recording, with its shortened strings at their full length again."""
    return _parsed(path.stem, json.loads(path.read_text(encoding="utf-8")))


def with_address(transcript: ScenarioTranscript, recorded: str, address: str) -> ScenarioTranscript:
    """The same transcript with another address in place of a recorded one."""
    text = json.dumps(transcript.raw).replace(recorded, address)
    return _parsed(transcript.name, json.loads(text))


def _parsed(name: str, raw: Json) -> ScenarioTranscript:
    transcript = parse_transcript(name, raw)
    return replace(
        transcript, exchanges=[_with_form(name, exchange) for exchange in transcript.exchanges]
    )


def _with_form(file: str, exchange: ScenarioExchange) -> ScenarioExchange:
    body = FORM_BODIES.get((file, exchange.name))
    if body is None:
        return exchange
    headers = {**exchange.request.headers, "content-type": FORM}
    return replace(exchange, request=replace(exchange.request, content=body, headers=headers))
