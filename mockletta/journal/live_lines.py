"""Lines for a terminal on which requests are told as they are answered."""

import json
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

from mockletta.journal.entry_text import CYAN, DIM, RED, oddities, painted, spell_status, took
from mockletta.journal.terminal_text import printable
from mockletta.journal.turn_story import AGENT, ERROR, Line, story_of

Document = Mapping[str, Any]
NARROWEST = 60


def lines_of(
    document: Document, agent: str | None = None, *, colour: bool = False, width: int | None = None
) -> list[str]:
    """An entry as lines: what was asked and answered, then who said what, cut to the width."""
    most = width or max(shutil.get_terminal_size().columns, NARROWEST)
    lines = [_head(document, agent, colour=colour)]
    lines += [_said(line, agent or "agent", most, colour=colour) for line in story_of(document)]
    lines += [painted(f"  {printable(line)}", RED, colour=colour) for line in reasons_of(document)]
    return lines


def reasons_of(document: Document) -> Iterator[str]:
    """Why a request was refused, if it was."""
    if document["unscripted"]:
        yield from document["unscripted"].split("\n")
    elif document["status"] is not None and document["status"] >= 400:
        response = document["response"]
        detail = response.get("detail", response) if isinstance(response, dict) else response
        if detail:
            yield detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)


def agent_of(document: Document, name: str | None) -> str | None:
    """The name of the agent that a request is about; a created one is named by its answer."""
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


def _said(line: Line, agent: str, most: int, *, colour: bool) -> str:
    who = printable(agent) if line.who == AGENT else line.who
    text = f"  {who}: {line.text}"
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return painted(text, RED, colour=colour) if line.who == ERROR else text
