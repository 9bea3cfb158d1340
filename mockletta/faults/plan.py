"""The planned faults of a world, and which request each applies to."""

import random
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mockletta.faults.waits import Stalls

if TYPE_CHECKING:
    from mockletta.documents.hints import Operations
    from mockletta.faults.fault import Fault, Matched

MOST_FAULTS = 1_000
_NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(slots=True)
class Planned:
    """A fault, the number of requests that matched it, and the number of those that it was applied
    to. The faults `of_script` are removed together with their script."""

    fault: "Fault"
    matched: int = 0
    fired: int = 0
    of_script: bool = False

    @property
    def is_used_up(self) -> bool:
        return self.fault.times != "always" and self.fired >= self.fault.times

    @property
    def is_unfired(self) -> bool:
        """Whether the fault was applied to fewer requests than planned. `always` means at least
        one. A fault with a probability only needs a matching request."""
        if self.fault.probability is not None:
            return self.matched <= self.fault.after
        return self.fired == 0 if self.fault.times == "always" else not self.is_used_up

    def is_due(self) -> bool:
        """Return whether the fault applies to the request that was matched last. Chances come from
        the seed."""
        if self.matched <= self.fault.after:
            return False
        if self.fault.probability is None:
            return True
        draw = random.Random(f"{self.fault.seed}:{self.matched}").random()  # noqa: S311
        return draw < self.fault.probability

    def described(self) -> dict[str, Any]:
        """Return the fault as a mapping, with its counts and whether it was applied less often than
        planned."""
        return {
            **self.fault.spelled(),
            "matched": self.matched,
            "fired": self.fired,
            "unfired": self.is_unfired,
        }


class FaultPlan:
    """Faults in the order in which they were planned; at most one applies to a request.

    `operations` are the names that a fault can be planned for, if they are checked. `pending` says
    whether any fault is left. `stalls` are the requests that wait because of one. All methods can
    be called from any thread.
    """

    def __init__(self, operations: "Operations | None" = None) -> None:
        self.operations = operations
        self.pending = False
        self.stalls = Stalls()
        self._planned: list[Planned] = []
        self._lock = threading.Lock()

    def add(
        self,
        on: "str | Sequence[str] | Mapping[str, object] | Fault",
        fault: str | Mapping[str, object] | None = None,
        /,
        **keys: object,
    ) -> Planned:
        """Plan a fault for an operation. Raises BadFault if it is not one, or there are too many.

        >>> plan = FaultPlan()
        >>> planned = plan.add("conversations.messages.create", status=429, retry_after=2, times=2)
        >>> planned = plan.add("agents.create", "rate_limit")
        >>> planned = plan.add({"on": "agents.*", "reset": "before_headers"})
        """
        planned = Planned(self._read(on, fault, keys))
        with self._lock:
            self._planned = [*_kept(self._planned, 1), planned]
            self.pending = True
        return planned

    def replace(self, faults: "Iterable[Mapping[str, object] | Fault]") -> None:
        """Plan the faults of a script, before all others, instead of those of the previous script.
        Raises BadFault, and changes nothing, if one is not a fault or there are too many."""
        new = [Planned(self._read(one), of_script=True) for one in faults]
        with self._lock:
            others = [planned for planned in self._planned if not planned.of_script]
            self._planned = [*new, *_kept(others, len(new))]
            self._look()

    def take(self, operation: str, request: "Matched") -> Planned | None:
        """Return the planned fault that applies to a request. From then on it counts as applied."""
        with self._lock:
            due: Planned | None = None
            for planned in self._planned:
                if planned.is_used_up or not planned.fault.matches(operation, request):
                    continue
                planned.matched += 1
                if due is None and planned.is_due():
                    due = planned
            if due is not None:
                due.fired += 1
                self._look()
            return due

    def give_back(self, planned: Planned) -> None:
        """Count a fault as not applied, because it could not change the request, for example if
        there is no frame of its number."""
        with self._lock:
            planned.fired -= 1
            self._look()

    @property
    def unfired(self) -> list[Planned]:
        """Return the faults that were applied less often than planned."""
        return [planned for planned in self if planned.is_unfired]

    def remove(self, number: int) -> None:
        """Remove a fault by its place in the plan, counted from 1. Raises IndexError if there is
        none."""
        with self._lock:
            if number < 1:
                raise IndexError(number)
            del self._planned[number - 1]
            self._look()

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._planned.clear()
            self._look()

    def copy(self) -> "FaultPlan":
        """Return an independent plan with the same faults and counts."""
        copy = FaultPlan()
        copy.take_over(self)
        return copy

    def take_over(self, other: "FaultPlan") -> None:
        """Take over the faults and counts of another plan. Requests that wait continue to wait."""
        planned = [replace(one) for one in other]
        with self._lock:
            self.operations = other.operations
            self._planned = planned
            self._look()

    def __iter__(self) -> Iterator[Planned]:
        with self._lock:
            return iter(list(self._planned))

    def __len__(self) -> int:
        return len(self._planned)

    def _read(
        self, on: object, fault: object = None, keys: Mapping[str, object] = _NONE
    ) -> "Fault":
        from mockletta.faults.parsing import planned_of  # noqa: PLC0415 - few worlds have faults

        return planned_of(on, fault, keys, self.operations)

    def _look(self) -> None:
        self.pending = any(not planned.is_used_up for planned in self._planned)


def _kept(planned: list[Planned], new: int) -> list[Planned]:
    """Return the planned faults to keep when `new` ones are added. Used-up faults are removed if
    necessary. Raises BadFault if there is still no room."""
    if len(planned) + new <= MOST_FAULTS:
        return planned
    left = [one for one in planned if not one.is_used_up]
    if len(left) + new > MOST_FAULTS:
        from mockletta.faults.parsing import BadFault  # noqa: PLC0415 - rarely needed

        raise BadFault("", f"there are {MOST_FAULTS} planned faults already: clear some")
    return left
