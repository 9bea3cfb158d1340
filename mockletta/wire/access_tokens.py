"""Client-side access tokens, for clients that must not have an API key."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mockletta.wire.base import Body, Wire
from mockletta.wire.secret_fields import SecretText

MOST_RULES = 1_000
Access = Literal["read_messages", "write_messages", "read_agent", "write_agent"]


class PolicyData(Wire, extra="ignore"):
    """The permitted access to one agent."""

    type: Literal["agent"]
    id: str
    access: list[Access]


class Policy(Wire):
    version: Literal["1"] = "1"
    data: list[PolicyData]


class AccessToken(Wire):
    """A token as it is stored. Its id is the token itself."""

    id: str
    hostname: str
    policy: Policy
    expires_at: datetime


class Token(Wire):
    """A token as it is returned, in full: clients need it to delete it."""

    policy: Policy
    token: SecretText
    hostname: str
    expires_at: str = Field(alias="expiresAt")


class AccessTokens(Wire):
    tokens: list[Token]
    has_next_page: bool = Field(alias="hasNextPage")


class CreateAccessToken(Body):
    """A request for a token. It expires in five minutes by default."""

    policy: list[PolicyData] = Field(max_length=MOST_RULES)
    hostname: Annotated[str, StringConstraints(pattern=r"^(http|https)://")]
    expires_at: datetime | None = None
