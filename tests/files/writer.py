"""A process whose children write a state file for ever, to be killed while they do.

For each line on its standard input, which names a file and how it is synced, it begins a child and
tells its number, then the id of each block the child has stored, then KILLED when the child is
dead.
"""

import os
import sys
from itertools import count
from tempfile import TemporaryDirectory

from mockletta.api.block_creation import create_block
from mockletta.files.state_file import StateFile
from mockletta.settings.settings import STATE_SYNCS
from mockletta.wire.memory import CreateBlock
from mockletta.world.world import World
from tests.worlds import commit, make_agent, say

KILLED = "killed"
LEAST_GROWTH = 3_000


def main() -> None:
    with TemporaryDirectory() as folder:
        # Once before there are children: what pydantic builds when it is first used, they inherit.
        for _ in range(2):
            write(f"{folder}/world.state", "always", 4)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            tell(str(os.getpid()))
            path, sync = line.split()
            write(path, sync, None)
        os.waitpid(child, 0)
        tell(KILLED)


def write(path: str, sync: str, most: int | None) -> None:
    """Store blocks, and messages now and then; None is for ever, and each is told of."""
    world = World()
    [mode] = [one for one in STATE_SYNCS if one == sync]
    with StateFile(path, sync=mode, least_growth=LEAST_GROWTH) as file:
        file.attach(world)
        agent = next(iter(world.store.agents), None) or make_agent(world)
        for number in count() if most is None else range(most):
            block = create_block(world, CreateBlock(label=f"block {number}"))
            if number % 4 == 3:
                say(world, agent.id, "Hello!")
            commit(world)
            if most is None:
                tell(block.id)


def tell(line: str) -> None:
    os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    main()
