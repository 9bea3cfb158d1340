"""Worlds written as seed files: a file that is loaded and written again stays the same."""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.providers import create_provider
from mockletta.api.tools.mcp_servers import create_mcp_server
from mockletta.files.seed import load_seed
from mockletta.files.seed_writing import seed_text
from mockletta.wire.agents import CreateAgent
from mockletta.wire.mcp_servers import StdioConfig
from mockletta.wire.provider_types import ProviderType
from mockletta.wire.providers import CreateProvider
from mockletta.world.world import World
from tests.files.rich import happen, make_rich_world
from tests.worlds import make_agent, make_conversation, say

HEAD = "# A world as a seed file: start with it by `mockletta serve --seed FILE`.\n"


def loaded(path: Path, text: str) -> World:
    world, file = World(), path / "world.yaml"
    file.write_text(text, encoding="utf-8")
    load_seed(world, str(file))
    return world


def content(text: str) -> Any:  # noqa: ANN401 - YAML
    """The content of a seed file, without its comments."""
    return yaml.safe_load(text)


def written(world: World) -> Any:  # noqa: ANN401 - YAML
    return content(seed_text(world))


def test_an_empty_world_is_an_empty_seed() -> None:
    assert seed_text(World()) == f"{HEAD}version: 1\n"


def test_what_is_as_usual_is_not_written() -> None:
    world = World()
    create_agent(world, CreateAgent(name="Ada", model="openai/gpt-4o-mini", tags=["red"]))
    [agent] = written(world)["agents"]
    assert agent.keys() == {
        "id",
        "name",
        "tags",
        "model",
        "tools",
        "include_base_tools",
        "include_base_tool_rules",
    }


@pytest.mark.parametrize("name", ["demo", "sdk-examples"])
def test_the_seeds_of_the_package_come_back(tmp_path: Path, name: str) -> None:
    world = World()
    load_seed(world, name)
    text = seed_text(world)
    assert seed_text(loaded(tmp_path, text)) == text


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happened_in_a_world_comes_back(tmp_path: Path, seed: int) -> None:
    world, rng = make_rich_world(seed=seed), random.Random(seed)
    for _ in range(60):
        happen(world, rng)

    seen = written(world)

    again = loaded(tmp_path, yaml.safe_dump(seen))

    assert without_message_ids(written(again)) == without_message_ids(seen)


def without_message_ids(seed: Any) -> Any:  # noqa: ANN401 - YAML
    """Messages that a fork shares get ids of their own."""
    for agent in seed["agents"]:
        for thread in (agent, *agent.get("conversations", ())):
            for message in thread.get("messages", ()):
                message.pop("id", None)
                message.pop("step_id", None)
    return seed


def test_messages_that_cannot_be_told_are_counted() -> None:
    text = seed_text(make_rich_world(seed=1))
    assert "# Left out: 5 messages of tools, of approvals or with images.\n" in text


def test_a_model_that_is_not_as_its_handle_says_is_written_whole(tmp_path: Path) -> None:
    world = World()
    provider = CreateProvider(name="mine", provider_type=ProviderType.openai, api_key="k")
    create_provider(world, provider)
    for model, changes in (
        ("openai/gpt-4o-mini", {"context_window_limit": 9_000}),
        ("mine/gpt-4o-mini", {}),
    ):
        create_agent(world, CreateAgent.model_validate({"model": model, **changes}))

    changed, own = written(world)["agents"]

    assert changed["llm_config"]["context_window"] == 9_000
    assert own["model"] == "mine/gpt-4o-mini"
    again = list(loaded(tmp_path, seed_text(world)).store.agents)
    assert [row.llm_config.context_window for row in again] == [9_000, 128_000]


@pytest.mark.parametrize("handle", [None, "gone/gpt-4o-mini"])
def test_a_model_without_a_known_handle_is_written_whole(handle: str | None) -> None:
    world = World()
    agent = make_agent(world)
    config = agent.llm_config.changed({"handle": handle})
    world.store.agents.replace(agent.changed({"llm_config": config}))

    [entry] = written(world)["agents"]

    assert entry["llm_config"]["model"] == "gpt-4o-mini"
    assert "model" not in entry


def test_runs_and_messages_of_a_conversation_stay_together(tmp_path: Path) -> None:
    world = World()
    conversation = make_conversation(world, make_agent(world))
    say(world, conversation.id, "Hello!")

    again = loaded(tmp_path, seed_text(world)).store

    [run] = again.runs
    assert run.conversation_id == conversation.id
    said = again.thread(conversation.id).context[1:]
    assert [record.role for record in said] == ["user", "assistant"]
    assert {record.run_id for record in said} == {run.id}


def test_files_of_one_name_get_numbers(tmp_path: Path) -> None:
    world = loaded(
        tmp_path,
        "version: 1\nfolders:\n- name: f\n  files:\n  - {name: a.txt, content: x}\n"
        "  - {name: b.txt, content: y}\n",
    )
    second = list(world.store.files)[1]
    world.store.files.replace(second.changed({"original_name": "a.txt"}))

    [folder] = written(world)["folders"]

    assert [file["name"] for file in folder["files"]] == ["a.txt", "a_(1).txt"]


def test_a_server_that_nobody_declared_is_written_with_its_configuration(tmp_path: Path) -> None:
    world = World()
    create_mcp_server(world, "weather", StdioConfig(command="weather", args=["--now"]))

    [server] = written(world)["mcp_servers"]

    assert server["config"] == {
        "mcp_server_type": "stdio",
        "command": "weather",
        "args": ["--now"],
    }
    [again] = loaded(tmp_path, seed_text(world)).store.mcp_servers
    assert (again.id, again.server_name) == (server["id"], "weather")
