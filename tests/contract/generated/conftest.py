"""One world with a row of everything, for the calls of every method."""

from collections.abc import Iterator

import pytest
from letta_client import (
    Letta,
)

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.world import Snapshot
from tests.contract.conftest import sync_client
from tests.contract.generated.seed_world import SeedWorld
from tests.contract.generated.trials import OPERATIONS, Trial


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MockLetta, SeedWorld]]:
    # what the open server takes and the hosted one refuses, or the other way round
    quirks = ["updated-llm-configs", "no-default-models"]
    with MockLetta(ids_seed=0, quirks=quirks) as mock, sync_client(mock) as client:
        yield mock, SeedWorld(mock, client, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def start(seeded: tuple[MockLetta, SeedWorld]) -> Snapshot:
    return seeded[0].snapshot()


@pytest.fixture(scope="module")
def client(seeded: tuple[MockLetta, SeedWorld]) -> Iterator[Letta]:
    with sync_client(seeded[0]) as client:
        yield client


@pytest.fixture(params=OPERATIONS)
def trial(
    request: pytest.FixtureRequest,
    seeded: tuple[MockLetta, SeedWorld],
    client: Letta,
    start: Snapshot,
) -> Trial:
    mock, world = seeded
    return Trial(request.param, mock, client, world, start)
