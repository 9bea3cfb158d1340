"""Requests that may have changed something, and until when."""

from math import inf

from mockletta.journal.entries import Entry


def writes(entry: Entry) -> bool:
    """Whether it may have changed something: it was no mere question, and was not refused."""
    return entry.method != "GET" and (entry.status is None or entry.status < 400)


def end_of_write(entry: Entry) -> float:
    """When a request that writes was through, as its `started` counts; never, as far as anyone
    knows, if it set off a turn that goes on by itself."""
    body = entry.body
    goes_on = isinstance(body, dict) and body.get("background") is True
    if goes_on or entry.operation == "agents.messages.create_async" or entry.duration is None:
        return inf
    return entry.started + entry.duration
