"""A process whose children write a state file for ever, to be killed while they do.

For each line on its standard input it begins a child and tells its number, then the id of each
block the child has stored, then KILLED when the child is dead.
"""

import os
import sys
from itertools import count

from mockletta.resources.blocks import create_block
from mockletta.saving.state_file import StateFile
from mockletta.wire.block_requests import CreateBlock
from mockletta.world import World
from tests.worlds import make_agent, say

KILLED = "killed"
LEAST_GROWTH = 3_000


def main(path: str) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            write(path)
        os.waitpid(child, 0)
        tell(KILLED)


def write(path: str) -> None:
    """Store blocks, and messages now and then, until killed."""
    tell(str(os.getpid()))
    world = World()
    file = StateFile(path, least_growth=LEAST_GROWTH)
    file.attach(world)
    agent = next(iter(world.store.agents), None) or make_agent(world)
    for number in count():
        block = create_block(world, CreateBlock(label=f"block {number}"))
        if number % 4 == 3:
            say(world, agent.id, "Hello!")
        world.changed()
        tell(block.id)


def tell(line: str) -> None:
    os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
