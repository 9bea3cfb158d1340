"""The rows that are deleted together with another row."""

from collections.abc import Mapping
from types import MappingProxyType

OWNED: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "agents": (
            ("conversations", "agent_id"),
            ("messages", "agent_id"),
            ("steps", "agent_id"),
            ("runs", "agent_id"),
            ("agent_files", "agent_id"),
            ("schedules", "agent_id"),
        ),
        "archives": (("passages", "archive_id"),),
        "files": (("agent_files", "file_id"),),
        "folders": (("files", "folder_id"),),
        "runs": (("steps", "run_id"),),
    }
)
"""The tables and their scopes whose rows are deleted with a row of a table, by the table's name.

An agent's blocks and archives remain, since other agents may share them [03]. A conversation's
messages remain with its agent: forks share them, and recall memory counts them [04 fork default
messages]. So do a run's messages.
"""
