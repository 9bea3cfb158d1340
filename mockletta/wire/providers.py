"""Providers of models. They are enums because the server's 422 texts quote their members."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Wire
from mockletta.wire.fields import SecretText


class ProviderCategory(StrEnum):
    """Whether a provider is the server's own or a user has a key for it."""

    base = "base"
    byok = "byok"


class ProviderType(StrEnum):
    """The providers that SDK 1.12.1 knows, in the order of the server's 422 [78 check unknown]."""

    anthropic = "anthropic"
    azure = "azure"
    baseten = "baseten"
    bedrock = "bedrock"
    cerebras = "cerebras"
    chatgpt_oauth = "chatgpt_oauth"
    deepseek = "deepseek"
    fireworks = "fireworks"
    google_ai = "google_ai"
    google_vertex = "google_vertex"
    groq = "groq"
    hugging_face = "hugging-face"
    letta = "letta"
    lmstudio_openai = "lmstudio_openai"
    minimax = "minimax"
    mistral = "mistral"
    moonshot = "moonshot"
    moonshot_coding = "moonshot_coding"
    ollama = "ollama"
    openai = "openai"
    together = "together"
    vllm = "vllm"
    sglang = "sglang"
    openrouter = "openrouter"
    xai = "xai"
    zai = "zai"
    zai_coding = "zai_coding"


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
