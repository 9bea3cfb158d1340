"""A brain whose steps a test lays out, and the tools and agents its stories are about."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from letta_client import Letta
from letta_client.types import ToolReturnMessage

from mockletta.brain.decisions import Decision, ModelCall, ToolCall, ToolResult
from tests.contract.talk import MODEL

DOUBLE = '''
def double(x: int) -> str:
    """
    Double a number.

    Args:
        x (int): The number.
    """
    return str(x * 2)
'''


class Steps:
    """A brain that takes prepared decisions one after the other and keeps what it was asked."""

    def __init__(self, *decisions: Decision) -> None:
        self.left = list(decisions)
        self.calls: list[ModelCall] = []

    def decide(self, call: ModelCall) -> Decision:
        self.calls.append(replace(call, messages=tuple(call.messages)))
        return self.left.pop(0) if self.left else Decision(text="Done.")


def calling(name: str, arguments: str = "{}", *, text: str = "", result: str = "") -> Decision:
    """A step that calls one tool, whose return is laid down if there is one."""
    laid_down = ToolResult(result) if result else None
    call = ToolCall("call-1", name, arguments, laid_down)
    return Decision(text=text, tool_calls=(call,))


def guarded(text: str = "") -> Decision:
    """A step whose call waits for approval and then returns `42`."""
    call = ToolCall("call-1", "double", '{"x": 21}', ToolResult("42"), needs_approval=True)
    return Decision(text=text, tool_calls=(call,))


def doubling_agent(client: Letta, **parameters: object) -> str:
    """A new agent that has the tool `double`."""
    tool = client.tools.upsert(source_code=DOUBLE, **parameters)  # type: ignore[arg-type]
    return client.agents.create(model=MODEL, tool_ids=[tool.id], include_base_tools=False).id


def approval(*ids: str, approve: bool = True, reason: str | None = None) -> Any:  # noqa: ANN401
    """A message that answers calls; the SDK's types for it differ from call to call."""
    answers = [
        {"type": "approval", "tool_call_id": item, "approve": approve, "reason": reason}
        for item in ids or ["call-1"]
    ]
    return {"type": "approval", "approvals": answers}


def returns(told: Sequence[object]) -> list[tuple[str, str]]:
    """Status and text of every return among messages."""
    found = [one for one in told if isinstance(one, ToolReturnMessage)]
    return [
        (item.status, str(item.tool_return)) for one in found for item in one.tool_returns or ()
    ]
