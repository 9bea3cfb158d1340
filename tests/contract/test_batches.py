"""Batches of messages, which no SDK has a method for: there never are any."""

import pytest
from letta_client import BadRequestError, Letta, NotFoundError

BATCHES = "/v1/messages/batches"
UNKNOWN = "job-00000000-0000-4000-8000-000000000000"


def test_there_are_no_batches(client: Letta) -> None:
    assert client.get(BATCHES, cast_to=object) == []


@pytest.mark.parametrize("path", ["", "/messages", "/cancel"])
def test_an_unknown_batch_is_not_found(client: Letta, path: str) -> None:
    ask = client.patch if path == "/cancel" else client.get
    with pytest.raises(NotFoundError, match="Job not found with id="):
        ask(f"{BATCHES}/{UNKNOWN}{path}", cast_to=object)
    with pytest.raises(BadRequestError, match="Invalid job ID format: nope"):
        ask(f"{BATCHES}/nope{path}", cast_to=object)
