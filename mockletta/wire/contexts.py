"""The content of an agent's context, and the size of each part [57 context]."""

from datetime import datetime

from mockletta.wire.base import Wire
from mockletta.wire.exports import StoredApproval, StoredCall, StoredContent, StoredReturn


class StoredMessage(Wire):
    """A message as the server stores it."""

    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None
    id: str
    agent_id: str | None
    model: str | None
    role: str
    content: list[StoredContent] | None
    name: str | None = None
    tool_calls: list[StoredCall] | None = None
    tool_call_id: str | None = None
    step_id: str | None = None
    run_id: str | None = None
    otid: str | None = None
    tool_returns: list[StoredReturn] | None = []
    group_id: str | None = None
    sender_id: str | None = None
    batch_item_id: str | None = None
    conversation_id: str | None = None
    is_err: bool | None = None
    approval_request_id: str | None = None
    approve: bool | None = None
    denial_reason: str | None = None
    approvals: list[StoredApproval | StoredReturn] | None = []


class FunctionDefinition(Wire):
    name: str
    description: str | None = None
    parameters: dict[str, object] | None = None
    strict: bool | None = None


class FunctionTool(Wire):
    function: FunctionDefinition
    type: str = "function"


class ContextWindowOverview(Wire):
    """The parts of a context window. Sizes are in tokens."""

    context_window_size_max: int
    context_window_size_current: int
    num_messages: int
    num_archival_memory: int
    num_recall_memory: int
    num_tokens_external_memory_summary: int
    external_memory_summary: str
    num_tokens_system: int
    system_prompt: str
    num_tokens_core_memory: int
    core_memory: str
    num_tokens_memory_filesystem: int = 0
    memory_filesystem: str | None = None
    num_tokens_tool_usage_rules: int = 0
    tool_usage_rules: str | None = None
    num_tokens_directories: int = 0
    directories: str | None = None
    num_tokens_summary_memory: int
    summary_memory: str | None = None
    num_tokens_functions_definitions: int
    functions_definitions: list[FunctionTool] | None
    num_tokens_messages: int
    messages: list[StoredMessage]


class AgentVariables(Wire):
    """The memory variables with which an agent was made from a template."""

    variables: dict[str, str]
