"""What holds in every world, whatever has been asked of it."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.world.world import World

TOLD_OF_RUNS = {"updated_at", "last_run_completion", "last_run_duration_ms", "last_stop_reason"}
"""What an agent tells of its runs: a run that failed is a run too."""


def check(world: World) -> None:
    """Raise AssertionError if something in a world is not as it must be."""
    world.run(partial(_check, world))


def _check(world: World) -> None:
    store = world.store
    for table in (store.agents, store.conversations):
        for row in table:
            check_thread(store.thread(row.id), world)
    for run in store.runs:
        assert (run.status == "running") <= (run.id in world.active), run


def check_thread(thread: Thread, world: World) -> None:
    records = [world.store.messages.get(message_id) for message_id in thread]
    times = [record.created_at for record in records if record.role != "system"]
    assert times == sorted(times)
    listed = [record.id for record in records]
    assert len(set(listed)) == len(listed)
    assert set(thread.context_ids) <= set(listed)
    assert len(set(thread.context_ids)) == len(thread.context)
    in_context = [world.store.messages.get(one) for one in thread.context_ids]
    assert in_context == thread.context
    assert thread.tokens == sum(record.tokens for record in in_context)
    check_calls(records, in_context)


def check_calls(records: Sequence[MessageRecord], in_context: Sequence[MessageRecord]) -> None:
    """Every call has one return, or waits with the newest message in context, or was dropped with
    the request it waited with when the context was emptied."""
    assert all(place.waiting for place in _after_along(in_context))
    made = Counter(call.tool_call_id for one in records for call in one.tool_calls)
    returned = Counter(item.tool_call_id for one in records for item in one.tool_returns)
    assert set(made.values()) <= {1}
    assert set(returned.values()) <= {1}
    assert set(returned) <= set(made)
    requests = [one for one in records if one.waiting]
    pending = [one for one in in_context[-1:] if one.waiting]
    waiting = {call.tool_call_id for one in pending for call in _calls(one)}
    assert not waiting & set(returned)
    dropped = [one for one in requests if one not in in_context]
    allowed = waiting | {call.tool_call_id for one in dropped for call in _calls(one)}
    assert set(made) - set(returned) <= allowed
    unanswered = [one for one in in_context if one.waiting and not _is_answered(one, returned)]
    assert unanswered == pending


def _after_along(in_context: Sequence[MessageRecord]) -> Sequence[MessageRecord]:
    """What follows calls that wait along: the request they wait with, or nothing would be sent."""
    return [after for before, after in pairwise(in_context) if before.waits_along]


def _calls(request: MessageRecord) -> Sequence[Any]:
    assert request.waiting is not None
    return request.waiting.calls


def _is_answered(request: MessageRecord, returned: Counter[str]) -> bool:
    return all(call.tool_call_id in returned for call in _calls(request))


def content(world: World) -> dict[str, Any]:
    """What a request that failed must leave as it was: all but runs, their steps and times."""
    store = world.store
    owners = [row.id for table in (store.agents, store.conversations) for row in table]
    threads = {owner: store.thread(owner) for owner in owners}
    return {
        "agents": [agent.model_dump(exclude=TOLD_OF_RUNS) for agent in store.agents],
        "blocks": list(store.blocks),
        "tools": list(store.tools),
        "messages": list(store.messages),
        "attached": [store.agent_tools.rights(agent.id) for agent in store.agents],
        "threads": {
            owner: (list(thread), thread.context_ids, thread.tokens, thread.turns)
            for owner, thread in threads.items()
        },
    }
