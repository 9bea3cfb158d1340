"""Models as an agent carries them.

Both shapes are parts of many others, which would build them again: they are built at once.
"""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator

from mockletta.wire.base import Wire
from mockletta.wire.fields import lazy
from mockletta.wire.provider_types import ProviderCategory

if TYPE_CHECKING:
    from mockletta.wire.response_formats import ResponseFormat
else:
    ResponseFormat = lazy("wire.response_formats", "ResponseFormat")

ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]
Verbosity = Literal["low", "medium", "high"]


ModelEndpointType = Literal[
    "openai",
    "anthropic",
    "google_ai",
    "google_vertex",
    "azure",
    "groq",
    "ollama",
    "webui",
    "webui-legacy",
    "lmstudio",
    "lmstudio-legacy",
    "lmstudio-chatcompletions",
    "llamacpp",
    "koboldcpp",
    "vllm",
    "hugging-face",
    "minimax",
    "moonshot",
    "moonshot_coding",
    "mistral",
    "together",
    "bedrock",
    "deepseek",
    "xai",
    "zai",
    "zai_coding",
    "baseten",
    "fireworks",
    "openrouter",
    "chatgpt_oauth",
]
EmbeddingEndpointType = Literal[
    "openai",
    "anthropic",
    "bedrock",
    "google_ai",
    "google_vertex",
    "azure",
    "groq",
    "ollama",
    "webui",
    "webui-legacy",
    "lmstudio",
    "lmstudio-legacy",
    "llamacpp",
    "koboldcpp",
    "vllm",
    "hugging-face",
    "mistral",
    "together",
    "pinecone",
]


def is_handle(text: str) -> bool:
    """Return whether a text has the form `provider/model-name`."""
    provider, _, name = text.partition("/")
    return bool(provider and name)


def _require_handle(text: str) -> str:
    if not is_handle(text):
        raise ValueError("The embedding handle should be in the format provider/model-name")
    return text


EmbeddingHandle = Annotated[str, AfterValidator(_require_handle)]
"""A handle whose form is checked with a 422 [42 embedding malformed]; models get a 400."""


class LLMConfig(Wire, extra="ignore", defer_build=False):
    """A model and its limits, in tokens, as an agent carries them [50 model only].

    A request can have one too, hence the defaults. Its other fields are ignored.
    """

    model: str
    display_name: str | None = None
    model_endpoint_type: ModelEndpointType
    model_endpoint: str | None = None
    provider_name: str | None = None
    provider_category: ProviderCategory | None = None
    model_wrapper: str | None = None
    context_window: int
    put_inner_thoughts_in_kwargs: bool | None = False
    handle: str | None = None
    temperature: float = 1.0
    max_tokens: int | None = None
    enable_reasoner: bool = True
    reasoning_effort: ReasoningEffort | None = None
    max_reasoning_tokens: int = 0
    effort: Effort | None = None
    frequency_penalty: float | None = None
    compatibility_type: Literal["gguf", "mlx"] | None = None
    verbosity: Verbosity | None = None
    tier: str | None = None
    parallel_tool_calls: bool | None = False
    response_format: ResponseFormat | None = None
    strict: bool = False
    return_logprobs: bool = False
    top_logprobs: int | None = None
    return_token_ids: bool = False
    tool_call_parser: str | None = None


class EmbeddingConfig(Wire, extra="ignore", defer_build=False):
    """An embedding model as an agent carries it [50 everything]."""

    embedding_endpoint_type: EmbeddingEndpointType
    embedding_endpoint: str | None = None
    embedding_model: str
    embedding_dim: int
    embedding_chunk_size: int | None = 300
    handle: str | None = None
    batch_size: int = 32
    azure_endpoint: str | None = None
    azure_version: str | None = None
    azure_deployment: str | None = None
