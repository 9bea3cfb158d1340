"""Calls the brain: makes the model call, and handles the model's failures and planned failures.

The system prompt shows the skills of the client, as a tree of their folders [77]. The schemas of
tools are made when a brain reads them.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from operator import attrgetter
from posixpath import basename, split
from typing import TYPE_CHECKING, overload

from mockletta.brain.decisions import (
    Brain,
    Decision,
    MemoryBlock,
    ModelCall,
    ModelFailure,
    ToolSchema,
)
from mockletta.catalogue.model_catalogue import family_of
from mockletta.errors import ApiError
from mockletta.state.message_records import MessageRecord
from mockletta.tools.agent_files.file_blocks import open_texts
from mockletta.tools.tool_rules import allowed, due
from mockletta.turns.context.compaction import compact_on_overflow, oversized_system
from mockletta.turns.context.context_history import History
from mockletta.turns.message_expansion import SEND_MESSAGE
from mockletta.turns.model_failures import TurnFailure, model_failed, no_tool_call, speaks_google
from mockletta.turns.run_records import enter_step, failure_outcome
from mockletta.turns.turn_state import Answered, AwaitAnswer, Moment, Pause, StepStart, TurnState
from mockletta.wire.memory import Block
from mockletta.wire.message_requests import ClientSkill, ClientTool
from mockletta.wire.tools import MCP_TYPE, Tool
from mockletta.world.quirks import UNSENT_FORMATS

FILE = "SKILL.md"
UNPLACED = "${MEMORY_DIR}/skills"
"""The folder of skills without a location."""


def system_for(system: str, override: str | None, skills: Sequence[ClientSkill] | None) -> str:
    """Return the system prompt of one request: its own, or the usual one with its skills."""
    if override is not None:
        return override
    return f"{system}\n\n{_section(skills)}" if skills else system


def _section(skills: Sequence[ClientSkill]) -> str:
    """Return a tree for each folder with skills, an empty line between two. Of skills with the same
    name the first is shown."""
    named: dict[str, ClientSkill] = {}
    for skill in skills:
        named.setdefault(skill.name, skill)
    folders: dict[str, dict[str, str]] = {}
    for skill in named.values():
        folder, path = _place(skill)
        folders.setdefault(folder, {})[path] = skill.description.strip().partition("\n")[0].strip()
    trees = ["\n".join([folder, *_tree(folders[folder])]) for folder in sorted(folders)]
    return "\n".join(["<available_skills>", "\n\n".join(trees), "</available_skills>"])


def _place(skill: ClientSkill) -> tuple[str, str]:
    """Return the folder under which a skill is shown, and its path there. A skill whose own folder
    has its name is shown with that folder."""
    location = skill.location.strip() or f"{UNPLACED}/{skill.name}/{FILE}"
    folder, file = split(location)
    parent, own = split(folder)
    is_own = file == FILE and own and own == basename(skill.name)
    return (parent, f"{own}/{file}") if is_own else (folder, file)


def _tree(skills: dict[str, str]) -> Iterator[str]:
    """Draw the skills in a folder: first those with folders of their own."""
    paths = sorted(skills, key=lambda path: ("/" not in path, path))
    for path in paths:
        is_last = path == paths[-1]
        *own, file = path.split("/")
        lead = f"{'└' if is_last else '├'}── "
        if own:
            yield f"{lead}{own[0]}/"
            lead = f"{' ' if is_last else '│'}   └── "
        yield f"{lead}{file} ({skills[path]})" if skills[path] else f"{lead}{file}"


BASE = "letta_"
NO_PARAMETERS: Mapping[str, object] = {"type": "object", "properties": {}}


class CallableTools(Sequence[ToolSchema]):
    """An agent's own tools and then those of the client, which replace tools with the same names
    [77 preview client_tools]."""

    def __init__(self, attached: Sequence[Tool], of_client: Sequence[ClientTool]) -> None:
        self._attached = attached
        self._of_client = of_client
        self._own: Sequence[ToolSchema] | None = None

    @cached_property
    def _schemas(self) -> tuple[ToolSchema, ...]:
        of_client = [_client_schema(tool) for tool in self._of_client]
        replaced = {tool.name for tool in of_client}
        attached = [_schema(tool) for tool in self._attached if tool.name not in replaced]
        return (*attached, *of_client)

    @property
    def own(self) -> Sequence[ToolSchema]:
        """The schemas of the tools that are not base tools. Most agents have none."""
        if self._own is None:  # a cached_property would take a lock
            has_own = self._of_client or not all(map(_is_base, self._attached))
            self._own = [one for one in self._schemas if not one.is_base] if has_own else ()
        return self._own

    def __bool__(self) -> bool:
        return bool(self._attached or self._of_client)

    def __len__(self) -> int:
        return len(self._schemas)

    def __iter__(self) -> Iterator[ToolSchema]:
        return iter(self._schemas)

    @overload
    def __getitem__(self, index: int) -> ToolSchema: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ToolSchema]: ...
    def __getitem__(self, index: int | slice) -> ToolSchema | Sequence[ToolSchema]:
        return self._schemas[index]


def _schema(tool: Tool) -> ToolSchema:
    schema = tool.json_schema or {}
    description = tool.description or schema.get("description")
    parameters = schema.get("parameters")
    if tool.tool_type == MCP_TYPE:
        from mockletta.tools.mcp_tools import own_parameters  # noqa: PLC0415 - few agents have any

        parameters = own_parameters(parameters)
    return ToolSchema(
        tool.name,
        description if isinstance(description, str) else "",
        parameters if isinstance(parameters, dict) else {},
        _is_base(tool),
    )


def _is_base(tool: Tool) -> bool:
    return tool.tool_type.startswith(BASE)


def _client_schema(tool: ClientTool) -> ToolSchema:
    return ToolSchema(tool.name, tool.description or "", tool.parameters or NO_PARAMETERS)


if TYPE_CHECKING:
    from mockletta.faults.kinds.fail import FailFault


def _with_break(decision: Decision, fault: "FailFault") -> Decision:
    return replace(decision, breaks_after_tokens=fault.tokens, breaks_with=fault.failure())


def _planned_failure(state: TurnState) -> "FailFault | None":
    """Return the planned fault. It applies to the first step of a turn."""
    if state.context is None or state.usage.step_count:
        return None
    return state.context.model_fault


_TOKENS = attrgetter("tokens")
MAX_COMPACTIONS = 3
SMALLEST_WINDOW = 8_000
"""The number of tokens that every model accepts."""
TOO_LONG = (
    "This model's maximum context length is {window} tokens. However, your messages resulted in "
    "{size} tokens. Please reduce the length of the messages."
)


def decide(
    state: TurnState, pending: Sequence[MessageRecord], step: StepStart
) -> Generator[Moment, Answered, tuple[Decision, Sequence[MessageRecord], int]]:
    """Return the model's decision, the messages of `pending` that it received, and the size of the
    prompt in tokens. Compaction can remove messages. Raises TurnFailure if the model fails for
    good."""
    compactions = 0
    fault = _planned_failure(state)
    while True:
        thread = state.thread
        visible, size = state.visible_in(thread)
        size += sum(map(_TOKENS, pending))
        messages = History(visible, pending, uneven=thread.uneven > 0)
        try:
            _fail_before_call(state, size, fault)
            turn = thread.turns + bool(pending)
            call = _model_call(state, thread.system, messages, turn, step.at)
            answer = _ask(state.world.brain, call)
            decision = _decided((yield answer)) if isinstance(answer, AwaitAnswer) else answer
            if decision.breaks_with is not None and not state.tokens:
                raise replace(decision.breaks_with, rule=decision.rule)
        except ModelFailure as failure:
            state.record_rule(failure.rule)
            if failure.delay:
                yield Pause(failure.delay)
            reducible = failure.is_overflow and state.thread.context
            is_final = not reducible or compactions == MAX_COMPACTIONS
            failed = _failed(state, failure) if is_final else oversized_system(state)
            if failed is not None:
                enter_failure(state, step, failed)
                raise failed from failure
        except ApiError as error:
            state.record_rule(error.rule)
            state.record_unscripted(error)
            raise
        else:
            _fail_without_tool_call(state, decision, step)
            return decision if fault is None else _with_break(decision, fault), pending, size
        compactions += 1
        pending = compact_on_overflow(state, step.id, pending)


def _failed(state: TurnState, failure: ModelFailure) -> TurnFailure:
    failed = model_failed(failure, state.llm)
    if state.tokens and speaks_google(state.llm):
        # its client connects after the stream has begun [85x google_ai *: tokens]
        state.begun = failed.ends_with_event = True
    return failed


def _fail_without_tool_call(state: TurnState, decision: Decision, step: StepStart) -> None:
    """Raise TurnFailure if the agent must call a tool and does not."""
    if state.must_call_tool and not decision.tool_calls and decision.stop_reason is None:
        failure = no_tool_call()
        enter_failure(state, step, failure)
        raise failure


def enter_failure(state: TurnState, step: StepStart, failure: TurnFailure) -> None:
    """Record a step that failed."""
    enter_step(state, step.id, failure_outcome(failure, step.at, state.world.clock.peek()))


def _fail_before_call(state: TurnState, size: int, fault: "FailFault | None") -> None:
    """Raise a planned failure that comes before any token: without a token stream, each one.

    Raise the provider's context-length error if the prompt is too long for its model. The agent's
    own limit is a different one.
    """
    if fault is not None and (fault.tokens is None or not state.tokens):
        raise fault.failure()
    if size < SMALLEST_WINDOW:
        return
    family = family_of(state.llm.handle or state.llm.model)
    if family is not None and size > family.context_window:
        message = TOO_LONG.format(window=family.context_window, size=size)
        error: dict[str, object] = {"message": message, "code": "context_length_exceeded"}
        raise ModelFailure(400, message, "overflow", error)


def _ask(brain: Brain, call: ModelCall) -> Decision | AwaitAnswer:
    """Return the decision of a brain, or the wait for it."""
    consult = getattr(brain, "consult", None)
    if consult is None:
        return brain.decide(call)
    at_once: Callable[[ModelCall], Decision | None] = getattr(brain, "decide_at_once", _nothing)
    known = at_once(call)
    if known is not None:
        return known
    # What is waited for is asked outside the world's lock: rows may change meanwhile.
    return AwaitAnswer(partial(consult, replace(call, messages=tuple(call.messages))))


def _decided(answer: Answered) -> Decision:
    assert isinstance(answer, Decision)
    return answer


def _nothing(_: ModelCall) -> None:
    """Return no decision, like most awaited brains if they are asked for an immediate one."""


def _model_call(
    state: TurnState, system: MessageRecord | None, messages: History, turn: int, now: datetime
) -> ModelCall:
    store, agent = state.world.store, state.agent
    offered = state.tools
    permitted = [tool.name for tool in offered]
    if state.rules:
        permitted = allowed(state.rules, state.called_tools, permitted)
        offered = [tool for tool in offered if tool.name in permitted]
    model = state.llm.handle or state.llm.model
    call = ModelCall("reply", model, _system(state, system), messages)
    call.blocks = tuple(map(_memory_block, store.blocks_in(state.conversation, agent.id)))
    call.tools = tuple(dict.fromkeys([*permitted, *state.client_tools]))
    call.skills = state.skills
    call.agent_name, call.agent_id, call.agent_tags = agent.name, agent.id, tuple(agent.tags)
    call.conversation_id, call.run_id = state.conversation_id, state.first_run_id
    call.turn, call.step, call.now = turn, state.steps_taken + 1, now
    if state.rules or state.must_call_tool:
        call.due = _due(state, permitted)
    call.schemas = CallableTools(offered, state.request.client_tools or ())
    if shown := open_texts(state.world, agent):
        call.files = [MemoryBlock(label, value, read_only=True) for label, value in shown]
    call.response_format = _response_format(state)
    return call


def _memory_block(block: Block) -> MemoryBlock:
    return MemoryBlock(block.label, block.value, block.description, block.read_only)


def _due(state: TurnState, permitted: Sequence[str]) -> tuple[str, ...]:
    """Return the tools of which the model must call one: because of rules, or because the agent
    speaks with a tool."""
    by_rules = due(state.rules, state.called_tools, state.attached) if state.rules else []
    speaks = state.must_call_tool and SEND_MESSAGE.tool not in state.called_tools.called
    if by_rules or not speaks or SEND_MESSAGE.tool not in permitted:
        return tuple(by_rules)
    return (SEND_MESSAGE.tool,)


def _response_format(state: TurnState) -> Mapping[str, object] | None:
    """Return the required format of replies: the model's own setting, else the agent's."""
    if state.llm.response_format is None and state.agent.response_format is None:
        return None
    unsent = UNSENT_FORMATS in state.world.quirks
    wanted = state.llm.response_format or (None if unsent else state.agent.response_format)
    if wanted is None or wanted.type == "text":
        return None
    return wanted.model_dump(mode="json")


def _system(state: TurnState, first: MessageRecord | None) -> str:
    request = state.request
    system = str(first.content) if first else state.agent.system
    return system_for(system, request.override_system, request.client_skills)
