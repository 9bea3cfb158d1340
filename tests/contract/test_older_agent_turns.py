"""The loop of agents of older types: one call a step, and the call decides what follows."""

import json
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from letta_client import APIStatusError, Letta

from mockletta import MockLetta
from mockletta.brain.decisions import Decision
from tests.contract.conftest import Connect, Serve
from tests.contract.steps import Steps, calling
from tests.contract.talk import MODEL

Json: TypeAlias = Any  # a body is whatever a test sends or reads
PREFIX = "[This is an automated system message hidden from the user] "
SENT = '{"message": "Hey there"}'
THOUGHT = '{"thinking": "Say hello.", "message": "Hey there", "request_heartbeat": "true"}'
GOES_ON = '{"request_heartbeat": true}'


def older(client: Letta, *rules: Json, **given: Json) -> str:
    """A new agent of an older type that has no rules but these."""
    fixed = {"model": MODEL, "agent_type": "memgpt_v2_agent", "include_base_tool_rules": False}
    body = {**fixed, "tool_rules": rules, **given}
    agent: Json = client.post("/v1/agents/", body=body, cast_to=object)
    return str(agent["id"])


def rule(kind: str, tool: str, **more: Json) -> Json:
    return {"type": kind, "tool_name": tool, **more}


def said(client: Letta, agent_id: str, **options: Json) -> Json:
    """The answer to a message, without a stream."""
    body = {"input": "Hi!", **options}
    return client.post(f"/v1/agents/{agent_id}/messages", body=body, cast_to=object)


def streamed(client: Letta, agent_id: str, **options: Json) -> list[Json]:
    """The data of a stream's events, without its end."""
    body = {"input": "Hi!", **options}
    text = client.post(f"/v1/agents/{agent_id}/messages/stream", body=body, cast_to=str)
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line[:5] == "data:"]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def context_of(client: Letta, agent_id: str) -> list[str]:
    return client.agents.retrieve(agent_id).message_ids or []


def test_an_argument_is_what_the_agent_thinks(connect: Connect) -> None:
    client = connect(brain=Steps(calling("send_message", THOUGHT, text="dropped")))
    agent_id = older(client, rule("exit_loop", "send_message"))

    told = said(client, agent_id, use_assistant_message=False)

    thought, call, returned = told["messages"]
    assert thought["reasoning"] == "Say hello."
    arguments = {"message": "Hey there", "request_heartbeat": False}
    assert json.loads(call["tool_call"]["arguments"]) == arguments
    assert returned["tool_return"] == "Sent message successfully."
    assert told["stop_reason"]["stop_reason"] == "tool_rule"


def test_a_call_that_no_rule_is_about_ends_the_turn(connect: Connect) -> None:
    client = connect(brain=Steps(calling("conversation_search", '{"query": "x"}')))

    told = said(client, older(client))

    assert told["stop_reason"]["stop_reason"] == "end_turn"
    assert (told["usage"]["step_count"], told["usage"]["context_tokens"]) == (1, None)


@pytest.mark.parametrize(
    ("given", "arguments", "reason"),
    [
        (
            rule("exit_loop", "y"),
            GOES_ON,
            "Function called using request_heartbeat=true, returning",
        ),
        (rule("continue_loop", "x"), "{}", "Continuing: continue tool rule."),
        (
            rule("constrain_child_tools", "x", children=["send_message"]),
            "{}",
            "Continuing: child tool rule.",
        ),
        (rule("run_first", "send_message"), "{}", "Continuing: tool rule violation."),
        (
            rule("required_before_exit", "send_message"),
            "{}",
            "Continuing, user expects these tools: [send_message] to be called still.",
        ),
    ],
)
def test_a_heartbeat_says_why_the_turn_goes_on(
    connect: Connect, given: Json, arguments: str, reason: str
) -> None:
    brain = Steps(calling("x", arguments, result="42"), calling("send_message", SENT))
    client = connect(brain=brain)

    told = said(client, older(client, given))

    (beat,) = [one for one in told["messages"] if one["message_type"] == "user_message"]
    assert json.loads(beat["content"])["reason"].startswith(PREFIX + reason)
    assert told["usage"]["step_count"] == 2


def test_the_last_step_ends_a_turn_unless_it_streams(connect: Connect) -> None:
    brain = Steps(*[calling("send_message", SENT)] * 2, calling("x", GOES_ON, result="42"))
    client = connect(brain=brain)
    agent_id = older(client)

    told = said(client, agent_id, max_steps=1)
    streams = [streamed(client, agent_id, max_steps=1) for _ in range(2)]

    assert told["stop_reason"]["stop_reason"] == "max_steps"
    reasons = [one["stop_reason"] for frames in streams for one in frames if "stop_reason" in one]
    assert reasons == ["end_turn", "max_steps"]


def test_a_stream_whose_turn_goes_on_without_a_call_says_so(connect: Connect) -> None:
    client = connect(brain=Steps(calling("x", GOES_ON, result="42"), Decision(text="No call.")))

    *_, first, second, error = streamed(client, older(client))

    assert (first["stop_reason"], second["stop_reason"]) == ("no_tool_call", "llm_api_error")
    assert error["error_type"] == "llm_error"


@pytest.mark.parametrize("quirks", [[], ["silent-older-calls"]])
@pytest.mark.parametrize(("arguments", "always"), [(SENT, False), (THOUGHT, True)])
def test_a_quirk_keeps_calls_without_a_thought_out_of_token_streams(
    quirks: list[str], arguments: str, always: bool
) -> None:
    brain = Steps(calling("send_message", arguments, text="I think."))
    with MockLetta(brain=brain, quirks=quirks) as mock, mock.client() as client:
        agent_id = older(client, rule("exit_loop", "send_message"))
        told = streamed(client, agent_id, stream_tokens=True)

    shown = "".join(one.get("content", "") for one in told)
    assert shown == ("Hey there" if always or not quirks else "")
    assert told[-1]["reasoning_tokens"] is None


def test_arguments_that_are_no_object_fail_a_silent_call_too() -> None:
    brain = Steps(calling("send_message", "[1]"))
    with MockLetta(brain=brain, quirks=["recorded"]) as mock, mock.client() as client:
        told = streamed(client, older(client), stream_tokens=True)

    assert [one["message_type"] for one in told] == ["ping", "stop_reason", "error_message"]


def test_a_call_without_the_message_says_nothing(connect: Connect) -> None:
    texts = '{"message": {"a": 1}}', "{}", '{"message": 1}'
    client = connect(brain=Steps(*[calling("send_message", text) for text in texts]))
    agent_id = older(client)

    told = [said(client, agent_id)["messages"] for _ in range(3)]

    shown = [[one["content"] for one in messages] for messages in told]
    assert shown == [['{"a": 1}'], [], ["1"]]


def test_a_list_shows_the_calls_themselves_or_those_of_another_tool(connect: Connect) -> None:
    client = connect(brain=Steps(calling("x", '{"q": "What I say"}', result="42")))
    agent_id = older(client, initial_message_sequence=[])
    said(client, agent_id)

    def listed(**options: Json) -> list[str]:
        found = client.agents.messages.list(agent_id, order="asc", **options).items[2:]
        return [str(one.message_type) for one in found]

    assert listed() == ["tool_call_message", "tool_return_message"]
    assert listed(use_assistant_message=False) == listed()
    other = {"assistant_message_tool_name": "x", "assistant_message_tool_kwarg": "q"}
    assert listed(**other) == ["assistant_message"]


def test_an_older_agent_that_clears_its_buffer_keeps_what_it_began_with(connect: Connect) -> None:
    brain = Steps(*[calling("send_message", SENT)] * 2)
    client = connect(brain=brain)
    agent_id = older(client, message_buffer_autoclear=True)
    begun = context_of(client, agent_id)

    for _ in range(2):
        said(client, agent_id)

    assert context_of(client, agent_id) == begun
    assert [len(call.messages) for call in brain.calls] == [1, 1]


def test_a_failed_turn_leaves_the_context_as_large_as_its_messages(serve: Serve) -> None:
    memory = {"label": "human", "content": "likes tea " * 90, **json.loads(GOES_ON)}
    remembers = calling("core_memory_append", json.dumps(memory))
    mock = serve(brain=Steps(remembers, Decision(text="No call.")))
    with mock.client() as client:
        blocks = [{"label": "human", "value": ""}]
        agent_id = older(client, agent_type="memgpt_agent", memory_blocks=blocks)
        with pytest.raises(APIStatusError):
            said(client.with_options(max_retries=0), agent_id)

    thread = mock.world.store.thread(agent_id)
    assert "likes tea" in str(thread.context[0].content)
    assert thread.tokens == sum(record.tokens for record in thread.context)


def test_a_cancelled_turn_does_not_undo_a_reset(serve: Serve) -> None:
    slow = replace(calling("send_message", SENT), ttft=60.0)
    mock = serve(brain=Steps(calling("send_message", SENT), slow))
    with mock.client() as client:
        agent_id = older(client)
        said(client, agent_id)
        run = client.agents.messages.create_async(agent_id, input="Hi!")
        client.agents.messages.reset(agent_id, add_default_initial_messages=False)
        client.delete(f"/v1/runs/{run.id}", cast_to=object)

        assert len(context_of(client, agent_id)) == 1


def test_a_reset_can_bring_back_the_first_messages(client: Letta) -> None:
    for kind, count in ("memgpt_v2_agent", 4), ("sleeptime_agent", 2), ("letta_v1_agent", 1):
        agent_id = older(client, agent_type=kind)
        client.agents.messages.reset(agent_id, add_default_initial_messages=True)
        assert len(context_of(client, agent_id)) == count


def test_helpers_greet_only_without_their_base_tools(client: Letta) -> None:
    counts = [
        len(context_of(client, older(client, agent_type=kind, include_base_tools=base)))
        for kind in ("sleeptime_agent", "voice_sleeptime_agent")
        for base in (True, False)
    ]

    assert counts == [1, 2, 1, 4]


def test_the_tool_that_asks_other_agents_ends_a_turn(client: Letta) -> None:
    added = {"include_multi_agent_tools": True, "include_base_tool_rules": None}
    agent_id = older(client, agent_type="react_agent", **added)

    rules = [(one.type, one.tool_name) for one in client.agents.retrieve(agent_id).tool_rules or []]
    assert rules == [("exit_loop", "send_message_to_agent_async")]


def test_a_recompiled_prompt_shows_the_rules(client: Letta) -> None:
    agent_id = older(client, rule("exit_loop", "x"), rule("requires_approval", "y"))

    first = client.agents.messages.list(agent_id, order="asc").items[0]
    url = f"/v1/agents/{agent_id}/system-prompt/recompile"
    compiled = str(client.post(url, cast_to=object))

    assert "<tool_usage_rules>" not in str(first)
    assert compiled.count("<tool_rule>") == 1
    assert "x ends your response" in compiled


def test_a_failed_run_leaves_the_last_stop_reason(connect: Connect) -> None:
    client = connect(brain=Steps(calling("send_message", SENT), Decision(text="No call.")))
    agent_id = older(client)
    said(client, agent_id)

    with pytest.raises(Exception, match="must make a tool call"):
        said(client, agent_id)

    assert client.agents.retrieve(agent_id).last_stop_reason == "end_turn"


def test_newer_agents_keep_no_arguments_that_are_for_the_server(connect: Connect) -> None:
    arguments = '{"thinking": "Hm.", "q": 1, "request_heartbeat": true}'
    client = connect(brain=Steps(calling("x", arguments, result="42")))

    call, *_ = said(client, older(client, agent_type="letta_v1_agent"))["messages"]

    assert call["tool_call"]["arguments"] == '{"q": 1}'


def test_a_scripted_stop_needs_no_call(connect: Connect) -> None:
    client = connect(brain=Steps(Decision(text="Over.", stop_reason="end_turn")))

    told = said(client, older(client))

    assert told["stop_reason"]["stop_reason"] == "end_turn"
