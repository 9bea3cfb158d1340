import pytest

from mockletta.catalogue.agent_types import AGENT_TYPES, tool_rules_for, traits_of
from mockletta.catalogue.base_tools import tools_by_name
from mockletta.errors import BadRequest
from mockletta.wire.agents import AgentType
from mockletta.wire.tool_rules import (
    ContinueToolRule,
    RequiresApprovalToolRule,
    TerminalToolRule,
    ToolRule,
)

V1 = AgentType.letta_v1_agent
CHAT, MEMGPT = AGENT_TYPES[V1], AGENT_TYPES[AgentType.memgpt_v2_agent]
CHAT_TOOLS = CHAT.tools
CHAT_RULES: list[ToolRule] = [ContinueToolRule(tool_name=name) for name in CHAT_TOOLS]


def default_rules(agent_type: AgentType) -> list[ToolRule]:
    return tool_rules_for(AGENT_TYPES[agent_type], AGENT_TYPES[agent_type].tools)


def test_every_type_but_one_can_be_made() -> None:
    assert AGENT_TYPES.keys() == set(AgentType) - {AgentType.split_thread_agent}
    with pytest.raises(BadRequest) as caught:
        traits_of(AgentType.split_thread_agent)
    assert caught.value.body == {"detail": "Invalid agent type: AgentType.split_thread_agent"}


def test_agents_get_only_tools_that_exist() -> None:
    given = {name for traits in AGENT_TYPES.values() for name in traits.tools}
    assert given <= tools_by_name().keys()


def test_only_workflow_agents_clear_their_message_buffer() -> None:
    clearing = [name for name, traits in AGENT_TYPES.items() if traits.message_buffer_autoclear]
    assert clearing == [AgentType.workflow_agent]


def test_letta_v1_agents_begin_with_three_tools_one_message_and_no_rules() -> None:
    assert CHAT_TOOLS == ("conversation_search", "memory_insert", "memory_replace")
    assert AGENT_TYPES[V1].first_messages == ()
    assert default_rules(V1) == []


def test_memgpt_v2_agents_end_their_turn_by_sending_a_message() -> None:
    assert default_rules(AgentType.memgpt_v2_agent) == [
        *CHAT_RULES,
        TerminalToolRule(tool_name="send_message"),
    ]


def test_sleeptime_agents_end_their_turn_by_finishing_their_edits() -> None:
    assert default_rules(AgentType.sleeptime_agent) == [
        TerminalToolRule(tool_name="memory_finish_edits"),
        ContinueToolRule(tool_name="memory_insert"),
        ContinueToolRule(tool_name="memory_replace"),
        ContinueToolRule(tool_name="memory_rethink"),
    ]


@pytest.mark.parametrize("name", ["react_agent", "workflow_agent", "voice_sleeptime_agent"])
def test_some_types_have_no_rules(name: str) -> None:
    assert default_rules(AgentType(name)) == []


def test_asking_for_rules_gives_a_letta_v1_agent_those_of_its_base_tools() -> None:
    assert tool_rules_for(CHAT, CHAT_TOOLS, include_base_tool_rules=True) == CHAT_RULES
    declined = tool_rules_for(
        AGENT_TYPES[AgentType.memgpt_v2_agent], CHAT_TOOLS, include_base_tool_rules=False
    )
    assert declined == []


def test_giving_a_rule_brings_those_of_the_base_tools_along() -> None:
    given = [RequiresApprovalToolRule(tool_name="pay")]
    assert tool_rules_for(CHAT, [*CHAT_TOOLS, "pay"], given) == [*given, *CHAT_RULES]


def test_a_rule_that_is_given_is_not_added_again() -> None:
    given = [ContinueToolRule(tool_name="memory_insert")]
    assert tool_rules_for(CHAT, ["memory_insert"], given) == given


def test_declining_the_base_tools_and_naming_them_brings_their_rules_along() -> None:
    rules = tool_rules_for(
        AGENT_TYPES[V1], ["memory_insert", "send_message"], include_base_tools=False
    )
    assert rules == [
        ContinueToolRule(tool_name="memory_insert"),
        TerminalToolRule(tool_name="send_message"),
    ]
