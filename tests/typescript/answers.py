"""What was answered to the TypeScript SDK, held against the types that it declares.

The SDK parses whatever comes. So all answers are written down as TypeScript, each beside the type
that its operation returns, and tsc tells which keys are missing, unknown or of another type.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.contract.undeclared import ALLOWED
from tests.typescript.telling import compiled

UNDECLARED = {name for names in ALLOWED.values() for name in names}
NO_TEXT = "agents.export_file"
"""The SDK calls its answer a text, and gives what it parsed of the JSON that the server sends."""
HEADER = 'import type * as sdk from "./answer.js";'
COMPLAINT = re.compile(r"answers\.ts\((\d+),\d+\): (.*)")


def answers(url: str, keys: Iterable[str]) -> Iterator[tuple[str, object]]:
    """All successful answers and events in the journals of these keys' worlds, by operation."""
    for key in keys:
        found = httpx.get(
            f"{url}/_mockletta/journal?since=0&limit=1000&whole=true",
            headers={"Authorization": f"Bearer {key}"},
        )
        for entry in found.json()["entries"]:
            if entry["status"] == 200 and entry["operation"] != NO_TEXT:
                yield from _answers(entry)


def mistyped(folder: Path, given: Iterable[tuple[str, object]]) -> list[str]:
    """Which answers are not what the SDK declares, and why; the folder has the stories."""
    lines = list(dict.fromkeys(_declared(operation, value) for operation, value in given))
    source = "\n".join([HEADER, *lines])
    (folder / "answers.ts").write_text(source, encoding="utf-8")
    complaints = [COMPLAINT.fullmatch(line) for line in compiled(folder)]
    return [f"{found[2]}\n{lines[int(found[1]) - 2]}" for found in complaints if found]


def _answers(entry: dict[str, Any]) -> Iterator[tuple[str, object]]:
    if not entry["events"]:
        yield f"sdk.Body<{_method(entry['operation'])}>", entry["response"]
    for event in entry["events"]:
        if event["event"] is None and event["data"] != "[DONE]":
            yield f"sdk.Event<{_method(entry['operation'])}>", event["data"]


def _method(operation: str) -> str:
    """The type of the SDK's method: `mcp_servers.list` is `mcpServers.list` there."""
    names = (re.sub("_(.)", lambda found: found[1].upper(), name) for name in operation.split("."))
    return "sdk.Letta" + "".join(f'["{name}"]' for name in names)


def _declared(kind: str, value: object) -> str:
    return f"({json.dumps(_without_undeclared(value))}) satisfies {kind};"


def _without_undeclared(value: object) -> object:
    """The value without what the recorded server sends and no SDK declares."""
    if isinstance(value, dict):
        kept = value.keys() - UNDECLARED
        return {key: _without_undeclared(inner) for key, inner in value.items() if key in kept}
    return [_without_undeclared(inner) for inner in value] if isinstance(value, list) else value
