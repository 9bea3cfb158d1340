"""The ids in the paths of operations."""

import re
from typing import Annotated

from mockletta.errors import InvalidId
from mockletta.http.path_patterns import NamedId, PathPattern, SizedId
from mockletta.wire.fields import UUID4, UUID_LENGTH


def _named(prefix: str) -> NamedId:
    return NamedId(f"^{prefix}-{UUID4}$", prefix)


AgentId = Annotated[str, _named("agent")]
BlockId = Annotated[str, _named("block")]
ToolId = Annotated[str, _named("tool")]
IdentityId = Annotated[str, _named("identity")]
GroupId = Annotated[str, _named("group")]
ProviderId = Annotated[str, _named("provider")]
StepId = Annotated[str, _named("step")]
ArchiveId = Annotated[str, _named("archive")]
PassageId = Annotated[str, _named("passage")]
SourceId = Annotated[str, _named("source")]
FileId = Annotated[str, _named("file")]
JobId = Annotated[str, _named("job")]
FolderId = Annotated[str, SizedId(f"^source-{UUID4}$", len("source-") + UUID_LENGTH)]
MessageId = Annotated[str, _named("message")]
ConversationId = Annotated[str, SizedId(f"^conv-{UUID4}$", len("conv-") + UUID_LENGTH)]
ConversationRef = Annotated[str, PathPattern(f"^(default|conv-{UUID4}|agent-{UUID4})$")]


def refuse_malformed(noun: str, value: str) -> None:
    """Raise InvalidId for a malformed id of a row that the operation itself looks up, such as an
    archive that is attached."""
    if not re.fullmatch(f"{noun}-{UUID4}", value):
        raise InvalidId(noun, noun, value)
