"""Entries as text for people, on one line or in full. They are made from JSON values, so that a
journal from another server looks the same.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockletta.journal.terminal_text import printable

Document = Mapping[str, Any]
RED, GREEN, YELLOW, CYAN, DIM = 31, 32, 33, 36, 2
MOST_LINES = 40


def one_line(document: Document, *, colour: bool = False) -> str:
    """Return an entry on one line: number, time, operation, path, status, duration, and anything
    unusual."""
    name = document["operation"] or "no operation"
    parts = [
        painted(f"#{document['number']}", DIM, colour=colour),
        painted(document["at"][11:23], DIM, colour=colour),
        painted(name, CYAN, colour=colour),
        f"{document['method']} {printable(document['path'])}",
        spell_status(document, colour=colour),
        took(document["duration"]),
        *oddities(document, colour=colour),
    ]
    return " ".join(parts)


def many_lines(document: Document, *, colour: bool = False) -> str:
    """Return an entry in full: its line, the client, what was sent and what was answered."""
    lines = [one_line(document, colour=colour), *_request(document)]
    if document["unscripted"]:
        lines += ["unscripted:", *_indented(document["unscripted"])]
    if document["events"]:
        lines += ["events:", *(_event_line(event) for event in document["events"])]
    elif document["response"] is not None:
        lines += ["response:", *_json(document["response"])]
    if document["cut"]:
        lines.append(f"cut: {', '.join(document['cut'])}")
    head, *rest = lines
    return "\n".join([head, *(f"  {line}" for line in rest)])


def _request(document: Document) -> Iterator[str]:
    if document["key"] is not None:
        yield f"key: {printable(document['key'])}"
    if document["sdk_version"] is not None:
        retry = f", retry {document['retry_count']}" if document["retry_count"] else ""
        yield f"SDK: {printable(document['sdk_version'])}{retry}"
    if document["query"]:
        yield f"query: {printable(json.dumps(document['query'], ensure_ascii=False))}"
    if document["body"] is not None:
        yield "body:"
        yield from _json(document["body"])


def spell_status(document: Document, *, colour: bool) -> str:
    status = document["status"]
    if status is None:
        return painted("no answer", RED, colour=colour)
    code = GREEN if status < 400 else YELLOW if status < 500 else RED
    return painted(str(status), code, colour=colour)


def oddities(document: Document, *, colour: bool) -> Iterator[str]:
    if document["rules"]:
        yield printable(f"rule: {', '.join(document['rules'])}")
    if document["unscripted"]:
        yield painted("unscripted", RED, colour=colour)
    if document["fault"]:
        yield painted(printable(f"fault: {document['fault']}"), YELLOW, colour=colour)
    if document["left_early"] and document["duration"] is not None:
        yield painted("the client left early", YELLOW, colour=colour)


def took(duration: float | None) -> str:
    return "not complete yet" if duration is None else f"{duration * 1_000:.1f} ms"


def _event_line(event: Document) -> str:
    broken = "" if event["whole"] else " (broken off)"
    name = f"{event['event']} " if event["event"] else ""
    data = event["data"]
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return printable(f"  +{event['at'] * 1_000:.1f} ms {name}{text}{broken}")


def _json(value: object) -> list[str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return _indented(text)


def _indented(text: str) -> list[str]:
    lines = [f"  {printable(line)}" for line in text.split("\n")]
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"  … {more} more lines"] if more > 0 else lines


def painted(text: str, code: int, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
