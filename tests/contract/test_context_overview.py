"""What an agent has in mind, and what its model would be sent: beyond the SDK."""

from typing import Any

import pytest
from letta_client import (
    BadRequestError,
    InternalServerError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from tests.contract.conftest import Connect, Serve
from tests.contract.steps import DOUBLE, Steps, calling, doubling_agent, guarded
from tests.contract.talk import MODEL, agent_with_memory, conversation_of, say

Json = dict[str, Any]
UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"


def get(client: Letta, path: str) -> Json:
    return client.get(f"/v1/{path}", cast_to=dict[str, Any])


def post(client: Letta, path: str, **body: object) -> Any:  # noqa: ANN401
    return client.post(f"/v1/{path}", body=body, cast_to=object)


def test_an_overview_says_what_is_in_a_context_and_how_much_room_it_takes(client: Letta) -> None:
    agent_id = agent_with_memory(client, "Name: Nadia.")
    client.agents.messages.create(agent_id, input="Hello!")

    seen = get(client, f"agents/{agent_id}/context")

    assert seen["context_window_size_max"] == 128_000
    sizes = [value for name, value in seen.items() if name.startswith("num_tokens_")]
    assert seen["context_window_size_current"] == sum(sizes) > 0
    assert (seen["num_messages"], seen["num_recall_memory"], seen["num_archival_memory"]) == (
        3,
        3,
        0,
    )
    assert "Name: Nadia." in seen["core_memory"]
    assert seen["core_memory"].startswith("<memory_blocks>")
    assert seen["external_memory_summary"].startswith("<memory_metadata>\n- AGENT_ID: ")
    assert seen["system_prompt"] == client.agents.retrieve(agent_id).system
    tools = [tool["function"]["name"] for tool in seen["functions_definitions"]]
    assert sorted(tools) == ["conversation_search", "memory_insert", "memory_replace"]
    assert [one["role"] for one in seen["messages"]] == ["system", "user", "assistant"]
    assert seen["messages"][1]["content"] == [{"type": "text", "text": "Hello!", "signature": None}]


def test_calls_and_answers_are_shown_as_they_are_kept(connect: Connect) -> None:
    client = connect(brain=Steps(calling("double", '{"x": 1}', result="2"), Decision(), guarded()))
    agent_id = doubling_agent(client)
    for text in ("Go!", "Again!"):
        client.agents.messages.create(agent_id, input=text)
    approval: Any = {
        "type": "approval",
        "approvals": [
            {"type": "tool", "tool_call_id": "call-1", "tool_return": "42", "status": "success"}
        ],
    }
    client.agents.messages.create(agent_id, messages=[approval])

    messages = get(client, f"agents/{agent_id}/context")["messages"]

    call = {"id": "call-1", "function": {"arguments": '{"x": 1}', "name": "double"}}
    assert messages[2]["tool_calls"] == [{**call, "type": "function"}]
    assert messages[3]["tool_call_id"] == "call-1"
    assert '"message": "2"' in messages[3]["tool_returns"][0]["func_response"]
    asked, answered = (one for one in messages if one["role"] == "approval")
    assert (len(asked["tool_calls"]), answered["approvals"][0]["func_response"]) == (1, "42")


def test_rules_for_tools_are_told_in_words(client: Letta) -> None:
    tool = client.tools.create(source_code=DOUBLE)
    rules: Any = [
        {"type": "exit_loop", "tool_name": "double"},
        {"type": "run_first", "tool_name": "double"},
        {"type": "constrain_child_tools", "tool_name": "double", "children": ["a", "b"]},
        {"type": "parent_last_tool", "tool_name": "double", "children": ["c"]},
        {"type": "max_count_per_step", "tool_name": "double", "max_count_limit": 2},
    ]
    agent = client.agents.create(
        model=MODEL, tool_ids=[tool.id], tool_rules=rules, include_base_tool_rules=False
    )

    told = get(client, f"agents/{agent.id}/context")["tool_usage_rules"]

    assert [line for line in told.splitlines() if "double" in line] == [
        "double must be run first",
        "After using double, you must use one of these tools: a, b",
        "double ends your response (yields control) when called",
        "double: at most 2 use(s) per response",
        "c can only be used after double",
    ]


def test_a_conversation_has_a_context_of_its_own(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    conversation = conversation_of(client, agent_id)
    say(client, conversation, "Hello!")

    seen = get(client, f"agents/{agent_id}/context?conversation_id={conversation}")

    assert [one["role"] for one in seen["messages"]] == ["system", "user", "assistant"]
    assert [seen["messages"][0]["id"]] == client.agents.retrieve(agent_id).message_ids
    assert seen["messages"][1]["conversation_id"] == conversation


def test_a_summary_is_told_apart(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    client.agents.messages.create(agent_id, input="Hello! " * 50)
    client.post(
        f"/v1/agents/{agent_id}/summarize",
        body={"compaction_settings": {"mode": "all"}},
        cast_to=object,
    )

    seen = get(client, f"agents/{agent_id}/context")

    assert seen["summary_memory"]
    assert seen["num_tokens_summary_memory"] > 0
    assert seen["num_tokens_messages"] == 0


def test_an_agent_without_messages_has_nothing_to_sum_up(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    with pytest.raises(BadRequestError, match="CompactionResponse"):
        client.post(f"/v1/agents/{agent_id}/summarize", cast_to=object)


def test_a_context_without_a_system_message_is_shown_as_it_is(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    told = client.agents.messages.create(agent_id, input="Hello!")
    client.agents.update(agent_id, message_ids=[told.messages[0].id])

    messages = get(client, f"agents/{agent_id}/context")["messages"]

    assert [one["role"] for one in messages] == ["assistant"]


def test_memory_is_shown_whole(client: Letta) -> None:
    agent_id = agent_with_memory(client, "Name: Nadia.")

    memory = get(client, f"agents/{agent_id}/core-memory")

    assert memory["agent_type"] == "letta_v1_agent"
    assert [block["value"] for block in memory["blocks"]] == ["Name: Nadia."]


@pytest.mark.parametrize("path", ["context", "core-memory", "core-memory/variables"])
def test_there_has_to_be_an_agent(client: Letta, path: str) -> None:
    with pytest.raises(NotFoundError):
        get(client, f"agents/{UNKNOWN}/{path}")


def test_what_a_provider_would_be_sent_is_shown_and_nothing_happens(client: Letta) -> None:
    agent_id = agent_with_memory(client)

    seen = post(client, f"agents/{agent_id}/messages/preview-raw-payload", input="Hello!")

    assert (seen["model"], seen["tool_choice"]) == ("gpt-4o-mini", "auto")
    assert [one["role"] for one in seen["messages"]] == ["system", "user"]
    assert seen["messages"][1]["content"] == "Hello!"
    assert len(seen["tools"]) == 3
    assert len(list(client.agents.messages.list(agent_id))) == 1


def test_what_a_conversation_would_send_is_shown(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    say(client, conversation, "One")

    seen = post(
        client,
        f"conversations/{conversation}/messages/preview-raw-payload",
        input="Two",
        override_system="You are a pirate.",
        override_model="openai/gpt-5-mini",
        client_tools=[{"name": "shoot"}],
    )

    assert seen["model"] == "gpt-5-mini"
    assert seen["input"][0] == {"content": "You are a pirate.", "role": "developer"}
    assert [one["role"] for one in seen["input"][1:]] == ["user", "assistant", "user"]
    assert seen["tools"][-1]["name"] == "shoot"


@pytest.mark.parametrize(
    ("rules", "choice", "offered"),
    [
        (
            ["memory_insert"],
            {"type": "function", "function": {"name": "memory_insert"}},
            ["memory_insert"],
        ),
        (["memory_insert", "memory_replace"], "required", ["memory_insert", "memory_replace"]),
    ],
)
def test_rules_for_the_first_call_say_which_tools_are_sent(
    client: Letta, rules: list[str], choice: object, offered: list[str]
) -> None:
    agent = client.agents.create(
        model=MODEL, tool_rules=[{"type": "run_first", "tool_name": name} for name in rules]
    )

    seen = post(client, f"agents/{agent.id}/messages/preview-raw-payload", input="Hello!")

    assert seen["tool_choice"] == choice
    assert [tool["function"]["name"] for tool in seen["tools"]] == offered


def test_a_model_answers_without_the_agents_memory(connect: Connect) -> None:
    brain = Steps(Decision(text="Hello."))
    client = connect(brain=brain)
    agent_id = agent_with_memory(client)

    told = post(client, f"agents/{agent_id}/generate", prompt="Say hi", system_prompt="Be kind")

    assert (told["content"], told["model"]) == ("Hello.", "gpt-4o-mini")
    assert told["usage"]["total_tokens"] == 4 + 2
    (call,) = brain.calls
    assert (call.system, [one.text for one in call.messages]) == ("Be kind", ["Say hi"])
    assert len(list(client.agents.messages.list(agent_id))) == 1
    assert client.runs.list(agent_id=agent_id).items == []


def test_another_model_can_be_asked(client: Letta) -> None:
    path = f"agents/{agent_with_memory(client)}/generate"

    assert (
        post(client, path, prompt="x", override_model="openai/gpt-5-mini")["model"] == "gpt-5-mini"
    )
    with pytest.raises(NotFoundError, match="Model 'openai/none' not found or not accessible"):
        post(client, path, prompt="x", override_model="openai/none")
    with pytest.raises(UnprocessableEntityError):
        post(client, path, prompt="")


SCHEMA: Json = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "count": {"type": "integer"},
        "ok": {"type": "boolean"},
        "kind": {"enum": ["a", "b"]},
        "maybe": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        "always": {"const": 1},
        "items": {"type": "array"},
        "more": {"type": "object"},
        "odd": True,
    },
}


def test_json_of_a_schema_is_the_models_or_stands_in(connect: Connect) -> None:
    client = connect(brain=Steps(Decision(text='{"a": 1}'), Decision(text="Hello.")))
    path = f"agents/{agent_with_memory(client)}/generate"

    own, stand_in = (post(client, path, prompt="x", response_schema=SCHEMA) for _ in range(2))

    assert own["content"] == '{"a": 1}'
    assert stand_in["content"] == (
        '{"text": "Hello.", "count": 0, "ok": false, "kind": "a", "maybe": null, "always": 1, '
        '"items": [], "more": {}, "odd": null}'
    )


class Slow:
    """A brain that is waited for, and fails at first."""

    def __init__(self) -> None:
        self.failed = False

    def decide(self, call: ModelCall) -> Decision:
        raise ModelFailure(400, call.model)

    async def consult(self, call: ModelCall) -> Decision:
        if not self.failed:
            self.failed = True
            return self.decide(call)
        return Decision(text="At last.")


def test_a_slow_brain_is_waited_for_and_a_failing_one_is_told_of(connect: Connect) -> None:
    client = connect(brain=Slow())
    path = f"agents/{agent_with_memory(client)}/generate"

    with pytest.raises(InternalServerError, match="Failed to process LLM response"):
        post(client, path, prompt="x")
    assert post(client, path, prompt="x")["content"] == "At last."


def test_a_failing_brain_is_told_of(connect: Connect) -> None:
    client = connect(brain=Failing())

    with pytest.raises(InternalServerError, match="Failed to process LLM response: ") as failed:
        post(client, f"agents/{agent_with_memory(client)}/generate", prompt="x")
    assert failed.value.status_code == 502


class Failing:
    def decide(self, call: ModelCall) -> Decision:
        raise ModelFailure(400, call.model)


def test_the_servers_own_tools_come_back(client: Letta) -> None:
    (tool,) = client.tools.list(name="web_search")
    client.tools.delete(tool.id)

    names = [one["name"] for one in post(client, "tools/add-base-tools")]

    assert "web_search" in names
    assert len(names) == len(set(names)) == len(list(client.tools.list(limit=100)))


def test_a_tool_is_tried_out_and_not_kept(connect: Connect) -> None:
    client = connect()

    told = post(client, "tools/run", source_code=DOUBLE, args={"x": 2})
    failed = post(client, "tools/run", source_code=DOUBLE, args={})

    assert (told["name"], told["status"], told["message_type"]) == (
        "double",
        "success",
        "tool_return_message",
    )
    assert failed["status"] == "error"
    assert list(client.tools.list(name="double")) == []


def test_a_schema_is_read_from_source(client: Letta) -> None:
    schema = post(client, "tools/generate-schema", code=DOUBLE)

    assert (schema["name"], schema["parameters"]["required"]) == ("double", ["x"])


def test_a_function_of_the_tests_own_answers_a_trial(serve: Serve) -> None:
    mock = serve()
    mock.tool("double", lambda x: str(x * 2))

    with mock.client() as client:
        told = post(client, "tools/run", source_code=DOUBLE, args={"x": 21})
        wrong = post(client, "tools/run", source_code=DOUBLE, args={"x": "much"})

    assert (told["tool_return"], wrong["status"]) == ("42", "error")
