"""The relations of an agent in a response.

The SDK's clients get those that they name in `include`, or in its older form. Other clients get all
[68].
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from mockletta.api.lists import Option
from mockletta.catalogue.agent_types import file_limits
from mockletta.tools.agent_files.file_blocks import file_blocks, folders_of
from mockletta.wire.agents import AgentEnvironmentVariable, AgentState
from mockletta.wire.base import Body
from mockletta.world.client_headers import Client
from mockletta.world.quirks import NO_RUN_COMPLETION
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.state.message_records import MessageRecord
    from mockletta.wire.folders import Source
    from mockletta.wire.groups import Group
    from mockletta.wire.messages import Message

Relation = Literal[
    "agent.blocks",
    "agent.identities",
    "agent.managed_group",
    "agent.pending_approval",
    "agent.secrets",
    "agent.sources",
    "agent.tags",
    "agent.tools",
]
RELATIONS: tuple[str, ...] = get_args(Relation)
_OLDER_NAMES = {
    "memory": "agent.blocks",
    "tools": "agent.tools",
    "tags": "agent.tags",
    "sources": "agent.sources",
    "identities": "agent.identities",
    "tool_exec_environment_variables": "agent.secrets",
}


class RelationsQuery(Body):
    include: Annotated[list[Relation] | None, Option()] = None
    include_relationships: Annotated[list[str] | None, Option()] = None

    def asked(self) -> list[str]:
        """Return the named relations."""
        older = [
            _OLDER_NAMES[name] for name in self.include_relationships or [] if name in _OLDER_NAMES
        ]
        return [*(self.include or []), *older]

    def wanted(self, client: Client) -> list[str]:
        """Return the relations that a response includes."""
        named = self.include is not None or self.include_relationships is not None
        return self.asked() if named or client.is_sdk_v1 else list(RELATIONS)


def read_agent(
    context: RequestContext, agent: AgentState, include: Collection[str] = RELATIONS
) -> AgentState:
    """Return an agent as all answers except that to its creation show it: with `<encrypted>` for
    empty secrets [87]."""
    shown = show_agent(context, agent, include)
    secrets = [*map(_read_secret, shown.secrets)]
    return shown.changed({"secrets": secrets, "tool_exec_environment_variables": secrets})


def show_agent(
    context: RequestContext, agent: AgentState, include: Collection[str] = RELATIONS
) -> AgentState:
    """Return an agent with the named relations; the others are empty [50, 51]."""
    world, store = context.world, context.world.store
    if agent.last_run_completion is not None:
        context.depends_on(NO_RUN_COMPLETION, "no `last_run_completion`")
    elif agent.last_stop_reason is not None and NO_RUN_COMPLETION in world.quirks:
        context.depends_on(NO_RUN_COMPLETION, "the time of the run's end")
    blocks = store.blocks_of(agent.id) if "agent.blocks" in include else []
    secrets = agent.secrets if "agent.secrets" in include else []
    has_folders = "agent.sources" in include
    files = file_blocks(world, agent) if "agent.blocks" in include else []
    kept: dict[str, object] = {
        **file_limits(agent)._asdict(),
        "message_ids": store.thread(agent.id).context_ids,
        "blocks": blocks,
        "memory": agent.memory.changed({"blocks": blocks, "file_blocks": files}),
        "sources": _sources_of(world, agent) if has_folders else [],
        "tools": store.tools_of(agent.id) if "agent.tools" in include else [],
        "secrets": secrets,
        "tool_exec_environment_variables": secrets,
    }
    if not include:
        kept["tags"] = []
    if "agent.pending_approval" in include:
        request = store.thread(agent.id).pending_request
        kept["pending_approval"] = _shown_request(request) if request else None
    if "agent.managed_group" in include:
        group = group_managed_by(world, agent.id)
        kept |= {"managed_group": group, "multi_agent_group": group}
    if "agent.identities" in include:
        kept |= identities_of(world, agent)
    return agent.changed(kept)


def _read_secret(secret: AgentEnvironmentVariable) -> AgentEnvironmentVariable:
    return secret if secret.value else secret.changed({"value": "<encrypted>", "value_enc": None})


def _sources_of(world: World, agent: AgentState) -> "list[Source]":
    folders = folders_of(world, agent.id)
    if not folders:
        return []
    from mockletta.wire.folders import as_source  # noqa: PLC0415 - few agents have any

    return [as_source(one) for one in folders]


def _shown_request(request: "MessageRecord") -> "Message":
    from mockletta.turns.message_expansion import approval_request  # noqa: PLC0415 - few agents wait

    return approval_request(request)


def group_managed_by(world: World, agent_id: str) -> "Group | None":
    """Return the group that an agent manages, if any."""
    groups = world.store.groups
    return next((group for group in groups if group.manager_agent_id == agent_id), None)


def identities_of(world: World, agent: AgentState) -> dict[str, object]:
    """Return the identities that an agent shows."""
    ids = world.store.agent_identities.rights(agent.id)
    shown = [world.store.identities.get(one) for one in ids]
    return {"identity_ids": ids, "identities": shown}
