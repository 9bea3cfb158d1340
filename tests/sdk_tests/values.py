"""What stands in those tests for a value, and the value that the world of the examples has."""

import re
from collections.abc import Mapping

UUID = "123e4567-e89b-42d3-8456-426614174000"
MODEL = '"openai/gpt-4o-mini"'
EMBEDDING = '"openai/text-embedding-3-small"'
TIME = '"2099-01-01T00:00:00Z"'
LLM = {"model": "gpt-4o-mini", "model_endpoint_type": "openai", "context_window": 128_000}
SOURCE = repr(
    'def tool_name(name: str) -> str:\n    """Greet.\n\n    Args:\n        name: who\n    """\n'
)
FILE = repr(
    {
        "agents": [{"id": "agent-0", "name": "Ada", "llm_config": LLM}],
        **{kind: [] for kind in ("groups", "blocks", "files", "sources", "tools", "mcp_servers")},
    }
)
FILES: Mapping[str, str] = {
    "agents.import_file(": f"file=__import__('json').dumps({FILE}).encode()",
    "folders.files.upload(": 'file=("example.txt", b"Example data")',
}
"""The file that a method is sent, instead of bytes that are no file of its kind."""
AGENT, RUN, CONVERSATION = (f'"{prefix}-{UUID}"' for prefix in ("agent", "run", "conv"))

IDS: Mapping[str, str] = {
    "agent_id": AGENT,
    "agentId": AGENT,
    "run_id": RUN,
    "archive_id": f'"archive-{UUID}"',
    "identity_id": f'"identity-{UUID}"',
    "memory_id": f'"passage-{UUID}"',
    "conversation_id": CONVERSATION,
    "conversationId": CONVERSATION,
    "group_id": f'"group-{UUID}"',
    "tool_id": f'"tool-{UUID[:-1]}1"',
    "template_version": '"template_name:1"',
}
"""Names of ids that stand for an id."""
ARGUMENTS: Mapping[str, str] = {
    'conversation_id="default"': f"conversation_id={CONVERSATION}",
    'source_code="source_code"': f"source_code={SOURCE}",
    'source_type="source_type"': 'source_type="python"',
    'model="model"': f"model={MODEL}",
    'embedding="embedding"': f"embedding={EMBEDDING}",
    'override_model="override_model"': f"override_model={MODEL}",
    'override_model_handle="override_model_handle"': f"override_model_handle={MODEL}",
    'override_embedding_handle="override_embedding_handle"': (
        f"override_embedding_handle={EMBEDDING}"
    ),
    'x_override_embedding_model="x-override-embedding-model"': (
        f"x_override_embedding_model={EMBEDDING}"
    ),
    'created_at="created_at"': f"created_at={TIME}",
    'expires_at="expires_at"': f"expires_at={TIME}",
    'timezone="timezone"': 'timezone="UTC"',
    'version="version"': 'version="1"',
    'limit="limit"': 'limit="5"',
    'online_only="onlineOnly"': 'online_only="true"',
    'statuses=["string", "string"]': 'statuses=["completed"]',
    'exclude_tool_types=["string", "string"]': 'exclude_tool_types=["letta_core"]',
    'tool_types=["string", "string"]': 'tool_types=["custom"]',
    'tool_types=["string"]': 'tool_types=["custom"]',
    'identity_ids=["string"]': f'identity_ids=["identity-{UUID}"]',
    'tools=["string"]': 'tools=["tool_name"]',
    ' json_schema={"foo": "bar"}': ' json_schema={"name": "tool_name", "parameters": {}}',
    "embedding_chunk_size=0": "embedding_chunk_size=1",
    "batch_size=0": "batch_size=1",
    "use_legacy_format=True": "use_legacy_format=False",
    'env_vars_json="env_vars_json"': 'env_vars_json="{}"',
    'secrets="secrets"': 'secrets="{}"',
    'agent_file={"foo": "bar"}': f"agent_file={FILE}",
    'agent_file_json={"foo": "bar"}': f"agent_file_json={FILE}",
}
"""Arguments that no server takes, and the same arguments as one takes them."""
_ID = re.compile(rf"(?<=[=\s(])\"({'|'.join(IDS)})\"(?=,|\))")
_SKIP = re.compile(r"^ *@pytest\.mark\.skip\(.*\)\n", re.MULTILINE)


def with_values(source: str) -> str:
    """Return the source of a test file with values of the world, and without its skips."""
    source = _SKIP.sub("", source)
    for argument, value in ARGUMENTS.items():
        source = source.replace(argument, value)
    for method, file in FILES.items():
        if method in source or method.replace("(", ".") in source:
            source = source.replace('file=b"Example data"', file)
    return _ID.sub(lambda found: IDS[found[1]], source)
