"""What a tool hands back: the text clients are shown and the envelope a model is sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mockletta.tools.block_edits import BlockEdit

Status = Literal["success", "error"]

TOOL_ERRORS = (KeyError, OverflowError, TypeError, ValueError)
"""What the server's own tools raise at a model's arguments."""

UNEXPLAINED_CHARACTERS = 90
"""The server counts this many more than the tool returned: 590 for 500 [32 limit_tool]."""


@dataclass(frozen=True, slots=True)
class ToolOutcome:
    """How a server-side tool ended. Nothing has been changed yet: the caller applies `edits`.

    `text` is the `tool_return` of the wire. `data` is set when the tool returned a dict: `text` is
    its repr, and a model is sent the dict itself [32 dict_tool].
    """

    text: str
    status: Status = "success"
    stderr: tuple[str, ...] | None = None
    edits: tuple[BlockEdit, ...] = ()
    data: Mapping[str, object] | None = None
    stdout: tuple[str, ...] | None = None


def success(value: object, edits: tuple[BlockEdit, ...] = ()) -> ToolOutcome:
    """Wrap what a tool returned: whatever is not a str is shown as its repr [32 dict_tool]."""
    data = value if isinstance(value, dict) else None
    return ToolOutcome(str(value), edits=edits, data=data)


def failure(tool: str, error: Exception) -> ToolOutcome:
    """Wrap what one of the server's own tools raised [56 memory_replace not found]."""
    return ToolOutcome(str(error), "error", (error_text(tool, type(error).__name__, str(error)),))


def error_text(tool: str, kind: str, message: str) -> str:
    """Say which tool raised what. It is also a custom tool's whole return [32 boom_tool]."""
    return f"Error executing function {tool}: {kind}: {message}"


def truncated(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters and say so, as the server does [32 limit_tool]."""
    if len(text) <= limit:
        return text
    length = len(text) + UNEXPLAINED_CHARACTERS
    return (
        f"{text[:limit]}... [NOTE: function output was truncated since it exceeded the character "
        f"limit ({length} > {limit})]"
    )


def function_response(status: Status, message: str | Mapping[str, object], when: str) -> str:
    """Put a tool's return into the JSON a model is sent. `when` is a time as texts spell it.

    >>> print(function_response("success", "None", "2026-11-22 08:52:00 PM UTC+0000"))
    {
      "status": "OK",
      "message": "None",
      "time": "2026-11-22 08:52:00 PM UTC+0000"
    }
    """
    envelope = {"status": "OK" if status == "success" else "Failed", "message": message}
    return json.dumps({**envelope, "time": when}, indent=2, ensure_ascii=False, default=str)
