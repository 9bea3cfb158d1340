"""The token usage of a turn: the sum over its steps."""

from mockletta.turns.turn_steps import Step
from mockletta.wire.replies import UsageStatistics


def with_step(usage: UsageStatistics, step: Step, *, streams_tokens: bool) -> UsageStatistics:
    """Add the usage of a step. The context is as big as the last step's prompt and reply."""
    prompt = usage.prompt_tokens + step.prompt_tokens
    completion = usage.completion_tokens + step.completion_tokens
    return UsageStatistics.trusted(
        completion_tokens=completion,
        prompt_tokens=prompt,
        total_tokens=prompt + completion,
        step_count=usage.step_count + 1,
        reasoning_tokens=(usage.reasoning_tokens or 0) + step.reasoning_tokens,
        cache_write_tokens=None if streams_tokens else 0,
        context_tokens=step.prompt_tokens + step.completion_tokens,
    )
