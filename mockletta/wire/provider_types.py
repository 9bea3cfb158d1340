"""Types of providers. They are enums because the server's 422 texts quote their members."""

from enum import StrEnum


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
