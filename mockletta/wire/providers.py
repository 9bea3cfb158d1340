"""Providers of models that users have keys for."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Body, Wire
from mockletta.wire.fields import SECRET, SecretText
from mockletta.wire.provider_types import ProviderCategory, ProviderType


class Provider(Wire):
    """A provider that a user has a key for. The key is only returned where the server would encrypt
    it.

    The excluded field is what the server keeps of a deleted provider [78 retrieve deleted].
    """

    id: str
    name: str
    provider_type: ProviderType
    provider_category: ProviderCategory = ProviderCategory.byok
    api_key: None = None
    base_url: str | None = None
    access_key: None = None
    region: str | None = None
    api_version: str | None = None
    organization_id: str = ORGANIZATION_ID
    updated_at: datetime | None = None
    last_synced: datetime | None = None
    api_key_enc: SecretText | None = None
    access_key_enc: SecretText | None = None
    is_deleted: bool = Field(default=False, exclude=True)


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
