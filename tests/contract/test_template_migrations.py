"""Templates that take their agents along to a new version."""

from letta_client import Letta
from letta_client.types import AgentState

from tests.contract.exported import RELATIONS
from tests.contract.sdk import needs
from tests.contract.test_templates import agent, changed, made, template

__all__ = ["agent"]

pytestmark = needs("templates.create")


def test_agents_are_taken_along_to_a_new_version(client: Letta, agent: AgentState) -> None:
    name = template(client, agent)
    copy = made(client, name, memory_variables={"name": "Nadia"}, tool_variables={"A": "1"})
    client.agents.blocks.update("human", agent_id=copy.id, value="Changed since.")
    extra = client.blocks.create(label="extra", value="-")
    client.agents.blocks.attach(extra.id, agent_id=copy.id)
    file = changed(client, agent, system="New.", tool_ids=[], tool_rules=[])
    file["blocks"].append({"id": "block-1", "label": "notes", "value": "For {{name}}"})
    file["agents"][0]["block_ids"].append("block-1")
    client.templates.update(name, agent_file_json=file)

    client.templates.save(name, migrate_agents=True)

    now = client.agents.retrieve(copy.id, include=RELATIONS)
    assert (now.system, now.tools, now.name) == ("New.", [], copy.name)
    assert {block.label: block.value for block in now.blocks} == {
        "human": "Name: Nadia. Likes {{food}}.",
        "extra": "-",
        "notes": "For Nadia",
    }
    assert {one.key: one.value for one in now.secrets or []} == {
        "TOKEN": "<encrypted>",
        "A": "1",
    }
    assert now.template_id != copy.template_id


def test_agents_that_are_taken_along_keep_what_is_to_be_kept(
    client: Letta, agent: AgentState
) -> None:
    name = template(client, agent)
    copy = made(client, name, tool_variables={"A": "1"})
    client.agents.update(copy.id, secrets={"B": "2"})
    client.agents.blocks.update("human", agent_id=copy.id, value="Changed since.")
    extra = client.blocks.create(label="extra", value="-")
    client.agents.blocks.attach(extra.id, agent_id=copy.id)

    client.templates.save(
        name,
        migrate_agents=True,
        preserve_core_memories_on_migration=True,
        preserve_environment_variables_on_migration=True,
        block_reconciliation_strategy="reconcile-all",
    )

    now = client.agents.retrieve(copy.id, include=RELATIONS)
    assert {block.label: block.value for block in now.blocks} == {"human": "Changed since."}
    assert {one.key: one.value for one in now.secrets or []} == {"B": "2"}
