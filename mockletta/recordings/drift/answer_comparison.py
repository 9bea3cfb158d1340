"""Compares one answer with the recorded one: status, headers, body or frames."""

import json
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from mockletta.documents.json_types import Json
from mockletta.recordings.drift import event_frames
from mockletta.recordings.drift.player import LiveAnswer
from mockletta.recordings.drift.scenario import (
    EventFrame,
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
)
from mockletta.recordings.drift.value_comparison import AnswerDifference, ValueComparison, reordered
from mockletta.recordings.drift.varying_values import IdBinding, ids

_COMPARED_HEADERS = re.compile("content-type|location|allow|vary|access-control-.*|x-upload-result")
_COLLECTION = re.compile("/v1/[^/]+/")
Tie = tuple[str, str, str]
"""Globs of a file, an exchange and a path. The list there is sorted by a key that is null or equal
for several objects, so their order is arbitrary."""
TIES: Sequence[Tie] = (("*", "*", "*/core-memory/blocks"),)
"""Blocks created with their agent have the same time."""


def differences(
    scenario: Scenario,
    exchange: ScenarioExchange,
    answer: LiveAnswer,
    binding: IdBinding,
    ties: Sequence[Tie] = TIES,
    *,
    joins_tokens: bool = False,
) -> list[AnswerDifference]:
    """Return where an answer differs from the recorded one. Binds their ids.

    With `joins_tokens` the split of a streamed text does not matter.
    """
    recorded = exchange.recorded
    assert recorded is not None
    if answer.failure and not recorded.client_closed_early:
        return [AnswerDifference("answer", "an answer", answer.failure)]
    if answer.status != recorded.status:
        return [AnswerDifference("status", f"{recorded.status} {_sample(recorded)}", _seen(answer))]
    comparison = ValueComparison(binding)
    _headers(comparison, recorded.headers, answer.headers or {})
    if recorded.frames is not None:
        _frames(comparison, recorded, answer.text, joins_tokens=joins_tokens)
    elif recorded.text is not None:
        comparison.text(recorded.text, answer.text, "text")
    elif recorded.body is None and answer.text in ("", "null"):
        pass
    else:
        _body(comparison, scenario, exchange, answer.text, ties)
    return comparison.differences


def _headers(
    comparison: ValueComparison, recorded: Mapping[str, str], ours: Mapping[str, str]
) -> None:
    for name, value in recorded.items():
        if _COMPARED_HEADERS.fullmatch(name):
            own = ours.get(name)
            if name == "location" and own is not None and value.startswith("/"):
                own = _without_host(own)
            comparison.compare(value, own, f"header {name}")


def _without_host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _frames(
    comparison: ValueComparison, recorded: ScenarioAnswer, text: str, *, joins_tokens: bool
) -> None:
    try:
        ours = event_frames.parse(text)
    except ValueError as error:
        comparison.note("stream", "well-formed events", str(error))
        return
    wanted = recorded.frames or ()
    if recorded.client_closed_early:
        ours = ours[: len(wanted)]
    left, right = event_frames.comparable(wanted, ours)
    if joins_tokens:
        left, right = event_frames.joined(left), event_frames.joined(right)
    if len(left) != len(right):
        comparison.note("stream.length", _kinds(left), _kinds(right))
    for number, (theirs, mine) in enumerate(zip(left, right, strict=False)):
        comparison.compare(theirs.event, mine.event, f"event {number}")
        comparison.compare(theirs.data, mine.data, f"data {number}")


def _body(
    comparison: ValueComparison,
    scenario: Scenario,
    exchange: ScenarioExchange,
    text: str,
    ties: Sequence[Tie],
) -> None:
    assert exchange.recorded is not None
    recorded = exchange.recorded.body
    try:
        ours = json.loads(text)
    except ValueError:
        comparison.note("$", recorded, text)
        return
    if isinstance(recorded, list) and isinstance(ours, list):
        if _has_foreign(recorded, scenario, exchange):
            _shapes(comparison, recorded, ours)
            return
        if _has_ties(scenario, exchange, ties):
            recorded = reordered(comparison.binding, recorded, ours)
    if not _counts_all(exchange) or not isinstance(ours, int):
        comparison.compare(recorded, ours)


def _counts_all(exchange: ScenarioExchange) -> bool:
    """Return whether the recorded number counts other scenarios' objects too."""
    return exchange.request.path.endswith("/count") and not exchange.request.query


def _has_ties(scenario: Scenario, exchange: ScenarioExchange, ties: Sequence[Tie]) -> bool:
    return any(
        fnmatchcase(scenario.name, file)
        and fnmatchcase(exchange.name, name)
        and fnmatchcase(exchange.request.path, path)
        for file, name, path in ties
    )


def _shapes(comparison: ValueComparison, recorded: list[Json], ours: list[Json]) -> None:
    """Compare keys only: the recorded list shows other scenarios' objects."""
    for index, one in enumerate(ours):
        if isinstance(one, dict):
            comparison.compare(list(recorded[0]), list(one), f"$[{index}].keys()")


def _has_foreign(recorded: list[Json], scenario: Scenario, exchange: ScenarioExchange) -> bool:
    if not _COLLECTION.fullmatch(exchange.request.path):
        return False
    earlier = scenario.exchanges[: exchange.index]
    bodies = [one.recorded.body for one in earlier if one.recorded is not None]
    known = ids([one for one in bodies if isinstance(one, dict)])
    return any(_is_foreign(one, known, scenario.started) for one in recorded)


def _is_foreign(one: Json, known: set[str], started: str) -> bool:
    if not isinstance(one, dict) or "id" not in one or one["id"] in known:
        return False
    born = one.get("created_at") or one.get("date")
    # Blocks have no time: one never seen before belongs to another scenario.
    return bool(started) and str(born)[:19] < started[:19] if born else "label" in one


def _kinds(frames: Sequence[EventFrame]) -> str:
    kinds = [
        str(one.data.get("message_type", one.data)) if isinstance(one.data, dict) else str(one.data)
        for one in frames
    ]
    return f"{len(frames)} [{', '.join(kinds)}]"


def _sample(recorded: ScenarioAnswer) -> str:
    return json.dumps(recorded.body, ensure_ascii=False)[:120]


def _seen(answer: LiveAnswer) -> str:
    return f"{answer.status} {answer.text[:200]}"
