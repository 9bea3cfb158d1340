"""All the rows of a world, and the rules that keep them together when one goes."""

from collections.abc import Callable, Sequence

from immutables import Map, MapMutation

from mockletta.catalogue.base_tools import make_base_tools
from mockletta.errors import NotFound
from mockletta.state.changed_ids import ChangedIds
from mockletta.state.message_records import MessageRecord
from mockletta.state.table import parted
from mockletta.state.threads import Thread
from mockletta.state.world_tables import LINKS, TABLES, Tables
from mockletta.wire.blocks import Block
from mockletta.wire.conversations import Conversation
from mockletta.wire.passages import Passage
from mockletta.wire.tools import Tool

THREADS = "threads"


class Store(Tables):
    """Tables, links and threads. A thread's id is its conversation's, or its agent's own."""

    def __init__(self, tool_ids: Sequence[str] = ()) -> None:
        """A store that has the base tools, or with no ids for them nothing at all."""
        super().__init__()
        self._threads: MapMutation[str, Thread] = Map[str, Thread]().mutate()
        self._owner = object()
        self.noted: ChangedIds | None = None
        for tool in make_base_tools(tool_ids) if tool_ids else ():
            self.tools.add(tool)

    def copy(self) -> "Store":
        """A store that starts the same and shares nothing that changes.

        It costs the same however much there is in it: both share what neither changes.
        """
        other = Store()
        for part in (*TABLES, *LINKS):
            setattr(other, part, getattr(self, part).copy())
        self._threads, other._threads = parted(self._threads)
        self._owner, other._owner = object(), object()
        return other

    def note_changes(self) -> dict[str, ChangedIds]:
        """Have changes noted from now on, in what is returned: by table, kind of links, and as
        THREADS the threads that were asked for. A copy notes nothing."""
        noted = {part: ChangedIds() for part in (*TABLES, *LINKS, THREADS)}
        self._note_in(noted.get)
        return noted

    def stop_noting(self) -> None:
        self._note_in(lambda _: None)

    def _note_in(self, place: Callable[[str], ChangedIds | None]) -> None:
        for part in (*TABLES, *LINKS):
            getattr(self, part).noted = place(part)
        self.noted = place(THREADS)

    def blocks_of(self, agent_id: str) -> list[Block]:
        """An agent's blocks in the order they were attached."""
        return [self.blocks.get(block_id) for block_id in self.agent_blocks.rights(agent_id)]

    def tools_of(self, agent_id: str) -> list[Tool]:
        return [self.tools.get(tool_id) for tool_id in self.agent_tools.rights(agent_id)]

    def passages_of(self, agent_id: str) -> list[Passage]:
        """What is in an agent's archives, in order of arrival."""
        scopes = [("archive_id", archive) for archive in self.agent_archives.rights(agent_id)]
        return [passage for scope in scopes for passage in self.passages.all(scope)]

    def blocks_in(self, conversation: Conversation | None, agent_id: str) -> list[Block]:
        """The blocks a turn works on: the conversation's own copies stand in for the agent's."""
        blocks = self.blocks_of(agent_id)
        if conversation is None or not conversation.isolated_block_ids:
            return blocks
        copies = map(self.blocks.find, conversation.isolated_block_ids)
        own = {block.label: block for block in copies if block is not None}
        return [own.get(block.label, block) for block in blocks]

    def thread(self, thread_id: str) -> Thread:
        """A thread, new if there was none. It is not to be kept over a copy of the store: after
        one, asking again gives another object."""
        thread = self._threads.get(thread_id)
        if thread is None:
            thread = self._threads[thread_id] = Thread(self.messages, self._owner)
        elif thread.owner is not self._owner:
            thread = self._threads[thread_id] = thread.owned_by(self._owner, self.messages)
        if self.noted is not None:
            self.noted.put(thread_id)
        return thread

    def find_thread(self, thread_id: str) -> Thread | None:
        return self.thread(thread_id) if thread_id in self._threads else None

    def drop_thread(self, thread_id: str) -> None:
        self._threads.pop(thread_id, None)
        if self.noted is not None:
            self.noted.drop(thread_id)

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

    def delete_tool(self, tool_id: str) -> None:
        """Delete a tool; it leaves the agents it was attached to [62 delete attached tool]."""
        self.tools.remove(tool_id)
        self.agent_tools.drop_right(tool_id)
        self.server_tools.drop_right(tool_id)

    def delete_block(self, block_id: str) -> None:
        """Delete a block; it leaves the agents it was attached to [55 delete attached block], and
        the conversation whose copy it was."""
        self._remove_block(block_id)
        for conversation in self.conversations:
            if block_id in conversation.isolated_block_ids:
                left = [item for item in conversation.isolated_block_ids if item != block_id]
                self.conversations.replace(conversation.changed({"isolated_block_ids": left}))

    def delete_archive(self, archive_id: str) -> None:
        """Delete an archive with its passages; it leaves its agents [63 delete archive]."""
        self.archives.remove(archive_id)
        self.agent_archives.drop_right(archive_id)
        for passage in self.passages.all(("archive_id", archive_id)):
            self.passages.remove(passage.id)

    def _remove_block(self, block_id: str) -> None:
        self.blocks.remove(block_id)
        self.block_identities.drop_left(block_id)
        self.agent_blocks.drop_right(block_id)

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation and its own block copies. Its messages stay among its agent's:
        forks share them, and recall memory still counts them [04 fork default messages]."""
        conversation = self.conversations.remove(conversation_id)
        for block_id in conversation.isolated_block_ids:
            self._remove_block(block_id)
        self.drop_thread(conversation_id)

    def delete_run(self, run_id: str) -> None:
        """Delete a run with its steps; its messages stay in their conversation."""
        self.runs.remove(run_id)
        for step in self.steps.all(("run_id", run_id)):
            self.steps.remove(step.id)

    def delete_agent(self, agent_id: str) -> None:
        """Delete an agent with its conversations, runs, steps and messages; blocks stay, and so do
        archives, which other agents may share [03]."""
        self.agents.remove(agent_id)
        for conversation in self.conversations.all(("agent_id", agent_id)):
            self.delete_conversation(conversation.id)
        for record in self.messages.all(("agent_id", agent_id)):
            self.messages.remove(record.id)
        for step in self.steps.all(("agent_id", agent_id)):
            self.steps.remove(step.id)
        for run in self.runs.all(("agent_id", agent_id)):
            self.runs.remove(run.id)
        for file in self.agent_files.all(("agent_id", agent_id)):
            self.agent_files.remove(file.id)
        for scheduled in self.schedules.all(("agent_id", agent_id)):
            self.schedules.remove(scheduled.id)
        self.agent_archives.drop_left(agent_id)
        self.agent_folders.drop_left(agent_id)
        self.drop_thread(agent_id)
        self.agent_blocks.drop_left(agent_id)
        self.agent_tools.drop_left(agent_id)
        self.agent_identities.drop_left(agent_id)
        self._leave_groups(agent_id)

    def _leave_groups(self, agent_id: str) -> None:
        """An agent that is deleted leaves its groups, and takes those along that it manages."""
        for group in list(self.groups):
            if group.manager_agent_id == agent_id:
                self.groups.remove(group.id)
            elif agent_id in group.agent_ids:
                left = [one for one in group.agent_ids if one != agent_id]
                self.groups.replace(group.changed({"agent_ids": left}))

    def block_labelled(self, agent_id: str, label: str) -> Block:
        """An agent's block by its label [55 retrieve unknown label]."""
        self.agents.get(agent_id)
        for block in self.blocks_of(agent_id):
            if block.label == label:
                return block
        raise NotFound(f"No block with label '{label}' found for agent '{agent_id}'")
