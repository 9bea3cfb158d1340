"""The context for a brain. Messages are converted when the brain reads them."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import overload

from mockletta.brain.decisions import ChatMessage, ToolCall
from mockletta.state.message_records import (
    MessageRecord,
    chat_parts,
    count_images,
    is_for_models,
    parted_text,
)
from mockletta.wire.message_content import ToolCall as WireCall

NO_PARTS: tuple[dict[str, object], ...] = ()


class History(Sequence[ChatMessage]):
    """The messages in context after the system message, including those that are not stored yet.

    `uneven` messages are zero or several messages for a model. If there are any, all messages are
    read. Otherwise only the requested ones are.
    """

    def __init__(
        self,
        context: Sequence[MessageRecord],
        pending: Sequence[MessageRecord],
        *,
        uneven: bool = False,
    ) -> None:
        self._context = context
        self._pending = pending
        self._skipped = 1 if context and context[0].role == "system" else 0
        self._stored = len(context) - self._skipped
        self._read: dict[int, ChatMessage] = {}
        self._flat = self._flattened() if uneven else None
        self._length = self._stored + len(pending) if self._flat is None else len(self._flat)

    def _flattened(self) -> list[tuple[MessageRecord, int]]:
        """Return each record once for each message that it is for a model, with the number of that
        message."""
        records = [self._record(place) for place in range(self._stored + len(self._pending))]
        return [
            (record, part)
            for record in records
            if is_for_models(record)
            for part in range(len(record.earlier_texts) + 1)
        ]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[ChatMessage]:
        return map(self.__getitem__, range(self._length))

    @overload
    def __getitem__(self, index: int) -> ChatMessage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ChatMessage]: ...
    def __getitem__(self, index: int | slice) -> ChatMessage | Sequence[ChatMessage]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + self._length if index < 0 else index
        message = self._read.get(place)
        if message is None:
            if not 0 <= place < self._length:
                raise IndexError(index)
            message = self._read[place] = self._chat(place)
        return message

    def _chat(self, place: int) -> ChatMessage:
        if self._flat is None:
            return as_chat(self._record(place))
        record, part = self._flat[place]
        if part == len(record.earlier_texts):
            return as_chat(record)
        call_id = record.tool_returns[part].tool_call_id
        return ChatMessage(role="tool", text=record.earlier_texts[part], tool_call_id=call_id)

    def user_texts(self, last: int) -> list[str]:
        """Return the texts of the user's messages among the last ones, without reading the rest."""
        if self._flat is not None:
            return [one.text for one in self[-last:] if one.role == "user"]
        end = self._skipped + self._stored
        first = max(self._skipped, end - max(0, last - len(self._pending)))
        records = chain(self._context[first:end], self._pending[-last:])
        return [
            record.model_text
            or (content if isinstance(content := record.content, str) else parted_text(content))
            for record in records
            if record.role == "user"
        ]

    def _record(self, place: int) -> MessageRecord:
        if place < self._stored:
            return self._context[place + self._skipped]
        return self._pending[place - self._stored]


def as_chat(record: MessageRecord) -> ChatMessage:
    """Return a stored message in the form that a model receives; of several tool returns, the last
    one."""
    assert record.role != "approval"
    calls = record.waiting.calls if record.waiting else record.tool_calls
    content, returns = record.content, record.tool_returns
    images, parts = 0, NO_PARTS
    if isinstance(content, str):
        text = content
    else:
        text, images, parts = parted_text(content), count_images(content), chat_parts(content)
    return ChatMessage(
        record.role,
        record.model_text or text,
        tuple(map(_as_call, calls)),
        returns[-1].tool_call_id if returns else None,
        images,
        parts,
        record.name if record.role == "user" else None,
    )


def _as_call(call: WireCall) -> ToolCall:
    return ToolCall(call.tool_call_id, call.name, call.arguments)


def pack_alert(message: str, when: str, extra: dict[str, object] | None = None) -> str:
    """Render a system alert for the context, pretty-printed like the server's [06]."""
    alert = {"type": "system_alert", "message": message, "time": when, **(extra or {})}
    return json.dumps(alert, indent=2, ensure_ascii=False)


def pack_heartbeat(reason: str, when: str) -> str:
    """Render a heartbeat for the context. It makes a turn continue [85]."""
    heartbeat = {"type": "heartbeat", "reason": reason, "time": when}
    return json.dumps(heartbeat, indent=2, ensure_ascii=False)


def alert_message(text: str) -> str | None:
    """Return the message of a packed system alert; None if the text is not an alert."""
    if not text.startswith("{"):
        return None
    try:
        packed = json.loads(text)
    except ValueError:
        return None
    is_alert = isinstance(packed, dict) and packed.get("type") == "system_alert"
    return str(packed.get("message")) if is_alert else None
