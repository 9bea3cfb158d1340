"""What ids look like: a prefix and a lower-case uuid4, strictly of version 4 [03]."""

import re

UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UUID_LENGTH = 36
TOKEN_PREFIX = "ct-let-"  # noqa: S105 - what client-side access tokens begin with
OF_PROJECT = "of the client's project"
"""Marks a field of a request that is the project of the client that names one in its headers."""

_AGENT = re.compile(f"agent-{UUID4}")
_RUN = re.compile(f"run-{UUID4}")


def is_agent_id(text: str) -> bool:
    return _AGENT.fullmatch(text) is not None


def is_run_id(text: str) -> bool:
    return _RUN.fullmatch(text) is not None
