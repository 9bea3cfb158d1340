"""Models that the server does not list: accepted with a warning, declared, or refused."""

import pytest
from letta_client import BadRequestError, Letta, NotFoundError

from mockletta import MockLetta

UNLISTED = "openai/gpt-4o-mimi"
EMBEDDING = "openai/text-embedding-4"


def listed(client: Letta) -> set[str | None]:
    return {model.handle for model in client.models.list()}


def test_an_unlisted_model_is_accepted_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    with MockLetta() as mock, mock.client() as client:
        for _ in range(2):
            client.agents.create(model=UNLISTED)
        verdict = mock.verdict()

    warnings = [one.getMessage() for one in caplog.records if UNLISTED in one.getMessage()]
    assert (len(warnings), bool(verdict)) == (1, True)
    (note,) = [note for note in verdict.notes if note.name == "unlisted-model"]
    assert (UNLISTED in note.sentence, note.numbers) == (True, [1, 2])
    assert [one.name for one in verdict.allowing(["unlisted-model"]).notes] == []


def test_listed_models_are_accepted_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    with MockLetta() as mock, mock.client() as client:
        for handle in ("letta/auto", "letta/auto-fast", "anthropic/claude-opus-4-6", "zai/glm-5"):
            client.agents.create(model=handle)
        for model in client.models.embeddings.list():
            client.folders.create(name=str(model.handle), embedding=model.handle)

    assert [one.getMessage() for one in caplog.records if "is accepted" in one.getMessage()] == []


def test_declared_models_are_listed_and_known(caplog: pytest.LogCaptureFixture) -> None:
    declared = ["acme/brain", "acme/text-embedding-9", UNLISTED]
    with MockLetta(models=declared, seed={"version": 1, "models": ["own/x"]}) as mock:
        with mock.client() as client:
            agent = client.agents.create(model="acme/brain", embedding="acme/text-embedding-9")
            client.agents.create(model="own/x")
            known = listed(client)
            embeddings = {model.handle for model in client.models.embeddings.list()}
        with mock.fork().client() as fork:
            fork.agents.create(model="own/x")

    assert known >= {"acme/brain", "own/x", UNLISTED}
    assert ("acme/text-embedding-9" in embeddings, agent.llm_config.context_window) == (
        True,
        128000,
    )
    assert [one.getMessage() for one in caplog.records if "is accepted" in one.getMessage()] == []


def test_strict_models_refuse_others_as_recorded() -> None:
    with MockLetta(models="strict, acme/brain") as mock, mock.client() as client:
        client.agents.create(model="acme/brain")
        with pytest.raises(NotFoundError, match=f"NOT_FOUND: Handle {UNLISTED} not found, must be"):
            client.agents.create(model=UNLISTED)
        with pytest.raises(BadRequestError, match=f"Embedding model {EMBEDDING} not found"):
            client.folders.create(name="x", embedding=EMBEDDING)


def test_an_unlisted_embedding_model_is_accepted_with_a_warning() -> None:
    with MockLetta() as mock, mock.client() as client:
        client.folders.create(name="x", embedding=EMBEDDING)
        assert [note.name for note in mock.verdict().notes] == ["unlisted-model"]
        mock.reset()
        assert mock.verdict().notes == ()


def test_a_provider_of_the_user_brings_the_models_of_its_kind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MockLetta() as mock, mock.client() as client:
        body = {"name": "mine", "provider_type": "anthropic", "api_key": "x"}
        client.post("/v1/providers/", cast_to=object, body=body)
        client.agents.create(model="mine/claude-opus-4-6")
        assert "mine/claude-opus-4-6" in listed(client)

    assert [one.getMessage() for one in caplog.records if "is accepted" in one.getMessage()] == []


def test_a_declared_model_of_a_seed_is_a_handle() -> None:
    with pytest.raises(
        ValueError, match=r"models\.0: expected a handle such as `openai/gpt-4o`, rec"
    ):
        MockLetta(seed={"version": 1, "models": ["gpt"]})
