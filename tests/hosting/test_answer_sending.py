"""Sending answers to a client."""

from mockletta.hosting.answer_sending import _BurstSender
from mockletta.state.event_log import Burst
from tests.journal.making import an_entry

LETTERS = Burst("assistant_message", b"<", (b"a", b"b", b"c", b"d"), b">")


class Writer:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)


def test_paced_events_that_are_due_together_are_written_together() -> None:
    writer, entry = Writer(), an_entry()
    sender = _BurstSender(LETTERS, 1, entry.start_burst(LETTERS, 1), writer.write)

    sender.send(1)
    sender.send(2)

    assert writer.written == [b"data: <b>\n\n", b"data: <c>\n\ndata: <d>\n\n"]
    assert [event.data for event in entry.events] == ["<b>", "<c>", "<d>"]
    assert sender.sent == 3
