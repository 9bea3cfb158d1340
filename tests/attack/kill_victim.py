"""A process that changes a world in a state file for ever, to be killed while it does.

It tells each change on its standard output before it begins and after it is acknowledged:
`put ID`, `begin gone ID`, `gone ID`, `keep`, `begin restore`, `restored`, and
`failing` or `recovered` when the file cannot be written or can be written again.
"""

import logging
import os
import random

from mockletta.api.block_creation import create_block
from mockletta.files.snapshots import restore, snapshot
from mockletta.files.state_file import StateFile
from mockletta.settings.settings import STATE_SYNCS
from mockletta.wire.memory import CreateBlock
from mockletta.world.world import Snapshot, World
from tests.worlds import commit, make_agent, say

LEAST_GROWTH = 20_000
"""Bytes of changes before the file is rewritten: rewrites are frequent."""
LOADED = "loaded"


class Victim:
    """Changes a world at random."""

    def __init__(self, path: str, output: int, seed: int) -> None:
        self._path = path
        self._output = output
        self._rng = random.Random(seed)
        self._kept: Snapshot | None = None

    def run(self) -> None:
        """Load the file, and change its world until the process is killed."""
        logging.getLogger("mockletta").addHandler(_Telling(self))
        sync = self._rng.choice(STATE_SYNCS)
        with StateFile(self._path, sync=sync, least_growth=LEAST_GROWTH) as file:
            world = World()
            file.attach(world)
            agent_id = (next(iter(world.store.agents), None) or make_agent(world)).id
            self.tell(LOADED)
            while True:
                self._change(file, world, agent_id)

    def _change(self, file: StateFile, world: World, agent_id: str) -> None:
        chosen = self._rng.random()
        blocks = [block.id for block in world.store.blocks]
        if chosen < 0.7:
            self._put(world)
        elif chosen < 0.8 and len(blocks) > 1:
            self._remove(world, self._rng.choice(blocks))
        elif chosen < 0.9:
            say(world, agent_id, "Hello!")
            commit(world)
        elif chosen < 0.94:
            self._kept = snapshot(world)
            self.tell("keep")
        elif self._kept is not None:
            self._restore(file, world, self._kept)

    def _put(self, world: World) -> None:
        value = "x" * self._rng.choice((10, 200, 2_000))
        block = create_block(world, CreateBlock(label="note", value=value))
        commit(world)
        self.tell(f"put {block.id}")

    def _remove(self, world: World, block_id: str) -> None:
        self.tell(f"begin gone {block_id}")
        world.store.delete("blocks", block_id)
        commit(world)
        self.tell(f"gone {block_id}")

    def _restore(self, file: StateFile, world: World, kept: Snapshot) -> None:
        self.tell("begin restore")
        if self._rng.random() < 0.5:  # as a server does, in a thread
            file.prepare(kept)
        world.run(lambda: restore(world, kept))
        self.tell("restored")

    def tell(self, line: str) -> None:
        """Write a line, at once."""
        os.write(self._output, line.encode() + b"\n")


class _Telling(logging.Handler):
    """Tells when the file cannot be written, and when it can be written again."""

    def __init__(self, victim: Victim) -> None:
        super().__init__()
        self._victim = victim

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self._victim.tell(f"failing {record.getMessage()}")
        elif "is written again" in record.getMessage():
            self._victim.tell("recovered")
