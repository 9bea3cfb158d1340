"""Every method of the SDK, called with every parameter and every variant of each, strictly.

A method whose operation is not imitated is refused with a 501 whatever it is called with; all
others answer every call as the SDK's types say, but for those of `refusals`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
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

from mockletta.server import MockLetta
from mockletta.world import Snapshot
from tests.contract.conftest import async_client_of, sync_client
from tests.contract.generated.calls import Call, calls_of
from tests.contract.generated.refusals import REFUSALS, refusal_of
from tests.contract.generated.seed_world import SERVED, SeedWorld, begin_a_turn
from tests.contract.generated.surface import Method, methods_of, signatures_of
from tests.contract.generated.values import Values
from tests.contract.undeclared import checked

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]
NOT_IMITATED = 501
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

    def calls(self, method: Method) -> Iterator[Call]:
        values = Values(self.world)
        for signature in signatures_of(method):
            for call in calls_of(self.operation, signature, values):
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

    def assert_right(self) -> None:
        """Nothing was wrong, and every refusal of these calls was met."""
        expected = {one.why for one in REFUSALS if self.operation in one.operations}
        assert self.wrong == []
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


def test_each_call_is_answered_as_its_types_say(trial: Trial) -> None:
    method = attrgetter(trial.operation)(trial.client)
    for call in trial.calls(method):
        try:
            answer = method(**call.arguments)
            trial.answered(call, list(answer) if isinstance(answer, Stream) else answer)
        except (APIStatusError, APIResponseValidationError, AssertionError) as error:
            trial.failed(call, error)
    trial.assert_right()


async def test_each_call_is_answered_as_its_types_say_to_the_async_client(trial: Trial) -> None:
    async with async_client_of(trial.mock) as client:
        method = attrgetter(trial.operation)(client)
        for call in trial.calls(method):
            try:
                answer = await method(**call.arguments)
                events = isinstance(answer, AsyncStream)
                trial.answered(call, [one async for one in answer] if events else answer)
            except (APIStatusError, APIResponseValidationError, AssertionError) as error:
                trial.failed(call, error)
    trial.assert_right()
