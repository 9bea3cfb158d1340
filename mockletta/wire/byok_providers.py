"""Providers of models that a user has a key for, kept as data: none is ever called."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Body, Wire
from mockletta.wire.providers import ProviderCategory, ProviderType

Key = Annotated[str, Field(min_length=1)]


class Provider(Wire):
    id: str
    name: str
    provider_type: ProviderType
    provider_category: ProviderCategory = ProviderCategory.byok
    api_key: str | None = None
    base_url: str | None = None
    access_key: str | None = None
    region: str | None = None
    api_version: str | None = None
    organization_id: str = ORGANIZATION_ID
    updated_at: datetime | None = None
    last_synced: datetime | None = None
    api_key_enc: str | None = None
    access_key_enc: str | None = None


class ProviderFields(Body):
    api_key: Key
    access_key: str | None = None
    region: str | None = None
    base_url: str | None = None
    api_version: str | None = None


class CreateProvider(ProviderFields):
    name: Key
    provider_type: ProviderType


class CheckProvider(ProviderFields):
    provider_type: ProviderType
