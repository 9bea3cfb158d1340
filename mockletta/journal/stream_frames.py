"""The events of a stream as the journal shows them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mockletta.http.sse import DONE_TEXT, name_of, text_of
from mockletta.state.event_log import Event, Events, each

_ENDINGS = ("stop_reason", "error_message")


class SentFrame(NamedTuple):
    """One event of a stream: when it was sent, in seconds since the request came, and its data.

    `data` is its JSON, else its text, as at the end of a stream. A frame that broke off in the
    middle is not `whole`.
    """

    at: float
    event: str | None
    data: Any
    whole: bool = True

    @property
    def kind(self) -> str | None:
        """The type of the message in it; None if there is none."""
        return self.data.get("message_type") if isinstance(self.data, dict) else None

    @property
    def ends_the_answer(self) -> bool:
        """Whether a client that has read this knows how the answer ended."""
        return self.whole and (
            self.data == DONE_TEXT or self.event == "error" or self.kind in _ENDINGS
        )


def parsed(raw: bytes) -> Any:  # noqa: ANN401
    """The JSON in some bytes; their text if they are not JSON, None if they are empty."""
    if not raw:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode(errors="replace")


def sent_frames(stream: Sequence[tuple[float, Events, Event | None]]) -> Iterator[SentFrame]:
    """The events that were sent, each with the time of the bytes that completed it.

    Of an event that was begun only the last one broke off: the others were completed.
    """
    for at, events, _ in stream:
        yield from (_frame(at, event) for event in each(events))
    if stream:
        at, _, begun = stream[-1]
        if begun is not None:
            yield _frame(at, begun, whole=False)


def _frame(at: float, event: Event, *, whole: bool = True) -> SentFrame:
    return SentFrame(at, name_of(event.kind), parsed(text_of(event)), whole)
