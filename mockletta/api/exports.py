"""client.agents.export_file and import_file: agents as `.af` files."""

from mockletta.errors import BadRequest
from mockletta.http.rendering import JSON_TYPE, Response
from mockletta.http.routing import Routes
from mockletta.resources.conversations import agent_named
from mockletta.resources.exporting import export_agent
from mockletta.wire.base import Body
from mockletta.wire.exports import ExportFile, Skill
from mockletta.world import World

routes = Routes("/v1/agents")
NO_LEGACY = "Legacy format is not supported"


class ExportQuery(Body):
    """`max_steps` has had its day: it changes nothing [53 export max_steps 0]."""

    conversation_id: str | None = None
    scrub_messages: bool = False
    use_legacy_format: bool = False
    max_steps: int = 100


class ExportBody(Body):
    """An export with what a client gives along."""

    skills: list[Skill] = []
    conversation_id: str | None = None
    scrub_messages: bool = False


@routes.get("/{agent_id}/export", "agents.export_file")
def export_file(world: World, agent_id: str, query: ExportQuery) -> Response:
    if query.use_legacy_format:
        raise BadRequest(NO_LEGACY)
    return _indented(
        export_agent(
            world,
            agent_named(world, agent_id),
            conversation_id=query.conversation_id,
            scrub_messages=query.scrub_messages,
        )
    )


@routes.post("/{agent_id}/export", "agents.export_with_skills")
def export_with_skills(world: World, agent_id: str, body: ExportBody | None = None) -> Response:
    request = body or ExportBody()
    return _indented(
        export_agent(
            world,
            agent_named(world, agent_id),
            conversation_id=request.conversation_id,
            scrub_messages=request.scrub_messages,
            skills=request.skills,
        )
    )


def _indented(file: ExportFile) -> Response:
    return Response(200, [JSON_TYPE], file.model_dump_json(indent=2).encode())
