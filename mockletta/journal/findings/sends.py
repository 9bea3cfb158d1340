"""Messages that were sent to agents, and the outcome of each."""

import json
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from mockletta.journal.entries import Entry

SENDING_OPERATIONS = frozenset(
    {
        "agents.messages.create",
        "agents.messages.create_async",
        "agents.messages.stream",
        "conversations.messages.create",
    }
)
"""Operations that send messages to an agent, and so call its model."""
RESUMES = frozenset({"conversations.messages.stream", "runs.messages.stream"})
CANCELS = frozenset({"agents.messages.cancel", "conversations.cancel"})
LOOKS = frozenset({"agents.messages.list", "conversations.messages.list", "conversations.retrieve"})
REFUSALS = frozenset({501, 503})
"""Errors after which the server has changed nothing."""

Outcome = Literal["answered", "refused", "unknown", "open"]


class Send(NamedTuple):
    """A request with messages: their thread, their texts, and their otids."""

    entry: Entry
    thread: str
    content: str
    otids: tuple[str | None, ...]

    @property
    def is_recognised(self) -> bool:
        """Whether the server recognises the messages when they are sent again."""
        return bool(self.otids) and all(self.otids)


def sends(entries: Sequence[Entry]) -> Iterator[Send]:
    """Return the requests with messages."""
    for entry in entries:
        body = entry.body if entry.operation in SENDING_OPERATIONS else None
        if isinstance(body, dict):
            messages = body.get("messages")
            given = [one for one in messages or [] if isinstance(one, dict)]
            said = [{name: one[name] for name in one if name != "otid"} for one in given]
            content = json.dumps([said or messages, body.get("input")], sort_keys=True)
            yield Send(entry, thread_of(entry), content, tuple(one.get("otid") for one in given))


def pairs(entries: Sequence[Entry]) -> Iterator[tuple[Send, Send]]:
    """Return each message with the next one to the same thread."""
    before: dict[str, Send] = {}
    for send in sends(entries):
        if send.thread in before:
            yield before[send.thread], send
        before[send.thread] = send


def thread_of(entry: Entry) -> str:
    """Return the thread of a request: a conversation's, or an agent's own."""
    thread = entry.params.get("conversation_id") or entry.params.get("agent_id") or ""
    if thread != "default":
        return thread
    body = entry.body
    agent = body.get("agent_id") if isinstance(body, dict) else None
    return f"default of {agent or entry.query.get('agent_id')}"


def outcome(entry: Entry) -> Outcome:
    """Return what a client knows about the outcome of a message: `unknown` if its answer was
    lost."""
    if entry.duration is None:
        return "open"
    if entry.status is None or (entry.status >= 500 and entry.status not in REFUSALS):
        return "unknown"
    if entry.status >= 400:
        return "refused"
    return "answered" if has_ended(entry) else "unknown"


def has_ended(entry: Entry) -> bool:
    """Return whether an answer is complete: whole JSON, or a stream with a final event."""
    if entry.is_stream:
        return any(frame.ends_the_answer for frame in entry.events)
    return entry.fault is None or not isinstance(entry.response, str | None)


def looked_after(entries: Sequence[Entry], first: Entry, until: Entry | None = None) -> list[Entry]:
    """Return the requests after a message that show its outcome: the client resumed or cancelled
    its run, or read the thread, the runs or the steps."""
    last = entries[-1].number + 1 if until is None else until.number
    thread = thread_of(first)
    return [
        entry
        for entry in entries
        if first.number < entry.number < last and _looks_at(entry, thread)
    ]


def _looks_at(entry: Entry, thread: str) -> bool:
    operation = entry.operation or ""
    if operation.startswith(("runs.", "steps.")) or operation in CANCELS:
        return True
    return operation in RESUMES | LOOKS and thread_of(entry) == thread
