"""The calls of one method of the SDK, each in the same world, and what is answered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from letta_client import (
    APIStatusError,
    DefaultHttpxClient,
    Letta,
)

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.world import Snapshot
from tests.contract.generated.calls import Call
from tests.contract.generated.refusals import REFUSALS, refusal_of
from tests.contract.generated.seed_world import SERVED, SeedWorld, begin_a_turn
from tests.contract.generated.surface import Method, Signature, methods_of, signatures_of
from tests.contract.generated.values import Values
from tests.contract.undeclared import checked

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
