"""The tables of what only Letta Cloud has; few worlds have any rows of it."""

from operator import attrgetter
from typing import TYPE_CHECKING

from mockletta.state.table import Later, Table

if TYPE_CHECKING:
    from mockletta.state.template_versions import Deployment, TemplateRow
    from mockletta.wire.environments import Environment
    from mockletta.wire.schedules import ScheduledMessage


class CloudTables:
    """Tables whose shapes are loaded late."""

    def __init__(self) -> None:
        self.schedules: Table[ScheduledMessage] = Table(
            Later("wire.schedules", "ScheduledMessage"),
            "Scheduled message",
            scopes={"agent_id": attrgetter("agent_id")},
        )
        self.templates: Table[TemplateRow] = Table(
            Later("state.template_versions", "TemplateRow"), "Template"
        )
        self.deployments: Table[Deployment] = Table(
            Later("state.template_versions", "Deployment"), "Deployment"
        )
        self.environments: Table[Environment] = Table(
            Later("wire.environments", "Environment"), "Environment"
        )
