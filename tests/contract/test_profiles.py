"""The two profiles: the hosted API as it is documented, and the last open server as recorded."""

from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from letta_client import APIStatusError, BadRequestError, ConflictError, Letta, NotFoundError

from mockletta import MockLetta
from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from mockletta.errors import BadSettings
from mockletta.world.profiles import PROFILES
from mockletta.world.quirks import ALL
from tests.contract.conftest import Connect, sync_client
from tests.contract.sdk import lists_models
from tests.contract.steps import Steps, doubling_agent, guarded
from tests.contract.talk import MODEL, reply

LLM = {"model": "gpt-4o", "model_endpoint_type": "openai", "context_window": 1000}


class Broke:
    """A brain whose account is out of credits."""

    def decide(self, call: ModelCall) -> Decision:
        raise ModelFailure(402, f"nothing left for {call.model}")


@pytest.fixture
def open_client() -> Iterator[Letta]:
    with MockLetta(profile="open") as mock, sync_client(mock) as client:
        yield client


def test_the_open_profile_is_all_quirks_and_names_add_and_take_away() -> None:
    assert MockLetta(profile="open").world.quirks.on == frozenset(ALL)
    taken = MockLetta(profile="open", quirks=["-redirected-paths"]).world.quirks.on
    assert {one.name for one in frozenset(ALL) - taken} == {"redirected-paths"}
    added = MockLetta(quirks=["redirected-paths"]).world.quirks.on
    assert {one.name for one in added - PROFILES["cloud"]} == {"redirected-paths"}
    with pytest.raises(BadSettings, match="expected `cloud` or `open`"):
        MockLetta(profile="nope")  # type: ignore[arg-type]


def test_a_path_without_its_slash_is_answered_or_redirected(
    client: Letta, open_client: Letta
) -> None:
    for one, status in ((client, 200), (open_client, 307)):
        answer = httpx.get(f"{str(one.base_url).rstrip('/')}/v1/agents")
        assert answer.status_code == status


def test_models_can_be_left_out(client: Letta, open_client: Letta) -> None:
    assert client.agents.create().model == "letta/auto"
    assert client.folders.create(name="a").embedding_config.handle is not None
    with pytest.raises(BadRequestError, match="Must specify either model"):
        open_client.agents.create()
    with pytest.raises(BadRequestError, match="Must specify either embedding"):
        open_client.folders.create(name="a")


@lists_models
def test_the_hosted_service_chooses_models_itself(client: Letta, open_client: Letta) -> None:
    handles = {"letta/auto", "letta/auto-fast"}
    assert handles <= {one.handle for one in client.models.list()}
    assert not handles & {one.handle for one in open_client.models.list()}
    agent = client.agents.create(model="letta/auto-fast")
    assert agent.model == "letta/auto-fast"
    with pytest.raises(NotFoundError, match="Handle letta/auto not found"):
        open_client.agents.create(model="letta/auto")


def test_an_update_with_an_llm_config_is_refused_or_taken(
    client: Letta, open_client: Letta
) -> None:
    for one in (client, open_client):
        agent = one.agents.create(model=MODEL)
        config = agent.llm_config.to_dict()
        if one is open_client:
            assert one.agents.update(agent.id, llm_config=config).llm_config == agent.llm_config  # type: ignore[arg-type]
        else:
            with pytest.raises(BadRequestError, match="llm_config cannot be updated"):
                one.agents.update(agent.id, llm_config=config)  # type: ignore[arg-type]


@pytest.mark.parametrize(("profile", "shape"), [("cloud", dict), ("open", str)])
def test_a_pending_approval_is_an_object_or_a_text(
    connect: Connect, profile: str, shape: type
) -> None:
    client = connect(brain=Steps(guarded()), profile=profile)
    conversation = client.conversations.create(agent_id=doubling_agent(client)).id
    reply(client, conversation, input="Double 21.")

    with pytest.raises(ConflictError) as refused:
        reply(client, conversation, input="Hello.")

    assert isinstance(refused.value.response.json()["detail"], shape)


@pytest.mark.parametrize(
    ("profile", "error"), [("cloud", "Rate limited"), ("open", "llm_insufficient_credits")]
)
def test_an_account_without_credits_is_a_402(connect: Connect, profile: str, error: str) -> None:
    client = connect(brain=Broke(), profile=profile)
    agent_id = client.agents.create(model=MODEL).id

    with pytest.raises(APIStatusError) as refused:
        client.agents.messages.create(agent_id, input="Hello.")

    assert refused.value.status_code == 402
    assert error in refused.value.response.text


@pytest.mark.parametrize(
    ("profile", "method", "path", "body"),
    [
        ("open", "POST", "agents/", {}),
        ("open", "POST", "agents/", {"model": "letta/auto"}),
        ("open", "POST", "folders/", {"name": "a"}),
        ("open", "PUT", "identities/", {"identifier_key": "k", "name": "n"}),
        ("open", "GET", "agents/{agent}/schedule", None),
        ("open", "POST", "messages/search", {"query": "a"}),
        ("open", "POST", "agents/{agent}/messages", {"input": "a", "override_model": "letta/auto"}),
        ("cloud", "PATCH", "agents/{agent}", {"llm_config": LLM}),
        ("cloud", "GET", "blocks/block-00000000-0000-4000-8000-000000000000/agents", None),
    ],
)
def test_an_error_of_one_profile_says_so(
    profile: Literal["cloud", "open"], method: str, path: str, body: object
) -> None:
    identity = {"identity_type": "user"} if "identities" in path else {}
    with MockLetta(profile=profile) as mock, httpx.Client(base_url=f"{mock.base_url}/v1/") as http:
        agent = http.post("agents/", json={"model": MODEL}).json()["id"]
        sent = {**body, **identity} if isinstance(body, dict) else None
        answer = http.request(method, path.format(agent=agent), json=sent)

    other = "cloud" if profile == "open" else "open"
    assert 400 <= answer.status_code < 500
    assert f"or `--profile {other}` switches to it." in answer.headers["x-mockletta-depends-on"]
    assert f"`--profile {other}`" in str(mock.verdict())


def test_other_errors_say_nothing_of_profiles(client: Letta) -> None:
    with pytest.raises(NotFoundError) as refused:
        client.agents.create(model="nope/model")

    assert "x-mockletta-depends-on" not in refused.value.response.headers
