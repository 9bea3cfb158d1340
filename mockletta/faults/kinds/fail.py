"""`fail`: the model provider fails, before anything is sent or after some tokens."""

from typing import Literal

from pydantic import Field

from mockletta.brain.decisions import ModelFailure
from mockletta.brain.provider_failures import FAILURES, failure_named
from mockletta.faults.fault import Count, Fault, FaultyRequest, error_answer
from mockletta.http.streaming import Answer


class FailFault(Fault):
    fail: Literal[
        "bad_request",
        "authentication",
        "insufficient_credits",
        "permission_denied",
        "not_found",
        "unprocessable",
        "rate_limit",
        "server_error",
        "overloaded",
        "timeout",
        "context_overflow",
        "unreachable",
    ] = Field(description=f"one of {', '.join(FAILURES)}")
    at: Literal["before", "first_token"] | Count = Field(
        default="before", description="before, first_token, or a number of tokens"
    )

    async def answer(self, request: FaultyRequest) -> Answer:
        """Let the model call of the request fail. A request without a model call gets the error."""
        answer = await request.process_with_failing_model(self)
        return answer or error_answer(request, request.model_error(self.failure()))

    def failure(self) -> ModelFailure:
        return failure_named(self.fail)

    @property
    def tokens(self) -> int | None:
        """Return how many tokens are sent before the failure; None if it comes before the reply
        starts."""
        if isinstance(self.at, int):
            return self.at
        return 0 if self.at == "first_token" else None
