"""Running a function that the test author registered for a tool."""

import json
from collections.abc import Callable, Mapping

from mockletta.tools.returns import ToolOutcome, error_text, success


def run_function(
    name: str, function: Callable[..., object], arguments: Mapping[str, object]
) -> ToolOutcome:
    """Call a function as the server runs a custom tool: what it raises is its return [32]."""
    try:
        outcome = success(function(**arguments))
        # what a model is sent is settled now: the function may go on changing what it returned
        data = json.loads(sendable(json.dumps(outcome.data, default=str, ensure_ascii=False)))
        text = sendable(outcome.text)
    except Exception as error:  # noqa: BLE001 - it is shown to the model, as on the server
        text = sendable(error_text(name, type(error).__name__, told(error)))
        return ToolOutcome(text, "error", stdout=(), stderr=(text,))
    return ToolOutcome(text, data=data, stdout=(), stderr=())


def told(error: Exception) -> str:
    """What an error says of itself."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error that cannot even say what it is
        return ""


def sendable(text: str) -> str:
    """A text without halves of surrogate pairs, which have no bytes."""
    return text.encode(errors="replace").decode()
