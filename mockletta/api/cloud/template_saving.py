"""Creates, saves and changes templates.

A template is an agent file without messages: a working version, and numbered saved versions. In
memory blocks and instructions `{{name}}` stands for a memory variable.
"""

import re

from mockletta.api.exports.exporting import export_agent
from mockletta.api.exports.import_checks import check_file, parse_file
from mockletta.api.exports.importing import ImportOptions, import_tool
from mockletta.api.message_targets import agent_named
from mockletta.api.resource import given_id
from mockletta.catalogue.random_names import random_name
from mockletta.errors import CloudBadRequest, CloudNotFound
from mockletta.state.template_versions import TemplateRow, TemplateVersion
from mockletta.wire.cloud import CreateTemplate, FileJson, Template
from mockletta.wire.exports import ExportFile
from mockletta.world.world import World

MOST = 1_000
"""The most templates of a world, and versions of a template."""
LATEST, WORKING = "latest", ("current", "dev")
PROJECT_ID = "00000000-0000-4000-8000-000000000000"
PROJECT = "default-project"
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,200}")


def create_template(
    world: World, body: CreateTemplate, *, project_id: str | None, project: str | None
) -> TemplateRow:
    """Create a template, saved as version 1. Raises CloudBadRequest for an invalid or existing
    name, and the errors of an invalid agent file."""
    name = body.name if body.name is not None else random_name(world.ids.random)
    if _NAME.fullmatch(name) is None:
        raise CloudBadRequest("The name of a template has letters, digits, - and _ only")
    if find_template(world, name) is not None:
        raise CloudBadRequest(f"There is a template {name} already")
    if len(world.store.templates) >= MOST:
        raise CloudBadRequest(f"There can be {MOST} templates; delete one first")
    file = _source(world, body)
    now = world.clock.now()
    row = TemplateRow(
        id=given_id(body) or world.ids.uuid(),
        name=name,
        project_id=project_id or project or PROJECT_ID,
        project_slug=project or PROJECT,
        created_at=now,
        updated_at=now,
        current=file,
        versions=(TemplateVersion(world.ids.uuid(), 1, now, file),),
    )
    return world.store.templates.add(row)


def save_version(world: World, row: TemplateRow, message: str | None = None) -> TemplateRow:
    """Save the working version under the next number."""
    if len(row.versions) >= MOST:
        raise CloudBadRequest(f"A template can have {MOST} versions")
    version = TemplateVersion(
        id=world.ids.uuid(),
        number=row.latest.number + 1,
        created_at=world.clock.now(),
        file=row.current,
        message=message,
    )
    return world.store.templates.replace(row.saved_as(version))


def change_current(
    world: World, row: TemplateRow, given: FileJson, *, save_first: bool, update_tools: bool
) -> TemplateRow:
    """Replace the working version by a file. The present one is saved before, if requested and not
    saved yet."""
    file = file_of(given)
    if save_first and row.is_changed:
        row = save_version(world, row)
    if update_tools:
        _update_tools(world, file)
    return world.store.templates.replace(row.with_current(file, world.clock.now()))


def roll_back(world: World, row: TemplateRow, version: str) -> TemplateRow:
    """Make a saved version the working version. Unsaved changes are saved first."""
    if version in WORKING:
        raise CloudBadRequest(
            f"There is no rolling back to {version}: name a version that is saved"
        )
    target = find_version(row, version)
    if row.is_changed:
        row = save_version(world, row)
    return world.store.templates.replace(row.with_current(target.file, world.clock.now()))


def template_named(world: World, name: str) -> TemplateRow:
    row = find_template(world, name)
    if row is None:
        raise CloudNotFound(f"Template {name} not found")
    return row


def find_template(world: World, name: str) -> TemplateRow | None:
    return next((row for row in world.store.templates if row.name == name), None)


def find_version(row: TemplateRow, version: str) -> TemplateVersion:
    """Find a saved version by its number, or the newest one."""
    if version == LATEST:
        return row.latest
    found = next((one for one in row.versions if str(one.number) == version), None)
    if found is None:
        raise CloudNotFound(f"Version {version} of template {row.name} not found")
    return found


def show_template(row: TemplateRow) -> Template:
    latest = str(row.latest.number)
    return Template(
        id=row.id,
        latest_version=latest,
        name=row.name,
        project_id=row.project_id,
        project_slug=row.project_slug,
        template_deployment_slug=f"{row.project_slug}/{row.name}:{latest}",
        updated_at=row.updated_at,
        description=row.current.agents[0].description,
    )


def file_of(given: FileJson) -> ExportFile:
    """Check that a file is consistent and has agents, and return it without messages."""
    file = parse_file(given)
    check_file(file)
    if not file.agents:
        raise CloudBadRequest("A template needs a file with an agent")
    bare: dict[str, object] = {"messages": [], "in_context_message_ids": []}
    return file.changed({"agents": [agent.changed(bare) for agent in file.agents]})


def _source(world: World, body: CreateTemplate) -> ExportFile:
    if body.type == "agent":
        if body.agent_id is None or body.agent_id not in world.store.agents:
            raise CloudBadRequest(f"Agent {body.agent_id} not found")
        return export_agent(world, agent_named(world, body.agent_id), scrub_messages=True)
    if body.agent_file is None:
        raise CloudBadRequest("agent_file is required")
    file = file_of(body.agent_file)
    if body.update_existing_tools:
        _update_tools(world, file)
    return file


def _update_tools(world: World, file: ExportFile) -> None:
    """Update existing custom tools with source and schema from a file."""
    for tool in file.tools:
        if world.store.tool_named(tool.name) is not None:
            import_tool(world, tool, ImportOptions())
