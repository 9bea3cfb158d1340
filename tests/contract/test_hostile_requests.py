"""Requests that would break a careless server: deep, endless, out of range, oddly encoded."""

from contextlib import suppress

import httpx
import pytest
from letta_client import BadRequestError, Letta, UnprocessableEntityError

from tests.contract.talk import MODEL, say


@pytest.mark.parametrize("escape", ["", "\\u0041"])
def test_what_is_nested_too_deeply_is_refused_before_it_is_stored(
    client: Letta, escape: str
) -> None:
    for levels in (201, 950, 10_000):
        nested = "[" * levels + f'"{escape}"' + "]" * levels
        with httpx.Client(base_url=str(client.base_url)) as http:
            answer = http.post(
                "/v1/blocks/",
                content=f'{{"label": "x", "value": "", "metadata": {{"a": {nested}}}}}',
                headers={"content-type": "application/json"},
            )
        assert (answer.status_code, answer.json()) == (
            400,
            {"detail": "There was an error parsing the body"},
        )

    assert list(client.blocks.list()) == []


def test_what_is_nested_deeply_is_kept(client: Letta) -> None:
    nested: object = "x"
    for _ in range(190):
        nested = {"a": nested}

    block = client.blocks.create(label="x", value="", metadata={"a": nested})

    assert client.blocks.retrieve(block.id).metadata == {"a": nested}


@pytest.mark.parametrize("share", [-1e17, -1e308, -0.1, 1.1, 1e308])
def test_a_share_that_is_none_is_taken_and_answered_at_once(client: Letta, share: float) -> None:
    agent = client.agents.create(model=MODEL)
    conversation = client.conversations.create(agent_id=agent.id)
    settings = {"sliding_window_percentage": share}

    for path in (f"conversations/{conversation.id}/compact", f"agents/{agent.id}/summarize"):
        with suppress(BadRequestError):  # there may be nothing to cut
            client.post(f"/v1/{path}", body={"compaction_settings": settings}, cast_to=object)
    client.agents.update(agent.id, compaction_settings={"model": MODEL, **settings})  # type: ignore[arg-type]


def test_a_search_full_of_wildcards_is_answered_at_once(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)
    conversation = client.conversations.create(agent_id=agent.id, summary="a" * 3_000)

    def found(term: str) -> list[str]:
        page = client.conversations.list(
            extra_query={"summary_search": term, "agent_id": agent.id}, agent_id=agent.id
        )
        return [item.id for item in page]

    assert (found("%a" * 30 + "b"), found("%a" * 30 + "_a")) == ([], [conversation.id])


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_is_none_in_utc_is_refused(client: Letta, moment: str) -> None:
    agent = client.agents.create(model=MODEL)
    conversation = client.conversations.create(agent_id=agent.id)

    with pytest.raises(UnprocessableEntityError, match="out of range"):
        client.patch(
            f"/v1/conversations/{conversation.id}",
            body={"last_message_at": moment},
            cast_to=object,
        )


def isolated_blocks(client: Letta, conversation_id: str) -> list[str]:
    """What old SDKs and the newest do not show."""
    shown = client.get(f"/v1/conversations/{conversation_id}", cast_to=httpx.Response).json()
    found: list[str] = shown["isolated_block_ids"]
    return found


def test_a_conversation_outlives_its_own_copy_of_a_block(client: Letta) -> None:
    blocks = [{"label": "human", "value": "H"}]
    agent = client.agents.create(model=MODEL, memory_blocks=blocks)  # type: ignore[arg-type]
    labels = {"isolated_block_labels": ["human"]}
    conversation = client.conversations.create(agent_id=agent.id, extra_body=labels)
    [copy] = isolated_blocks(client, conversation.id)

    client.blocks.delete(copy)

    assert isolated_blocks(client, conversation.id) == []
    assert say(client, conversation.id, "Say 'still here' back to me") == "still here"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_the_encoding_of_a_body_is_found(client: Letta, encoding: str) -> None:
    with httpx.Client(base_url=str(client.base_url)) as http:
        answer = http.post(
            "/v1/blocks/",
            content='{"label": "x", "value": "Grüße"}'.encode(encoding),
            headers={"content-type": "application/json"},
        )

    assert (answer.status_code, answer.json()["value"]) == (200, "Grüße")


@pytest.mark.parametrize(
    "parameters",
    [
        [1],
        {"properties": [1], "required": 7},
        {"properties": {"x": None}, "required": [["x"], None]},
        {"properties": {"n": {"type": {"a": 1}, "enum": 5}}, "required": {"n": 1}},
    ],
)
def test_a_tool_whose_schema_is_none_can_be_called(client: Letta, parameters: object) -> None:
    schema = {"name": "weather", "description": "The weather.", "parameters": parameters}
    tool = client.tools.create(source_code="none", json_schema=schema)
    agent = client.agents.create(model=MODEL, tool_ids=[tool.id])

    for text in ("Call weather with {}", "What is the weather?", "Use weather with n=1"):
        told = client.agents.messages.create(agent.id, input=text)
        assert told.stop_reason.stop_reason == "end_turn"


def test_source_code_is_neither_run_nor_read_without_end(client: Letta) -> None:
    field = "Field(description='d')"
    doubled = "".join(
        f"class M{n}(BaseModel):\n  x: M{n - 1} = {field}\n  y: M{n - 1} = {field}\n"
        for n in range(1, 40)
    )
    tool = "def f(x: {}):\n  'D.\\n\\n:param x: It.'"
    models = f"class M0(BaseModel):\n  x: int = {field}\n{doubled}{tool.format('M39')}"
    code = f"import os\nos.abort()\n{tool.format('os.abort()')}"

    for source, why in (models, "Unexpected error"), (code, r"Python type os.abort\(\) has no"):
        with pytest.raises(BadRequestError, match=why):
            client.tools.create(source_code=source)

    assert list(client.tools.list(tool_types=["custom"])) == []
