"""The tests that cannot pass, by patterns of their names, each with the reason."""

from collections.abc import Mapping

NEITHER_OR_BOTH = "Letta wants either `input` or `messages`, the test sends neither or both: 422"
NOTHING_ACTIVE = "no run is in progress in a world that has just started"
REFUSED: Mapping[str, str] = {
    "agents/test_messages.py::*_create_*overload_*": NEITHER_OR_BOTH,
    "agents/test_messages.py::*_stream": NEITHER_OR_BOTH,
    "agents/test_messages.py::*_stream_with_all_params": NEITHER_OR_BOTH,
    "conversations/test_messages.py::*_create": NEITHER_OR_BOTH,
    "conversations/test_messages.py::*_create_with_all_params": NEITHER_OR_BOTH,
    "conversations/test_messages.py::*_stream*": NOTHING_ACTIVE,
    "runs/test_messages.py::*_stream*": NOTHING_ACTIVE,
    "test_conversations.py::*_cancel*": NOTHING_ACTIVE,
    "test_environments.py::*_send_message": "Letta wants an agent or a conversation: 400",
}
NODE: Mapping[str, str] = {
    "agents/test_messages.py::*_create_async*": NEITHER_OR_BOTH,
    "agents/test_tools.py::*_update_approval*": (
        "this SDK sends `body_requires_approval`, and the API wants `requires_approval`: 422"
    ),
}
"""The tests that only the TypeScript SDK does not pass."""
