"""Which relations of an agent a request asks for.

Clients of the SDK are shown none unless they ask, by `include` or its older form; others see all
[68].
"""

from typing import Literal

from mockletta.http.client_headers import Client
from mockletta.resources.agents import RELATIONS
from mockletta.wire.base import Body

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
_OLDER_NAMES = {
    "memory": "agent.blocks",
    "tools": "agent.tools",
    "tags": "agent.tags",
    "sources": "agent.sources",
    "identities": "agent.identities",
    "tool_exec_environment_variables": "agent.secrets",
}


class RelationsQuery(Body):
    include: list[Relation] | None = None
    include_relationships: list[str] | None = None

    def asked(self) -> list[str]:
        """The relations asked for by name."""
        older = [
            _OLDER_NAMES[name] for name in self.include_relationships or [] if name in _OLDER_NAMES
        ]
        return [*(self.include or []), *older]

    def wanted(self, client: Client) -> list[str]:
        """The relations to show a client."""
        named = self.include is not None or self.include_relationships is not None
        return self.asked() if named or client.is_sdk_v1 else list(RELATIONS)
