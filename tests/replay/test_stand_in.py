"""The stand-in follows contract/README.md's table."""

from typing import Literal, TypeAlias, cast

import pytest

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ModelFailure, ToolCall

from .stand_in import StandIn

Role: TypeAlias = Literal["user", "assistant", "tool"]


def call(*texts: str, model: str = "openai/gpt-4o-mini") -> ModelCall:
    """Build a call from texts such as "user|hi", "assistant|…" and "tool|…"."""
    messages = [ChatMessage(*_role_and_text(text)) for text in texts]
    return ModelCall("reply", model, "", messages, tools=("find",))


def _role_and_text(text: str) -> tuple[Role, str]:
    role, _, said = text.partition("|")
    return cast("Role", role), said


def decide(*texts: str) -> Decision:
    return StandIn().decide(call(*texts))


def test_it_counts_the_user_messages_in_context() -> None:
    decision = decide("user|one", "assistant|x", "user|two")
    assert (decision.text, decision.prompt_tokens, decision.completion_tokens) == (
        "Reply 2 to: two",
        100,
        20,
    )


def test_it_repeats_the_last_120_characters() -> None:
    assert decide(f"user|{'x' * 200}").text == f"Reply 1 to: {'x' * 120}"


def test_a_plan_is_followed_step_by_step() -> None:
    stand_in = StandIn()
    plan = 'user|<<plan [{"reasoning":"r","tool":"find","args":{"q":1}},{"text":"done"}]>>'
    first = stand_in.decide(call(plan))
    second = stand_in.decide(call(plan, "assistant|", "tool|{}"))
    third = stand_in.decide(call(plan, "assistant|", "tool|{}", "assistant|done"))
    assert first.tool_calls == (ToolCall("call_1_0", "find", '{"q": 1}'),)
    assert (first.reasoning, second.text, third.text) == ("r", "done", "Plan done after 2 steps.")


def test_a_step_may_call_tools_in_parallel() -> None:
    step = '{"tools":[{"name":"a","args":{}},{"tool":"b","raw_args":"{bad","id":"mine"}]}'
    assert decide(f"user|<<plan [{step}]>>").tool_calls == (
        ToolCall("call_1_0", "a", "{}"),
        ToolCall("mine", "b", "{bad"),
    )


def test_a_tool_is_called_if_offered() -> None:
    offered = decide('user|call tool find with {"a": {"b": 1}} please')
    assert offered.tool_calls == (ToolCall("call_1_0", "find", '{"a": {"b": 1}}'),)
    assert decide("user|call tool lose with {}").text == "Reply 1 to: call tool lose with {}"


def test_a_tools_return_is_quoted() -> None:
    assert decide("user|call tool find with {}", "assistant|", "tool|abc").text == "Tool said: abc"


@pytest.mark.parametrize(
    ("text", "status", "error"),
    [
        (
            "<<error 429>>",
            429,
            {
                "message": "fake error 429",
                "type": "rate_limit_error",
                "param": None,
                "code": "rate_limit_exceeded",
            },
        ),
        (
            '<<plan [{"error":422}]>>',
            422,
            {"message": "fake error 422", "type": "server_error", "param": None, "code": None},
        ),
    ],
)
def test_failures_carry_the_providers_error(
    text: str, status: int, error: dict[str, object]
) -> None:
    with pytest.raises(ModelFailure) as raised:
        decide(f"user|{text}")
    assert (raised.value.status, raised.value.kind, raised.value.error) == (status, "status", error)


def test_some_failures_happen_once() -> None:
    stand_in = StandIn()
    with pytest.raises(ModelFailure, match="overflow"):
        stand_in.decide(call("user|<<overflow once k>>"))
    assert stand_in.decide(call("user|<<overflow once k>>")).text.startswith("Reply 1")


def test_directives_shape_the_answer() -> None:
    decision = StandIn(time_scale=0.5).decide(
        call("user|<<reason why not>> <<usage 7>> <<hang 2>> <<slow 1>> <<drop>> <<length>>")
    )
    assert (decision.reasoning, decision.prompt_tokens, decision.finish) == ("why not", 7, "length")
    assert (decision.ttft, decision.tokens_per_second) == (1.0, 2)
    assert decision.breaks_after_tokens == 2


def test_slowly_is_a_delay_too() -> None:
    assert decide("user|go slowly now").tokens_per_second == 1 / 0.15


def test_an_empty_answer_is_empty() -> None:
    assert decide("user|<<empty>>").text == ""


def test_it_remembers_words() -> None:
    assert decide("user|colour: red", "user|colour: blue", "user|which colour did I ask?").text == (
        "blue"
    )
    assert decide("user|which colour did I ask?").text == "none"


def test_a_reasoning_model_signs() -> None:
    decision = StandIn().decide(call("user|<<reason r>>", model="openai/gpt-5"))
    assert decision.signature == "gAAAA-fake-signature"


def test_a_summary_always_speaks_of_two_messages() -> None:
    wanted = ModelCall("summary", "m", "", [ChatMessage("user", "x")] * 5)
    assert StandIn().decide(wanted).text == (
        "Summary of the earlier conversation (2 messages given)."
    )
