"""The `conversation_search` tool: it searches the stored messages of an agent.

1. The message that begins a turn is stored with the turn's first step. A search in that step does
   not find it, a search in the next step does [05, 10].
2. The tool's own calls and returns, calls without text and system messages count towards the limit,
   but they are neither shown nor counted as results [15, 80 no query, 86 conversation_search xqK,
   85 bad arguments].
3. Other tools' returns are counted in "Showing N results" but not shown [56]. They are shown if the
   model asks for the role "tool".
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from itertools import islice
from typing import Literal, NamedTuple

from mockletta.http.rendering import SlicedWork
from mockletta.search import slices
from mockletta.state.message_records import MessageRecord, plain_text
from mockletta.state.paging import Page, find_page
from mockletta.state.table import View
from mockletta.tools.call_arguments import outcome_of
from mockletta.tools.context import ToolContext
from mockletta.tools.returns import ToolOutcome
from mockletta.world.quirks import NO_SEARCH

NAME = "conversation_search"
ROLES = ("assistant", "user", "tool")
DATES = ("start_date", "end_date")
DEFAULT_LIMIT = 5


class SearchableMessage(NamedTuple):
    """A stored message. `tools` are the names of the tools that it calls or that returned it."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    created_at: datetime
    tools: tuple[str, ...] = ()


def conversation_search(
    messages: Iterable[SearchableMessage],
    now: datetime,
    /,
    query: str | None = None,
    roles: list[str] | None = None,
    limit: int | None = None,
    start_date: str | None = None,
    end_date: str | None = None,
) -> dict[str, object]:
    """Find messages that contain `query`, ignoring case; without a query all match.

    `messages` come newest first, and only as many as needed are read. `now` is in the agent's
    timezone: dates are read in it and times are shown in it.
    """
    text, wanted = (query or "").lower(), _roles(roles)
    since = read_moment("start_date", start_date, time.min, now)
    until = read_moment("end_date", end_date, time.max, now)
    matches = (
        message
        for message in _between(messages, since, until)
        if message.role in wanted and text in message.text.lower()
    )
    size = DEFAULT_LIMIT if limit is None else max(limit, 0)
    counted = [message for message in islice(matches, size) if _counts(message)]
    if not counted:
        return {"message": "No results found.", "results": []}
    shown = [message for message in counted if message.role != "tool" or roles]
    return {
        "message": f"Showing {len(counted)} results:",
        "results": [_result(message, now) for message in shown],
    }


def awaited_search(
    context: ToolContext, name: str, arguments: Mapping[str, object]
) -> Callable[[], Awaitable[ToolOutcome]] | None:
    """Return a function that runs the tool while other requests go on. None if it is another tool,
    or the agent has so few messages that they can be searched at once."""
    world = context.world
    if name != NAME or world.functions.find(name) is not None:
        return None
    if world.store.messages.count(("agent_id", context.agent.id)) <= slices.ROWS_AT_ONCE:
        return None
    return partial(_search_in_slices, context, arguments)


async def _search_in_slices(context: ToolContext, arguments: Mapping[str, object]) -> ToolOutcome:
    text = str(arguments.get("query") or "").lower()
    run = context.world.run
    work = find_page(
        _messages_of(context), Page(order="desc"), lambda record: text in _text(record).lower()
    )
    found = await SlicedWork(work, run).finish()
    return run(lambda: run_conversation_search(context, arguments, found))


def run_conversation_search(
    context: ToolContext,
    arguments: Mapping[str, object],
    records: Iterable[MessageRecord] | None = None,
) -> ToolOutcome:
    """Search an agent's messages, or those of the `records`, newest first. A server without
    embeddings ignores the dates [80].
    """
    quirks = context.world.quirks
    undated = {name: value for name, value in arguments.items() if name not in DATES}
    if undated.keys() != arguments.keys():
        is_on = NO_SEARCH in quirks
        other = "only messages between the dates" if is_on else "messages of all dates"
        quirks.record(NO_SEARCH, NAME, other, context.entry)
        if is_on and not _unreadable(context, arguments):
            arguments = undated
    if records is None:
        records = _messages_of(context).scan(None, None, reverse=True)
    return outcome_of(conversation_search, arguments, _searchable(records), context.now())


def _unreadable(context: ToolContext, arguments: Mapping[str, object]) -> bool:
    """Return whether a date is invalid. Then the search fails on every server."""
    try:
        for name in DATES:
            read_moment(name, str(arguments.get(name) or ""), time.min, context.now())
    except ValueError:
        return True
    return False


def _messages_of(context: ToolContext) -> View[MessageRecord]:
    return context.world.store.messages.view(("agent_id", context.agent.id))


def _searchable(records: Iterable[MessageRecord]) -> Iterator[SearchableMessage]:
    return (
        SearchableMessage(record.role, _text(record), record.created_at, _tools(record))
        for record in records
        if record.role != "approval"
    )


def _roles(roles: list[str] | None) -> tuple[str, ...]:
    for role in roles or ():
        if role not in ROLES:
            raise ValueError(f"'{role}' is not a valid MessageRole")
    return tuple(roles or (*ROLES, "system"))


def _counts(message: SearchableMessage) -> bool:
    return message.role != "system" and bool(message.text) and NAME not in message.tools


def read_moment(name: str, text: str | None, time_of_day: time, now: datetime) -> datetime | None:
    """Parse a time that a model wrote.

    A date alone gets the time of day, a time without a timezone gets that of `now`. Raises
    ValueError if the text is not a time.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= len("YYYY-MM-DD"):
            moment = datetime.combine(moment, time_of_day)
    except ValueError:
        raise ValueError(
            f"Invalid {name} format: {text}. Use ISO 8601 format (YYYY-MM-DD or YYYY-MM-DDTHH:MM)"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def _text(record: MessageRecord) -> str:
    """Return the parts of a message in one line: reasoning first [80 conversation_search *]."""
    return " ".join(filter(None, (record.reasoning, plain_text(record.content))))


def _tools(record: MessageRecord) -> tuple[str, ...]:
    if record.role == "tool":
        return (record.name,) if record.name else ()
    return tuple(call.name for call in record.tool_calls)


def _between(
    messages: Iterable[SearchableMessage], since: datetime | None, until: datetime | None
) -> Iterator[SearchableMessage]:
    for message in messages:
        if since is not None and message.created_at < since:
            return
        if until is None or message.created_at <= until:
            yield message


def _result(message: SearchableMessage, now: datetime) -> dict[str, object]:
    return {
        "timestamp": message.created_at.astimezone(now.tzinfo).isoformat(),
        "time_ago": _ago(int((now - message.created_at).total_seconds())),
        "role": message.role,
        "relevance": {"search_mode": "sql"},
        "content": message.text,
    }


def _ago(seconds: int) -> str:
    # Only seconds are recorded.
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit} ago"
    return f"{seconds}s ago"
