"""The plan of a world: which request meets which fault."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mockletta.faults.waits import Stalls

if TYPE_CHECKING:
    from mockletta.faults.kinds import Asked, Fault

MOST_FAULTS = 1_000
_NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(slots=True)
class Planned:
    """A fault and what became of it: how many requests matched it, and how many it struck. Those
    that came `of_script` go with it."""

    fault: "Fault"
    matched: int = 0
    fired: int = 0
    of_script: bool = False

    @property
    def is_used_up(self) -> bool:
        return self.fault.times != "always" and self.fired >= self.fault.times

    @property
    def is_unfired(self) -> bool:
        """Whether it struck fewer requests than planned. `always` is at least one; what is left to
        chance need not strike at all, but must have had the chance."""
        if self.fault.probability is not None:
            return self.matched <= self.fault.after
        return self.fired == 0 if self.fault.times == "always" else not self.is_used_up

    def is_due(self) -> bool:
        """Whether it strikes the request that was matched last; chances come from the seed."""
        if self.matched <= self.fault.after:
            return False
        if self.fault.probability is None:
            return True
        draw = random.Random(f"{self.fault.seed}:{self.matched}").random()  # noqa: S311
        return draw < self.fault.probability

    def described(self) -> dict[str, Any]:
        """The fault as it is spelled, with its counts."""
        return {**self.fault.spelled(), "matched": self.matched, "fired": self.fired}


class FaultPlan:
    """Faults in the order in which they were planned; each request meets one at most.

    `operations` lists what there is to strike, if that is known; it is only asked when a fault is
    planned. `pending` tells cheaply whether there are any left. `stalls` are the requests that
    wait. It can be used from any thread.
    """

    def __init__(self, operations: Callable[[], Iterable[str]] = tuple) -> None:
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
        """Plan a fault for an operation; BadFault if it is none, or if there are too many.

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

    def replace(self, faults: "Iterable[Mapping[str, object]]") -> None:
        """Plan a script's faults, before all others, instead of those of the script before.
        BadFault if one is none or there are too many; nothing has changed then."""
        new = [Planned(self._read(one), of_script=True) for one in faults]
        with self._lock:
            others = [planned for planned in self._planned if not planned.of_script]
            self._planned = [*new, *_kept(others, len(new))]
            self._look()

    def take(self, operation: str, asked: "Asked") -> Planned | None:
        """The planned fault that strikes a request, which counts as struck from now on."""
        with self._lock:
            due: Planned | None = None
            for planned in self._planned:
                if planned.is_used_up or not planned.fault.strikes(operation, asked):
                    continue
                planned.matched += 1
                if due is None and planned.is_due():
                    due = planned
            if due is not None:
                due.fired += 1
                self._look()
            return due

    def give_back(self, planned: Planned) -> None:
        """Say that a fault that was taken had nothing to strike, such as a frame there was not."""
        with self._lock:
            planned.fired -= 1
            self._look()

    @property
    def unfired(self) -> list[Planned]:
        """What was planned and never struck, or struck less often than planned."""
        return [planned for planned in self if planned.is_unfired]

    def clear(self) -> None:
        """Forget what is planned."""
        with self._lock:
            self._planned.clear()
            self._look()

    def copy(self) -> "FaultPlan":
        """A plan that has come as far as this one and goes on by itself."""
        copy = FaultPlan()
        copy.become(self)
        return copy

    def become(self, other: "FaultPlan") -> None:
        """Be as far as another plan, and go on by oneself; who waits here waits on."""
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

        return planned_of(on, fault, keys, frozenset(self.operations()))

    def _look(self) -> None:
        self.pending = any(not planned.is_used_up for planned in self._planned)


def _kept(planned: list[Planned], new: int) -> list[Planned]:
    """What stays planned when so many faults come: all, unless those that are used up have to make
    room. BadFault if that does not do."""
    if len(planned) + new <= MOST_FAULTS:
        return planned
    left = [one for one in planned if not one.is_used_up]
    if len(left) + new > MOST_FAULTS:
        from mockletta.faults.parsing import BadFault  # noqa: PLC0415 - seldom

        raise BadFault("", f"there are {MOST_FAULTS} planned faults already: clear some")
    return left
