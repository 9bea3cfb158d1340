"""Whether all that a world's rows refer to is there."""

from collections.abc import Iterable, Iterator

from mockletta.state.store import Store

Reference = tuple[str, str, str | None]
"""A row's id, the table it refers to, and the id it refers to there."""


def dangling(store: Store, active: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The id of each row that refers to what is not there, and what that is."""
    for row_id, table, wanted in _references(store):
        if wanted is not None and wanted not in getattr(store, table):
            yield row_id, f"{row_id} refers to {wanted}, which is not among the {table}"
    for owner in (*store.agents, *store.conversations):
        if store.find_thread(owner.id) is None:
            yield owner.id, f"{owner.id} has no thread"
    for run_id in active:
        if run_id not in store.runs:
            yield run_id, f"{run_id} is under way, but it is not among the runs"


def _references(store: Store) -> Iterator[Reference]:
    for agent in store.agents:
        yield from ((agent.id, "blocks", one) for one in store.agent_blocks.rights(agent.id))
        yield from ((agent.id, "tools", one) for one in store.agent_tools.rights(agent.id))
    for block in store.blocks:
        yield from ((block.id, "agents", one) for one in store.agent_blocks.lefts(block.id))
    for tool in store.tools:
        yield from ((tool.id, "agents", one) for one in store.agent_tools.lefts(tool.id))
    for conversation in store.conversations:
        yield conversation.id, "agents", conversation.agent_id
        yield from ((conversation.id, "blocks", one) for one in conversation.isolated_block_ids)
    for record in store.messages:
        yield record.id, "agents", record.agent_id
    for run in store.runs:
        yield run.id, "agents", run.agent_id
    for step in store.steps:
        yield step.id, "agents", step.agent_id
        yield step.id, "runs", step.run_id
