"""The report of a failing test: the last requests, the findings of the verdict, and the
transcript."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from mockletta.journal.entry_json import document
from mockletta.journal.entry_text import one_line
from mockletta.journal.terminal_text import counted
from mockletta.journal.verdict import judge
from mockletta.state.message_records import MessageRecord, count_images, plain_text
from mockletta.wire.message_content import UserContent
from mockletta.world.world import World

MOST_REQUESTS = 20
MOST_THREADS = 3
MOST_MESSAGES = 12
MOST_CHARACTERS = 200
TITLE = "mockletta"


class Transcript(NamedTuple):
    """The last messages of a thread, oldest first."""

    title: str
    messages: list[MessageRecord]


def sections(world: World) -> list[tuple[str, str]]:
    """Return titled sections: the newest requests, what the client did wrong, and the latest
    threads. A mock that was not used has none.
    """
    entries, talks = world.run(lambda: (list(world.journal), _talks(world)))
    verdict = judge(world.journal)
    shown = entries[-MOST_REQUESTS:]
    count = counted(len(entries), "request")
    count += f", the last {len(shown)}" if len(shown) < len(entries) else ""
    lines = "\n".join(one_line(document(entry)) for entry in shown)
    requests = [(f"{TITLE}: {count}", lines)] if shown else []
    judged = [] if verdict else [(f"{TITLE}: the verdict", str(verdict))]
    return requests + judged + [(f"{TITLE}: {talk.title}", _transcript(talk)) for talk in talks]


def _talks(world: World) -> list[Transcript]:
    store = world.store
    names = {agent.id: agent.name for agent in store.agents}
    titles = {agent_id: f"{agent_id} ({name})" for agent_id, name in names.items()}
    titles |= {one.id: f"{one.id} of {names[one.agent_id]}" for one in store.conversations}
    found = [
        Transcript(title, _last_messages(world, thread_id)) for thread_id, title in titles.items()
    ]
    talked_in = [talk for talk in found if any(record.run_id for record in talk.messages)]
    return sorted(talked_in, key=lambda talk: talk.messages[-1].created_at)[-MOST_THREADS:]


def _last_messages(world: World, thread_id: str) -> list[MessageRecord]:
    newest_first = world.store.thread(thread_id).scan(None, None, reverse=True)
    return list(islice(newest_first, MOST_MESSAGES))[::-1]


def _transcript(talk: Transcript) -> str:
    return "\n".join(line for record in talk.messages for line in _said(record))


def _said(record: MessageRecord) -> Iterator[str]:
    if record.reasoning:
        yield f"reasoning: {_short(record.reasoning)}"
    for returned in record.tool_returns:
        yield f"tool return: {_short(_text(returned.tool_return))} ({returned.status})"
    if record.role in ("user", "assistant") and record.content:
        images = count_images(record.content)
        seen = f" ({counted(images, 'image')})" if images else ""
        yield f"{record.role}: {_short(_text(record.content))}{seen}"
    for call in record.tool_calls:
        yield f"tool call: {call.name} {_short(call.arguments)}"


def _text(content: str | Sequence[UserContent]) -> str:
    return plain_text(content if isinstance(content, str) else tuple(content))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"
