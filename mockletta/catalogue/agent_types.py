"""The defaults of an agent of each type at its creation [50 agent_type *]."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from mockletta.catalogue.base_tools import tools_by_name
from mockletta.errors import BadRequest
from mockletta.wire.agents import AgentState, AgentType
from mockletta.wire.tools import Tool

if TYPE_CHECKING:
    from mockletta.wire.tool_rules import ToolRule

_RULED_TOOL_TYPES = {"letta_core", "letta_memory_core", "letta_sleeptime_core"}
_LAST_TOOLS = {"send_message", "memory_finish_edits", "send_message_to_agent_async"}

FirstMessage = Literal["greeting", "login"]


class AgentTypeTraits(NamedTuple):
    """The defaults of an agent of a type, and how it answers.

    `tools` are its base tools, and `base_tool_rules` says whether rules for them are added without
    a request. `first_messages` follow the system message of an agent that has no others; with
    `begins_silent`, only if its base tools are declined. With `prompted_reasoning` a model that
    cannot reason is asked to think aloud. With `must_call_tool` a reply without a tool call is an
    error [72 type *: message].
    """

    tools: tuple[str, ...] = ()
    base_tool_rules: bool = True
    first_messages: tuple[FirstMessage, ...] = ("greeting", "login")
    begins_silent: bool = False
    message_buffer_autoclear: bool = False
    prompted_reasoning: bool = True
    must_call_tool: bool = True
    needs_sleeptime: bool = False


_CHAT_TOOLS = ("conversation_search", "memory_insert", "memory_replace")

AGENT_TYPES: Mapping[AgentType, AgentTypeTraits] = MappingProxyType(
    {
        AgentType.letta_v1_agent: AgentTypeTraits(
            tools=_CHAT_TOOLS,
            base_tool_rules=False,
            first_messages=(),
            prompted_reasoning=False,
            must_call_tool=False,
        ),
        AgentType.memgpt_agent: AgentTypeTraits(
            tools=(
                "conversation_search",
                "core_memory_append",
                "core_memory_replace",
                "memory",
                "memory_apply_patch",
                "send_message",
            ),
        ),
        AgentType.memgpt_v2_agent: AgentTypeTraits(tools=(*_CHAT_TOOLS, "send_message")),
        AgentType.react_agent: AgentTypeTraits(),
        AgentType.workflow_agent: AgentTypeTraits(message_buffer_autoclear=True),
        AgentType.sleeptime_agent: AgentTypeTraits(
            tools=("memory_finish_edits", "memory_insert", "memory_replace", "memory_rethink"),
            first_messages=("login",),
            begins_silent=True,
            must_call_tool=False,
        ),
        AgentType.voice_convo_agent: AgentTypeTraits(
            tools=("search_memory", "send_message"), needs_sleeptime=True
        ),
        AgentType.voice_sleeptime_agent: AgentTypeTraits(
            tools=("finish_rethinking_memory", "rethink_user_memory", "store_memories"),
            begins_silent=True,
        ),
    }
)
"""Every type except split_thread_agent, which the server lists and refuses."""

MULTI_AGENT_TOOLS = (
    "send_message_to_agent_and_wait_for_reply",
    "send_message_to_agent_async",
    "send_message_to_agents_matching_tags",
)
"""The tools that `include_multi_agent_tools` adds."""


SLEEPTIME_TOOLS = ("archival_memory_search", "conversation_search", "send_message")
"""The base tools of an agent whose memory a helper keeps, except a voice agent."""


def with_sleeptime(traits: AgentTypeTraits) -> AgentTypeTraits:
    """Return the traits of an agent with `enable_sleeptime` [72 sleeptime *]."""
    if traits.needs_sleeptime:
        return traits
    return traits._replace(tools=SLEEPTIME_TOOLS, base_tool_rules=True)


_FILE_LIMITS = (
    (8_000, 3, 5_000),
    (32_000, 5, 15_000),
    (128_000, 10, 25_000),
    (200_000, 10, 40_000),
)
_WIDEST_FILE_LIMITS = (15, 40_000)
_UNKNOWN_FILE_LIMITS = (5, 50_000)


class FileLimits(NamedTuple):
    """How many files an agent can open, and how many characters of each it sees."""

    max_files_open: int
    per_file_view_window_char_limit: int


def file_limits(agent: AgentState) -> FileLimits:
    """Return the limits that an agent was given, else those that its context window has."""
    usual = usual_file_limits(agent.llm_config.context_window)
    given = {name: getattr(agent, name) for name in FileLimits._fields}
    return usual._replace(**{name: one for name, one in given.items() if one is not None})


def usual_file_limits(context_window: int) -> FileLimits:
    """Return the limits that grow with the context window, which is in tokens
    [42 context_window_limit *]."""
    limits = _WIDEST_FILE_LIMITS if context_window else _UNKNOWN_FILE_LIMITS
    for window, most_files, characters in reversed(_FILE_LIMITS):
        if context_window and context_window <= window:
            limits = (most_files, characters)
    return FileLimits(*limits)


def traits_of(agent_type: AgentType) -> AgentTypeTraits:
    """Return the defaults of an agent of a type. Raises BadRequest if the type cannot be
    created."""
    if agent_type not in AGENT_TYPES:
        raise BadRequest(f"Invalid agent type: AgentType.{agent_type.name}")
    return AGENT_TYPES[agent_type]


def tool_rules_for(
    traits: AgentTypeTraits,
    tools: Iterable[str],
    given: "Sequence[ToolRule]" = (),
    *,
    include_base_tools: bool = True,
    include_base_tool_rules: bool | None = None,
) -> "list[ToolRule]":
    """List the rules of a new agent: the given ones, then those of its base tools.

    Letta V1 agents get the latter only if rules are given or requested, or if the base tools are
    declined and named one by one [50 include_base_tools false + tools].
    """
    wanted = include_base_tool_rules
    if wanted is None:
        wanted = traits.base_tool_rules or bool(given) or not include_base_tools
    if not wanted:
        return list(given)
    ruled = {(rule.tool_name, rule.type) for rule in given}
    base = (_base_rule(name) for name in tools if _is_ruled(name))
    return [*given, *(rule for rule in base if (rule.tool_name, rule.type) not in ruled)]


def with_approvals(rules: "Sequence[ToolRule]", tools: Iterable[Tool]) -> "list[ToolRule]":
    """Add a rule for each tool that requires approval by default and has no such rule [33]."""
    ruled = {rule.tool_name for rule in rules if rule.type == "requires_approval"}
    asks = [tool.name for tool in tools if tool.default_requires_approval]
    wanted = [name for name in asks if name not in ruled]
    if not wanted:
        return [*rules]
    from mockletta.wire.tool_rules import RequiresApprovalToolRule  # noqa: PLC0415 - few need one

    return [*rules, *(RequiresApprovalToolRule(tool_name=name) for name in wanted)]


def _is_ruled(name: str) -> bool:
    tool = tools_by_name().get(name)
    return name in _LAST_TOOLS or (tool is not None and tool.tool_type in _RULED_TOOL_TYPES)


def _base_rule(name: str) -> "ToolRule":
    from mockletta.wire.tool_rules import (  # noqa: PLC0415 - most agents have no rules
        ContinueToolRule,
        TerminalToolRule,
    )

    return (
        TerminalToolRule(tool_name=name)
        if name in _LAST_TOOLS
        else ContinueToolRule(tool_name=name)
    )
