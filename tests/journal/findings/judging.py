"""What a rule finds in entries made by hand."""

from mockletta.http.sse import Chunk
from mockletta.journal.entries import Entry
from mockletta.journal.verdict import judge
from mockletta.state.event_log import Event
from tests.journal.making import an_entry, frame, journal_of

CONVERSATION = "conv-1"
PING = frame(message_type="ping")
ANSWER = frame(message_type="assistant_message", content="Hi")
STOP = frame(message_type="stop_reason", stop_reason="end_turn")
DONE = Event("done", b"[DONE]")
WHOLE = (PING, ANSWER, STOP, DONE)


def found(name: str, *entries: Entry) -> list[list[int]]:
    """The numbers of the entries of each finding; there must be no others."""
    verdict = judge(journal_of(*entries))
    assert set(verdict.names) <= {name}
    return [finding.numbers for finding in verdict]


def a_send(text: str, *frames: Event | Chunk, otid: object = None, **more: object) -> Entry:
    """A message to the conversation; a stream if there are frames."""
    message = {"role": "user", "content": text, **({"otid": otid} if otid else {})}
    parameters: dict[str, object] = {
        "path": "/v1/conversations/conv-1/messages",
        "params": {"conversation_id": CONVERSATION},
        "body": {"messages": [message]},
        "frames": frames,
        **more,
    }
    return an_entry("conversations.messages.create", **parameters)  # type: ignore[arg-type]


def a_look(operation: str, conversation: str = CONVERSATION, method: str = "GET") -> Entry:
    """A request about the conversation."""
    params = {"conversation_id": conversation}
    return an_entry(operation, method=method, path="/v1/look", params=params, answer=[])


def retried(count: int) -> dict[str, str]:
    """The header by which the SDK counts its retries."""
    return {"x-stainless-retry-count": str(count)}
