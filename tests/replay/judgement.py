"""Compares one answer with the recorded one: status, headers, body or frames."""

import json
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from . import streams
from .alignment import reordered
from .binding import Binding, ids
from .comparison import Comparison, Difference
from .exchanges import Exchange, Frame, Json, Recorded, Transcript
from .player import Answer

_COMPARED_HEADERS = re.compile("content-type|location|allow|vary|access-control-.*")
_COLLECTION = re.compile("/v1/[^/]+/")
# Sorted by a key that is null or the same for several objects, whose order then was arbitrary:
# (file, exchange, path). Blocks created with their agent are of the same time [56 blocks],
# and so are passages of one batch.
TIES = [
    ("02_*", "order_by last_*", "*"),
    ("51_*", "order_by last_run_completion", "*"),
    ("*", "*", "*/core-memory/blocks"),
    ("54_*", "list connected *", "*"),
    ("63_*", "agent passages*", "*/archival-memory"),
]


def differences(
    transcript: Transcript, exchange: Exchange, answer: Answer, binding: Binding
) -> list[Difference]:
    """Where the answer is not the recorded one; binds the ids of the two on the way."""
    recorded = exchange.recorded
    assert recorded is not None
    if answer.failure and not recorded.client_closed_early:
        return [Difference("answer", "an answer", answer.failure)]
    if answer.status != recorded.status:
        return [Difference("status", f"{recorded.status} {_sample(recorded)}", _seen(answer))]
    comparison = Comparison(binding)
    _headers(comparison, recorded.headers, answer.headers or {})
    if recorded.frames is not None:
        _frames(comparison, recorded, answer.text)
    elif recorded.text is not None:
        comparison.text(recorded.text, answer.text, "text")
    elif recorded.body is None and answer.text in ("", "null"):
        pass
    else:
        _body(comparison, transcript, exchange, answer.text)
    return comparison.differences


def _headers(comparison: Comparison, recorded: Mapping[str, str], ours: Mapping[str, str]) -> None:
    for name, value in recorded.items():
        if _COMPARED_HEADERS.fullmatch(name):
            comparison.compare(value, ours.get(name), f"header {name}")


def _frames(comparison: Comparison, recorded: Recorded, text: str) -> None:
    try:
        ours = streams.parse(text)
    except ValueError as error:
        comparison.note("stream", "well-formed events", str(error))
        return
    wanted = recorded.frames or ()
    if recorded.client_closed_early:
        ours = ours[: len(wanted)]
    left, right = streams.comparable(wanted, ours)
    if len(left) != len(right):
        comparison.note("stream.length", _kinds(left), _kinds(right))
    for number, (theirs, mine) in enumerate(zip(left, right, strict=False)):
        comparison.compare(theirs.event, mine.event, f"event {number}")
        comparison.compare(theirs.data, mine.data, f"data {number}")


def _body(comparison: Comparison, transcript: Transcript, exchange: Exchange, text: str) -> None:
    assert exchange.recorded is not None
    recorded = exchange.recorded.body
    try:
        ours = json.loads(text)
    except ValueError:
        comparison.note("$", recorded, text)
        return
    if isinstance(recorded, list) and isinstance(ours, list):
        if _has_foreign(recorded, transcript, exchange):
            _shapes(comparison, recorded, ours)
            return
        if _has_ties(transcript, exchange):
            recorded = reordered(comparison.binding, recorded, ours)
    if not _counts_all(exchange) or not isinstance(ours, int):
        comparison.compare(recorded, ours)


def _counts_all(exchange: Exchange) -> bool:
    """Whether the recorded number counts other scenarios' objects too."""
    return exchange.request.path.endswith("/count") and not exchange.request.query


def _has_ties(transcript: Transcript, exchange: Exchange) -> bool:
    return any(
        fnmatchcase(transcript.name, file)
        and fnmatchcase(exchange.name, name)
        and fnmatchcase(exchange.request.path, path)
        for file, name, path in TIES
    )


def _shapes(comparison: Comparison, recorded: list[Json], ours: list[Json]) -> None:
    """Compare keys only: the recorded list shows other scenarios' objects."""
    for index, one in enumerate(ours):
        if isinstance(one, dict):
            comparison.compare(list(recorded[0]), list(one), f"$[{index}].keys()")


def _has_foreign(recorded: list[Json], transcript: Transcript, exchange: Exchange) -> bool:
    if not _COLLECTION.fullmatch(exchange.request.path):
        return False
    earlier = transcript.raw["exchanges"][: exchange.index]
    bodies = [one["response"].get("body") for one in earlier]
    known = ids([one for one in bodies if isinstance(one, dict)])
    return any(_is_foreign(one, known, transcript.started) for one in recorded)


def _is_foreign(one: Json, known: set[str], started: str) -> bool:
    if not isinstance(one, dict) or "id" not in one or one["id"] in known:
        return False
    born = one.get("created_at") or one.get("date")
    # Blocks have no time: one never seen before belongs to another scenario.
    return bool(started) and str(born)[:19] < started[:19] if born else "label" in one


def _kinds(frames: Sequence[Frame]) -> str:
    kinds = [
        str(one.data.get("message_type", one.data)) if isinstance(one.data, dict) else str(one.data)
        for one in frames
    ]
    return f"{len(frames)} [{', '.join(kinds)}]"


def _sample(recorded: Recorded) -> str:
    return json.dumps(recorded.body, ensure_ascii=False)[:120]


def _seen(answer: Answer) -> str:
    return f"{answer.status} {answer.text[:200]}"
