"""Agents as the console shows them."""

from typing import Any

import httpx

from mockletta import MockLetta

MODEL = "openai/gpt-4o-mini"
TOOL = '''
def rm(path: str) -> str:
    """
    Delete.

    Args:
        path: A file.
    """
'''
NAMED = {"X-Mockletta-World": "main"}


def ask(mock: MockLetta, path: str) -> Any:  # noqa: ANN401
    with httpx.Client(transport=mock.transport(), base_url=mock.base_url) as http:
        return http.get(f"/_mockletta{path}", headers=NAMED).json()


def test_an_agent_is_shown_with_its_memory_tools_and_conversations() -> None:
    with MockLetta(seed="seed_data/demo.yaml") as mock:
        [kitchen, support] = sorted(ask(mock, "/agents")["agents"], key=lambda one: one["name"])
        shown = ask(mock, f"/agents/{support['id']}")
    assert (kitchen["name"], support["conversations"], support["doing"]) == ("kitchen", 2, "idle")
    shop = next(block for block in shown["blocks"] if block["label"] == "shop")
    assert [one["name"] for one in shop["shared_with"]] == ["kitchen"]
    assert shown["conversations"][0]["id"] == "default"
    assert shown["system_message"].startswith("<base_instructions>")


def test_a_thread_is_shown_with_its_runs_and_what_is_in_context() -> None:
    with MockLetta(port=None) as mock, mock.client() as client:
        agent = client.agents.create(model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id).id
        list(client.conversations.messages.create(conversation, input="Say 'cheese'"))
        thread = ask(mock, f"/agents/{agent.id}/threads/{conversation}")
        direct = ask(mock, f"/agents/{agent.id}/threads/default")
        listed = ask(mock, f"/agents/{agent.id}")["conversations"]
    kinds = [one["message_type"] for one in thread["messages"]]
    assert kinds == ["system_message", "user_message", "assistant_message"]
    assert all(one["in_context"] for one in thread["messages"])
    [run] = thread["runs"]
    assert (run["status"], run["stop_reason"], len(run["steps"])) == ("completed", "end_turn", 1)
    assert (direct["runs"], direct["doing"], listed[1]["messages"]) == ([], "idle", 3)


def test_a_user_message_is_shown_in_the_users_own_words() -> None:
    note = "<system-reminder>\nThe branch is main.\n</system-reminder>"
    with MockLetta(port=None) as mock, mock.client() as client:
        agent = client.agents.create(model=MODEL)
        for text in (f"{note}\nHello", "Hello"):
            client.agents.messages.create(agent.id, input=text)
        thread = ask(mock, f"/agents/{agent.id}/threads/default")
    sent = [one for one in thread["messages"] if one["message_type"] == "user_message"]
    assert [one.get("own_words") for one in sent] == ["Hello", None]


def test_what_waits_for_approval_and_what_needs_one_is_told() -> None:
    with MockLetta(port=None) as mock, mock.client() as client:
        tool = client.tools.upsert(source_code=TOOL, default_requires_approval=True)
        agent = client.agents.create(model=MODEL, tool_ids=[tool.id], include_base_tools=False)
        mock.when("go").call("rm", path="x")
        client.agents.messages.create(agent.id, input="go")
        [summary] = ask(mock, "/agents")["agents"]
        shown = ask(mock, f"/agents/{agent.id}")
    assert summary["doing"] == "waiting for approval"
    assert [one["requires_approval"] for one in shown["tools"]] == [True]


def test_a_block_has_a_history_of_who_changed_it() -> None:
    with MockLetta(port=None) as mock, mock.client() as client:
        blocks: list[Any] = [{"label": "human", "value": "x"}]
        agent = client.agents.create(model=MODEL, memory_blocks=blocks)
        client.agents.blocks.update("human", agent_id=agent.id, value="y")
        mock.when("note").edit("human", set="z").say("Noted.")
        client.agents.messages.create(agent.id, input="note")
        block = client.agents.blocks.retrieve("human", agent_id=agent.id)
        first, second = ask(mock, f"/blocks/{block.id}/history")["changes"]
    assert (first["before"], first["after"], first["cause"]["operation"]) == (
        "x",
        "y",
        "agents.blocks.update",
    )
    cause = second["cause"]
    assert (second["after"], cause["agent_id"]) == ("z", agent.id)
    assert cause["tool"] in {"memory_insert", "memory_replace", "memory_rethink"}


def test_reading_through_the_control_api_leaves_no_entry_and_writing_does() -> None:
    with MockLetta(port=None, tenancy="key") as mock, mock.client(api_key="other") as client:
        client.agents.list()
        with httpx.Client(
            transport=mock.transport(), base_url=f"{mock.base_url}/_mockletta"
        ) as http:
            worlds = http.get("/worlds").json()["worlds"]
            other = {"X-Mockletta-World": next(one["id"] for one in worlds if one["key"])}
            assert http.get("/v1/agents/", headers=other).json() == []
            made = http.post("/v1/agents/", json={"model": MODEL}, headers=other).json()
            entries = http.get("/journal", headers=other).json()["entries"]
            unknown = http.get("/v1/agents/", headers={"X-Mockletta-World": "nowhere"})
        assert [agent.id for agent in client.agents.list()] == [made["id"]]
    assert [one["operation"] for one in entries] == ["agents.list", "agents.create"]
    assert unknown.status_code == 404


def test_a_conversation_without_messages_is_shown_empty() -> None:
    with MockLetta(port=None) as mock, mock.client() as client:
        agent = client.agents.create(model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id)
        shown = ask(mock, f"/agents/{agent.id}/threads/{conversation.id}")
    kinds = [one["message_type"] for one in shown["messages"]]
    assert (kinds, shown["doing"]) == (["system_message"], "idle")
