"""What a seed file has beside agents, blocks and folders."""

from pathlib import Path

import pytest

from mockletta.files.seed import BadSeed, find_seed, load_seed, seed_names
from mockletta.world.world import World

UUID = "123e4567-e89b-42d3-8456-426614174000"


@pytest.fixture(scope="module")
def world() -> World:
    world = World()
    load_seed(world, "sdk-examples")
    return world


def seeded(path: Path, text: str) -> World:
    world, file = World(), path / "world.yaml"
    file.write_text(f"version: 1\n{text}")
    load_seed(world, str(file))
    return world


def test_seed_files_of_the_package_are_known_by_their_names(tmp_path: Path) -> None:
    assert seed_names() == ["demo", "sdk-examples"]
    assert Path(find_seed("demo")).is_file()
    assert find_seed(str(tmp_path)) == str(tmp_path)


@pytest.mark.parametrize(
    ("table", "row_id"),
    [
        ("access_tokens", "token"),
        ("agents", f"agent-{UUID}"),
        ("archives", f"archive-{UUID}"),
        ("blocks", f"block-{UUID}"),
        ("conversations", f"conv-{UUID}"),
        ("environments", "id"),
        ("files", f"file-{UUID}"),
        ("folders", f"source-{UUID}"),
        ("groups", f"group-{UUID}"),
        ("identities", f"identity-{UUID}"),
        ("mcp_servers", "mcp_server_id"),
        ("messages", f"message-{UUID}"),
        ("passages", f"passage-{UUID}"),
        ("providers", f"provider-{UUID}"),
        ("runs", f"run-{UUID}"),
        ("schedules", "scheduled_message_id"),
        ("steps", f"step-{UUID}"),
        ("tools", f"tool-{UUID}"),
    ],
)
def test_one_of_everything_has_the_id_that_the_sdk_shows(
    world: World, table: str, row_id: str
) -> None:
    assert getattr(world.store, table).get(row_id)


def test_messages_belong_to_their_step_and_run(world: World) -> None:
    message = world.store.messages.get(f"message-{UUID}")
    assert (message.step_id, message.run_id) == (f"step-{UUID}", f"run-{UUID}")
    run = world.store.runs.get(f"run-{UUID}")
    assert (run.agent_id, run.status, run.conversation_id) == (
        f"agent-{UUID}",
        "completed",
        f"conv-{UUID}",
    )


def test_what_belongs_together_is_attached(world: World) -> None:
    store, agent = world.store, f"agent-{UUID}"
    assert store.agent_archives.rights(agent) == [f"archive-{UUID}"]
    assert f"tool-{UUID}" in store.agent_tools.rights(agent)
    assert store.agent_identities.rights(agent) == [f"identity-{UUID}"]
    assert store.passages.get(f"passage-{UUID}").archive_id == f"archive-{UUID}"
    assert store.server_tools.rights("mcp_server_id") == [f"tool-{UUID[:-1]}1"]
    assert [row.name for row in store.templates] == ["template_name", "template_version"]
    assert store.environments.get("id").connection_id == "connectionId"


def test_a_template_can_have_an_id_and_a_project(tmp_path: Path) -> None:
    agent = f"agents: [{{id: agent-{UUID}, model: openai/gpt-4o-mini}}]"
    template = f"{{name: t, id: mine, project_id: p, project: slug, agent_id: agent-{UUID}}}"

    world = seeded(tmp_path, f"{agent}\ntemplates: [{template}]")

    row = world.store.templates.get("mine")
    assert (row.name, row.project_id, row.project_slug) == ("t", "p", "slug")


def test_an_environment_that_is_not_online_has_no_connection(tmp_path: Path) -> None:
    row = "{device_id: d, name: n, online: false, connection_id: c}"
    world = seeded(tmp_path, f"environments: [{row}]")
    assert [one.connection_id for one in world.store.environments] == [None]


TOOL = f'{{id: tool-{UUID}, source_code: "x", json_schema: {{name: a}}}}'
OTHER = '{source_code: "y", json_schema: {name: a}}'
ARCHIVE = f"{{id: archive-{UUID}, name: n, passages: [{{id: passage-{UUID}, text: t}}]}}"
PROVIDER = f"{{id: provider-{UUID}, name: mine, provider_type: openai, api_key: k}}"
AGENT = "model: openai/gpt-4o-mini"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"tools: [{TOOL}, {TOOL}]", f"the tool tool-{UUID} already exists"),
        (f"tools: [{TOOL}, {OTHER}]", "there is a tool of that name already"),
        (f"archives: [{ARCHIVE}, {ARCHIVE}]", f"the archive archive-{UUID} already exists"),
        (f"providers: [{PROVIDER}, {PROVIDER}]", f"the provider provider-{UUID} already exists"),
        ("tools: [{id: tool-1, source_code: x}]", "expected an id such as `tool-"),
        ("archives: [{id: archive_id, name: n}]", "expected an id such as `archive-"),
        (
            "identities: [{identifier_key: k, name: n, identity_type: x}]",
            "expected 'org', 'user' or",
        ),
        (f"agents: [{{{AGENT}, runs: [{{id: run_id}}]}}]", "expected an id such as `run-"),
        (f"agents: [{{{AGENT}, archive_ids: [archive-{UUID}]}}]", "there is no archive"),
        (
            f"agents: [{{{AGENT}, messages: [{{content: x, step_id: step-{UUID}}}]}}]",
            "there is no step",
        ),
        ("templates: [{name: a b, agent_id: x}]", "letters, digits, - and _ only"),
        ("access_tokens: [{hostname: x, policy: []}]", "String should match pattern"),
        ("groups: [{description: d, agent_ids: [x], extra: 1}]", "unknown key `extra`"),
    ],
)
def test_what_the_api_would_refuse_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadSeed) as refused:
        seeded(tmp_path, text)
    assert reason in str(refused.value)
