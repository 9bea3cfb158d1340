"""Models as they are listed."""

from typing import Literal

from mockletta.wire.base import Wire
from mockletta.wire.models import (
    Effort,
    EmbeddingEndpointType,
    ModelEndpointType,
    ReasoningEffort,
    Verbosity,
)
from mockletta.wire.provider_types import ProviderCategory, ProviderType
from mockletta.wire.response_formats import ResponseFormat


class Model(Wire):
    """A language model as it is listed [00 models]."""

    handle: str
    name: str
    display_name: str
    provider_type: ProviderType
    provider_name: str
    model_type: Literal["llm"] = "llm"
    model: str
    model_endpoint_type: ModelEndpointType
    model_endpoint: str | None
    provider_category: ProviderCategory = ProviderCategory.base
    model_wrapper: str | None = None
    context_window: int
    put_inner_thoughts_in_kwargs: bool = False
    temperature: float = 1.0
    max_tokens: int | None
    enable_reasoner: bool = True
    reasoning_effort: ReasoningEffort | None = None
    max_reasoning_tokens: int = 0
    effort: Effort | None = None
    frequency_penalty: float | None = None
    compatibility_type: Literal["gguf", "mlx"] | None = None
    verbosity: Verbosity | None = None
    tier: str | None = None
    parallel_tool_calls: bool = False
    response_format: ResponseFormat | None = None
    strict: bool = False
    return_logprobs: bool = False
    top_logprobs: int | None = None
    return_token_ids: bool = False
    tool_call_parser: str | None = None
    max_context_window: int


class EmbeddingModel(Wire):
    """An embedding model as it is listed [00 embedding models]."""

    handle: str
    name: str
    display_name: str
    provider_type: ProviderType
    provider_name: str
    model_type: Literal["embedding"] = "embedding"
    embedding_endpoint_type: EmbeddingEndpointType
    embedding_endpoint: str | None
    embedding_model: str
    embedding_dim: int
    embedding_chunk_size: int = 300
    batch_size: int = 32
    azure_endpoint: str | None = None
    azure_version: str | None = None
    azure_deployment: str | None = None
