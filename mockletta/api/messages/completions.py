"""From a run's events to chat completions, whole or in chunks.

1. Of what an agent does only its texts are told. Its calls are run on the server, and a client that
   was told of them would try to answer them.
2. The agent remembers. A client that sends the whole history again, as most do, is understood to
   say what comes after the newest answer in it.
"""

import json
from collections.abc import AsyncIterator, Iterator

from mockletta.errors import InvalidArgument
from mockletta.turns.events import json_of
from mockletta.wire.completions import (
    Answered,
    Choice,
    ChunkChoice,
    Completion,
    CompletionChunk,
    CompletionMessage,
    CompletionRequest,
    CompletionUsage,
    Delta,
    FinishReason,
)
from mockletta.wire.message_requests import (
    ContentPart,
    ImagePart,
    IncomingMessage,
    MessageCreate,
    MessageRequest,
    TextPart,
    UrlImage,
)

DONE = b"data: [DONE]\n\n"
NO_MESSAGE = "The newest message must be the user's."
CUT_SHORT = {"max_steps", "max_tokens_exceeded"}


def message_request(request: CompletionRequest) -> MessageRequest:
    """What an agent is sent; InvalidArgument if there is nothing new for it."""
    new: list[CompletionMessage] = []
    for message in reversed(request.messages):
        if message.role == "assistant":
            break
        new.insert(0, message)
    messages: list[IncomingMessage] = [
        _message(message) for message in new if message.role not in ("tool", "function")
    ]
    if not messages:
        raise InvalidArgument(NO_MESSAGE)
    stream = bool(request.stream)
    return MessageRequest(
        messages=messages, streaming=stream, stream_tokens=stream, include_pings=False
    )


def _message(message: CompletionMessage) -> MessageCreate:
    content = message.content or ""
    parts: str | list[ContentPart] = content if isinstance(content, str) else []
    if not isinstance(content, str):
        parts = [
            TextPart(text=part.text)
            if part.type == "text"
            else ImagePart(source=UrlImage(url=part.image_url.url))
            for part in content
        ]
    return MessageCreate(
        role="user" if message.role == "user" else "system", content=parts, name=message.name
    )


class Completing:
    """One answer in the making: `run_id` names it, `model` and `created` (in seconds) are told."""

    def __init__(self, run_id: str, model: str, created: int, *, tell_usage: bool = False) -> None:
        self._id = f"chatcmpl-{run_id}"
        self._model = model
        self._created = created
        self._tell_usage = tell_usage
        self._told = ""
        self._rest = b""
        self._stopped = ""

    def whole(self, reply: bytes) -> Completion:
        """The answer to a request without a stream, from its reply."""
        told = json.loads(reply)
        texts = [one["content"] for one in told["messages"] if _is_text(one)]
        return Completion(
            id=self._id,
            choices=[
                Choice(
                    finish_reason=_finish(told["stop_reason"]["stop_reason"]),
                    message=Answered(content="\n".join(texts) if texts else None),
                )
            ],
            created=self._created,
            model=self._model,
            usage=_usage(told["usage"]),
        )

    async def chunks(self, frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The answer's frames, from those of its run."""
        async for joined in frames:
            found = b"".join(self.told(joined))
            if found:
                yield found

    def told(self, joined: bytes) -> Iterator[bytes]:
        """What some frames of the run come to."""
        *frames, self._rest = (self._rest + joined).split(b"\n\n")
        for frame in frames:
            yield from self._frame(frame)

    def _frame(self, frame: bytes) -> Iterator[bytes]:
        if frame == DONE.rstrip():
            return
        data = json.loads(json_of(frame.removeprefix(b"event: error\n") + b"\n\n"))
        kind = data["message_type"]
        if _is_text(data):
            yield self._chunk(self._delta(data["id"], data["content"]))
        elif kind == "stop_reason":
            self._stopped = data["stop_reason"]
        elif kind == "usage_statistics":
            yield self._chunk(ChunkChoice(delta=Delta(), finish_reason=_finish(self._stopped)))
            if self._tell_usage:
                yield self._chunk(None, _usage(data))
            yield DONE
        elif kind == "error_message":
            yield _data({"error": {"message": data["message"], "type": data["error_type"]}})
            yield DONE

    def _delta(self, message_id: str, text: str) -> ChunkChoice:
        """A piece of a text; each further message of the turn begins on a line of its own."""
        before, self._told = self._told, message_id
        if not before:
            return ChunkChoice(delta=Delta(content=text, role="assistant"))
        return ChunkChoice(delta=Delta(content=text if before == message_id else f"\n{text}"))

    def _chunk(self, choice: ChunkChoice | None, usage: CompletionUsage | None = None) -> bytes:
        chunk = CompletionChunk(
            id=self._id,
            choices=[choice] if choice else [],
            created=self._created,
            model=self._model,
            usage=usage,
        )
        return b"data: %s\n\n" % chunk.model_dump_json().encode()


def _is_text(message: dict[str, object]) -> bool:
    return message["message_type"] == "assistant_message"


def _finish(stop_reason: str) -> FinishReason:
    return "length" if stop_reason in CUT_SHORT else "stop"


def _usage(usage: dict[str, int]) -> CompletionUsage:
    return CompletionUsage(
        completion_tokens=usage["completion_tokens"],
        prompt_tokens=usage["prompt_tokens"],
        total_tokens=usage["total_tokens"],
    )


def _data(value: object) -> bytes:
    return b"data: %s\n\n" % json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
