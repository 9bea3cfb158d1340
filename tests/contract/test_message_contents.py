"""What messages can be made of, and how they are listed."""

from typing import Any

import pytest
from letta_client import BadRequestError, Letta
from letta_client.types import AgentState, MessageCreateParam

from tests.contract.agent_talk import told
from tests.contract.conftest import MODEL, Connect
from tests.contract.steps import Steps
from tests.contract.undeclared import checked

IMAGE = {"file_id": "file-1", "data": "aGk=", "media_type": "image/png"}
PENDING = {"type": "approval", "approve": True, "approval_request_id": "message-1"}


@pytest.mark.parametrize(
    ("sent", "listed"),
    [
        ("{not JSON", "{not JSON"),
        ("{}", "{}"),
        ('{"type": "login", "message": "in"}', '{"type": "login", "message": "in"}'),
        ('{"type": "user_message", "message": "inside"}', "inside"),
    ],
)
def test_only_what_is_packed_as_a_user_message_is_unpacked(
    client: Letta, agent: AgentState, sent: str, listed: str
) -> None:
    client.agents.messages.create(agent.id, input=sent)

    assert told(client, agent.id, order="asc")[0] == ("user_message", listed)


def test_an_image_that_the_server_has_is_kept_as_it_is(client: Letta, agent: AgentState) -> None:
    parts: list[Any] = [{"type": "image", "source": {"type": "letta", **IMAGE}}]
    client.agents.messages.create(agent.id, messages=[{"role": "user", "content": parts}])

    message = checked(client.agents.messages.list(agent.id, order="asc").items)[1]
    assert message.to_dict()["content"] == [
        {"type": "image", "source": {"type": "letta", "detail": None, **IMAGE}}
    ]


def test_an_image_that_is_sent_becomes_one_that_the_server_has(
    client: Letta, agent: AgentState
) -> None:
    source = {"type": "base64", "data": "aGk=", "media_type": "image/png", "detail": "low"}
    parts: list[Any] = [{"type": "text", "text": "Look."}, {"type": "image", "source": source}]
    client.agents.messages.create(agent.id, input=parts)

    message = checked(client.agents.messages.list(agent.id, order="asc").items)[1]
    content: Any = message.to_dict()["content"]
    file_id = content[1]["source"].pop("file_id")
    assert (content[1]["source"], file_id[:5]) == ({**source, "type": "letta"}, "file-")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/cat.png", (None, None)),
        ("data:image/png;base64,aGk=", ("image/png", "aGk=")),
    ],
)
def test_an_image_is_kept_if_its_url_holds_it_and_never_fetched(
    client: Letta, agent: AgentState, url: str, kept: tuple[str | None, str | None]
) -> None:
    parts: list[Any] = [{"type": "image", "source": {"type": "url", "url": url}}]
    client.agents.messages.create(agent.id, messages=[{"role": "user", "content": parts}])

    message = checked(client.agents.messages.list(agent.id, order="asc").items)[1]
    content: Any = message.to_dict()["content"]
    sources = [part["source"] for part in content]
    assert [(source["media_type"], source["data"]) for source in sources] == [kept]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (
            {"role": "user", "content": [{"type": "tool_return", "tool_call_id": "1",
                                          "content": "x", "is_error": False}]},
            "Unsupported content type",
        ),
        (PENDING, "No tool call is currently awaiting approval"),
    ],
)  # fmt: skip
def test_what_users_do_not_say_is_refused(
    client: Letta, agent: AgentState, message: MessageCreateParam, reason: str
) -> None:
    with pytest.raises(BadRequestError, match=reason):
        client.agents.messages.create(agent.id, messages=[message])

    assert told(client, agent.id) == []


def test_parts_may_be_empty_if_there_are_several(client: Letta, agent: AgentState) -> None:
    parts: list[Any] = [{"type": "text", "text": ""}, {"type": "text", "text": ""}]
    client.agents.messages.create(agent.id, messages=[{"role": "user", "content": parts}])

    message = checked(client.agents.messages.list(agent.id, order="asc").items)[1]
    assert message.to_dict()["content"] == [{**part, "signature": None} for part in parts]


def test_the_only_part_may_be_empty(client: Letta, agent: AgentState) -> None:
    parts: list[Any] = [{"type": "text", "text": ""}]
    client.agents.messages.create(agent.id, messages=[{"role": "user", "content": parts}])

    message = checked(client.agents.messages.list(agent.id, order="asc").items)[1]
    assert message.to_dict()["content"] == ""


@pytest.mark.parametrize("content", ["", []])
def test_a_message_without_text_is_refused(
    client: Letta, agent: AgentState, content: str | list[Any]
) -> None:
    with pytest.raises(BadRequestError, match="Message content is empty or invalid"):
        client.agents.messages.create(agent.id, messages=[{"role": "user", "content": content}])


def test_a_model_is_sent_the_parts_as_they_are(connect: Connect) -> None:
    brain = Steps()
    client = connect(brain=brain)
    agent = client.agents.create(model=MODEL)
    source = {"type": "base64", "data": "aGk=", "media_type": "image/png"}
    parts: list[Any] = [{"type": "text", "text": "Look."}, {"type": "image", "source": source}]
    sent: Any = {"role": "user", "content": parts, "name": "bob"}
    client.agents.messages.create(agent.id, messages=[sent])

    [message] = brain.calls[0].messages
    url = {"url": "data:image/png;base64,aGk=", "detail": "auto"}
    assert list(message.parts) == [parts[0], {"type": "image_url", "image_url": url}]
    assert (message.name, message.text, message.images) == ("bob", "Look.", 1)
    preview: Any = client.post(
        f"/v1/agents/{agent.id}/messages/preview-raw-payload",
        body={"messages": [sent]},
        cast_to=object,
    )
    assert preview["messages"][-1] == {
        "role": "user",
        "name": "bob",
        "content": list(message.parts),
    }


def test_an_image_of_an_unknown_scheme_is_refused(client: Letta, agent: AgentState) -> None:
    image = {"type": "image", "source": {"type": "url", "url": "ftp://example.com/a.png"}}
    body = {"messages": [{"role": "user", "content": [image]}]}
    with pytest.raises(BadRequestError, match="Unsupported image URL scheme 'ftp'"):
        client.post(f"/v1/agents/{agent.id}/messages", cast_to=object, body=body)
