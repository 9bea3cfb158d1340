"""client.templates: templates from which agents are created."""

from typing import Annotated

from mockletta.api.cloud.cloud_pages import CloudPageQuery, cloud_only, number
from mockletta.api.cloud.template_agents import create_agents, save_template
from mockletta.api.cloud.template_saving import (
    change_current,
    create_template,
    roll_back,
    show_template,
    template_named,
)
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.wire.base import ProjectId
from mockletta.wire.cloud import (
    AgentsCreated,
    AgentsFromTemplate,
    CreateTemplate,
    RollBack,
    SaveTemplate,
    Template,
    TemplateChanged,
    TemplateDeleted,
    Templates,
    UpdateTemplate,
)
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/templates", before=cloud_only)


class TemplatesQuery(CloudPageQuery):
    """Newest first. `offset` is the number of skipped rows."""

    offset: str | None = None
    name: str | None = None
    search: str | None = None
    template_id: str | None = None
    project_id: ProjectId = None
    project_slug: str | None = None


@routes.get("", "templates.list")
def list_templates(world: World, query: TemplatesQuery) -> Templates:
    exact = ("name", "project_slug")
    found = [
        row
        for row in reversed(list(world.store.templates))
        if all(getattr(query, key) in (None, getattr(row, key)) for key in exact)
        and query.template_id in (None, row.id)
        and query.project_id in (None, row.project_id, row.project_slug)
        and (query.search or "").lower() in row.name.lower()
    ]
    first, size = number(query.offset, 0), query.size()
    page = [show_template(row) for row in found[first : first + size]]
    return Templates(has_next_page=len(found) > first + size, templates=page)


@routes.post("", "templates.create")
def create(
    context: RequestContext, world: World, body: CreateTemplate
) -> Annotated[Response, DeclaredResponse(Template, 201)]:
    """Create a template from an agent or from a file."""
    row = create_template(
        world,
        body,
        project_id=context.header("x-project-id"),
        project=context.header("x-project"),
    )
    return created(show_template(row))


@routes.patch("/{template_name}", "templates.update")
def update(world: World, template_name: str, body: UpdateTemplate) -> TemplateChanged:
    """Replace the working version by a file."""
    row = template_named(world, template_name)
    change_current(
        world,
        row,
        body.agent_file_json,
        save_first=body.save_existing_changes,
        update_tools=body.update_existing_tools,
    )
    return TemplateChanged(message=f"Template {row.name} updated")


@routes.delete("/{template_name}", "templates.delete")
def delete(world: World, template_name: str) -> TemplateDeleted:
    """Delete a template with all its versions. Agents that were created from it remain."""
    world.store.templates.remove(template_named(world, template_name).id)
    return TemplateDeleted()


@routes.post("/{template_name}/rollback", "templates.rollback")
def rollback(world: World, template_name: str, body: RollBack) -> TemplateChanged:
    row = roll_back(world, template_named(world, template_name), body.version)
    return TemplateChanged(message=f"Template {row.name} rolled back to version {body.version}")


@routes.post("/{template_name}/save", "templates.save")
def save(world: World, template_name: str, body: SaveTemplate | None = None) -> Template:
    """Save the working version, and migrate agents if requested."""
    return show_template(save_template(world, template_name, body or SaveTemplate()))


@routes.post("/{template_version}/agents", "templates.agents.create")
def create_from(
    world: World, template_version: str, body: AgentsFromTemplate | None = None
) -> Annotated[Response, DeclaredResponse(AgentsCreated, 201)]:
    """Create the agents of a template: `name`, `name:version`, `name:latest` or `name:current`."""
    made = create_agents(world, template_version, body or AgentsFromTemplate())
    return created(AgentsCreated(agent_ids=list(made.agent_ids), deployment_id=made.id))
