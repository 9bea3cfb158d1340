"""What a stream's bytes carry, event by event."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

END = b"\n\n"
DONE = "[DONE]"
_ENDINGS = ("stop_reason", "error_message")


class SentFrame(NamedTuple):
    """One event of a stream: when it was sent, in seconds since the request came, and what it says.

    `data` is its JSON, else its text (`[DONE]`); a frame that broke off in its middle is not
    `whole`.
    """

    at: float
    event: str | None
    data: Any
    whole: bool = True

    @property
    def kind(self) -> str | None:
        """The message type of what it carries; None if it carries no message."""
        return self.data.get("message_type") if isinstance(self.data, dict) else None

    @property
    def ends_the_answer(self) -> bool:
        """Whether a client that has read this knows how the answer ended."""
        return self.whole and (self.data == DONE or self.event == "error" or self.kind in _ENDINGS)


def parsed(raw: bytes) -> Any:  # noqa: ANN401
    """The JSON in some bytes; their text if they are none, None if there are none."""
    if not raw:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode(errors="replace")


def parse_frames(chunks: Iterable[tuple[float, bytes]]) -> Iterator[SentFrame]:
    """The events in chunks of a stream: an event has the time of the chunk that completes it."""
    rest = b""
    at = 0.0
    for at, chunk in chunks:
        *whole, rest = (rest + chunk).split(END)
        yield from (_frame(at, text, whole=True) for text in whole if text)
    if rest:
        yield _frame(at, rest, whole=False)


def _frame(at: float, text: bytes, *, whole: bool) -> SentFrame:
    event: str | None = None
    data: list[bytes] = []
    for line in text.split(b"\n"):
        name, _, value = line.partition(b": ")
        if name == b"data":
            data.append(value)
        elif name == b"event":
            event = value.decode(errors="replace")
    return SentFrame(at, event, parsed(b"\n".join(data) if data else text), whole)
