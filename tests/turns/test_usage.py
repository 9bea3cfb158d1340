"""The token usage of a turn is the sum of its steps."""

from datetime import UTC, datetime

from mockletta.turns.lazy_records import StepOutcome
from mockletta.turns.usage import NOTHING_USED, TurnUsage, with_step
from mockletta.wire.run_parts import StepTimes

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def step(prompt: int, completion: int, reasoning: int) -> StepOutcome:
    times = StepTimes(NOW, NOW, NOW, NOW)
    return StepOutcome("step-1", prompt, completion, reasoning, None, times)


def test_usage_adds_the_steps_and_has_the_context_of_the_last_one() -> None:
    first = with_step(NOTHING_USED, step(100, 20, 3), streams_tokens=False)
    second = with_step(first, step(130, 7, 4), streams_tokens=False)

    assert second == TurnUsage(
        prompt_tokens=230,
        completion_tokens=27,
        total_tokens=257,
        step_count=2,
        cached_input_tokens=0,
        reasoning_tokens=7,
        cache_write_tokens=0,
        context_tokens=137,
    )


def test_a_token_stream_reports_no_written_cache() -> None:
    streamed = with_step(NOTHING_USED, step(1, 1, 0), streams_tokens=True)
    assert streamed.cache_write_tokens is None
