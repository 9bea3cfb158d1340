"""What an update of an agent's model rebuilds and what it keeps [74]."""

import pytest
from letta_client import BadRequestError, ConflictError, Letta
from letta_client.types import AgentState

from tests.contract.talk import MODEL


def files(client: Letta, agent_id: str) -> tuple[int | None, int | None]:
    agent = client.agents.retrieve(agent_id)
    return agent.max_files_open, agent.per_file_view_window_char_limit


def test_file_limits_follow_the_window_until_they_are_set_by_hand(client: Letta) -> None:
    agent_id = client.agents.create(model=MODEL).id
    for window, limits in ((8_000, (3, 5_000)), (9_000, (5, 15_000)), (250_000, (15, 40_000))):
        client.agents.update(agent_id, context_window_limit=window)
        assert files(client, agent_id) == limits

    client.agents.update(agent_id, max_files_open=15)
    client.agents.update(agent_id, context_window_limit=8_000)
    assert files(client, agent_id) == (15, 5_000)


def test_a_limit_of_tokens_brings_the_models_own_window_back(client: Letta) -> None:
    agent_id = client.agents.create(model=MODEL, context_window_limit=9_000).id

    changed = client.agents.update(agent_id, max_tokens=111).llm_config

    assert (changed.context_window, changed.max_tokens) == (128_000, 111)


def test_another_mode_of_compaction_brings_its_own_prompt(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, compaction_settings={"prompt": "mine"})
    changed = client.agents.update(agent.id, compaction_settings={"mode": "all"})

    assert agent.compaction_settings
    assert changed.compaction_settings
    assert agent.compaction_settings.prompt == "mine"
    assert changed.compaction_settings.prompt not in ("mine", None)
    kept = client.agents.update(agent.id, compaction_settings={"clip_chars": None})
    assert kept.compaction_settings
    assert (kept.compaction_settings.clip_chars, kept.compaction_settings.mode) == (None, "all")


def test_a_summary_is_written_by_a_model_of_the_agents_provider(client: Letta) -> None:
    agent = client.agents.create(model="anthropic/claude-sonnet-4-5-20250929")
    assert agent.model_dump()["compaction_settings"]["model"] == "anthropic/claude-haiku-4-5"


def test_what_no_agent_can_have_is_refused(client: Letta) -> None:
    agent_id = client.agents.create(model=MODEL).id
    with pytest.raises(BadRequestError, match="max_files_open cannot exceed 1000"):
        client.agents.update(agent_id, max_files_open=1_001)
    with pytest.raises(ConflictError, match="no blocks"):
        client.agents.update(agent_id, block_ids=["block-00000000-0000-4000-8000-000000000000"])


@pytest.mark.parametrize(
    ("given", "after"),
    [({}, "anthropic/claude-haiku-4-5"), ({"model": "openai/gpt-4o"}, "openai/gpt-4o")],
)
def test_the_usual_model_of_summaries_follows_the_agents(
    client: Letta, given: dict[str, str], after: str
) -> None:
    agent = client.agents.create(model=MODEL, compaction_settings=given)  # type: ignore[arg-type]
    changed = client.agents.update(agent.id, model="anthropic/claude-haiku-4-5")
    assert changed.compaction_settings
    assert changed.compaction_settings.model == after


@pytest.mark.parametrize("change", [{"context_window_limit": 9_000}, {"max_tokens": 9}])
def test_a_model_without_a_handle_cannot_be_built_again(
    client: Letta, change: dict[str, int]
) -> None:
    llm = {"model": "own", "model_endpoint_type": "openai", "context_window": 8_000}
    made = client.post("/v1/agents/", cast_to=AgentState, body={"llm_config": llm})

    with pytest.raises(BadRequestError, match="Argument handle does not match type"):
        client.agents.update(made.id, **change)  # type: ignore[arg-type]
