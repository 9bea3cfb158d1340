"""All rows of a world, and the deletion of rows with their dependents."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from immutables import Map, MapMutation

from mockletta.catalogue.base_tools import make_base_tools
from mockletta.errors import NotFound
from mockletta.state.cascading_deletes import OWNED
from mockletta.state.message_records import MessageRecord
from mockletta.state.table import ChangedIds, split_map
from mockletta.state.threads import KeptPages, Thread
from mockletta.state.world_tables import LINKS, TABLES, Tables
from mockletta.wire.memory import Block
from mockletta.wire.tools import Tool

if TYPE_CHECKING:
    from mockletta.wire.archives import Passage
    from mockletta.wire.conversations import Conversation

THREADS = "threads"
REMEMBERED = frozenset({"blocks", "runs"})
"""Tables for whose rows a world keeps data outside of the store."""


class Store(Tables):
    """Tables, links and threads. The id of a thread is its conversation's, or its agent's.

    `deleted` are the deleted rows that the world must forget: their tables and ids.
    """

    def __init__(self, tool_ids: Sequence[str] = ()) -> None:
        """Create a store with base tools of these ids, or an empty store if there are none."""
        super().__init__()
        self._threads: MapMutation[str, Thread] = Map[str, Thread]().mutate()
        self._owner = object()
        self.pages = KeptPages(self.messages)
        self.changed_ids: ChangedIds | None = None
        self.deleted: list[tuple[str, str]] = []
        for tool in make_base_tools(tool_ids) if tool_ids else ():
            self.tools.add(tool)

    def copy(self) -> "Store":
        """Return a copy that shares nothing mutable with the original.

        It takes the same time for any size, because unchanged parts are shared.
        """
        other = Store()
        for part in (*TABLES, *LINKS):
            setattr(other, part, getattr(self, part).copy())
        other.pages = KeptPages(other.messages)
        self._threads, other._threads = split_map(self._threads)
        self._owner, other._owner = object(), object()
        return other

    def record_changes(self) -> dict[str, ChangedIds]:
        """Start to record changed ids, by table, by kind of links, and under THREADS.

        The returned mapping is updated from then on. A copy of the store records nothing.
        """
        changed = {part: ChangedIds() for part in (*TABLES, *LINKS, THREADS)}
        self._record_in(changed.get)
        return changed

    def stop_recording(self) -> None:
        self._record_in(lambda _: None)

    def _record_in(self, place: Callable[[str], ChangedIds | None]) -> None:
        for part in (*TABLES, *LINKS):
            getattr(self, part).changed_ids = place(part)
        self.changed_ids = place(THREADS)

    def blocks_of(self, agent_id: str) -> list[Block]:
        """Return an agent's blocks in the order they were attached."""
        return list(map(self.blocks.row, self.agent_blocks.rights(agent_id)))

    def tools_of(self, agent_id: str) -> list[Tool]:
        return list(map(self.tools.row, self.agent_tools.rights(agent_id)))

    def passages_of(self, agent_id: str) -> "list[Passage]":
        """Return the passages of an agent's archives, in order of arrival."""
        scopes = [("archive_id", archive) for archive in self.agent_archives.rights(agent_id)]
        return [passage for scope in scopes for passage in self.passages.all(scope)]

    def blocks_in(self, conversation: "Conversation | None", agent_id: str) -> list[Block]:
        """Return the blocks of a turn. A conversation's own copies replace the agent's blocks."""
        blocks = self.blocks_of(agent_id)
        if conversation is None or not conversation.isolated_block_ids:
            return blocks
        copies = map(self.blocks.find, conversation.isolated_block_ids)
        own = {block.label: block for block in copies if block is not None}
        return [own.get(block.label, block) for block in blocks]

    def thread(self, thread_id: str) -> Thread:
        """Return a thread, whose context is up to date; it is created if it does not exist. Do not
        keep it after a copy of the store, which replaces the object."""
        thread = self._threads.get(thread_id)
        if thread is None:
            thread = self._threads[thread_id] = Thread(self.messages, self._owner)
        elif thread.owner is not self._owner:
            thread = self._threads[thread_id] = thread.owned_by(self._owner, self.messages)
        thread.refresh()
        if self.changed_ids is not None:
            self.changed_ids.put(thread_id)
        return thread

    def find_thread(self, thread_id: str) -> Thread | None:
        return self.thread(thread_id) if thread_id in self._threads else None

    def drop_thread(self, thread_id: str) -> None:
        self._threads.pop(thread_id, None)
        self.pages.drop(thread_id)
        if self.changed_ids is not None:
            self.changed_ids.drop(thread_id)

    def add_message(
        self, record: MessageRecord, thread: Thread, *, in_context: bool = True
    ) -> None:
        self.messages.add(record)
        if in_context:
            thread.append(record)
        else:
            thread.list_only(record)

    def tool_named(self, name: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.name == name), None)

    def delete(self, table: str, row_id: str) -> None:
        """Delete a row with everything that it owns. Rows that it is linked to remain."""
        self._remove(table, row_id)
        if table == "agents":
            self._leave_groups(row_id)
        elif table == "blocks":
            self._leave_conversations(row_id)

    def _remove(self, table: str, row_id: str) -> None:
        row = getattr(self, table).remove(row_id)
        if table in REMEMBERED:
            self.deleted.append((table, row_id))
        for part, column in OWNED.get(table, ()):
            for owned in getattr(self, part).all((column, row_id)):
                self._remove(part, owned.id)
        self._unlink(table, row_id)
        if table in ("agents", "conversations"):
            self.drop_thread(row_id)
        for block_id in getattr(row, "isolated_block_ids", ()):
            self._remove("blocks", block_id)

    def _unlink(self, table: str, row_id: str) -> None:
        for name, (left, right) in LINKS.items():
            if left == table:
                getattr(self, name).drop_left(row_id)
            if right == table:
                getattr(self, name).drop_right(row_id)

    def _leave_conversations(self, block_id: str) -> None:
        """Remove a deleted block from the conversation that has it as its own copy."""
        for conversation in self.conversations:
            if block_id in conversation.isolated_block_ids:
                left = [item for item in conversation.isolated_block_ids if item != block_id]
                self.conversations.replace(conversation.changed({"isolated_block_ids": left}))

    def _leave_groups(self, agent_id: str) -> None:
        """Remove a deleted agent from its groups, and delete the groups that it manages."""
        for group in list(self.groups):
            if group.manager_agent_id == agent_id:
                self.groups.remove(group.id)
            elif agent_id in group.agent_ids:
                left = [one for one in group.agent_ids if one != agent_id]
                self.groups.replace(group.changed({"agent_ids": left}))

    def block_labelled(self, agent_id: str, label: str) -> Block:
        """Return an agent's block with a label [55 retrieve unknown label]."""
        self.agents.get(agent_id)
        for block in self.blocks_of(agent_id):
            if block.label == label:
                return block
        raise NotFound(f"No block with label '{label}' found for agent '{agent_id}'")
