"""The options of a message to a conversation: what is told, how long, with which model."""

from typing import Any

import pytest
from letta_client import (
    Letta,
    NotFoundError,
)
from letta_client.types import Conversation

from mockletta.script.turn_view import TurnView
from mockletta.world.pace import Pace
from tests.contract.conftest import MODEL, Connect
from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    ask,
    conversation_of,
    history,
    kinds,
    oldest_first,
    reply,
    run_of,
    say,
    text_of,
)
from tests.contract.undeclared import checked

REMEMBER = "Please update your core memory to note that the shop closes at nine."


def test_no_pings_come_where_none_are_wanted(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(
        conversation.id, input="Hello!", include_pings=False
    )
    assert kinds(checked(list(stream))) == ["assistant_message", "stop_reason", "usage_statistics"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (["assistant_message"], ["assistant_message"]),
        (["tool_call_message"], ["tool_call_message"]),
        (["reasoning_message"], []),
        ([], []),
    ],
)
def test_only_the_wanted_types_are_streamed_and_how_it_ended(
    client: Letta, wanted: list[str], told: list[str]
) -> None:
    stream = client.conversations.messages.create(
        conversation_of(client, agent_with_memory(client)),
        input=REMEMBER,
        include_return_message_types=wanted,  # type: ignore[arg-type]
    )
    assert kinds(checked(list(stream))) == ["ping", *told, "stop_reason", "usage_statistics"]


def test_without_streaming_no_wanted_types_are_all_types(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    everything = reply(client, conversation, input=REMEMBER, include_return_message_types=[])
    only = reply(
        client, conversation, input="Hello!", include_return_message_types=["reasoning_message"]
    )
    assert kinds(everything.messages) == [
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
    ]
    assert only.messages == []


def test_a_turn_stops_after_its_largest_number_of_steps(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    answer = reply(client, conversation, input=REMEMBER, max_steps=1)
    assert kinds(answer.messages) == ["tool_call_message", "tool_return_message"]
    assert (answer.stop_reason.stop_reason, answer.usage.step_count) == ("max_steps", 1)


def test_a_turn_of_no_steps_does_nothing(client: Letta, conversation: Conversation) -> None:
    answer = reply(client, conversation.id, input="Hello!", max_steps=0)
    assert (answer.messages, answer.stop_reason.stop_reason) == ([], "end_turn")
    assert answer.usage.step_count == 0
    assert history(client, conversation.id) == []


@needs("conversations.messages.create", "override_model")
def test_a_request_can_have_a_model_of_its_own(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(
        conversation.id, input="Hello!", override_model="openai/gpt-4o"
    )
    (step,) = client.runs.steps.list(run_of(list(stream)))
    assert checked(step).api_model_handle == "openai/gpt-4o"
    (usual,) = client.runs.steps.list(run_of(ask(client, conversation.id, "Hello!")))
    assert usual.api_model_handle == MODEL
    with pytest.raises(NotFoundError, match="Handle openai/none not found"):
        client.conversations.messages.create(
            conversation.id, input="Hello!", override_model="openai/none"
        )


@needs("conversations.messages.create", "override_system")
@pytest.mark.parametrize("word", ["BANANA", "Kiwi"])
def test_a_request_can_have_a_system_prompt_of_its_own(
    client: Letta, conversation: Conversation, word: str
) -> None:
    system = f"Always respond with a single word: {word}"
    stream = client.conversations.messages.create(
        conversation.id, input="What is the capital of France?", override_system=system
    )
    assert text_of(checked(list(stream))) == word
    assert "Hello" in say(client, conversation.id, "Hello!")
    assert system not in str(oldest_first(client, conversation.id)[0])


@needs("conversations.messages.create", "client_skills")
def test_skills_of_the_client_are_named_when_asked_for(
    client: Letta, conversation: Conversation
) -> None:
    question = "Which skills do you have?"
    stream = client.conversations.messages.create(
        conversation.id,
        input=question,
        client_skills=[
            {"name": "juggling", "description": "Three balls", "location": "skills/juggling"},
            {"name": "sailing", "description": "Small boats", "location": "skills/sailing"},
        ],
    )
    answer = text_of(checked(list(stream)))
    assert "juggling" in answer
    assert "sailing" in answer
    assert "juggling" not in say(client, conversation.id, question)


@needs("conversations.messages.create", "client_skills")
def test_the_model_reads_the_skills_and_tools_of_a_request(connect: Connect) -> None:
    """A brain of one's own, the preview and the trace show the same [77]."""
    read: list[str] = []

    def agree(turn: TurnView) -> str:
        read.append(turn.system)
        return "Yes."

    client = connect(brain=agree)
    agent_id = client.agents.create(model=MODEL).id
    skills = {"name": "sail", "description": "Small boats", "location": "skills/sail/SKILL.md"}
    more: Any = {"client_skills": [skills], "client_tools": [{"name": "memory_insert"}]}

    path = f"/v1/agents/{agent_id}/messages/preview-raw-payload"
    preview: Any = client.post(path, body={"input": "Hi", **more}, cast_to=object)
    step = client.agents.messages.create(agent_id, input="Hi", **more).messages[-1].step_id
    client.agents.messages.create(agent_id, input="Hi")

    assert read[0] == preview["messages"][0]["content"]
    assert read[0].startswith(f"{read[1]}\n\n<available_skills>\nskills\n└── sail/\n")
    assert preview["tools"][-1]["function"] == {
        "name": "memory_insert",
        "description": None,
        "parameters": {"type": "object", "properties": {}},
    }
    trace: Any = client.get(f"/v1/steps/{step}/trace", cast_to=object)
    assert trace["request_json"] == preview


def test_the_trace_of_another_model_shows_its_configuration(client: Letta) -> None:
    agent_id = client.agents.create(model=MODEL).id
    answer = client.agents.messages.create(
        agent_id, input="Hi", extra_body={"override_model": "openai/gpt-5"}
    )

    path = f"/v1/steps/{answer.messages[-1].step_id}/trace"
    trace: Any = client.get(path, cast_to=object)

    assert (trace["llm_config"]["handle"], trace["request_json"]["model"]) == (
        "openai/gpt-5",
        "gpt-5",
    )


def test_tools_of_the_client_are_accepted(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(
        conversation.id,
        input="Say 'tools' back to me",
        client_tools=[
            {
                "name": "open_door",
                "description": "Opens a door",
                "parameters": {"type": "object", "properties": {"door": {"type": "string"}}},
            }
        ],
    )
    assert text_of(checked(list(stream))) == "tools"


@needs("conversations.messages.create", "top_logprobs")
def test_parameters_that_change_nothing_here_are_accepted(
    client: Letta, conversation: Conversation
) -> None:
    stream = client.conversations.messages.create(
        conversation.id,
        input="Say 'same' back to me",
        agent_id=None,
        assistant_message_tool_kwarg="message",
        assistant_message_tool_name="send_message",
        enable_thinking="true",
        include_compaction_messages=True,
        return_logprobs=True,
        return_token_ids=True,
        top_logprobs=3,
        use_assistant_message=False,
    )
    assert text_of(checked(list(stream))) == "same"


def test_events_that_are_not_wanted_take_their_time(connect: Connect) -> None:
    client = connect(pace=Pace(tokens_per_second=1_000))
    conversation = conversation_of(client, agent_with_memory(client))
    stream = client.conversations.messages.create(
        conversation,
        input="Say 'one two three'",
        stream_tokens=True,
        include_return_message_types=["tool_call_message"],
    )
    assert kinds(checked(list(stream))) == ["ping", "stop_reason", "usage_statistics"]
