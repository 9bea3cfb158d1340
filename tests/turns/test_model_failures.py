"""What clients are told of a provider's failures, by its status."""

import pytest

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ModelError
from mockletta.turns.model_failures import model_failed

TOO_LARGE = "CONTEXT_WINDOW_EXCEEDED: Request too large for OpenAI (413): "


@pytest.mark.parametrize(
    ("status", "answered", "prefix", "step_error"),
    [
        (409, 400, "INVALID_ARGUMENT: OpenAI API error: ", "LLMBadRequestError"),
        (413, 500, TOO_LARGE, "ContextWindowExceededError"),
        (418, 400, "INVALID_ARGUMENT: OpenAI API error: ", "LLMBadRequestError"),
        (529, 500, "INTERNAL_SERVER_ERROR: OpenAI API error: ", "LLMServerError"),
    ],
)
def test_unusual_statuses_have_their_own_words(
    status: int, answered: int, prefix: str, step_error: str
) -> None:
    failure = model_failed(ModelFailure(status, "No."))

    assert isinstance(failure.answer, ModelError)
    assert (failure.answer.status, failure.step_error) == (answered, step_error)
    assert failure.detail.startswith(f"{prefix}Error code: {status} - ")
