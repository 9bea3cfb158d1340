"""Deleting runs, and saying what one thinks of their steps."""

from mockletta.turns.driver import cancel
from mockletta.wire.runs import Run, Step
from mockletta.world.world import World


def delete_run(world: World, run: Run) -> None:
    """Delete a run with its steps; its messages stay. One that is under way is cancelled first."""
    cancel(world, run.id)
    if run.id in world.logs.by_run:
        world.logs.forget(run.id)
    world.store.delete_run(run.id)


def give_feedback(world: World, step: Step, feedback: str | None, tags: list[str] | None) -> Step:
    """Set a step's feedback, or take it back, and add tags that it lacks [60 step feedback *]."""
    kept = dict.fromkeys([*(step.tags or ()), *(tags or ())])
    changes = {"feedback": feedback, "tags": list(kept)}
    return world.store.steps.replace(step.changed(changes))
