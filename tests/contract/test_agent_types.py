"""Agents of older types, which speak by a tool, and agents that forget each turn."""

from typing import Any

import pytest
from letta_client import InternalServerError, Letta, NotFoundError, UnprocessableEntityError
from letta_client.types import AgentState

from mockletta import MockLetta
from mockletta.brain.decisions import Decision, ModelCall, ModelFailure, ToolCall
from tests.contract.conftest import Connect
from tests.contract.steps import Steps, calling
from tests.contract.talk import MODEL

SAYS = Decision(
    text="Say hello.", tool_calls=(ToolCall("call-1", "send_message", '{"message": "Hey there"}'),)
)
HUMAN = [{"label": "human", "value": "x"}]


class Failing(Steps):
    """A brain that fails instead of saying so."""

    def decide(self, call: ModelCall) -> Decision:
        decision = super().decide(call)
        if decision.text == "fail":
            raise ModelFailure
        return decision


def speaker(client: Letta) -> AgentState:
    return client.agents.create(model=MODEL, agent_type="memgpt_v2_agent")


def kinds(messages: object) -> list[tuple[str, object]]:
    """The type and the text of each message."""
    return [
        (one.message_type, getattr(one, "content", None) or getattr(one, "reasoning", None))
        for one in messages  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize("agent_type", ["memgpt_agent", "react_agent", "workflow_agent"])
def test_a_reply_without_a_tool_call_is_an_error(connect: Connect, agent_type: str) -> None:
    client = connect(brain=Steps(Decision(text="Hello!")))
    agent = client.agents.create(model=MODEL, agent_type=agent_type)  # type: ignore[arg-type]

    with pytest.raises(InternalServerError, match="model must make a tool call"):
        client.agents.messages.create(agent.id, input="Hello!")

    run = client.runs.list(agent_id=agent.id).items[0]
    assert (run.status, run.stop_reason) == ("failed", None)
    assert (run.metadata or {})["error"].startswith("No tool calls found")  # type: ignore[attr-defined]


def test_what_an_agent_sends_is_what_it_says(connect: Connect) -> None:
    client = connect(brain=Steps(SAYS))
    agent = speaker(client)

    told = client.agents.messages.create(agent.id, input="Hello!")

    shown = [("reasoning_message", "Say hello."), ("assistant_message", "Hey there")]
    assert kinds(told.messages) == shown
    assert told.stop_reason.stop_reason == "end_turn"
    assert kinds(client.agents.messages.list(agent.id, order="asc").items)[-2:] == shown


def test_a_rule_ends_a_turn_that_asked_to_go_on(connect: Connect) -> None:
    sent = '{"message": "Hey", "request_heartbeat": true}'
    client = connect(brain=Steps(calling("send_message", sent)))
    agent = speaker(client)

    told = client.agents.messages.create(agent.id, input="Hello!")

    assert told.stop_reason.stop_reason == "tool_rule"


@pytest.mark.parametrize("tokens", [False, True])
def test_a_stream_shows_what_an_agent_sends(connect: Connect, tokens: bool) -> None:
    client = connect(brain=Steps(SAYS))

    stream = client.agents.messages.create(
        speaker(client).id, input="Hello!", streaming=True, stream_tokens=tokens
    )

    texts: dict[str, str] = {}
    for kind, text in kinds(stream):
        texts[kind] = texts.get(kind, "") + str(text or "")
    assert (texts["reasoning_message"], texts["assistant_message"]) == ("Say hello.", "Hey there")
    assert not {"tool_call_message", "tool_return_message"} & texts.keys()


def test_the_call_is_shown_if_the_client_asks_for_it(connect: Connect) -> None:
    client = connect(brain=Steps(SAYS))

    told = client.agents.messages.create(
        speaker(client).id, input="Hello!", use_assistant_message=False
    )

    assert [kind for kind, _ in kinds(told.messages)] == [
        "reasoning_message",
        "tool_call_message",
        "tool_return_message",
    ]


def test_the_default_brain_of_such_an_agent_sends_a_message(client: Letta) -> None:
    told = client.agents.messages.create(speaker(client).id, input="Hello!")

    assert [kind for kind, _ in kinds(told.messages)] == ["assistant_message"]


def test_such_an_agent_begins_with_a_thought_a_message_and_a_login(client: Letta) -> None:
    messages = client.agents.messages.list(speaker(client).id, order="asc").items

    assert [kind for kind, _ in kinds(messages)] == [
        "system_message",
        "reasoning_message",
        "assistant_message",
        "user_message",
    ]


def test_an_agent_that_clears_its_buffer_sees_one_turn() -> None:
    with MockLetta() as mock, mock.client() as client:
        agent = client.agents.create(model=MODEL, message_buffer_autoclear=True)
        conversation = client.conversations.create(agent_id=agent.id)

        for _ in range(2):
            client.agents.messages.create(agent.id, input="Hello!")
            list(client.conversations.messages.create(conversation.id, input="Hello!"))

        assert len(client.agents.retrieve(agent.id).message_ids or []) == 3
        kept = client.conversations.retrieve(conversation.id).in_context_message_ids
        assert len(kept or []) == 3
        assert len(client.agents.messages.list(agent.id).items) == 10


def test_equal_tool_rules_are_kept_once(client: Letta) -> None:
    rules = [{"type": "exit_loop", "tool_name": "x"}] * 3
    agent = client.agents.create(model=MODEL, include_base_tools=False, tool_rules=rules)  # type: ignore[arg-type]

    changed = client.agents.update(agent.id, tool_rules=rules * 2)  # type: ignore[arg-type]

    for one in agent, changed:
        names = [(rule.type, rule.tool_name) for rule in one.tool_rules or []]
        assert names == [("exit_loop", "x")]


def test_a_base_tool_comes_back_when_tools_are_listed(client: Letta) -> None:
    client.tools.delete(client.tools.list(name="memory_insert").items[0].id)

    assert [tool.name for tool in client.tools.list(name="memory_insert")] == ["memory_insert"]
    assert client.agents.create(model=MODEL).id


def sleeper(client: Letta, **parameters: object) -> AgentState:
    """A new agent whose memory a helper keeps."""
    given = {"model": MODEL, "name": "main", "memory_blocks": HUMAN, "enable_sleeptime": True}
    return client.agents.create(**{**given, **parameters})  # type: ignore[arg-type]


def group_of(client: Letta, agent_id: str) -> Any:  # noqa: ANN401 - the SDK has two types for it
    return client.agents.retrieve(agent_id, include=["agent.managed_group"]).managed_group


def test_sleeptime_makes_a_helper_that_shares_the_blocks(client: Letta) -> None:
    main = sleeper(client)
    (helper,) = client.agents.list(name="main-sleeptime").items

    group = group_of(client, main.id)
    assert (group.agent_ids, group.manager_agent_id) == ([helper.id], main.id)
    assert (group.sleeptime_agent_frequency, group.turns_counter) == (5, -1)
    tools = [str(tool.name) for tool in client.agents.tools.list(main.id)]
    assert sorted(tools) == ["archival_memory_search", "conversation_search", "send_message"]
    own, shared = (client.agents.blocks.list(one.id).items for one in (main, helper))
    assert own[0].id in {block.id for block in shared}
    assert {block.label for block in shared} == {"human", "memory_persona"}


def test_one_turn_in_five_names_the_run_of_the_helper(client: Letta) -> None:
    main = sleeper(client)
    (helper,) = client.agents.list(name="main-sleeptime").items

    named = [client.agents.messages.create(main.id, input="Hi!").usage.run_ids for _ in range(6)]

    assert [bool(ids) for ids in named] == [True, False, False, False, False, True]
    runs = {run.id for run in client.runs.list(agent_id=helper.id)}
    assert runs == {*(named[0] or []), *(named[5] or [])}
    group = group_of(client, main.id)
    assert (group.turns_counter, bool(group.last_processed_message_id)) == (5, True)


def test_an_update_makes_a_helper_once(client: Letta) -> None:
    embedding = "openai/text-embedding-3-small"
    main = client.agents.create(model=MODEL, name="main", embedding=embedding)
    plain = client.agents.create(model=MODEL, name="plain")

    for one in main, plain, main:
        assert client.agents.update(one.id, enable_sleeptime=True).enable_sleeptime

    (helper,) = client.agents.list(query_text="-sleeptime").items
    assert helper.name == "main-sleeptime"
    assert group_of(client, main.id).agent_ids == [helper.id]


def test_a_helper_without_a_fit_name_is_refused(client: Letta) -> None:
    main = client.agents.create(model=MODEL, embedding="openai/text-embedding-3-small")
    client.agents.update(main.id, name="a/b")

    with pytest.raises(UnprocessableEntityError, match="invalid characters"):
        client.agents.update(main.id, enable_sleeptime=True)

    assert client.agents.retrieve(main.id).enable_sleeptime is None


def test_without_the_flag_no_helper_runs(client: Letta) -> None:
    main = sleeper(client)
    client.agents.update(main.id, enable_sleeptime=False)

    assert client.agents.messages.create(main.id, input="Hi!").usage.run_ids is None


def test_a_deleted_agent_takes_its_helper_and_group_along(client: Letta) -> None:
    main = sleeper(client)
    group = group_of(client, main.id)

    client.agents.delete(main.id)

    assert client.agents.list().items == []
    with pytest.raises(NotFoundError):
        client.get(f"/v1/groups/{group.id}", cast_to=object)


def test_a_voice_agent_has_a_group_of_its_own_kind(client: Letta) -> None:
    main = sleeper(client, agent_type="voice_convo_agent")

    group = group_of(client, main.id)

    assert (group.manager_type, group.turns_counter) == ("voice_sleeptime", None)
    assert (group.max_message_buffer_length, group.min_message_buffer_length) == (30, 15)
    assert client.agents.list(name="main-sleeptime").items[0].agent_type == "voice_sleeptime_agent"


def test_a_default_folder_is_made_on_request(client: Letta) -> None:
    agent = client.agents.create(
        model=MODEL,
        name="main",
        embedding="openai/text-embedding-3-small",
        include_default_source=True,
        extra_body={"tags": ["b", "a", "a"]},
    )

    folders = client.agents.folders.list(agent.id).items
    assert [folder.name for folder in folders] == ["main External Data Source"]
    assert client.agents.retrieve(agent.id, include=["agent.tags"]).tags == ["b", "a"]


def test_the_name_of_a_new_agent_is_not_null(client: Letta) -> None:
    with pytest.raises(UnprocessableEntityError, match="Input should be a valid string"):
        client.agents.create(model=MODEL, extra_body={"name": None})


def test_a_turn_that_fails_leaves_the_buffer_as_it_was(connect: Connect) -> None:
    client = connect(brain=Failing(Decision(text="Hi!"), Decision(text="fail")))
    agent = client.agents.create(model=MODEL, message_buffer_autoclear=True)
    client.agents.messages.create(agent.id, input="One")
    before = client.agents.retrieve(agent.id).message_ids

    with pytest.raises(InternalServerError):
        client.agents.messages.create(agent.id, input="Two")

    assert client.agents.retrieve(agent.id).message_ids == before
