"""Ids in bodies. Their length is checked before their pattern [42 block_ids malformed]."""

from typing import Annotated

from pydantic import StringConstraints

from mockletta.wire.id_patterns import UUID4, UUID_LENGTH


def _sized(prefix: str) -> StringConstraints:
    length = len(prefix) + 1 + UUID_LENGTH
    return StringConstraints(min_length=length, max_length=length, pattern=f"^{prefix}-{UUID4}$")


BlockIdText = Annotated[str, _sized("block")]
ToolIdText = Annotated[str, _sized("tool")]
FileIdText = Annotated[str, _sized("file")]
FolderIdText = Annotated[str, _sized("source")]
MessageIdText = Annotated[str, _sized("message")]
AgentIdText = Annotated[str, _sized("agent")]
ConversationIdText = Annotated[str, _sized("conv")]
