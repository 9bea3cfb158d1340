"""The same requests, the same bytes: bodies and headers, over a real socket."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.mixed_session import Exchange, session
from tests.environment import amount
from tests.replay.stand_in import StandIn

pytestmark = pytest.mark.usefixtures("unmeasured")
Serve = Callable[..., MockLetta]
SLOW = Pace(ttft=5, tokens_per_second=2, jitter=0.5, chunk=3)
REQUESTS = amount(200, nightly=1_000)


def answers_of(mock: MockLetta, seed: int = 1) -> list[Exchange]:
    return session(mock.base_url, seed=seed, requests=REQUESTS)


def answers_of_a_process(hash_seed: int) -> list[Exchange]:
    """What `mockletta serve --deterministic` answers, with hashes of its own."""
    command = [sys.executable, "-m", "mockletta", "serve", "--port", "0", "--deterministic"]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[2]
        try:
            return session(url, seed=2, requests=REQUESTS)
        finally:
            server.terminate()


@pytest.mark.parametrize("seed", [1, 2])
def test_two_runs_of_a_long_mixed_session_get_identical_bytes(serve: Serve, seed: int) -> None:
    first, second = (
        answers_of(serve(deterministic=True, brain=StandIn(), pace=SLOW, keepalive=0.001), seed)
        for _ in range(2)
    )

    assert first == second
    assert {200, 404, 405, 422} <= {one.status for one in first}
    assert {b"date", b"transfer-encoding"}.isdisjoint(
        name for one in first for name, _ in one.headers
    )


def test_the_order_of_sets_does_not_show_and_a_process_answers_as_another(serve: Serve) -> None:
    first, second = answers_of_a_process(1), answers_of_a_process(2)

    assert first == second
    assert first == session(serve(deterministic=True).base_url, seed=2, requests=REQUESTS)


def test_another_seed_gives_other_ids_and_nothing_else(serve: Serve) -> None:
    made = [serve(deterministic=True, ids_seed=seed) for seed in (7, 7, 8)]
    first, again, other = (answers_of(mock) for mock in made)

    assert first == again
    assert [one.status for one in first] == [one.status for one in other]
    assert first[0].body != other[0].body


def test_ids_can_be_fixed_while_the_clock_runs(serve: Serve) -> None:
    first, second = (answers_of(serve(ids_seed=7))[0] for _ in range(2))

    assert b"date" in dict(first.headers)
    assert first.body != second.body
    assert first.body[:100] == second.body[:100]
