import pytest

from mockletta.catalogue.model_catalogue import (
    check_handle_format,
    embedding_config,
    list_embedding_models,
    list_models,
    llm_config,
)
from mockletta.errors import InvalidArgument, NotFound
from mockletta.wire.listed_models import EmbeddingModel, Model
from mockletta.wire.models import EmbeddingConfig, LLMConfig
from mockletta.wire.provider_types import ProviderCategory, ProviderType


def test_a_handle_names_a_model_of_its_provider() -> None:
    assert llm_config("openai/gpt-4o-mini") == LLMConfig(
        model="gpt-4o-mini",
        model_endpoint_type="openai",
        model_endpoint="https://api.openai.com/v1",
        provider_name="openai",
        provider_category=ProviderCategory.base,
        context_window=128000,
        handle="openai/gpt-4o-mini",
        max_tokens=16384,
    )


def test_a_large_context_window_is_listed_whole_and_used_up_to_a_limit() -> None:
    listed = next(model for model in list_models() if model.handle == "openai/gpt-5")
    assert (listed.context_window, listed.verbosity) == (272000, "medium")
    assert llm_config("openai/gpt-5").context_window == 128000


@pytest.mark.parametrize(
    "handle",
    [
        "openai/gpt-9-turbo",
        "openai/o3",
        "anthropic/claude-sonnet-7",
        "bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "google_ai/gemini-4-pro",
        "google_vertex/gemini-2.5-flash",
        "azure/gpt-4o",
        "groq/llama-3.3-70b-versatile",
        "together/meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "openrouter/mistralai/mixtral-8x22b",
        "deepseek/deepseek-chat",
        "xai/grok-4",
        "zai/glm-4.6",
        "moonshot/kimi-k2",
        "baseten/Qwen/Qwen3-235B",
        "lmstudio_openai/qwen2.5-7b",
        "ollama/llama3.2:latest",
        "vllm/some-model-7b",
        "letta/letta-free",
    ],
)
def test_a_model_of_a_known_family_is_accepted_whether_listed_or_not(handle: str) -> None:
    assert llm_config(handle).handle == handle


@pytest.mark.parametrize(
    "handle", ["openai/none", "openai/does-not-exist", "none", "", "/", "nobody/gpt-4o"]
)
def test_an_unknown_model_is_not_found(handle: str) -> None:
    with pytest.raises(NotFound) as caught:
        llm_config(handle)
    assert caught.value.body == {
        "detail": f"NOT_FOUND: Handle {handle} not found, must be one of []"
    }


@pytest.mark.parametrize("handle", ["openai/gpt-4o", "openai/none", "a/b/c", ""])
def test_a_handle_of_provider_and_name_is_well_formed_and_so_is_an_empty_one(handle: str) -> None:
    check_handle_format(handle)


@pytest.mark.parametrize("handle", ["none", "/", "openai/", "/gpt-4o"])
def test_any_other_handle_is_malformed(handle: str) -> None:
    with pytest.raises(InvalidArgument, match=r"in the format provider/model-name$"):
        check_handle_format(handle)


def test_an_embedding_handle_names_an_embedding_model() -> None:
    assert embedding_config("openai/text-embedding-3-small") == EmbeddingConfig(
        embedding_endpoint_type="openai",
        embedding_endpoint="https://api.openai.com/v1",
        embedding_model="text-embedding-3-small",
        embedding_dim=1536,
        handle="openai/text-embedding-3-small",
    )


@pytest.mark.parametrize("handle", ["openai/none", "anthropic/text-embedding-3-small", "none"])
def test_an_unknown_embedding_model_is_an_invalid_argument(handle: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        embedding_config(handle)
    assert caught.value.body == {"detail": f"INVALID_ARGUMENT: Embedding model {handle} not found"}


def test_the_free_model_is_listed_as_recorded() -> None:
    assert list_models(provider_name="letta")[2:] == [
        Model(
            handle="letta/letta-free",
            name="letta-free",
            display_name="letta-free",
            provider_type=ProviderType.openai,
            provider_name="letta",
            model="letta-free",
            model_endpoint_type="openai",
            model_endpoint="https://inference.letta.com/v1/",
            context_window=30000,
            max_tokens=4096,
            max_context_window=30000,
        )
    ]


def test_models_are_listed_by_handle_and_can_all_be_used() -> None:
    handles = [model.handle for model in list_models()]
    assert handles == sorted(handles)
    assert [llm_config(handle).handle for handle in handles] == handles


def test_the_recorded_models_are_listed_with_their_recorded_limits() -> None:
    listed = {model.handle: (model.context_window, model.max_tokens) for model in list_models()}
    recorded = {
        "letta/letta-free": (30000, 4096),
        "openai/gpt-4.1": (1047576, 16384),
        "openai/gpt-4o": (128000, 16384),
        "openai/gpt-4o-mini": (128000, 16384),
        "openai/gpt-5": (272000, 16384),
        "openai/gpt-5-mini": (272000, 16384),
        "openai/text-embedding-3-small": (8191, 16384),
    }
    assert listed | recorded == listed


def test_models_are_filtered_by_category_name_and_type() -> None:
    everything = list_models()
    assert list_models(provider_category=[ProviderCategory.base]) == everything
    assert list_models(provider_category=[ProviderCategory.byok]) == []
    assert list_models(provider_name="nope") == []
    anthropic = list_models(provider_type=ProviderType.anthropic)
    assert anthropic == list_models(provider_name="anthropic") != []


def test_the_free_embedding_model_is_listed_as_recorded() -> None:
    assert list_embedding_models()[1] == EmbeddingModel(
        handle="letta/letta-free",
        name="letta-free",
        display_name="letta-free",
        provider_type=ProviderType.openai,
        provider_name="openai",
        embedding_endpoint_type="openai",
        embedding_endpoint="https://inference.letta.com/v1/",
        embedding_model="letta-free",
        embedding_dim=1536,
    )


def test_embedding_models_are_listed_by_handle() -> None:
    assert {model.handle: model.embedding_dim for model in list_embedding_models()} == {
        "google_ai/gemini-embedding-001": 768,
        "letta/letta-free": 1536,
        "openai/text-embedding-3-large": 3072,
        "openai/text-embedding-3-small": 1536,
        "openai/text-embedding-ada-002": 1536,
    }
