"""Every method of the SDK, called with every parameter and every variant of each, strictly.

A method whose operation is not imitated is refused with a 501 whatever it is called with; all
others answer every call as the SDK's types say, but for those of `refusals`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter

import pytest
from letta_client import (
    APIResponseValidationError,
    APIStatusError,
    AsyncStream,
    DefaultHttpxClient,
    Letta,
    Stream,
)

from mockletta.testing.server import MockLetta
from mockletta.world.world import Snapshot
from tests.contract.conftest import async_client_of, sync_client
from tests.contract.generated.calls import Call, calls_of, plain_calls_of
from tests.contract.generated.refusals import REFUSALS, refusal_of
from tests.contract.generated.seed_world import SERVED, SeedWorld, begin_a_turn
from tests.contract.generated.surface import Method, Signature, methods_of, signatures_of
from tests.contract.generated.values import Values
from tests.contract.sdk import at_least
from tests.contract.undeclared import checked

pytestmark = [
    pytest.mark.skipif(not at_least("1.12.1"), reason="an older SDK knows less of what is served"),
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]
NOT_IMITATED = 501
Kind = Callable[[str, Signature, Values], Iterator[Call]]
OPERATIONS = sorted(methods_of(Letta(api_key="none", http_client=DefaultHttpxClient(verify=False))))


@dataclass
class Trial:
    """The calls of one method, each in the same world, and what came of them."""

    operation: str
    mock: MockLetta
    client: Letta
    world: SeedWorld
    start: Snapshot
    wrong: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def calls(self, method: Method, *kinds: Kind) -> Iterator[Call]:
        """A method's calls of these kinds, each in the world as it was at the start."""
        for make in kinds:
            values = Values(self.world)
            made = (make(self.operation, one, values) for one in signatures_of(method))
            for call in chain.from_iterable(made):
                self.mock.restore(self.start)
                self.mock.journal.clear()
                if self.operation == "conversations.cancel":
                    begin_a_turn(self.client, self.world)
                yield call

    def answered(self, call: Call, answer: object) -> None:
        [*_, entry] = self.mock.journal
        assert entry.operation == self.operation
        assert self.operation in SERVED, f"{call.label} is answered"
        checked(answer)

    def failed(self, call: Call, error: Exception) -> None:
        why = refusal_of(self.operation, call.label)
        status = error.status_code if isinstance(error, APIStatusError) else 0
        if why is not None and status in why.statuses:
            self.refused.add(why.why)
        elif not self._may_fail(call, status):
            self.wrong.append(f"{call.label}: {error!r}")

    def _may_fail(self, call: Call, status: int) -> bool:
        if self.operation not in SERVED:
            return status == NOT_IMITATED
        return status in (404, 409) and any(one in str(call) for one in self.world.unmade)

    def assert_nothing_wrong(self) -> None:
        assert not self.wrong, "\n".join(self.wrong)

    def assert_all_refusals_met(self) -> None:
        expected = {one.why for one in REFUSALS if self.operation in one.operations}
        assert self.refused == (expected if self.operation in SERVED else set())


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MockLetta, SeedWorld]]:
    with MockLetta(ids_seed=0) as mock, sync_client(mock) as client:
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


def test_a_method_takes_every_variant_of_every_parameter(trial: Trial) -> None:
    method = attrgetter(trial.operation)(trial.client)
    for call in trial.calls(method, plain_calls_of, calls_of):
        try:
            answer = method(**call.arguments)
            trial.answered(call, list(answer) if isinstance(answer, Stream) else answer)
        except (APIStatusError, APIResponseValidationError, AssertionError) as error:
            trial.failed(call, error)
    trial.assert_nothing_wrong()
    trial.assert_all_refusals_met()


async def test_a_method_of_the_async_client_takes_every_parameter(trial: Trial) -> None:
    async with async_client_of(trial.mock) as client:
        method = attrgetter(trial.operation)(client)
        for call in trial.calls(method, plain_calls_of):
            try:
                answer = await method(**call.arguments)
                events = isinstance(answer, AsyncStream)
                trial.answered(call, [one async for one in answer] if events else answer)
            except (APIStatusError, APIResponseValidationError, AssertionError) as error:
                trial.failed(call, error)
    trial.assert_nothing_wrong()
