"""Scripted replies, as the real SDK receives them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from letta_client import (
    APIStatusError,
    AuthenticationError,
    InternalServerError,
    Letta,
    RateLimitError,
    UnprocessableEntityError,
)
from letta_client.types.agents import ReasoningMessage, ToolCallMessage

from mockletta import MockLetta
from mockletta.default_brain import DefaultBrain
from mockletta.script.builder import When
from mockletta.script.engine import Script
from mockletta.script.reply_functions import callable_brain
from mockletta.script.script_files import load_script
from mockletta.script.turn_view import TurnView
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import (
    MODEL,
    agent_with_memory,
    ask,
    conversation_of,
    history,
    kinds,
    say,
    text_of,
)
from tests.contract.undeclared import checked

REPLIES = r"""
replies:
  - when: {text: /weather in (?P<city>\w+)/i}
    reply:
      - think: The user asks about {{ city }}.
      - call: get_weather
        with: {city: "{{ city }}"}
        returns: 18 degrees and sunny
      - say: It is 18 degrees and sunny in {{ city }}.
  - when: {text: flaky, times: 1}
    reply: [{fail: rate_limit}]
  - when: {agent: support, turn: 1}
    reply: [{say: Welcome!, ttft: 1ms, tokens_per_second: 10000}]
  - when: my name is {name}
    reply: [{edit: human, insert: "Name: {{ name }}"}, "Hello {{ name }}!"]
  - when: tell me a story
    sequence: [Once upon a time., The end.]
otherwise: strict
"""

Opened = Callable[[Script], Letta]


@pytest.fixture
def opened(connect: Connect) -> Opened:
    """A client of a server that replies by a script."""
    return lambda script: connect(brain=script)


@pytest.fixture
def client(opened: Opened, tmp_path: Path) -> Letta:
    file = tmp_path / "replies.yaml"
    file.write_text(REPLIES)
    return opened(Script(load_script(str(file)), DefaultBrain))


@pytest.fixture
def conversation(client: Letta) -> str:
    return conversation_of(client, agent_with_memory(client))


def test_a_reply_has_reasoning_a_tool_call_and_text(client: Letta, conversation: str) -> None:
    told = ask(client, conversation, "What is the weather in Paris?")

    assert kinds(told)[1:] == [
        "reasoning_message",
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
        "stop_reason",
        "usage_statistics",
    ]
    [thought] = [one.reasoning for one in told if isinstance(one, ReasoningMessage)]
    [call] = [one.tool_call for one in told if isinstance(one, ToolCallMessage)]
    assert thought == "The user asks about Paris."
    assert (call.name, call.arguments) == ("get_weather", '{"city": "Paris"}')
    assert text_of(told) == "It is 18 degrees and sunny in Paris."


def test_the_same_rule_serves_both_steps_in_a_stream_of_tokens(
    client: Letta, conversation: str
) -> None:
    stream = client.conversations.messages.create(
        conversation, input="Weather in Rome", stream_tokens=True
    )

    assert text_of(checked(list(stream))) == "It is 18 degrees and sunny in Rome."


def test_a_tool_returns_what_is_laid_down(client: Letta, conversation: str) -> None:
    told = ask(client, conversation, "What is the weather in Paris?")

    [returned] = [one for one in told if one.message_type == "tool_return_message"]
    assert (returned.tool_return, returned.status) == ("18 degrees and sunny", "success")


def test_a_failure_waits_and_its_rule_is_in_the_journal() -> None:
    with MockLetta(freeze="now") as mock, mock.client(max_retries=0) as client:
        mock.when("flaky", name="breaks").wait("1h").fail("rate_limit")
        conversation = conversation_of(client, agent_with_memory(client))

        with pytest.raises(APIStatusError, match="Rate limit exceeded"):
            ask(client, conversation, "flaky")

        assert mock.journal.last().rule == "breaks"


@pytest.mark.parametrize("streaming", [True, False])
def test_a_rule_whose_reply_cannot_be_served_is_in_the_journal(*, streaming: bool) -> None:
    with MockLetta() as mock, mock.client(max_retries=0) as client:
        agent_id = agent_with_memory(client)
        mock.when("broken", name="reads a block").say("{{ blocks.nope }}")
        mock.when("bare")

        for text, rule in (("broken", "reads a block"), ("bare", 'rule 2 (text "bare")')):
            with pytest.raises(APIStatusError, match=re.escape(f"{rule}: ")):
                list(client.agents.messages.create(agent_id, input=text, streaming=streaming))
            assert mock.journal.last().rule == rule


@needs("conversations.messages.compact")
def test_a_summary_can_be_that_of_an_agent() -> None:
    with MockLetta() as mock, mock.client() as client:
        agent = client.agents.create(name="scribe", model=MODEL)
        conversation = conversation_of(client, agent.id)
        mock.when(agent="another").summary("Not this.")
        mock.when(agent="scribe").summary("They said hello.")
        for _ in range(9):
            say(client, conversation, "Hello!")

        assert client.conversations.messages.compact(conversation).summary == "They said hello."


def test_a_failure_happens_once(client: Letta, conversation: str) -> None:
    agent_id = client.conversations.retrieve(conversation).agent_id

    with pytest.raises(RateLimitError):
        client.agents.messages.create(agent_id, input="flaky")
    with pytest.raises(UnprocessableEntityError):
        client.agents.messages.create(agent_id, input="flaky")


@pytest.mark.parametrize(
    ("failure", "raised"),
    [("authentication", AuthenticationError), ("unreachable", InternalServerError)],
)
def test_a_failure_is_the_one_that_is_named(
    opened: Opened, failure: str, raised: type[Exception]
) -> None:
    script = Script(None, DefaultBrain)
    When(script, "hi").fail(failure)
    client = opened(script)

    with pytest.raises(raised):
        client.agents.messages.create(agent_with_memory(client), input="hi")


def test_an_overflow_is_compacted_and_then_replied_to(opened: Opened) -> None:
    script = Script(None, DefaultBrain)
    When(script, "long").fail("context_overflow").say("After all.")
    When(script).summary("They talked.")
    client = opened(script)
    conversation = conversation_of(client, agent_with_memory(client))

    assert say(client, conversation, "a long text") == "After all."
    assert [use.served for use in script.rules] == [1, 1]
    assert "They talked." in str(history(client, conversation))


def test_an_edit_really_changes_the_memory(client: Letta, conversation: str) -> None:
    agent_id = client.conversations.retrieve(conversation).agent_id

    assert say(client, conversation, "my name is Ann") == "Hello Ann!"

    assert client.agents.blocks.retrieve("human", agent_id=agent_id).value.endswith("\nName: Ann")


def test_a_sequence_goes_on_in_each_conversation(client: Letta, conversation: str) -> None:
    agent_id = client.conversations.retrieve(conversation).agent_id
    other = conversation_of(client, agent_id)

    told = [say(client, one, "tell me a story") for one in (conversation, other, conversation)]

    assert told == ["Once upon a time.", "Once upon a time.", "The end."]


def test_a_rule_can_wait_for_an_agent_and_its_first_turn(client: Letta) -> None:
    agent = client.agents.create(name="support", model="openai/gpt-4o-mini")
    conversation = conversation_of(client, agent.id)

    assert say(client, conversation, "hi") == "Welcome!"


def test_a_strict_script_says_what_was_not_scripted(client: Letta, conversation: str) -> None:
    agent_id = client.conversations.retrieve(conversation).agent_id

    with pytest.raises(UnprocessableEntityError) as refused:
        client.agents.messages.create(agent_id, input="wether in Paris")

    body = refused.value.body
    assert isinstance(body, dict)
    head, *lines = body["detail"].splitlines()
    assert head.startswith('No rule matches the message "wether in Paris" (agent ')
    assert len(lines) == 3


def test_a_strict_script_says_it_in_a_stream_too(client: Letta, conversation: str) -> None:
    stream = client.conversations.messages.create(conversation, input="anything")

    with pytest.raises(Exception, match="No rule matches the message"):
        list(stream)


def test_a_function_replies(connect: Connect) -> None:
    def brain(turn: TurnView) -> object:
        if turn.returned:
            return f"It returned {turn.returned.status}."
        return [{"think": "hm"}, {"call": "memory_insert", "with": {"label": "human"}}]

    client = connect(brain=callable_brain(brain))
    conversation = conversation_of(client, agent_with_memory(client))

    assert say(client, conversation, "go") == "It returned error."


def test_a_function_that_fails_says_where(connect: Connect) -> None:
    def brain(turn: TurnView) -> str:
        raise ValueError(turn.text)

    client = connect(brain=callable_brain(brain))

    with pytest.raises(UnprocessableEntityError, match="brain raised ValueError: go"):
        client.agents.messages.create(agent_with_memory(client), input="go")


def test_a_failure_within_a_text_fails_a_request_without_a_stream(mock: MockLetta) -> None:
    mock.when("go").say("one two three").fail("rate_limit", after_tokens=1)
    with mock.client(max_retries=0) as client, pytest.raises(RateLimitError):
        client.agents.messages.create(client.agents.create(model=MODEL).id, input="go")
