"""Turns findings of drift into overrides."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mockletta.documents.yaml_writing import yaml_text
from mockletta.recordings.drift.findings import DriftFinding, compared_frames, shown
from mockletta.recordings.overrides.overrides import BadPlace, load_overrides, value_at

Entry = dict[str, Any]
HEAD = "Answers of the mock that are corrected: see docs/recording.md."
_EVENT = re.compile(r"event\((\w+)\)(.*)")


def accept(findings: Iterable[DriftFinding], file: Path) -> tuple[int, list[str]]:
    """Write what overrides can correct into their file, which keeps what it has.

    Returns how many were added, and the titles of the findings that cannot be corrected.
    """
    known: list[Entry] = []
    if file.exists():
        known = [one.model_dump(exclude_unset=True) for one in load_overrides(str(file)).overrides]
    before, left = len(known), []
    for finding in findings:
        entries = list(entries_for(finding))
        known += [entry for entry in entries if entry not in known]
        if not entries:
            left.append(finding.title)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml_text({"version": 1, "overrides": known}, [HEAD]), encoding="utf-8")
    return len(known) - before, left


def entries_for(finding: DriftFinding) -> Iterator[Entry]:
    """Return the overrides that correct a finding, one for each operation."""
    if finding.kind == "status":
        yield from _refusals(finding)
        return
    change = _change(finding)
    if change is None:
        return
    for operation in finding.operations:
        yield {"operation": operation, **change}


def _change(finding: DriftFinding) -> Entry | None:
    event = _EVENT.fullmatch(finding.path)
    place = f"${event[2]}" if event is not None else finding.path
    if not place.startswith("$") or finding.kind not in _VERBS:
        return None
    recorded = finding.example.recorded
    limit: Entry = {"event": event[1]} if event is not None else {}
    if recorded is not None and recorded.status >= 400:
        limit["errors"] = True
    verb = _VERBS[finding.kind]
    try:
        value = {place: _recorded_value(finding)} if verb != "remove" else [place]
    except (BadPlace, LookupError):
        return None
    return {**limit, verb: value}


_VERBS = {
    "new field": "add",
    "missing field": "remove",
    "type": "set",
    "value": "set",
    "text": "set",
}


def _recorded_value(finding: DriftFinding) -> Any:  # noqa: ANN401
    """Return the whole value that was recorded, of which a difference may show the end only."""
    recorded, path = finding.example.recorded, finding.difference.path
    assert recorded is not None
    event = re.match(r"data (\d+)", path)
    if event is None:
        return value_at(recorded.body, path)
    return value_at(compared_frames(recorded)[int(event[1])].data, f"${path[event.end() :]}")


def _refusals(finding: DriftFinding) -> Iterator[Entry]:
    """Return an override for exactly the request that was answered with another status."""
    request, recorded = finding.example.request, finding.example.recorded
    query = {name: shown(value) for name, value in request.query.items()}
    sent = {
        **({"query": query} if query else {}),
        **({"body": request.content} if isinstance(request.content, dict) else {}),
    }
    if not sent or recorded is None:
        return
    yield {
        "operation": finding.example.name,
        "when": sent,
        "status": recorded.status,
        "body": recorded.body,
    }
