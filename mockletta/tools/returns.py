"""The return of a tool call: the text for clients, and the envelope for a model."""

import json
from collections.abc import Mapping
from typing import Literal, NamedTuple

from mockletta.tools.block_edits import BlockEdit

Status = Literal["success", "error"]

TOOL_ERRORS = (KeyError, OverflowError, TypeError, ValueError)
"""The errors that the server's own tools raise for a model's arguments."""

UNEXPLAINED_CHARACTERS = 90
"""The number by which the server's count exceeds the length of the return: 590 for 500 [32
limit_tool]."""


class ToolOutcome(NamedTuple):
    """The outcome of a server-side tool. The caller applies `edits`.

    `text` is the `tool_return` on the wire. `data` is set if the tool returned a dict: `text` is
    its repr, and a model receives the dict itself [32 dict_tool].
    """

    text: str
    status: Status = "success"
    stderr: tuple[str, ...] | None = None
    edits: tuple[BlockEdit, ...] = ()
    data: Mapping[str, object] | None = None
    stdout: tuple[str, ...] | None = None


def success(value: object, edits: tuple[BlockEdit, ...] = ()) -> ToolOutcome:
    """Wrap the return of a tool; clients see its `str` [32 dict_tool]."""
    data = value if isinstance(value, dict) else None
    return ToolOutcome(str(value), edits=edits, data=data)


def failure(tool: str, error: Exception) -> ToolOutcome:
    """Wrap an error of one of the server's own tools [56 memory_replace not found]."""
    return ToolOutcome(str(error), "error", (error_text(tool, type(error).__name__, str(error)),))


def error_text(tool: str, kind: str, message: str) -> str:
    """Render an error of a tool. A custom tool returns this text [32 boom_tool]."""
    return f"Error executing function {tool}: {kind}: {message}"


def truncated(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters and append the server's note [32 limit_tool]."""
    if len(text) <= limit:
        return text
    length = len(text) + UNEXPLAINED_CHARACTERS
    return (
        f"{text[:limit]}... [NOTE: function output was truncated since it exceeded the character "
        f"limit ({length} > {limit})]"
    )


def function_response(status: Status, message: str | Mapping[str, object], when: str) -> str:
    """Render a tool's return as the JSON that a model receives. `when` is a spelled time.

    >>> print(function_response("success", "None", "2026-11-22 08:52:00 PM UTC+0000"))
    {
      "status": "OK",
      "message": "None",
      "time": "2026-11-22 08:52:00 PM UTC+0000"
    }
    """
    envelope = {"status": "OK" if status == "success" else "Failed", "message": message}
    return json.dumps({**envelope, "time": when}, indent=2, ensure_ascii=False, default=str)
