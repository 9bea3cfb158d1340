"""Identities: the people or organisations that agents and blocks belong to."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from mockletta.wire.base import Body, ProjectId, Wire
from mockletta.wire.fields import AgentIdText, BlockIdText

MOST_PROPERTIES = 1_000
Text = Annotated[str, Field(min_length=1)]


class IdentityType(StrEnum):
    """The types of identities. It is an enum because the server's 422 names it."""

    org = "org"
    user = "user"
    other = "other"


class PropertyType(StrEnum):
    """The types of properties. It is an enum because the server's 422 names it [79 property bad
    type]."""

    string = "string"
    number = "number"
    boolean = "boolean"
    json = "json"


class IdentityProperty(Wire):
    key: str
    value: str | bool | int | float | dict[str, object]
    type: PropertyType


Properties = Annotated[list[IdentityProperty], Field(max_length=MOST_PROPERTIES)]


class Identity(Wire):
    """An identity. Its agents and blocks are links and never listed in it [79]."""

    id: str
    identifier_key: str
    name: str
    identity_type: IdentityType
    project_id: str | None = None
    agent_ids: list[str] = []
    block_ids: list[str] = []
    organization_id: str | None = None
    properties: list[IdentityProperty] = []


class SaveIdentity(Body, extra="forbid"):
    """A request that creates an identity, or replaces the one with its key."""

    identifier_key: str
    name: str
    identity_type: IdentityType
    project_id: ProjectId = None
    agent_ids: list[AgentIdText] | None = None
    block_ids: list[BlockIdText] | None = None
    properties: Properties | None = None


class UpdateIdentity(Body, extra="forbid"):
    """A change of an identity. Null changes nothing; ids and properties are added."""

    identifier_key: str | None = None
    name: str | None = None
    identity_type: IdentityType | None = None
    agent_ids: list[AgentIdText] | None = None
    block_ids: list[BlockIdText] | None = None
    properties: Properties | None = None
