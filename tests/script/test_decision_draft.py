"""Steps as decisions: what is said, called, counted, and how fast."""

import json

import pytest

from mockletta.brain.decisions import Decision, ModelFailure, ToolCall, ToolResult
from mockletta.errors import ScriptFailed
from mockletta.faults.parsing import parse_fault
from mockletta.script.decision_draft import call_id
from tests.script.asking import a_call, blocks, only_call, script_of, summary_call

TOOLS = ("memory_insert", "memory_replace", "memory_rethink")
OLD_TOOLS = ("core_memory_append", "core_memory_replace")


def decided(reply: str, **facts: object) -> Decision:
    """The first decision on a reply to `hello Ann`."""
    script = script_of(f"replies: [{{name: r, when: 'hello {{who}}', reply: {reply}}}]")
    return script.decide(a_call("hello Ann", run_id="run-1", **facts))


def edited(edit: str, tools: tuple[str, ...], human: str = "H") -> tuple[str, dict[str, object]]:
    """The tool call of an edit."""
    call = only_call(decided(f"{{edit: human, {edit}}}", tools=tools, blocks=blocks(human=human)))
    return call.name, json.loads(call.arguments)


def test_reasoning_and_text_are_filled_in() -> None:
    assert decided("[{think: '{{ who }}?'}, 'Hi {{ who }}, {{ agent }}, {{ count }}']") == Decision(
        text="Hi Ann, support, 1", reasoning="Ann?", rule="r"
    )


def test_a_call_has_its_arguments_and_what_it_returns() -> None:
    reply = "[{call: 'get_{{ who }}', with: {to: ['{{ who }}']}, returns: {t: '{{ turn }}'}}]"

    assert only_call(decided(reply)) == ToolCall(
        call_id("run-1", 1, 0), "get_Ann", '{"to": ["Ann"]}', ToolResult('{"t": 1}')
    )


def test_a_call_can_fail_wait_and_be_broken() -> None:
    reply = (
        "{call: t, arguments: '{\"a\": ', id: c, approve: true, returns: 'no {{ who }}',"
        " status: error, stdout: [x, y], stderr: '{{ who }}'}"
    )

    result = ToolResult("no Ann", "error", ("x", "y"), ("Ann",))
    assert only_call(decided(reply)) == ToolCall("c", "t", '{"a": ', result, needs_approval=True)


def test_a_call_without_a_return_is_left_to_the_tool() -> None:
    call = only_call(decided("{call: t}"))

    assert (call.arguments, call.result, call.needs_approval) == ("{}", None, False)


def test_calls_in_one_step_have_ids_of_their_own() -> None:
    decision = decided("{calls: [{call: a}, {call: b}]}")

    assert [call.name for call in decision.tool_calls] == ["a", "b"]
    assert len({call.id for call in decision.tool_calls}) == 2


@pytest.mark.parametrize(
    ("edit", "tools", "name", "arguments"),
    [
        ("insert: '{{ who }}'", TOOLS, "memory_insert", {"new_string": "Ann"}),
        ("insert: x, at: 0", TOOLS, "memory_insert", {"new_string": "x", "insert_line": 0}),
        ("insert: x", OLD_TOOLS, "core_memory_append", {"content": "x"}),
        ("replace: H, with: '{{ who }}'", TOOLS, "memory_replace", None),
        ("replace: H, with: x", OLD_TOOLS, "core_memory_replace", None),
        ("set: x", TOOLS, "memory_rethink", {"new_memory": "x"}),
        ("set: x", TOOLS[:2], "memory_replace", {"old_string": "H", "new_string": "x"}),
        ("set: x", OLD_TOOLS, "core_memory_replace", {"old_content": "H", "new_content": "x"}),
    ],
)
def test_an_edit_calls_whichever_memory_tool_the_agent_has(
    edit: str, tools: tuple[str, ...], name: str, arguments: dict[str, object] | None
) -> None:
    found, told = edited(edit, tools)

    assert (found, told.pop("label")) == (name, "human")
    assert told == (arguments or told)
    assert set(map(str, told.values())) & {"Ann", "x"}


@pytest.mark.parametrize(
    ("edit", "arguments"),
    [
        ("replace: b, with: ''", {"label": "human", "old_string": "b", "new_string": ""}),
        ("set: ''", {"label": "human", "old_string": "a b", "new_string": ""}),
    ],
)
def test_an_edit_can_remove_a_part_of_a_block_or_all(
    edit: str, arguments: dict[str, object]
) -> None:
    assert edited(edit, TOOLS[:2], "a b") == ("memory_replace", arguments)


def test_an_edit_has_the_id_of_its_call() -> None:
    call = only_call(decided("{edit: human, set: x}", tools=TOOLS))
    assert call.id == call_id("run-1", 1, 0)


def test_an_edit_that_no_tool_can_do_says_which_could() -> None:
    with pytest.raises(ScriptFailed) as failed:
        edited("insert: x", ("search",))

    assert str(failed.value) == (
        "r: the agent support has no tool to edit the block human with: expected `memory_insert` "
        "or `core_memory_append`, it has search"
    )


@pytest.mark.parametrize(
    ("reply", "breaks_after"),
    [("[four, {fail: rate_limit}]", 4), ("[a b c, {fail: rate_limit, after_tokens: 1}]", 1)],
)
def test_a_failure_after_a_text_breaks_it_off(reply: str, breaks_after: int) -> None:
    decision = decided(reply)

    assert decision.breaks_after_tokens == breaks_after
    assert decision.breaks_with is not None
    assert decision.breaks_with.status == 429


def test_a_failure_after_a_thought_breaks_off_before_the_text() -> None:
    decision = decided("[{think: hm}, {fail: rate_limit}]")

    assert (decision.reasoning, decision.text, decision.breaks_after_tokens) == ("hm", "", 0)


def test_a_provider_that_is_lost_after_a_text_says_nothing() -> None:
    assert decided("[x, {fail: unreachable}]").breaks_with is None


def test_a_failure_by_itself_is_raised() -> None:
    with pytest.raises(ModelFailure) as failed:
        decided("{fail: insufficient_credits}")

    assert failed.value.status == 402


def test_a_step_has_usage_events_a_stop_reason_and_a_fault() -> None:
    decision = decided(
        "[x, {usage: {prompt_tokens: 1, completion_tokens: 2, reasoning_tokens: 3}},"
        " {event: {a: '{{ who }}'}}, {event: raw}, {stop: max_steps}, {fault: truncate=1}]"
    )

    assert decision == Decision(
        text="x",
        prompt_tokens=1,
        completion_tokens=2,
        reasoning_tokens=3,
        events=('{"a": "Ann"}', "raw"),
        stop_reason="max_steps",
        rule="r",
        wire=parse_fault("truncate=1"),
    )


def test_the_pace_is_the_texts_before_the_reasonings_before_the_rules() -> None:
    script = script_of(
        """
        replies:
          - reply: [{wait: 1s}, {think: a, ttft: 1, chunk: 2}, {say: b, tokens_per_second: 4}]
            ttft: 5
            jitter: 0.5
            chunk: 9
        """
    )
    decision = script.decide(a_call("x"))

    assert (decision.ttft, decision.tokens_per_second) == (2.0, 4)
    assert (decision.jitter, decision.chunk) == (0.5, 2)


def test_a_template_that_fails_names_its_rule() -> None:
    with pytest.raises(ScriptFailed) as failed:
        decided("'{{ blocks.nope }}'")

    assert str(failed.value).startswith("r: the template '{{ blocks.nope }}': there is no `nope`, ")
    assert failed.value.rule == "r"


def test_templates_read_history_and_time() -> None:
    text = "'{{ history[-1].text }} {{ now.year }} {{ groups[1] }} {{ conversation }} {{ step }}'"

    assert decided(text).text == "hello Ann 2026 Ann conv-1 1"


def test_a_summary_is_told_to_compaction_only() -> None:
    script = script_of("replies: [{when: tea, reply: {summary: 'On {{ message }}.'}}]")

    assert script.decide(summary_call("tea")).text == "On tea."
    assert script.decide(summary_call("milk")).text == "fallback summary"
    assert script.decide(a_call("tea")).text == "fallback reply"


FROM_JSON = '{"seconds": 2, "tokens": 7, "kind": "overloaded"} please'


def answered(reply: str, said: str = FROM_JSON) -> Decision:
    """The decision on a message that holds JSON."""
    return script_of(f"replies: [{{name: r, reply: {reply}}}]").decide(a_call(said))


def test_values_of_the_messages_json_decide_times_and_counts() -> None:
    usage = "{usage: {prompt_tokens: '{{ json.tokens }}'}}"
    reply = f"[{{wait: '{{{{ json.seconds }}}}'}}, {{wait: 1s}}, Hi, {usage}]"
    decision = answered(reply)
    assert (decision.ttft, decision.prompt_tokens) == (3.0, 7)


def test_a_failure_is_chosen_by_the_message_and_has_its_own_text() -> None:
    with pytest.raises(ModelFailure) as failed:
        answered("{fail: '{{ json.kind }}', message: 'Busy: {{ json.seconds }} s'}")
    assert (failed.value.status, failed.value.message) == (503, "Busy: 2 s")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("{fail: '{{ json.tokens }}'}", "gave 7: Input should be a valid string"),
        ("[{wait: '{{ json.kind }}'}, Hi]", "gave 'overloaded': "),
        ("[Hi, {usage: {prompt_tokens: '{{ json.kind }}'}}]", "gave 'overloaded': Input should be"),
    ],
)
def test_a_template_of_another_kind_is_an_error_of_the_script(reply: str, reason: str) -> None:
    with pytest.raises(ScriptFailed, match=reason) as failed:
        answered(reply)
    assert failed.value.rule == "r"


@pytest.mark.parametrize("said", ["hello", "{broken}", "[1, 2]", "{" * 5000 + "}"])
def test_a_message_without_json_has_an_empty_object(said: str) -> None:
    assert answered("'{{ json }}'", said).text == "{}"


def test_a_model_stops_at_its_token_limit() -> None:
    decision = decided("[Hi, {stop: length}]")
    assert (decision.finish, decision.stop_reason) == ("length", None)
