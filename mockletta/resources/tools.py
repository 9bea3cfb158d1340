"""Making, changing and attaching tools. What a tool's code does is not looked at."""

from hashlib import sha256

from mockletta.errors import ORGANIZATION_ID, USER_ID, BadRequest, NotFound
from mockletta.resources.agents import touch_agent
from mockletta.resources.changes import given
from mockletta.tools.schemas.derivation import derive_schema
from mockletta.turns.step_tool_calls import APPROVAL_RULE
from mockletta.wire.agents import AgentState
from mockletta.wire.tool_requests import CreateTool, UpdateTool
from mockletta.wire.tool_rules import RequiresApprovalToolRule
from mockletta.wire.tools import Tool
from mockletta.world.world import World

SOURCE_TYPES = {"python", "typescript", "json"}
FIELDS = {
    "description",
    "tags",
    "source_code",
    "source_type",
    "json_schema",
    "args_json_schema",
    "return_char_limit",
    "pip_requirements",
    "npm_requirements",
    "default_requires_approval",
    "enable_parallel_execution",
    "metadata_",
    "project_id",
}


def save_tool(world: World, body: CreateTool) -> Tool:
    """A new tool, or a change to the one that has its name already [62 same name again]."""
    schema = _schema_of(body)
    name, description = str(schema["name"]), schema.get("description")
    digest = sha256(body.source_code.encode()).hexdigest()[:12]
    derived = {
        "json_schema": schema,
        "description": body.description or description,
        "metadata_": {"tool_hash": digest},
    }
    known = world.store.tool_named(name)
    if known is not None:
        changes = given(body, FIELDS & body.model_fields_set) | derived
        return world.store.tools.replace(known.changed(changes))
    plain = Tool(
        id=world.ids.new("tool"),
        name=name,
        args_json_schema={},
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
    )
    return world.store.tools.add(plain.changed(given(body, FIELDS) | derived))


def update_tool(world: World, tool: Tool, body: UpdateTool) -> Tool:
    """Change a tool; its name and its schema stay unless a schema is given [62 update *]."""
    return world.store.tools.replace(tool.changed(given(body, FIELDS)))


def attach_tool(world: World, agent: AgentState, tool_id: str) -> None:
    """Attach a tool; doing so again changes nothing [62 attach again]."""
    tool = world.store.tools.find(tool_id)
    if tool is None:
        raise NotFound(f"Tool with id={tool_id} not found in organization={ORGANIZATION_ID}")
    if not world.store.agent_tools.has(agent.id, tool_id):
        world.store.agent_tools.add(agent.id, tool_id)
    if tool.default_requires_approval:
        require_approval(world, agent, tool.name, required=True)


def detach_tool(world: World, agent: AgentState, tool_id: str) -> None:
    """Detach a tool; one that is not attached is no error [62 detach again]."""
    if world.store.agent_tools.has(agent.id, tool_id):
        world.store.agent_tools.remove(agent.id, tool_id)


def require_approval(world: World, agent: AgentState, tool_name: str, *, required: bool) -> None:
    """Make calls of a tool wait for approval, or not; the name need not be a tool's [62]."""
    rules = [
        rule
        for rule in agent.tool_rules or []
        if not (rule.type == APPROVAL_RULE and rule.tool_name == tool_name)
    ]
    if required:
        rules.append(RequiresApprovalToolRule(tool_name=tool_name))
    world.store.agents.replace(agent.changed({"tool_rules": rules}))
    touch_agent(world, agent.id)


def _schema_of(body: CreateTool) -> dict[str, object]:
    if not body.source_code:
        raise BadRequest("Custom tool is missing source_code field.")
    if body.source_type not in SOURCE_TYPES:
        raise BadRequest(f"Unknown tool source type: {body.source_type}")
    if body.json_schema is not None:
        return _checked(body.json_schema)
    if body.source_type == "typescript":
        raise BadRequest("TypeScript tools require a json_schema.")
    return derive_schema(body.source_code, body.args_json_schema)


def _checked(schema: dict[str, object]) -> dict[str, object]:
    """A schema that was given: its name and its description become the tool's."""
    name, description = schema.get("name"), schema.get("description")
    if not isinstance(name, str) or not name:
        raise BadRequest("The json_schema of a tool must have a name.")
    if description is not None and not isinstance(description, str):
        raise BadRequest("The description in the json_schema of a tool must be a text.")
    return schema
