"""client.agents.create and update: every parameter is accepted and kept."""

from collections.abc import Iterator

import pytest
from letta_client import (
    Letta,
)
from letta_client.types import AgentState

from mockletta.testing.mock_letta import MockLetta
from tests.contract.agent_facts import field_of, parameters_of
from tests.contract.conftest import sync_client
from tests.contract.sdk import IS_OLDER
from tests.contract.talk import MODEL, plain
from tests.contract.undeclared import checked

EMBEDDING = "openai/text-embedding-3-small"

# Every parameter of agents.create and what is kept of it: fields of the agent, `.` between levels.
# No fields: it has no effect here, it is only accepted.
KEPT: list[tuple[str, object, dict[str, object]]] = [
    ("agent_type", "react_agent", {"agent_type": "react_agent"}),
    ("base_template_id", "base", {"base_template_id": "base"}),
    ("block_ids", [], {"blocks": []}),
    ("compaction_settings", {"mode": "all"}, {"compaction_settings.mode": "all"}),
    ("context_window_limit", 20_000, {"llm_config.context_window": 20_000}),
    ("description", "desc", {"description": "desc"}),
    ("embedding", EMBEDDING, {"embedding": EMBEDDING, "embedding_config.handle": EMBEDDING}),
    ("embedding_chunk_size", 7, {}),
    (
        "embedding_config",
        {"embedding_dim": 3, "embedding_endpoint_type": "openai", "embedding_model": "m"},
        {"embedding_config.embedding_dim": 3, "embedding_config.embedding_model": "m"},
    ),
    ("enable_reasoner", False, {"llm_config.enable_reasoner": False}),
    ("enable_sleeptime", True, {"enable_sleeptime": True}),
    ("folder_ids", [], {}),
    ("from_template", "template", {}),
    ("hidden", True, {"hidden": True}),
    ("identity_ids", [], {"identity_ids": []}),
    ("include_base_tool_rules", True, {}),
    ("include_base_tools", False, {"tools": []}),
    ("include_default_source", True, {}),
    ("initial_message_sequence", [], {}),
    (
        "llm_config",
        {"model": "gpt-4o", "model_endpoint_type": "openai", "context_window": 8_000},
        {"llm_config.model": "gpt-4o", "llm_config.context_window": 8_000, "model": None},
    ),
    ("max_files_open", 3, {"max_files_open": 3}),
    ("max_reasoning_tokens", 5, {"llm_config.max_reasoning_tokens": 5}),
    ("max_tokens", 77, {"llm_config.max_tokens": 77, "model_settings.max_output_tokens": 77}),
    ("memory_blocks", [], {"memory.blocks": []}),
    ("memory_variables", {"name": "value"}, {}),
    ("message_buffer_autoclear", True, {"message_buffer_autoclear": True}),
    ("metadata", {"a": {"b": 1}}, {"metadata": {"a": {"b": 1}}}),
    ("model", "openai/gpt-4o", {"model": "openai/gpt-4o", "llm_config.model": "gpt-4o"}),
    (
        "model_settings",
        {"provider_type": "openai", "temperature": 0.1, "max_output_tokens": 500},
        {"model_settings.temperature": 0.1, "model_settings.max_output_tokens": 500},
    ),
    ("name", "Full Agent", {"name": "Full Agent"}),
    ("parallel_tool_calls", False, {"model_settings.parallel_tool_calls": False}),
    ("per_file_view_window_char_limit", 9, {"per_file_view_window_char_limit": 9}),
    ("project", "project", {"project_id": "project"}),
    ("project_id", "project", {"project_id": "project"}),
    ("reasoning", False, {"llm_config.enable_reasoner": False}),
    ("response_format", {"type": "json_object"}, {"response_format.type": "json_object"}),
    ("secrets", {}, {"secrets": []}),
    ("source_ids", [], {"sources": []}),
    ("system", "You are Full.", {"system": "You are Full."}),
    ("tags", ["red", "blue"], {"tags": ["red", "blue"]}),
    ("template", False, {}),
    ("template_id", "template", {"template_id": "template"}),
    ("timezone", "Europe/Vienna", {"timezone": "Europe/Vienna"}),
    ("tool_exec_environment_variables", {}, {"tool_exec_environment_variables": []}),
    ("tool_ids", [], {}),
    ("tool_rules", [], {"tool_rules": []}),
    ("tools", [], {}),
]
# What an update does with the same parameters, where it can be said in one value.
CHANGED = [
    case
    for case in KEPT
    if case[0] not in {"agent_type", "enable_reasoner", "max_reasoning_tokens", "block_ids"}
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Letta]:
    """A client of one server for the tables above: agents do not get in each other's way."""
    with MockLetta(quirks=["updated-llm-configs"]) as mock, sync_client(mock) as client:
        yield client


@pytest.mark.skipif(IS_OLDER, reason="an older SDK has fewer parameters")
def test_the_table_above_has_every_parameter_of_create(client: Letta) -> None:
    assert {name for name, _, _ in KEPT} == parameters_of(client.agents.create)


@pytest.mark.parametrize(("name", "value", "kept"), KEPT, ids=[case[0] for case in KEPT])
def test_every_parameter_of_create_is_accepted_and_kept(
    shared: Letta, name: str, value: object, kept: dict[str, object]
) -> None:
    body = {"model": MODEL, name: value}

    made = checked(shared.post("/v1/agents/", body=body, cast_to=AgentState))
    agent = shared.agents.retrieve(made.id, include=["agent.identities", "agent.tags"])

    assert {path: field_of(made, path) for path in kept} == kept
    shown = [path for path in kept if path not in ("secrets", "tool_exec_environment_variables")]
    assert {path: field_of(agent, path) for path in shown} == {path: kept[path] for path in shown}


@pytest.mark.parametrize(("name", "value", "kept"), CHANGED, ids=[case[0] for case in CHANGED])
def test_every_parameter_of_update_is_accepted_and_kept(
    shared: Letta, name: str, value: object, kept: dict[str, object]
) -> None:
    agent = shared.agents.create(model=MODEL)
    if name not in parameters_of(shared.agents.update):
        return

    changed = checked(shared.agents.update(agent.id, **{name: value}))  # type: ignore[arg-type]

    assert {path: field_of(changed, path) for path in kept} == kept


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        (
            {
                "provider_type": "anthropic",
                "thinking": {"type": "enabled", "budget_tokens": 2_000},
            },
            {"enable_reasoner": True, "max_reasoning_tokens": 2_000},
        ),
        (
            {
                "provider_type": "google_ai",
                "thinking_config": {"include_thoughts": True, "thinking_budget": 3_000},
            },
            {"enable_reasoner": True, "max_reasoning_tokens": 3_000},
        ),
        (
            {"provider_type": "zai", "thinking": {"type": "enabled", "clear_thinking": True}},
            {"enable_reasoner": True},
        ),
        ({"provider_type": "groq", "temperature": 0.5}, {"temperature": 0.5}),
    ],
    ids=["anthropic", "google_ai", "zai", "groq"],
)
def test_the_settings_of_every_provider_are_kept(
    shared: Letta, settings: dict[str, object], kept: dict[str, object]
) -> None:
    agent = checked(shared.agents.create(model=MODEL, model_settings=settings))  # type: ignore[arg-type]

    shown, config = plain(agent)["model_settings"], plain(agent)["llm_config"]
    assert isinstance(shown, dict)
    assert isinstance(config, dict)
    assert {name: shown[name] for name in settings} == settings
    assert {name: config[name] for name in kept} == kept
