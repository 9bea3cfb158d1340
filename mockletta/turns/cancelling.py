"""Ending the turns under way in a world: what runs them is only loaded if there are any."""

from mockletta.world.world import World


def cancel_all(world: World) -> None:
    """Cancel every turn under way; under the world's lock."""
    if not world.active:
        return
    from mockletta.turns.driver import abort  # noqa: PLC0415 - turns are not loaded at the start

    for run_id in list(world.active):
        abort(world, run_id)
