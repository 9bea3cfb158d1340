"""A world: one mock Letta server with its rows, its brain, its clock and ids, and its turns."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from mockletta.faults.plan import FaultPlan
from mockletta.journal.journal import Journal
from mockletta.state.block_history import BlockHistory, Cause
from mockletta.state.clock import Clock
from mockletta.state.event_log import EventLog
from mockletta.state.ids import Ids, Jitter
from mockletta.state.timers import ScheduledCall
from mockletta.state.tool_functions import ToolFunctions
from mockletta.world.known_models import KnownModels
from mockletta.world.pace import DEFAULT_KEEPALIVE, Pace
from mockletta.world.quirks import Quirks

if TYPE_CHECKING:
    from mockletta.brain.decisions import Brain
    from mockletta.script.engine import Script
    from mockletta.state.store import Store

Result = TypeVar("Result")
KEPT_LOGS = 1_000
KEPT_LOG_BYTES = 32 * 1024 * 1024
REMEMBERED_DROPS = 10_000
BASE_TOOLS = 26
"""The number of base tools that each server has."""
MAIN = "main"
"""The name of the world of all keys that have no world of their own."""
COPIED = ("ids", "logs", "jitter", "functions")
FILLED = ("clock", "faults")
"""The members of a world that are its state, besides its store and its script.

COPIED ones have a `copy()` that shares nothing mutable: forks and snapshots get copies, and
restoring a snapshot copies them back. FILLED ones have a `take_over()` that does the same in
place, since tests hold references to them.
"""


@dataclass(slots=True)
class ActiveRun:
    """A run that is not over: its turn and its log.

    If its run is cancelled, a turn that `finishes_step` continues to the end of its step, unless it
    `is_consulting` a brain that is awaited.
    """

    turn: Generator[Any, None, None]
    log: EventLog
    lock: str | None
    background: bool
    finishes_step: bool = False
    is_consulting: bool = False
    is_cancelled: bool = False


Otids: TypeAlias = tuple[str | None, ...]
"""The client's own ids of a request's messages, in order."""


@dataclass(slots=True)
class KeptLogs:
    """Logs of background runs, by run and by otids. The oldest finished ones are dropped if there
    are too many or they are too large.

    `sizes` are the bytes of the finished logs that have been counted, `dropped` the last runs whose
    logs are gone, `unwritten` the runs whose logs are not yet in the state file.
    """

    by_run: OrderedDict[str, EventLog] = field(default_factory=OrderedDict)
    by_otid: dict[str, str] = field(default_factory=dict)
    by_otids: dict[tuple[str, ...], str] = field(default_factory=dict)
    otids_of: dict[str, Otids] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    uncounted: dict[str, EventLog] = field(default_factory=dict)
    bytes: int = 0
    dropped: OrderedDict[str, None] = field(default_factory=OrderedDict)
    unwritten: dict[str, None] = field(default_factory=dict)

    def copy(self) -> "KeptLogs":
        """Return a copy. Unfinished logs are shared and still grow."""
        return KeptLogs(
            self.by_run.copy(),
            self.by_otid.copy(),
            self.by_otids.copy(),
            self.otids_of.copy(),
            self.sizes.copy(),
            self.uncounted.copy(),
            self.bytes,
            self.dropped.copy(),
            self.unwritten.copy(),
        )

    def keep(self, run_id: str, log: EventLog, otids: Otids) -> None:
        """Keep a log. It replaces the runs that had its otids before [84 background]."""
        given = tuple(filter(None, otids))
        self.by_run[run_id] = log
        self.otids_of[run_id] = otids
        if given and None not in otids:
            self.by_otids[given] = run_id
        for otid in given:
            self.by_otid[otid] = run_id
        self.uncounted[run_id] = log
        self.unwritten[run_id] = None
        self._count_finished()
        while len(self.by_run) > KEPT_LOGS or self.bytes > KEPT_LOG_BYTES:
            self._drop_oldest()

    def find(self, otids: Otids) -> str | None:
        """Find the newest run of a request with exactly these otids, in this order.

        A message without one gets a random otid, so its request matches no other; an empty otid
        counts as absent [84 one with and one without again, empty otid].
        """
        return None if None in otids else self.by_otids.get(tuple(filter(None, otids)))

    def _count_finished(self) -> None:
        for run_id, log in list(self.uncounted.items()):
            if log.finished:
                del self.uncounted[run_id]
                self.sizes[run_id] = log.size
                self.bytes += self.sizes[run_id]

    def _drop_oldest(self) -> None:
        """Drop the oldest finished log, or the oldest of all if none is finished."""
        finished = (run_id for run_id in self.by_run if run_id in self.sizes)
        run_id = next(finished, None) or next(iter(self.by_run))
        self.forget(run_id)
        self.dropped[run_id] = None
        if len(self.dropped) > REMEMBERED_DROPS:
            self.dropped.popitem(last=False)

    def forget(self, run_id: str) -> None:
        """Remove what is kept of a run, if anything."""
        self.dropped.pop(run_id, None)
        self.unwritten.pop(run_id, None)
        if self.by_run.pop(run_id, None) is None:
            return
        self.uncounted.pop(run_id, None)
        self.bytes -= self.sizes.pop(run_id, 0)
        otids = tuple(filter(None, self.otids_of.pop(run_id)))
        if self.by_otids.get(otids) == run_id:
            del self.by_otids[otids]
        for otid in otids:
            if self.by_otid.get(otid) == run_id:
                del self.by_otid[otid]


class LazyStore:
    """Creates the store of a new world on first use, so that a server starts without the shapes of
    rows. The ids of its base tools are drawn before."""

    def __init__(self, ids: Ids) -> None:
        self._tool_ids = [ids.new("tool") for _ in range(BASE_TOOLS)]

    def open(self) -> "Store":
        from mockletta.state.store import Store  # noqa: PLC0415 - it loads the shapes of all rows

        return Store(self._tool_ids)


@cache
def default_brain(without: tuple[str, ...] = ()) -> "Brain":
    """Return the default brain. It is loaded on first use. Entries of its table that are named in
    `without` are off. Raises ValueError for an unknown name."""
    from mockletta.default_brain import DefaultBrain  # noqa: PLC0415

    return DefaultBrain(without=without)


def _no_time(_: "World") -> None:
    """Set no timer, for worlds in which nothing can be scheduled."""


class World:
    """One mock Letta server. It holds everything that a request can change.

    `keepalive` is in seconds. `name` identifies the world in its server without showing its key.
    `block_history` records how the values of memory blocks changed. `origin` is the snapshot that
    `reset` restores; `kept` are snapshots by name. `webhooks` are the hosts on other machines that
    may be called back, `models` those that are known beside the catalogue. `on_change` is called,
    within `run`, after anything that may have changed the world. `before_restore` is called in a
    thread before a large snapshot is restored; `restored` is that snapshot afterwards. `timekeeper`
    sets the timer for scheduled work, after the state or the loop of the world has changed;
    `timetable` is that timer.
    """

    def __init__(
        self,
        *,
        brain: "Brain | None" = None,
        quirks: Quirks | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        keepalive: float = DEFAULT_KEEPALIVE,
        pace: Pace | None = None,
        lazy_store: LazyStore | None = None,
        journal: Journal | None = None,
        webhooks: frozenset[str] = frozenset(),
    ) -> None:
        self.lock = threading.RLock()
        self._brain = brain
        self._script: Script | None = None
        self.quirks = quirks or Quirks()
        self.clock = clock or Clock()
        self.clock.lock_of_world = self.lock
        self.ids = ids or Ids()
        self.jitter = Jitter(self.ids.seed)
        self.keepalive = keepalive
        self.pace = pace or Pace()
        self._lazy_store = lazy_store or LazyStore(self.ids)
        self.active: dict[str, ActiveRun] = {}
        self.busy: dict[str, str] = {}
        self.logs = KeptLogs()
        self.journal = Journal() if journal is None else journal
        self.webhooks = webhooks
        self.mcp_hosts: frozenset[str] = frozenset()
        self.models = KnownModels()
        self.name = MAIN
        self.block_history = BlockHistory()
        self.faults = FaultPlan()
        self.functions = ToolFunctions()
        self.tasks: set[asyncio.Task[None]] = set()
        self.origin: Snapshot | None = None
        self.kept: dict[str, Snapshot] = {}
        self.on_change: Callable[[], None] | None = None
        self.before_restore: Callable[[Snapshot], None] | None = None
        self.restored: Snapshot | None = None
        self.timekeeper: Callable[[World], None] = _no_time
        self.timetable: ScheduledCall | None = None

    def run(self, function: Callable[[], Result]) -> Result:
        """Call a function while no other thread uses this world, then report the change.

        Requests, the turns and timers that they start, and the test author's direct API all call
        this. Only the clock takes the lock itself, for paced tokens, which change no rows. A
        function never waits for anything, so the lock is never held across an `await`.
        """
        with self.lock:
            try:
                return function()
            finally:
                if "store" in vars(self) and self.store.deleted:
                    self._forget_deleted()
                if self.on_change is not None:
                    self.on_change()

    def wake(self) -> None:
        """Set the timer for the next scheduled work. Call this on the loop."""
        if "store" in vars(self) and (len(self.store.schedules) or self.timetable):
            self.timekeeper(self)

    @cached_property
    def store(self) -> "Store":
        """All rows. They are opened on first use, so that a server starts faster."""
        with self.lock:
            members = vars(self)
            if "store" not in members:  # another thread may have been faster
                members["store"] = self._lazy_store.open()
            opened: Store = members["store"]
            return opened

    @property
    def brain(self) -> "Brain":
        """The brain: the script if there is one, else the fallback."""
        return self._script or self.fallback

    @property
    def fallback(self) -> "Brain":
        """The brain that decides if no rule of the script does."""
        return self._brain or default_brain()

    @property
    def has_default_brain(self) -> bool:
        """Whether it was made without a brain of its own."""
        return self._brain is None

    @property
    def script(self) -> "Script":
        """The script, empty at first. It is loaded on first use."""
        if self._script is None:
            from mockletta.script.engine import script_over  # noqa: PLC0415 - few tests need it

            self._script = script_over(self._brain, default_brain)
        return self._script

    @property
    def has_script(self) -> bool:
        """Whether there is a script."""
        return self._script is not None

    def publish(self, kind: str, **facts: object) -> None:
        """Publish an event about this world to the watchers of the server's feed."""
        feed = self.journal.feed
        if feed is not None and self.journal.is_watched:
            feed.publish(kind, {"world": self.name, **facts})

    @property
    def has_changed_blocks(self) -> bool:
        """Whether memory blocks have changed since `record_block_changes`."""
        return "store" in vars(self) and bool(self.store.blocks.replaced)

    def record_block_changes(self, cause: Cause) -> None:
        """Record the changes of memory blocks since the last call, all with the same cause."""
        replaced = self.store.blocks.replaced or []
        for old, new in replaced:
            self.block_history.record(new.id, old.value, new.value, self.clock.peek(), cause)
            self.publish("block", block_id=new.id)
        replaced.clear()

    def _forget_deleted(self) -> None:
        """Forget what belongs to deleted rows: the changes of blocks and the logs of runs."""
        for table, row_id in self.store.deleted:
            forget = self.block_history.forget if table == "blocks" else self.logs.forget
            forget(row_id)
        self.store.deleted.clear()

    def copy(self) -> "World":
        """Return a world with the same state and settings, without any turn in progress."""
        other = World(
            brain=self._brain,
            quirks=Quirks(self.quirks.on),
            ids=self.ids,
            keepalive=self.keepalive,
            pace=self.pace,
            lazy_store=self._lazy_store,
            journal=Journal(self.journal.most_entries, self.journal.most_bytes),
            webhooks=self.webhooks,
        )
        other.models = self.models
        other.mcp_hosts = self.mcp_hosts
        other.journal.operations = self.journal.operations
        other.take_state(self)
        other.timekeeper = self.timekeeper
        return other

    def take_state(self, other: "World") -> None:
        """Replace the state by a copy of another world's. No turn may be in progress."""
        self._lazy_store = other._lazy_store  # noqa: SLF001 - a world may look into another
        vars(self).pop("store", None)
        if "store" in vars(other):
            self.store = other.store.copy()
        for name in COPIED:
            setattr(self, name, getattr(other, name).copy())
        self.block_history.forget_all_but(self.store.blocks if "store" in vars(self) else {})
        for name in FILLED:
            getattr(self, name).take_over(getattr(other, name))
        theirs = other._script  # noqa: SLF001 - a script is no part of a world until it is used
        if theirs is not None or self._script is not None:
            self.script.take_over(theirs)


class Snapshot(NamedTuple):
    """The state of a world at one moment. `parked` is a copy in which nothing happens."""

    parked: World
