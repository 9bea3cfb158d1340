"""Chat completions: an agent as a model of OpenAI's API, beyond the SDK."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Annotated

from mockletta.api.message_targets import Target
from mockletta.api.messages.turn_starts import RequestMode, send
from mockletta.errors import InvalidArgument, NotFound
from mockletta.http.rendering import render
from mockletta.http.response_declarations import EVENTS, CallsModel, DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.http.streaming import Answer, EventStream, finished_stream
from mockletta.state.event_log import Burst, Event, Events, each
from mockletta.turns.driver import finished, reply_messages
from mockletta.turns.events import DONE
from mockletta.turns.streams_and_pings import LogFollower
from mockletta.turns.turn_state import Delivery, TurnState
from mockletta.turns.usage import TurnUsage
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
from mockletta.wire.input_messages import ContentPart, ImagePart, MessageCreate, TextPart, UrlImage
from mockletta.wire.message_requests import IncomingMessage, MessageRequest
from mockletta.wire.messages import UsageStatistics
from mockletta.world.quirks import STREAMED_COMPLETIONS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

NO_MESSAGE = "The newest message must be the user's."
TEXT = "assistant_message"
CUT_SHORT = {"max_steps", "max_tokens_exceeded"}


def message_request(request: CompletionRequest) -> MessageRequest:
    """Return the messages for an agent. Raises InvalidArgument if there is no new one."""
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


class CompletionBuilder:
    """Builds one answer. `run_id` is its id; `created` is in seconds."""

    def __init__(self, run_id: str, model: str, created: int, *, with_usage: bool = False) -> None:
        self._id = f"chatcmpl-{run_id}"
        self._model = model
        self._created = created
        self._with_usage = with_usage
        self._last_id = ""
        self._stopped = ""

    def whole(self, messages: Iterable[Event], state: TurnState) -> Completion:
        """Return the answer to a request without a stream, from the messages of its turn."""
        texts = [json.loads(one.json)["content"] for one in messages if one.kind == TEXT]
        return Completion(
            id=self._id,
            choices=[
                Choice(
                    finish_reason=_finish(state.stop_reason),
                    message=Answered(content="\n".join(texts) if texts else None),
                )
            ],
            created=self._created,
            model=self._model,
            usage=_usage(state.usage),
        )

    async def follow(self, groups: AsyncIterator[Events]) -> AsyncIterator[Events]:
        """Yield the events of the answer as those of its run are emitted."""
        async for events in groups:
            made = list(self.chunks(events))
            if made:
                yield made

    def chunks(self, events: Iterable[Event | Burst]) -> Iterator[Event]:
        """Return the events of the answer for some events of its run."""
        for event in each(events):
            yield from self._made_of(event)

    def _made_of(self, event: Event) -> Iterator[Event]:
        kind = event.kind
        if kind == TEXT:
            message = json.loads(event.json)
            yield self._chunk(self._delta(message["id"], message["content"]))
        elif kind == "stop_reason":
            self._stopped = json.loads(event.json)["stop_reason"]
        elif kind == "usage_statistics":
            yield self._chunk(ChunkChoice(delta=Delta(), finish_reason=_finish(self._stopped)))
            if self._with_usage:
                yield self._chunk(None, _usage(UsageStatistics.model_validate_json(event.json)))
            yield DONE
        elif kind == "error_message":
            yield _error(json.loads(event.json))
            yield DONE

    def _delta(self, message_id: str, text: str) -> ChunkChoice:
        """Return a piece of text. Each further message of the turn starts on a new line."""
        before, self._last_id = self._last_id, message_id
        if not before:
            return ChunkChoice(delta=Delta(content=text, role="assistant"))
        return ChunkChoice(delta=Delta(content=text if before == message_id else f"\n{text}"))

    def _chunk(self, choice: ChunkChoice | None, usage: CompletionUsage | None = None) -> Event:
        chunk = CompletionChunk(
            id=self._id,
            choices=[choice] if choice else [],
            created=self._created,
            model=self._model,
            usage=usage,
        )
        return Event("chunk", chunk.model_dump_json().encode())


def _finish(stop_reason: str) -> FinishReason:
    return "length" if stop_reason in CUT_SHORT else "stop"


def _usage(usage: TurnUsage | UsageStatistics) -> CompletionUsage:
    return CompletionUsage(
        completion_tokens=usage.completion_tokens,
        prompt_tokens=usage.prompt_tokens,
        total_tokens=usage.total_tokens,
    )


def _error(error: dict[str, object]) -> Event:
    shown = {"error": {"message": error["message"], "type": error["error_type"]}}
    return Event("chunk", render(shown))


routes = Routes("/v1/chat")
NO_WHOLE_ANSWERS = "Non-streaming chat completions not yet implemented. Please set stream=true."
Completed = Annotated[
    object,
    DeclaredResponse(Completion),
    DeclaredResponse(CompletionChunk, media=EVENTS),
    CallsModel(),
]


@routes.post("/completions", "chat.completions.create")
def create(context: RequestContext, world: World, body: CompletionRequest) -> Completed:
    """Send an agent the new messages of a history, and answer like a model. No lock is taken."""
    agent = world.store.agents.find(body.model)
    if agent is None:
        raise NotFound("Agent not found")
    if not body.stream:
        _whole_answers(context, world)
    request = message_request(body)
    run_type = "send_message_streaming" if body.stream else "send_message"
    mode = RequestMode(run_type, Delivery(streaming=bool(body.stream), by_agent=True))
    target = Target(world.store, agent)
    created = int(world.clock.peek().timestamp())
    turn = send(world, target, request, mode, context)
    completing = CompletionBuilder(
        turn.run_id,
        turn.llm.model,
        created,
        with_usage=bool(body.stream_options and body.stream_options.include_usage),
    )
    return _stream(turn, completing) if body.stream else _whole(turn, completing)


def _whole_answers(context: RequestContext, world: World) -> None:
    on = STREAMED_COMPLETIONS in world.quirks
    other = "a whole answer" if on else "a 400"
    context.depends_on(STREAMED_COMPLETIONS, other)
    if on:
        raise InvalidArgument(NO_WHOLE_ANSWERS)


def _stream(turn: TurnState, completing: CompletionBuilder) -> Answer:
    if turn.log.finished:
        return finished_stream(list(completing.chunks(turn.log.events)))
    events = LogFollower(turn.world, turn.run_id, turn.log, pings=False).pull()
    return EventStream(lambda: completing.follow(events))


def _whole(turn: TurnState, completing: CompletionBuilder) -> object:
    if turn.log.finished:
        return completing.whole(reply_messages(turn), turn)
    return _once_over(turn, completing)


async def _once_over(turn: TurnState, completing: CompletionBuilder) -> Completion:
    await finished(turn.log)
    return completing.whole(reply_messages(turn), turn)
