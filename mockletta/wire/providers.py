"""Who serves models. Enums, because the server's 422 texts quote their members."""

from enum import StrEnum


class ProviderCategory(StrEnum):
    """Providers of the server itself, and those a user brought a key for."""

    base = "base"
    byok = "byok"


class ProviderType(StrEnum):
    """The kinds of provider SDK 1.12.1 knows."""

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
    openrouter = "openrouter"
    sglang = "sglang"
    together = "together"
    vllm = "vllm"
    xai = "xai"
    zai = "zai"
    zai_coding = "zai_coding"
