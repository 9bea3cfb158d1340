"""What the fields of shapes are marked with: the pattern of an id, or that the value is secret.

An id is a prefix and a lower-case uuid4, strictly of version 4 [03]. In bodies, its length is
checked before its pattern [42 block_ids malformed]. `http/redaction.py` hides secret values (keys,
tokens, passwords) wherever a request or an answer is recorded.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints

UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UUID_LENGTH = 36
TOKEN_PREFIX = "ct-let-"  # noqa: S105 - what client-side access tokens begin with
OF_PROJECT = "of the client's project"
"""Marks a field of a request that is the project of the client that names one in its headers."""

_AGENT = re.compile(f"agent-{UUID4}")
_RUN = re.compile(f"run-{UUID4}")
_JOB = re.compile(f"job-{UUID4}")


def is_agent_id(text: str) -> bool:
    return _AGENT.fullmatch(text) is not None


def is_run_id(text: str) -> bool:
    return _RUN.fullmatch(text) is not None


def is_job_id(text: str) -> bool:
    return _JOB.fullmatch(text) is not None


def _sized(prefix: str) -> StringConstraints:
    length = len(prefix) + 1 + UUID_LENGTH
    return StringConstraints(min_length=length, max_length=length, pattern=f"^{prefix}-{UUID4}$")


BlockIdText = Annotated[str, _sized("block")]
ToolIdText = Annotated[str, _sized("tool")]
FileIdText = Annotated[str, _sized("file")]
FolderIdText = Annotated[str, _sized("source")]
MessageIdText = Annotated[str, _sized("message")]
ArchiveIdText = Annotated[str, _sized("archive")]
PassageIdText = Annotated[str, _sized("passage")]
IdentityIdText = Annotated[str, _sized("identity")]
GroupIdText = Annotated[str, _sized("group")]
ProviderIdText = Annotated[str, _sized("provider")]
RunIdText = Annotated[str, _sized("run")]
StepIdText = Annotated[str, _sized("step")]
AgentIdText = Annotated[str, _sized("agent")]
ConversationIdText = Annotated[str, _sized("conv")]

Limit = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""The most items of a list."""

SECRET = "a secret"  # noqa: S105 - a mark, not a secret
"""Marks a field. All texts and numbers in its value are secret; the keys of objects are not."""

SecretText = Annotated[str, SECRET]
SecretTexts = dict[str, SecretText]
"""Secrets by their names, which are not secret."""


@dataclass(frozen=True)
class Holds:
    """Marks a type that does not show its shape: a value or a file has JSON of this shape."""

    shape: Any
