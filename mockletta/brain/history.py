"""History: what the user said, read from the end or from the beginning of the context.

Clients add sections of their own to what a user types: `<system-reminder>...</system-reminder>`,
`<context>...</context>` and the like, before, between or behind the words. The user's own words are
what remains. Markup within a sentence is the user's.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice

from mockletta.brain.decisions import ChatMessage, ToolCall

EDGE = 10_000
ALERTS = frozenset({"system_alert", "heartbeat", "login"})
SUMMARY_MARK = "summary of the previous messages:"
SUMMARY_HEAD = "Summary of the earlier conversation."
SAID = "The user said:"
MOST_SECTIONS = 200
PENDING, RECENT = 30, 20
SHORT = 300

_LONG_GAP = re.compile(r"\s(?<=\s{21})\s*")
_OPENING = re.compile(r"<([A-Za-z][\w:.-]{0,60})(?:\s[^<>\n]{0,500})?>")
_COMPILED = re.compile(r"<([a-z_]{3,40})>")
_REMINDER = re.compile(r"system[-_]|[-_](?:reminder|context|info|details|memory)$", re.IGNORECASE)
_CONTEXT = frozenset({"context", "memory", "memories", "reminder", "environment", "metadata"})
_INLINE = frozenset(
    re.findall(
        r"\S+",
        "a abbr b blockquote body br button code div em font form h1 h2 h3 h4 h5 h6 head hr html i "
        "img input kbd label li mark ol option p pre q s samp script select small span strong "
        "style sub sup svg table tbody td th tr tt u ul",
    )
)
"""HTML that people write in their messages."""
_WRAPPING = re.compile(
    r"(?:user[-_]?)?(?:message|query|input)|user|prompt|question|task|human", re.IGNORECASE
)
"""Tags that clients put around the user's own words."""


def envelope(text: str) -> dict[str, object]:
    """Return the JSON object Letta packs some user messages in, or {} for plain text."""
    start = text[:200].lstrip()
    if not start.startswith("{") or '"type"' not in start or not text.rstrip().endswith("}"):
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    told = value if "message" in value else {**value, "message": value.get("reason")}
    return told if isinstance(told["message"], str) else {}


def is_alert(message: ChatMessage) -> bool:
    """Return whether the server wrote a user message: a summary, a heartbeat."""
    return envelope(message.text).get("type") in ALERTS


def recent_texts(messages: Sequence[ChatMessage], last: int) -> list[str]:
    """Return what the user said among the last messages, the oldest first."""
    return [said_in(text) for text in sent_texts(messages, last)]


def sent_texts(messages: Sequence[ChatMessage], last: int) -> list[str]:
    """Return the texts of the user's messages among the last ones, as the client sent them."""
    read: Callable[[int], list[str]] | None = getattr(messages, "user_texts", None)
    if read is not None:
        return read(last)
    places = range(max(0, len(messages) - last), len(messages))
    return [messages[place].text for place in places if messages[place].role == "user"]


def own_words(text: str) -> str:
    r"""Return what the user wrote: a message without its envelope and what the client added.

    >>> own_words("<context>Page: home</context>\\nHello!")
    'Hello!'
    """
    if _is_bare(text):
        return text
    return _parted(str(envelope(text).get("message", text)))[0]


def added_sections(text: str) -> tuple[str, ...]:
    """Return the text of each section that the client added to a message."""
    if _is_bare(text):
        return ()
    return _parted(str(envelope(text).get("message", text)))[1]


def _is_bare(text: str) -> bool:
    """Return whether a message can have neither an envelope nor sections."""
    return "</" not in text and "{" not in text[:200]


def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the user's own words and the sections that the client added."""
    return _split(text) if "</" in text else (text, ())


@lru_cache(64)
def _split(text: str) -> tuple[str, tuple[str, ...]]:
    own: list[str] = []
    added: list[str] = []
    start = position = 0
    for _ in range(MOST_SECTIONS):
        opening = _OPENING.search(text, position)
        if opening is None:
            break
        end = _section_end(text, opening)
        position = end or opening.end()
        if end is None:
            continue
        closing = text.rfind("</", opening.end(), end)
        inside = text[opening.end() : closing]
        wraps = _WRAPPING.fullmatch(opening[1]) is not None
        own += [text[start : opening.start()], own_words(inside) if wraps else ""]
        if not wraps:
            added.append(inside.strip())
        start = end
    if start == 0 and not added:
        return text, ()
    kept = [piece.strip() for piece in [*own, text[start:]]]
    return "\n".join(filter(None, kept)), tuple(filter(None, added))


def _section_end(text: str, opening: re.Match[str]) -> int | None:
    """Return the end of the section that a tag opens; None for a tag that the user wrote."""
    tag = opening[1].lower()
    if tag in _INLINE:
        return None
    marks = re.compile(rf"<(/?){re.escape(opening[1])}(?:\s[^<>]*)?>", re.IGNORECASE)
    depth = 0
    for mark in marks.finditer(text, opening.start()):
        depth += -1 if mark[1] else 1
        if depth == 0:
            return mark.end() if _is_added(text, tag, opening.start(), mark.end()) else None
    return None


def _is_added(text: str, tag: str, start: int, end: int) -> bool:
    """Return whether a section is separate, not within a sentence."""
    if _REMINDER.search(tag) or tag in _CONTEXT:
        return True
    before = text[:start].rstrip(" \t")
    after = text[end:].lstrip(" \t")
    begins = not before or before.endswith(("\n", ">"))
    on_its_own = not after or after[0] in "\n<" or (text[end].isupper())
    return begins and on_its_own


def own_instructions(system: str) -> str:
    """Return a system prompt without its `<tagged>` sections, where memory is compiled."""
    pieces, position = [], 0
    for _ in range(MOST_SECTIONS):
        opened = _COMPILED.search(system, position)
        if opened is None:
            break
        pieces.append(system[position : opened.start()])
        closing = f"</{opened[1]}>"
        end = system.find(closing, opened.end())
        position = end + len(closing) if end >= 0 else opened.end()
    return "\n".join([*pieces, system[position:]])


def focus(text: str) -> str:
    """Return a very long text's beginning and end, where instructions and questions usually are.

    Very long runs of white space are cut: what reads the text may read a run from each of its
    characters on.
    """
    short = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    return _LONG_GAP.sub("", short)


def said(message: ChatMessage) -> str:
    """Return the user's own words of a message; of a summary only its content."""
    return said_in(message.text)


def said_in(text: str) -> str:
    """Return the user's own words in the text of a message."""
    return _short_content(text) if len(text) <= SHORT else _content(text)


def _content(text: str) -> str:
    text = focus(own_words(text))
    _, mark, summary = text.partition(SUMMARY_MARK)
    text = summary if mark else text
    return text.replace(SUMMARY_HEAD, "").replace(SAID, "")


_short_content = lru_cache(1024)(_content)


def newest(messages: Sequence[ChatMessage]) -> int | None:
    """Return the index of the user's newest message, found from the end; None if there is none."""
    for index in range(len(messages) - 1, -1, -1):
        message = messages[index]
        if message.role == "user" and not is_alert(message):
            return index
    return None


def newest_message(messages: Sequence[ChatMessage]) -> ChatMessage:
    """Return the user's newest message. If a summary has replaced it, return the summary's last
    line."""
    index = newest(messages)
    if index is not None:
        return messages[index]
    lines = [line for text in user_texts(messages) for line in text.splitlines() if line.strip()]
    return ChatMessage("user", lines[-1].removeprefix("- ") if lines else "")


def just_returned(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return the returns of the newest step's tools, in the order of their calls."""
    first = len(messages)
    while first and messages[first - 1].role == "tool":
        first -= 1
    return list(messages[first:])


def user_texts(messages: Sequence[ChatMessage]) -> list[str]:
    """Return everything that the user is known to have said, the oldest first."""
    return recent_texts(messages, len(messages))


def texts_before(messages: Sequence[ChatMessage], most: int) -> list[str]:
    """Return what the user said before the newest message, the newest first."""
    newest_first = (said(one) for one in reversed(messages) if one.role == "user")
    return list(islice(newest_first, 1, most + 1))


def last_reply(messages: Sequence[ChatMessage]) -> str:
    """Return what the agent said last, "" if the newest messages hold no reply."""
    recent = islice(reversed(messages), RECENT)
    return next((one.text for one in recent if one.role == "assistant" and one.text), "")


def parsed(text: str) -> dict[str, object]:
    """Return the JSON object in a text; {} for any other text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def outcome(text: str) -> tuple[str, str]:
    """Return the status of a tool message, `OK` or `Failed`, and what it says."""
    value = parsed(text)
    return str(value.get("status", "OK")), str(value.get("message", text))


def made_for(returned: ChatMessage, messages: Sequence[ChatMessage]) -> ToolCall | None:
    """Return the call a tool message answers, looked for among the last messages."""
    for index in range(len(messages) - 1, max(-1, len(messages) - PENDING), -1):
        for made in messages[index].tool_calls:
            if returned.tool_call_id in {None, made.id}:
                return made
    return None
