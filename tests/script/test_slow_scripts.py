"""Scripts over a brain that is waited for: only what it replies takes time."""

import pytest

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.script.engine import SlowScript
from tests.script.asking import Fallback, a_call, after, file_of, summary_call


class Slow(Fallback):
    """A fallback that takes its time."""

    async def consult(self, call: ModelCall) -> Decision:
        return Decision(text=f"slow {call.purpose}")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_slow_fallback_is_consulted_where_no_rule_matches() -> None:
    script = SlowScript(file_of("replies: [{when: a, reply: x}]"), Slow)

    assert script.decide_at_once(a_call("a")) == Decision(text="x", rule='rule 1 (text "a")')
    assert script.decide_at_once(a_call("b")) is None
    assert (await script.consult(a_call("b"))).text == "slow reply"
    assert script.decide(summary_call("b")).text == "fallback summary"


@pytest.mark.anyio
async def test_no_rule_replies_twice_in_a_turn_that_a_slow_fallback_goes_on_with() -> None:
    script = SlowScript(
        file_of(
            "replies: [{when: {text: go, returned: t}, reply: [x, {call: t}]}, "
            "{when: go, reply: {call: t}}]"
        ),
        Slow,
    )
    call = a_call("go")
    begun = script.decide_at_once(call)
    assert begun is not None

    later = after(call, begun)
    going_on = script.decide_at_once(later)
    assert going_on is not None
    assert going_on.text == "x"
    again = after(later, going_on)
    assert script.decide_at_once(again) is None
    assert (await script.consult(again)).text == "slow reply"
