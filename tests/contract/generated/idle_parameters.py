"""The SDK's parameters that are accepted without effect, each with its reason."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple


class Idle(NamedTuple):
    """A parameter that changes nothing in the operations that match `operations`, a pattern.

    A path with dots, which can be a pattern, is a field within a parameter.
    """

    operations: str
    parameter: str
    reason: str


BY_PATH = "the path names the run"
DEPRECATED = "deprecated in the SDK, and ignored by the recorded server"
NO_TOKENS = "no brain has tokens or probabilities of its own to report"
READ_AT_ONCE = "a run's events are in memory: nothing is polled for"
IDLE = (
    Idle("*.list", "order_by", "it has only one value"),
    Idle("agents.create", "from_template", DEPRECATED),
    Idle("agents.create", "memory_variables", DEPRECATED),
    Idle("agents.create", "template", DEPRECATED),
    Idle("tools.*", "enable_parallel_execution", "kept and shown: calls run one after the other"),
    Idle("agents.export_file", "max_steps", DEPRECATED),
    Idle("*.messages.*", "enable_thinking", DEPRECATED),
    Idle("*.messages.*", "return_logprobs", NO_TOKENS),
    Idle("*.messages.*", "return_token_ids", NO_TOKENS),
    Idle("*.messages.*", "top_logprobs", NO_TOKENS),
    Idle("*.messages.list", "include_err", "no message of an error is stored"),
    Idle("agents.messages.stream", "streaming", "the operation always streams"),
    Idle("conversations.recompile", "compaction_settings", "nothing is compacted"),
    Idle("*.messages.stream", "batch_size", READ_AT_ONCE),
    Idle("*.messages.stream", "poll_interval", READ_AT_ONCE),
    Idle("runs.messages.stream", "agent_id", BY_PATH),
    Idle("runs.messages.stream", "otid", BY_PATH),
    Idle("runs.messages.stream", "run_id", BY_PATH),
    Idle("*", "*.type", "it only says which shape is meant"),
    Idle("*", "*.batch_item_id", "there are no batches of messages"),
    Idle("*", "*.content.signature", "the recorded server drops what a client signs"),
    Idle("*.compact", "compaction_settings.model_settings.*", "a summary has no settings here"),
    Idle("conversations.recompile", "compaction_settings.*", "nothing is compacted"),
    Idle("agents.create", "llm_config.put_inner_thoughts_in_kwargs", "the agent's type decides"),
)
ONLY_SOMETIMES = {
    ("agents.messages.*", "include_compaction_messages"): "a compaction in the turn",
    ("*.messages.*", "client_skills.location"): "a request that has no prompt of its own",
    ("agents.create", "initial_message_sequence.*"): "a list of the agent's messages",
    ("agents.create", "memory_blocks.*"): "an answer that includes blocks",
    ("environments.send_message", "messages.*"): "a list of the agent's messages",
    ("agents.schedule.create", "*"): "the time that the messages are sent at",
    ("agents.tools.update_approval", "requires_approval"): "a request without a body",
    ("conversations.messages.create", "include_compaction_messages"): "a compaction in the turn",
    ("conversations.messages.stream", "agent_id"): "a request without a run's id",
    ("conversations.messages.stream", "otid"): "a request without a run's id",
    ("agents.update", "embedding_config.*"): "no `embedding` beside it, which wins in an update",
    ("templates.save", "block_reconciliation_strategy"): "agents to migrate",
    ("templates.save", "preserve_*"): "agents to migrate",
}
"""Parameters that act only where there is something else; other tests show how."""
KEPT = frozenset(
    [
        "base_template_id",
        "context_window_limit",
        "created_at",
        "default_requires_approval",
        "deployment_id",
        "description",
        "embedding_config",
        "enable_sleeptime",
        "entity_id",
        "hidden",
        "instructions",
        "is_template",
        "label",
        "last_message_at",
        "last_run_completion",
        "last_run_duration_ms",
        "last_stop_reason",
        "limit",
        "max_files_open",
        "message_buffer_autoclear",
        "metadata",
        "metadata_",
        "model_settings",
        "name",
        "npm_requirements",
        "per_file_view_window_char_limit",
        "pip_requirements",
        "preserve_on_migration",
        "project_id",
        "read_only",
        "return_char_limit",
        "source_type",
        "summary",
        "system",
        "tags",
        "template_id",
        "template_name",
        "text",
        "value",
    ]
)
"""Parameters that a row keeps and shows. What else they do, the tests of the resource say."""


def idle_in(operation: str) -> Iterator[str]:
    """Return the parameters of an operation that are accepted without effect."""
    return (one.parameter for one in IDLE if fnmatchcase(operation, one.operations))


def is_idle(operation: str, path: str) -> bool:
    """Return whether a field within a parameter is accepted without effect."""
    return any(fnmatchcase(path, one) for one in idle_in(operation))


def acts_sometimes(operation: str, parameter: str) -> bool:
    """Return whether a parameter acts only where there is something else."""
    return any(
        fnmatchcase(operation, operations) and fnmatchcase(parameter, name)
        for operations, name in ONLY_SOMETIMES
    )
