"""What a test's functions find in `os.environ` while they run, as a tool's code does on a server.

That is the secrets of their agent, and the agent's id [87 at first: tool sees *].
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mockletta.wire.agents import AgentState

AGENT_ID = "LETTA_AGENT_ID"


def environment_of(agent: AgentState) -> dict[str, str]:
    """Return the variables of an agent's tools."""
    return {**{one.key: one.value for one in agent.secrets}, AGENT_ID: agent.id}


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a block, but for those that no process can have."""
    possible = {name: value for name, value in variables.items() if _is_possible(name, value)}
    before = {name: os.environ.get(name) for name in possible}
    os.environ.update(possible)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _is_possible(name: str, value: str) -> bool:
    return bool(name) and "=" not in name and "\0" not in name + value
