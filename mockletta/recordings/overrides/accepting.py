"""Turns findings of drift into overrides."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mockletta.documents.json_types import Json
from mockletta.documents.yaml_writing import yaml_text
from mockletta.recordings.drift.findings import DriftFinding, compared_frames, shown
from mockletta.recordings.id_names import ids_in
from mockletta.recordings.overrides.overrides import BadPlace, load_overrides, value_at

Entry = dict[str, Any]
_USUAL_ORDERS = ("created_at", "date", "updated_at", "name", "label")
"""The fields by which lists are sorted most often."""
HEAD = "Answers of the mock that are corrected: see docs/recording.md."
_EVENT = re.compile(r"event\((\w+)\)(.*)")


class CannotBeCorrected(Exception):
    """Overrides cannot correct a finding. The message says why."""


def accept(findings: Iterable[DriftFinding], file: Path) -> tuple[int, list[str]]:
    """Write the findings that overrides can correct into their file, which keeps its entries.

    Return how many were added, and the title and reason of each finding that cannot be corrected.
    """
    known: list[Entry] = []
    if file.exists():
        known = [one.model_dump(exclude_unset=True) for one in load_overrides(str(file)).overrides]
    before, left = len(known), []
    for finding in findings:
        try:
            known += [entry for entry in entries_for(finding) if entry not in known]
        except CannotBeCorrected as reason:
            left.append(f"{finding.title}: {reason}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml_text({"version": 1, "overrides": known}, [HEAD]), encoding="utf-8")
    return len(known) - before, left


def entries_for(finding: DriftFinding) -> list[Entry]:
    """Return the overrides that correct a finding, one for each operation.

    Raises CannotBeCorrected with the reason.
    """
    if finding.kind == "status":
        return [_refusal(finding)]
    recorded = finding.example.recorded
    limit: Entry = {"errors": True} if recorded is not None and recorded.status >= 400 else {}
    change = limit | _change(finding)
    return [{"operation": operation, **change} for operation in finding.operations]


def _change(finding: DriftFinding) -> Entry:
    if finding.kind == "header":
        return _header(finding)
    event = _EVENT.fullmatch(finding.path)
    if finding.kind == "order" and (event or not finding.path.startswith("$")):
        raise CannotBeCorrected("overrides cannot move, add or remove events")
    if finding.kind == "order":
        return _sorting(finding)
    place = f"${event[2]}" if event is not None else finding.path
    verb = _VERBS.get(finding.kind)
    if verb is None or not place.startswith("$"):
        raise CannotBeCorrected("overrides change only answers")
    limit: Entry = {"event": event[1]} if event is not None else {}
    try:
        return {**limit, verb: [place] if verb == "remove" else {place: _recorded_value(finding)}}
    except (BadPlace, LookupError):
        raise CannotBeCorrected("overrides cannot name its place") from None


_VERBS = {
    "new field": "add",
    "missing field": "remove",
    "type": "set",
    "value": "set",
    "text": "set",
}


def _header(finding: DriftFinding) -> Entry:
    name, value = finding.path.removeprefix("header "), str(finding.difference.expected)
    if ids_in([value]):
        raise CannotBeCorrected("the header names an object")
    return {"headers": {name: value}}


def _sorting(finding: DriftFinding) -> Entry:
    """Return an override that sorts a list by a field that sorts the recorded one."""
    place, _, kind = finding.path.rpartition(".")
    rows = _recorded_rows(finding, place) if kind == "order" else []
    for name in _USUAL_ORDERS:
        values = [str(row.get(name, "")) for row in rows if isinstance(row, dict)]
        if len(set(values)) == len(rows) > 1:
            for sign, is_reverse in (("", False), ("-", True)):
                if values == sorted(values, reverse=is_reverse):
                    return {"sort": {place: f"{sign}{name}"}}
    raise CannotBeCorrected("no field shows how the list is sorted")


def _recorded_rows(finding: DriftFinding, place: str) -> list[Any]:
    recorded = finding.example.recorded
    try:
        rows = value_at(recorded.body, place) if recorded is not None else None
    except (BadPlace, LookupError):
        return []
    return rows if isinstance(rows, list) else []


def _recorded_value(finding: DriftFinding) -> Json:
    """Return the whole recorded value. A difference may show only its end."""
    recorded, path = finding.example.recorded, finding.difference.path
    assert recorded is not None
    event = re.match(r"data (\d+)", path)
    if event is None:
        return value_at(recorded.body, path)
    return value_at(compared_frames(recorded)[int(event[1])].data, f"${path[event.end() :]}")


def _refusal(finding: DriftFinding) -> Entry:
    """Return an override for exactly the request that was answered with another status."""
    request, recorded = finding.example.request, finding.example.recorded
    query = {name: shown(value) for name, value in request.query.items()}
    sent = {
        **({"query": query} if query else {}),
        **({"body": request.content} if isinstance(request.content, dict) else {}),
    }
    if not sent or recorded is None:
        raise CannotBeCorrected("the request has no query and no body that tell it apart")
    return {
        "operation": finding.example.name,
        "when": sent,
        "status": recorded.status,
        "body": recorded.body,
    }
