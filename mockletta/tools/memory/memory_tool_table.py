"""Server-side tools with which an agent edits its memory blocks, by name, as pure functions.

A tool's keyword parameters are those a model may give [00]. It gets the blocks by position.
"""

from collections.abc import Callable, Mapping

from mockletta.tools.call_arguments import call_tool
from mockletta.tools.memory.block_edits import Blocks, Edited
from mockletta.tools.memory.memory_command import memory
from mockletta.tools.memory.memory_tools import (
    core_memory_append,
    core_memory_replace,
    memory_apply_patch,
    memory_insert,
    memory_replace,
    memory_rethink,
    rethink_user_memory,
)
from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, failure, success


def run_memory_tool(name: str, arguments: Mapping[str, object], blocks: Blocks) -> ToolOutcome:
    """Run a tool of MEMORY_TOOLS; an error that it raises is an outcome too.

    >>> run_memory_tool("core_memory_append", {"label": "human", "content": "x"}, ()).text
    "'Block field human does not exist (available sections = )'"
    """
    tool = MEMORY_TOOLS[name]
    try:
        value, edits = call_tool(tool, arguments, blocks)
    except TOOL_ERRORS as error:
        return failure(name, error)
    return success(value, edits)


def memory_finish_edits(_blocks: Blocks, /) -> Edited:
    """Finish the edits. The agent's tool rules end the turn [56]."""
    return None, ()


def finish_rethinking_memory(_blocks: Blocks, /) -> Edited:
    """Finish the rethinking."""
    return None, ()


def send_message(_blocks: Blocks, /, message: str) -> Edited:  # noqa: ARG001 - the caller shows it
    """Speak to the user, as agents of the older types do."""
    return "Sent message successfully.", ()


MEMORY_TOOLS: Mapping[str, Callable[..., Edited]] = {
    tool.__name__: tool
    for tool in (
        core_memory_append,
        core_memory_replace,
        finish_rethinking_memory,
        memory,
        memory_apply_patch,
        memory_finish_edits,
        memory_insert,
        memory_replace,
        memory_rethink,
        rethink_user_memory,
        send_message,
    )
}
