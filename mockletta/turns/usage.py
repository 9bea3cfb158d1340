"""Sums up the token usage of turns and runs."""

from typing import TYPE_CHECKING, NamedTuple

from mockletta.turns.lazy_records import StepOutcome
from mockletta.wire.messages import UsageStatistics
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.runs import Run


class TurnUsage(NamedTuple):
    """The tokens that a turn has used: the fields of UsageStatistics, in their order. `run_ids` is
    a JSON list."""

    completion_tokens: int = 0
    prompt_tokens: int = 0
    total_tokens: int = 0
    step_count: int = 0
    run_ids: str | None = None
    cached_input_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    context_tokens: int | None = None


NOTHING_USED = TurnUsage()


def with_step(usage: TurnUsage, step: StepOutcome, *, streams_tokens: bool) -> TurnUsage:
    """Add the usage of a step. The context is as big as the last step's prompt and reply."""
    prompt = usage.prompt_tokens + step.prompt_tokens
    completion = usage.completion_tokens + step.completion_tokens
    return TurnUsage(
        completion,
        prompt,
        prompt + completion,
        usage.step_count + 1,
        None,
        0,
        None if streams_tokens else 0,
        (usage.reasoning_tokens or 0) + step.reasoning_tokens,
        step.prompt_tokens + step.completion_tokens,
    )


def usage_of(world: World, run: "Run") -> UsageStatistics:
    """Return the tokens of a run's steps. A cancelled step counts, though it is not stored."""
    steps = world.store.steps.all(("run_id", run.id))
    prompt = sum(step.prompt_tokens or 0 for step in steps)
    completion = sum(step.completion_tokens or 0 for step in steps)
    return UsageStatistics(
        completion_tokens=completion,
        prompt_tokens=prompt,
        total_tokens=prompt + completion,
        step_count=len(steps) + (run.status == "cancelled"),
        cached_input_tokens=None,
        cache_write_tokens=None,
        reasoning_tokens=None,
    )
