"""Providers as data, the one user, and whether the server is ready."""

import re
from typing import Any

import pytest
from letta_client import (
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)

from mockletta.errors import ORGANIZATION_ID, USER_ID
from mockletta.testing.mock_letta import MockLetta
from tests.contract.sdk import lists_models

NOON = "2026-01-01T12:00:00Z"
MINE: dict[str, Any] = {"name": "mine", "provider_type": "openai", "api_key": "k"}
UNKNOWN = "provider-00000000-0000-4000-8000-000000000000"


def ask(client: Letta, method: str, path: str = "", **sent: object) -> Any:  # noqa: ANN401
    """What an operation on providers answers."""
    return getattr(client, method)(f"/v1/providers/{path}", cast_to=object, **sent)


def test_a_provider_is_kept_and_its_key_is_not_echoed(mock: MockLetta, client: Letta) -> None:
    mock.clock.freeze(NOON)

    made = ask(client, "post", body={**MINE, "access_key": "a", "region": "eu"})

    assert made == {
        **MINE,
        "id": made["id"],
        "provider_category": "byok",
        "api_key": None,
        "base_url": "https://api.openai.com/v1",
        "access_key": None,
        "region": "eu",
        "api_version": None,
        "organization_id": ORGANIZATION_ID,
        "updated_at": NOON,
        "last_synced": None,
        "api_key_enc": "k",
        "access_key_enc": "a",
    }
    assert ask(client, "get", made["id"]) == {**made, "last_synced": NOON}
    assert ask(client, "get") == [{**made, "last_synced": NOON}]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"provider_type": "x"}, UnprocessableEntityError),
        ({"name": None}, UnprocessableEntityError),
        ({"unknown": 1}, UnprocessableEntityError),
        ({"name": ""}, BadRequestError),
        ({"name": "openai"}, BadRequestError),
    ],
)
def test_what_is_no_provider_is_refused(
    client: Letta, wrong: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask(client, "post", body={**MINE, **wrong})
    assert ask(client, "get") == []


def test_missing_fields_are_listed_in_the_order_of_the_contract(client: Letta) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        ask(client, "post", body={})
    places = [re.search(rf"'{name}'", str(refused.value)) for name in MINE]
    assert [one.start() for one in places if one] == sorted(one.start() for one in places if one)


@lists_models
def test_the_models_of_a_provider_are_listed_after_the_servers_own(client: Letta) -> None:
    ask(client, "post", body={**MINE, "base_url": "http://models.test/v1"})

    byok = client.models.list(provider_category=["byok"])
    embeddings = [one.handle for one in client.models.embeddings.list()]

    assert {one.provider_name for one in byok} == {"mine"}
    newest = client.models.list()[-len(byok) :]
    assert [one.handle for one in newest] == [one.handle for one in byok]
    assert "mine/text-embedding-3-small" in embeddings


def test_an_agent_can_use_a_model_of_a_provider(client: Letta) -> None:
    ask(client, "post", body={**MINE, "base_url": "http://models.test/v1"})

    agent = client.agents.create(model="mine/gpt-4o-mini", embedding="mine/text-embedding-3-small")

    assert agent.model == "mine/gpt-4o-mini"
    assert agent.llm_config.provider_name == "mine"
    assert agent.llm_config.provider_category == "byok"
    assert agent.llm_config.api_model_endpoint == "http://models.test/v1"
    assert agent.embedding_config is not None
    assert agent.embedding_config.embedding_endpoint == "http://models.test/v1"
    assert agent.model_dump()["compaction_settings"]["model"] == "mine/gpt-4o-mini"


def test_a_deleted_provider_takes_its_models_along(client: Letta) -> None:
    made = ask(client, "post", body=MINE)["id"]
    agent = client.agents.create(model="mine/gpt-4o-mini")
    conversation = client.conversations.create(agent_id=agent.id, model="mine/gpt-4o")

    ask(client, "delete", made)

    said = client.agents.messages.create(agent.id, input="Hello")
    assert said.stop_reason.stop_reason == "end_turn"
    with pytest.raises(NotFoundError, match="Handle mine/gpt-4o not found"):
        client.conversations.messages.create(conversation.id, input="Hello", streaming=False)
    with pytest.raises(NotFoundError, match="Handle mine/gpt-4o-mini not found"):
        client.agents.update(agent.id, model="mine/gpt-4o-mini")


def test_creating_a_deleted_provider_again_revives_it(client: Letta) -> None:
    made = ask(client, "post", body=MINE)["id"]
    ask(client, "delete", made)
    deleted = ask(client, "get", made)

    again = ask(client, "post", body={**MINE, "api_key": "new"})

    assert (deleted["id"], deleted["api_key_enc"]) == (made, None)
    assert (again["id"], again["api_key_enc"]) == (made, "new")


def test_only_an_update_can_empty_a_key(client: Letta) -> None:
    made = ask(client, "post", body={**MINE, "provider_type": "ollama", "api_key": ""})

    emptied = ask(client, "patch", made["id"], body={"api_key": ""})

    assert (made["api_key_enc"], emptied["api_key_enc"]) == (None, "")


def test_a_name_is_given_once(client: Letta) -> None:
    ask(client, "post", body=MINE)

    with pytest.raises(ConflictError):
        ask(client, "post", body={**MINE, "provider_type": "groq"})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["two", "one"]),
        ({"order": "asc", "limit": 1}, ["one"]),
        ({"name": "one"}, ["one"]),
        ({"provider_type": "groq"}, ["two"]),
    ],
)
def test_providers_are_listed(client: Letta, query: dict[str, object], found: list[str]) -> None:
    ask(client, "post", body={**MINE, "name": "one"})
    ask(client, "post", body={**MINE, "name": "two", "provider_type": "groq"})

    listed = ask(client, "get", options={"params": query})

    assert [one["name"] for one in listed] == found


def test_a_provider_is_changed_and_refreshed(mock: MockLetta, client: Letta) -> None:
    mock.clock.freeze(NOON)
    made = ask(client, "post", body={**MINE, "region": "eu"})
    mock.clock.advance(1)
    later = "2026-01-01T12:00:01Z"

    changed = ask(client, "patch", made["id"], body={"api_key": "new"})
    refreshed = ask(client, "patch", f"{made['id']}/refresh")

    synced = {"api_key_enc": "new", "last_synced": NOON}
    assert changed == {**made, **synced, "updated_at": later}
    assert refreshed == {**changed, "last_synced": later}


def test_any_key_is_valid_since_nobody_is_asked(client: Letta) -> None:
    made = ask(client, "post", body=MINE)["id"]
    valid = {"message": "Valid api key for provider_type=openai"}

    assert ask(client, "post", "check", body={"provider_type": "openai", "api_key": "x"}) == valid
    assert ask(client, "post", f"{made}/check") == valid
    with pytest.raises(BadRequestError, match="API key is required!"):
        ask(client, "post", "check", body={"provider_type": "openai", "api_key": " "})


def test_a_deleted_provider_is_gone_from_the_list(client: Letta) -> None:
    made = ask(client, "post", body=MINE)["id"]

    told = ask(client, "delete", made)

    assert told == {"message": f"Provider id={made} successfully deleted"}
    assert ask(client, "get") == []
    with pytest.raises(NotFoundError):
        ask(client, "delete", made)
    with pytest.raises(NotFoundError):
        ask(client, "post", f"{made}/check")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", UNKNOWN),
        ("delete", UNKNOWN),
        ("post", f"{UNKNOWN}/check"),
        ("patch", f"{UNKNOWN}/refresh"),
    ],
)
def test_a_provider_that_there_is_not_is_a_404(client: Letta, method: str, path: str) -> None:
    with pytest.raises(NotFoundError, match="Provider not found with id="):
        ask(client, method, path)


def test_everything_is_of_one_user(client: Letta) -> None:
    users: Any = client.get("/v1/admin/users/", cast_to=object)
    organizations: Any = client.get("/v1/admin/orgs/", cast_to=object)
    none = [client.get(f"/v1/admin/{kind}/?after=x", cast_to=object) for kind in ("users", "orgs")]
    signed_in: Any = client.post("/v1/auth", body={"password": "x"}, cast_to=object)

    assert [(one["id"], one["organization_id"]) for one in users] == [(USER_ID, ORGANIZATION_ID)]
    assert [(one["id"], one["name"]) for one in organizations] == [(ORGANIZATION_ID, "default_org")]
    assert none == [[], []]
    assert signed_in == {"uuid": USER_ID.removeprefix("user-"), "is_admin": True}


def test_the_server_is_ready(client: Letta) -> None:
    ready: Any = client.get("/v1/ready/", cast_to=object)

    assert ready == client.health().to_dict()
