"""Requests about providers of models."""

from typing import Annotated

from pydantic import StringConstraints

from mockletta.wire.base import Body
from mockletta.wire.fields import SECRET
from mockletta.wire.providers import ProviderType

Key = Annotated[str, StringConstraints(strip_whitespace=True), SECRET]


class UpdateProvider(Body, extra="forbid"):
    """A change of a provider. The key must be given again [78 PATCH without key]."""

    api_key: Key
    access_key: Key | None = None
    region: str | None = None
    base_url: str | None = None
    api_version: str | None = None


class CreateProvider(Body, extra="forbid"):
    name: str
    provider_type: ProviderType
    api_key: Key
    access_key: Key | None = None
    region: str | None = None
    base_url: str | None = None
    api_version: str | None = None


class CheckProvider(Body):
    provider_type: ProviderType
    api_key: Key
    access_key: Key | None = None
    region: str | None = None
    base_url: str | None = None
    api_version: str | None = None
