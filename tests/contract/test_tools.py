"""Tools as data: made, changed, listed, attached, and run without any turn."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import Tool
from pydantic import BaseModel, Field

from tests.contract.steps import DOUBLE
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

pytestmark = pytest.mark.anyio
NOWHERE = "tool-00000000-0000-4000-8000-000000000000"


def make(client: Letta, name: str, **parameters: object) -> Tool:
    source = DOUBLE.replace("double", name)
    return checked(client.tools.create(source_code=source, **parameters))  # type: ignore[arg-type]


def names(tools: Iterable[Tool]) -> list[str | None]:
    return [tool.name for tool in checked(list(tools))]


def test_a_tool_is_made_from_source(client: Letta) -> None:
    tool = make(client, "double", tags=["math"], return_char_limit=100)

    assert (tool.name, tool.description, tool.tool_type) == ("double", "Double a number.", "custom")
    assert tool.json_schema == {
        "name": "double",
        "description": "Double a number.",
        "parameters": {
            "type": "object",
            "properties": {"x": {"type": "integer", "description": "The number."}},
            "required": ["x"],
        },
    }
    assert checked(client.tools.retrieve(tool.id)) == tool


def test_a_tool_is_made_from_a_schema(client: Letta) -> None:
    schema: dict[str, object] = {"name": "halve", "description": "Halve it.", "parameters": {}}

    tool = client.tools.create(source_code="not read", json_schema=schema)

    assert (tool.name, tool.description, tool.json_schema) == ("halve", "Halve it.", schema)


def test_a_schema_of_the_arguments_is_enough(client: Letta) -> None:
    schema: dict[str, object] = {"properties": {"x": {"type": "integer"}, "odd": 1}}

    tool = make(client, "double", args_json_schema=schema)

    assert tool.json_schema is not None
    assert tool.json_schema["parameters"] == {
        "type": "object",
        "properties": {"x": {"type": "integer", "description": ""}},
        "required": [],
    }


def test_a_model_of_pydantics_describes_arguments(client: Letta) -> None:
    class Place(BaseModel):
        name: str = Field(description="Its name.")

    class Arguments(BaseModel):
        home: Place
        away: list[Place] = []

    schema = make(client, "double", args_json_schema=Arguments.model_json_schema()).json_schema

    assert schema is not None
    parameters: Any = schema["parameters"]
    home, away = parameters["properties"]["home"], parameters["properties"]["away"]
    assert home["properties"]["name"]["description"] == "Its name."
    assert (away["items"]["required"], parameters["required"]) == (["name"], ["home"])


@pytest.mark.parametrize("method", ["create", "upsert"])
def test_a_tool_whose_name_is_taken_changes_the_one_that_has_it(client: Letta, method: str) -> None:
    """What is not sent becomes the default again, except for the tags."""
    tool = make(
        client, "double", tags=["math"], return_char_limit=7, default_requires_approval=True
    )

    again = getattr(client.tools, method)(source_code=DOUBLE)

    assert (again.id, again.tags) == (tool.id, ["math"])
    assert (again.return_char_limit, again.default_requires_approval) == (50_000, None)
    assert len(list(client.tools.list(name="double"))) == 1


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"source_code": ""}, "Custom tool is missing source_code field."),
        ({"source_type": "cobol"}, "Unknown tool source type: cobol"),
        ({"json_schema": {"name": "f", "description": 5}}, "must be a text"),
        ({"source_code": "def f(x: int):\n  'D'"}, "lacks a description in the docstring"),
        ({"source_code": "def f():\n  '\\ud800'"}, "half of a surrogate pair"),
        ({"source_code": "x = 1"}, "No functions found in source code"),
    ],
)
def test_what_is_no_tool_is_refused(client: Letta, parameters: dict[str, object], why: str) -> None:
    with pytest.raises(BadRequestError, match=why):
        client.tools.create(**{"source_code": DOUBLE, **parameters})  # type: ignore[arg-type]

    assert list(client.tools.list(tool_types=["custom"])) == []


def test_a_given_schema_must_have_a_name(client: Letta) -> None:
    with pytest.raises(ConflictError, match="must have a name"):
        client.tools.create(source_code=DOUBLE, json_schema={"parameters": {}})


def test_a_tool_in_typescript_must_have_a_schema(client: Letta) -> None:
    with pytest.raises(UnprocessableEntityError, match="TypeScript tools require an explicit"):
        client.tools.create(source_code="function f() {}", source_type="typescript")


def test_unknown_fields_of_a_tool_are_refused(client: Letta) -> None:
    with pytest.raises(UnprocessableEntityError, match="extra_forbidden"):
        client.tools.create(source_code=DOUBLE, extra_body={"name": "other"})


def test_an_empty_schema_is_derived_from_the_source(client: Letta) -> None:
    assert make(client, "double", json_schema={}).json_schema == make(client, "double").json_schema


def test_a_tool_is_changed_as_far_as_is_said(client: Letta) -> None:
    tool = make(client, "double", tags=["math"])

    changed = checked(client.tools.update(tool.id, description="Twice.", tags=["x"]))

    assert (changed.description, changed.tags) == ("Twice.", ["x"])
    assert (changed.name, changed.source_code) == (tool.name, tool.source_code)


def test_a_new_source_leaves_the_schema_as_it_is(client: Letta) -> None:
    tool = make(client, "double")

    changed = client.tools.update(tool.id, source_code="no Python: def double")

    assert (changed.source_code, changed.json_schema) == (
        "no Python: def double",
        tool.json_schema,
    )
    assert (changed.name, changed.metadata) == (tool.name, tool.metadata)


def test_a_new_schema_renames_its_tool(client: Letta) -> None:
    tool = make(client, "double")

    renamed = client.tools.update(tool.id, json_schema={"name": "twice", "description": "D."})
    unnamed = client.tools.update(tool.id, json_schema={"parameters": {}})

    assert (renamed.name, renamed.description) == ("twice", tool.description)
    assert (unnamed.name, unnamed.json_schema) == ("twice", {"parameters": {}})


def test_a_new_schema_of_the_arguments_makes_a_new_schema(client: Letta) -> None:
    tool = make(client, "double")

    client.tools.update(tool.id, json_schema={"name": "twice"})
    schema = client.tools.update(tool.id, args_json_schema={"properties": {"y": {}}}).json_schema

    assert schema is not None
    assert schema["name"] == "twice"
    assert schema["parameters"]["properties"] == {"y": {"description": ""}}  # type: ignore[index]


def test_the_packages_of_a_tool_are_part_of_its_hash(client: Letta) -> None:
    plain = make(client, "double").metadata
    needy = make(client, "double", pip_requirements=[{"name": "numpy"}]).metadata

    assert plain is not None
    assert needy is not None
    assert plain["tool_hash"] != needy["tool_hash"]


def test_names_of_a_new_source_and_its_schema_must_agree(client: Letta) -> None:
    tool, source = make(client, "double"), DOUBLE.replace("double", "two")

    with pytest.raises(BadRequestError, match="does not match the name in the JSON schema"):
        client.tools.update(tool.id, source_code=source)
    with pytest.raises(BadRequestError, match="or in the source code ``"):
        client.tools.update(tool.id, source_code="")
    with pytest.raises(BadRequestError, match="or in the source code"):
        client.tools.update(tool.id, source_code=source, json_schema={"name": "three"})
    with pytest.raises(BadRequestError, match="must be a text"):
        client.tools.update(tool.id, json_schema={"name": 3})


def test_a_tool_is_not_renamed_to_another_one(client: Letta) -> None:
    tool = make(client, "double")
    make(client, "other")

    with pytest.raises(ConflictError, match="there is a tool 'other'"):
        client.tools.update(tool.id, json_schema={"name": "other"})


def test_a_change_without_parallel_execution_switches_it_off(client: Letta) -> None:
    tool = make(client, "double", enable_parallel_execution=True)

    kept = client.tools.update(tool.id, enable_parallel_execution=True)
    lost = client.tools.update(tool.id, description="Twice.")

    assert (kept.enable_parallel_execution, lost.enable_parallel_execution) == (True, False)


def test_tools_are_listed_as_asked(client: Letta) -> None:
    one, two, three = (make(client, name) for name in ("one", "two_of", "three_of"))

    listed = client.tools.list

    assert names(listed(limit=2).items) == ["three_of", "two_of"]
    assert names(listed(search="_OF", order="asc")) == ["two_of", "three_of"]
    assert names(listed(names=["one", "two_of"])) == ["two_of", "one"]
    assert names(listed(tool_ids=[one.id])) == ["one"]
    assert names(listed(tool_types=["custom"], after=three.id)) == ["two_of", "one"]
    assert names(listed(tool_types=["custom"], before=two.id)) == ["three_of"]
    assert names(listed(tool_ids=[f"{one.id}, {two.id}"])) == ["two_of", "one"]
    assert names(listed(tool_types=["custom,letta_core"], limit=2).items) == ["three_of", "two_of"]
    assert "one" not in names(listed(return_only_letta_tools=True))
    assert "one" not in names(listed(exclude_tool_types=["custom"]))
    assert "one" in names(listed(extra_query={"exclude_letta_tools": True}))


def test_an_unknown_type_of_tools_is_refused(client: Letta) -> None:
    with pytest.raises(BadRequestError, match=r"'nope'\. Must be one of: custom"):
        client.tools.list(tool_types=["nope"])


def test_tools_are_counted(client: Letta) -> None:
    make(client, "double")

    with httpx.Client(base_url=str(client.base_url)) as http:
        count = http.get("/v1/tools/count", params={"exclude_letta_tools": True}).json()

    assert count == 1


def test_a_deleted_tool_leaves_its_agents(client: Letta) -> None:
    tool = make(client, "double")
    agent = client.agents.create(model=MODEL, tool_ids=[tool.id], include_base_tools=False)

    client.tools.delete(tool.id)

    assert list(client.agents.tools.list(agent.id)) == []
    with pytest.raises(NotFoundError):
        client.tools.retrieve(tool.id)
    with pytest.raises(BadRequestError, match=f"Tool with id {tool.id} not found."):
        client.tools.delete(tool.id)


def test_tools_are_attached_and_detached(client: Letta) -> None:
    tool = make(client, "double")
    agent = client.agents.create(model=MODEL, include_base_tools=False)

    tools = client.agents.tools

    answers = [tools.attach(tool.id, agent_id=agent.id) for _ in range(2)]
    attached = names(tools.list(agent.id))
    answers += [tools.detach(tool.id, agent_id=agent.id) for _ in range(2)]

    assert (attached, names(tools.list(agent.id))) == (["double"], [])
    assert answers == [None] * 4


def test_attaching_a_guarded_tool_makes_it_ask(client: Letta) -> None:
    tool = make(client, "double", default_requires_approval=True)
    agent = client.agents.create(model=MODEL)

    client.agents.tools.attach(tool.id, agent_id=agent.id)
    guarded = client.agents.retrieve(agent.id).tool_rules
    client.agents.tools.update_approval("double", agent_id=agent.id, body_requires_approval=False)

    assert [rule.type for rule in guarded or []] == ["requires_approval"]
    assert client.agents.retrieve(agent.id).tool_rules == []


def test_other_clients_are_answered_the_agent(client: Letta) -> None:
    tool = make(client, "double")
    agent = client.agents.create(model=MODEL, include_base_tools=False)

    with httpx.Client(base_url=str(client.base_url)) as http:
        answer = http.patch(f"/v1/agents/{agent.id}/tools/attach/{tool.id}").json()

    assert [item["name"] for item in answer["tools"]] == ["double"]


def test_approval_must_be_said(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)

    with httpx.Client(base_url=str(client.base_url)) as http:
        answer = http.patch(f"/v1/agents/{agent.id}/tools/approval/double")

    assert answer.status_code == 422


def test_what_is_not_there_is_not_found(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)
    unknown = agent.id[:-4] + "0000"

    with pytest.raises(NotFoundError, match=f"Tool with id={NOWHERE} not found"):
        client.agents.tools.attach(NOWHERE, agent_id=agent.id)
    with pytest.raises(NotFoundError, match="Agent not found"):
        client.agents.tools.list(unknown)
    with pytest.raises(NotFoundError, match=f"Agent with ID {unknown} not found"):
        client.agents.tools.run("double", agent_id=unknown)
    with pytest.raises(NotFoundError, match="'double' not found or not attached"):
        client.agents.tools.run("double", agent_id=agent.id)
    with pytest.raises(UnprocessableEntityError):
        client.agents.tools.attach("nope", agent_id=agent.id)


def test_an_agents_tool_can_be_run_by_itself(client: Letta) -> None:
    tool = make(client, "double")
    agent = client.agents.create(
        model=MODEL, memory_blocks=[{"label": "human", "value": "Nadia"}], tool_ids=[tool.id]
    )
    run = client.agents.tools.run

    stood_in = checked(run("double", agent_id=agent.id, args={"x": 1}))
    failed = checked(run("double", agent_id=agent.id))
    done = checked(
        run("memory_insert", agent_id=agent.id, args={"label": "human", "new_string": "Cats."})
    )

    assert (stood_in.status, str(stood_in.func_return)[:18]) == ("success", "This is a stand-in")
    assert (failed.status, failed.func_return) == ("error", None)
    assert done.status == "success"
    assert "Cats." in client.agents.blocks.retrieve("human", agent_id=agent.id).value


async def test_it_works_with_the_async_client(async_client: AsyncLetta) -> None:
    tool = await async_client.tools.create(source_code=DOUBLE)
    agent = await async_client.agents.create(model=MODEL, include_base_tools=False)

    await async_client.agents.tools.attach(tool.id, agent_id=agent.id)

    attached = [item.name async for item in async_client.agents.tools.list(agent.id)]
    assert attached == ["double"]


def test_a_guarded_tool_asks_also_when_it_came_with_a_change(client: Letta) -> None:
    tool = make(client, "double", default_requires_approval=True)
    agent = client.agents.create(model=MODEL)

    for _ in range(2):
        changed = client.agents.update(agent.id, tool_ids=[tool.id])

    assert [rule.type for rule in changed.tool_rules or []] == ["requires_approval"]


def test_a_schema_of_typescript_cannot_be_derived(client: Letta) -> None:
    body = {"code": "function f() {}", "source_type": "typescript"}
    with pytest.raises(BadRequestError, match="TypeScript tools require a json_schema"):
        client.post("/v1/tools/generate-schema", cast_to=object, body=body)
