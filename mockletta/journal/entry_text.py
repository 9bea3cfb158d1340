"""Entries as text for people, on one line or in full.

The text is made from JSON values, so a journal from another server looks the same.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

from mockletta.journal.terminal_text import printable
from mockletta.journal.turn_story import AGENT, ERROR, StoryLine, story_of

Document = Mapping[str, Any]
RED, GREEN, YELLOW, CYAN, DIM = 31, 32, 33, 36, 2
MOST_LINES = 40
NARROWEST = 60


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
    """Return an entry in full: its line, the client, the request and the response."""
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
    if document["quirks"] and (document["status"] or 0) >= 400:
        yield f"depends on: {', '.join(document['quirks'])}"
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


def lines_of(
    document: Document, agent: str | None = None, *, colour: bool = False, width: int | None = None
) -> list[str]:
    """Return an entry as lines: request and response, then the messages with their senders, cut to
    the width."""
    most = width or max(shutil.get_terminal_size().columns, NARROWEST)
    lines = [_head(document, agent, colour=colour)]
    lines += [_said(line, agent or "agent", most, colour=colour) for line in story_of(document)]
    lines += [painted(f"  {printable(line)}", RED, colour=colour) for line in reasons_of(document)]
    return lines


def reasons_of(document: Document) -> Iterator[str]:
    """Return why a request was refused, if it was."""
    if document["unscripted"]:
        yield from document["unscripted"].split("\n")
    elif document["status"] is not None and document["status"] >= 400:
        response = document["response"]
        detail = response.get("detail", response) if isinstance(response, dict) else response
        if detail:
            yield detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)


def agent_of(document: Document, name: str | None) -> str | None:
    """Return the name of the agent that a request is about. The response names a created agent."""
    response = document["response"]
    is_agent = (document["operation"] or "") in {"agents.create", "agents.update"}
    given = response.get("name") if is_agent and isinstance(response, dict) else None
    return given if isinstance(given, str) else name


def _head(document: Document, agent: str | None, *, colour: bool) -> str:
    name = document["operation"] or f"{document['method']} {printable(document['path'])}"
    parts = [
        painted(document["at"][11:19], DIM, colour=colour),
        painted(name, CYAN, colour=colour),
        *([printable(agent)] if agent else []),
        spell_status(document, colour=colour),
        took(document["duration"]),
        *oddities(document, colour=colour),
    ]
    return " ".join(parts)


def _said(line: StoryLine, agent: str, most: int, *, colour: bool) -> str:
    who = printable(agent) if line.who == AGENT else line.who
    text = f"  {who}: {line.text}"
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return painted(text, RED, colour=colour) if line.who == ERROR else text
