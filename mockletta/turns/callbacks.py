"""Callbacks: when an async run ends, its outcome is POSTed to the URL in its request [76].

Only loopback addresses are called, and the hosts that the settings name. A callback does not change
how its run ended.
"""

import asyncio
import json
import logging
from functools import partial

from mockletta.http.host_names import names_loopback
from mockletta.http.posting import Address, PostError, post
from mockletta.turns.message_expansion import expand
from mockletta.turns.usage import usage_of
from mockletta.wire.messages import StopReason
from mockletta.wire.runs import Run
from mockletta.world.world import World

TIMEOUT = 5.0
"""The seconds within which the receiver must answer."""
logger = logging.getLogger("mockletta")


def dispatch(world: World, run: Run) -> None:
    """Schedule the callback of a run that has just ended. Call this on the loop."""
    task = asyncio.get_running_loop().create_task(_call(world, run, _payload(world, run)))
    world.tasks.add(task)
    task.add_done_callback(world.tasks.discard)


async def _call(world: World, run: Run, payload: bytes) -> None:
    """Call, unless the run is gone, as after a reset. The time is only known after the outcome."""
    if run.id not in world.store.runs:
        return
    sent_at = world.clock.now().replace(tzinfo=None)
    failed = f"Failed to dispatch callback for run {run.id} to {run.callback_url}: "
    outcome: dict[str, object] = {"callback_sent_at": sent_at}
    try:
        address = Address(str(run.callback_url))
        if not names_loopback(address.host) and address.host not in world.webhooks:
            outcome = {"callback_error": f"{failed}{_not_allowed(address.host)}"}
        else:
            outcome["callback_status_code"] = await post(address, payload, world.clock, TIMEOUT)
    except PostError as error:
        outcome["callback_error"] = f"{failed}{error!r}"
    if "callback_error" in outcome:
        logger.warning(outcome["callback_error"])
    world.run(partial(_record, world, run.id, outcome))


def _not_allowed(host: str) -> str:
    return (
        f"it was not made, since {host} is not this machine. Allow it with --webhooks {host}, or "
        f"MockLetta(webhooks=[{host!r}])."
    )


def _record(world: World, run_id: str, outcome: dict[str, object]) -> None:
    run = world.store.runs.find(run_id)
    if run is not None:
        world.store.runs.replace(run.changed(outcome))


def _payload(world: World, run: Run) -> bytes:
    """Return the run with its result: all its messages, including the user's [76 callback: run]."""
    ended = world.clock.now().replace(tzinfo=None)
    payload = {
        "run_id": run.id,
        "status": run.status,
        "completed_at": ended.isoformat(),
        "metadata": {**(run.metadata or {}), "result": _result(world, run)},
    }
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def _result(world: World, run: Run) -> dict[str, object]:
    records = world.store.messages.all(("run_id", run.id))
    messages = [message for record in records for message in expand(record)]
    wanted = run.wanted_types
    assert run.stop_reason is not None
    return {
        "messages": [
            message.model_dump(mode="json")
            for message in messages
            if wanted is None or message.message_type in wanted
        ],
        "stop_reason": StopReason(stop_reason=run.stop_reason).model_dump(mode="json"),
        "usage": usage_of(world, run).model_dump(),
        "logprobs": None,
        "turns": None,
    }
