"""client.agents.export_file and import_file: agents as `.af` files."""

from typing import Annotated

from mockletta.api.exports.exporting import export_agent
from mockletta.api.exports.import_checks import CORRUPTED, parse_file, parse_secrets
from mockletta.api.exports.importing import ImportOptions, import_agents
from mockletta.api.message_targets import agent_named
from mockletta.errors import BadRequest, Invalid
from mockletta.http.bodies import parse_body
from mockletta.http.rendering import JSON_TYPE, Response
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.exports import ExportedSkill, ExportFile, ImportedAgents
from mockletta.wire.fields import Holds, SecretText
from mockletta.wire.folders import UploadedFile
from mockletta.wire.models import EmbeddingHandle
from mockletta.world.quirks import KEPT_MESSAGES
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents")
EMBEDDING_HEADER = "x-override-embedding-model"
Exported = Annotated[Response, DeclaredResponse(ExportFile)]
NO_LEGACY = "Legacy format is not supported"


class ExportQuery(Body):
    """The deprecated `max_steps` has no effect [53 export max_steps 0]."""

    conversation_id: str | None = None
    scrub_messages: bool = False
    use_legacy_format: bool = False
    max_steps: int = 100


class ExportBody(Body):
    """An export, and the client's additions to it."""

    skills: list[ExportedSkill] = []
    conversation_id: str | None = None
    scrub_messages: bool = False


class ImportForm(Body):
    """A file, and options that override it. A newer name takes precedence over the older one."""

    file: Annotated[UploadedFile, Holds(ExportFile)]
    append_copy_suffix: bool = True
    override_existing_tools: bool = True
    strip_messages: bool = False
    name: str | None = None
    override_name: str | None = None
    model: str | None = None
    override_model_handle: str | None = None
    embedding: EmbeddingHandle | None = None
    override_embedding_handle: EmbeddingHandle | None = None
    secrets: SecretText | None = None
    env_vars_json: SecretText | None = None
    project_id: ProjectId = None


@routes.get("/{agent_id}/export", "agents.export_file")
def export_file(world: World, agent_id: str, query: ExportQuery) -> Exported:
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
def export_with_skills(world: World, agent_id: str, body: ExportBody | None = None) -> Exported:
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


@routes.post("/import", "agents.import_file")
def import_file(context: RequestContext, world: World, form: ImportForm) -> ImportedAgents:
    """Create the agents of a file. An unreadable or inconsistent file is refused as a whole."""
    options = _options(context, form)
    made = import_agents(world, parse_file(json_of(form.file.content)), options)
    return ImportedAgents(agent_ids=[agent.id for agent in made])


def _options(context: RequestContext, form: ImportForm) -> ImportOptions:
    embedding = form.embedding or form.override_embedding_handle
    return ImportOptions(
        name=form.name or form.override_name,
        append_copy_suffix=form.append_copy_suffix,
        override_existing_tools=form.override_existing_tools,
        strip_messages=_strips(context, form),
        model=form.model or form.override_model_handle,
        embedding=embedding or context.header(EMBEDDING_HEADER),
        secrets=_secrets(form),
        project_id=form.project_id,
    )


def _strips(context: RequestContext, form: ImportForm) -> bool:
    """Return whether the file's messages are left out."""
    if not form.strip_messages:
        return False
    quirks = context.world.quirks
    is_on = KEPT_MESSAGES in quirks
    other = f"agents {'without' if is_on else 'with'} the file's messages"
    quirks.record(KEPT_MESSAGES, context.operation, other, context.entry)
    return not is_on


def _secrets(form: ImportForm) -> dict[str, str] | None:
    given = form.secrets or form.env_vars_json
    return parse_secrets(given) if given else None


def json_of(content: bytes) -> object:
    """Parse a file. Raises BadRequest if it is not JSON."""
    try:
        value = parse_body(content, None)
    except (Invalid, BadRequest) as error:
        raise BadRequest(CORRUPTED) from error
    if value is None:
        raise BadRequest(CORRUPTED)
    return value


def _indented(file: ExportFile) -> Response:
    return Response(200, [JSON_TYPE], file.model_dump_json(indent=2).encode())
