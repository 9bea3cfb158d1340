"""What was found at the recorded MCP server, a small one made with FastMCP."""

from collections.abc import Callable


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def fail(x: str) -> str:
    """Always fails."""
    raise ValueError(f"nope {x}")


def mcp_tools_of(transcript: str) -> list[Callable[..., object]]:
    """Its tools in the order they were listed in: it was arbitrary."""
    return [fail, add] if transcript.startswith("66") else [add, fail]
