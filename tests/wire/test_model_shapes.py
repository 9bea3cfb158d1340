import pytest
from pydantic import ValidationError

from mockletta.wire.base import Body
from mockletta.wire.models import EmbeddingHandle, LLMConfig


class Request(Body):
    embedding: EmbeddingHandle | None = None


def test_a_config_from_a_client_is_filled_and_its_unknown_fields_are_dropped() -> None:
    given = {
        "model": "gpt-4o",
        "model_endpoint_type": "openai",
        "context_window": 1000,
        "mood": "sunny",
    }
    config = LLMConfig.model_validate(given)
    assert config == LLMConfig(model="gpt-4o", model_endpoint_type="openai", context_window=1000)
    assert config.enable_reasoner


def test_an_embedding_handle_without_a_provider_is_refused_as_recorded() -> None:
    with pytest.raises(ValidationError) as caught:
        Request(embedding="none")
    error = caught.value.errors(include_url=False)[0]
    assert (error["loc"], error["msg"], repr(error["ctx"])) == (
        ("embedding",),
        "Value error, The embedding handle should be in the format provider/model-name",
        "{'error': ValueError('The embedding handle should be in the format provider/model-name')}",
    )
