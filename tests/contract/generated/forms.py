"""What a parameter must look like to be one at all, by its name; the longest name that fits counts.

Every other text is its own name, every other number is 1.
"""

from base64 import b64encode

from tests.contract.talk import MODEL

EMBEDDING = "openai/text-embedding-3-small"
IMAGE = b64encode(b"an image").decode()
SOURCE = 'def shout(text: str) -> str:\n    """Shout.\n\n    Args:\n        text: what\n    """\n'

FORMS: dict[str, object] = {
    "agents.schedule.list.limit": "5",
    "environments.list.limit": "5",
    "file.0": "letter.txt",
    "file.2": "text/plain",
    "mcp_servers.tools.run.args": {"text": "world"},
    "created_at": "2026-03-01T12:00:00Z",
    "cron_expression": "0 9 * * *",
    "data": IMAGE,
    "embedding": EMBEDDING,
    "end_date": "2026-12-31T00:00:00Z",
    "end_datetime": "2026-12-31T00:00:00Z",
    "env_vars_json": '{"KEY": "value"}',
    "exclude_tool_types": "letta_core",
    "expires_at": "2099-01-01T00:00:00Z",
    "hostname": "https://app.example.org",
    "json_schema": {"name": "shout", "parameters": {"type": "object", "properties": {}}},
    "last_message_at": "2026-03-01T12:00:00Z",
    "last_run_completion": "2026-03-01T12:00:00Z",
    "media_type": "image/png",
    "model": MODEL,
    "online_only": "true",
    "override_embedding_handle": EMBEDDING,
    "override_model": MODEL,
    "override_model_handle": MODEL,
    "scheduled_at": 4_000_000_000_000.0,
    "agents.import_file.secrets": '{"KEY": "value"}',
    "server_url": "https://mcp.example.org/sse",
    "source_code": SOURCE,
    "source_type": "python",
    "start_date": "2020-01-01T00:00:00Z",
    "start_datetime": "2020-01-01T00:00:00Z",
    "statuses": "completed",
    "timezone": "Europe/Berlin",
    "tool_call_id": "call-1",
    "tool_types": "custom",
    "url": f"data:image/png;base64,{IMAGE}",
    "x_override_embedding_model": EMBEDDING,
}
