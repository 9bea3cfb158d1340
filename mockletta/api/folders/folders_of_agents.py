"""The folders of new and changed agents."""

from collections.abc import Sequence

from mockletta.errors import ConstraintViolated
from mockletta.tools.agent_files.open_files import attach_folder, detach_folder
from mockletta.wire.agents import AgentState
from mockletta.world.world import World


def known_folders(world: World, *named: Sequence[str] | None) -> list[str] | None:
    """Return the requested folders of an agent, from either field; None if there is no request.
    Raises ConstraintViolated for an unknown folder [42 source_ids unknown]."""
    if all(ids is None for ids in named):
        return None
    wanted = list(dict.fromkeys(item for ids in named for item in ids or ()))
    missing = [folder_id for folder_id in wanted if folder_id not in world.store.folders]
    if missing:
        raise ConstraintViolated(f"A foreign key constraint was violated: no folders {missing}")
    return wanted


def set_folders(world: World, agent: AgentState, folder_ids: Sequence[str]) -> None:
    """Set the folders of an agent."""
    for folder_id in world.store.agent_folders.rights(agent.id):
        if folder_id not in folder_ids:
            detach_folder(world, agent.id, folder_id)
    for folder_id in folder_ids:
        attach_folder(world, agent, folder_id)
