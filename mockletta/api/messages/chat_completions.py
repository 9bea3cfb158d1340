"""Chat completions: an agent as a model of OpenAI's API, beyond the SDK."""

from typing import Annotated

from mockletta.api.message_targets import Target
from mockletta.api.messages.completions import Completing, message_request
from mockletta.api.messages.turn_starts import Manner, Sent, send
from mockletta.errors import InvalidArgument, NotFound
from mockletta.http.response_declarations import EVENTS, AsksAModel, Says
from mockletta.http.routing import Routes
from mockletta.http.streaming import EventStream
from mockletta.turns.driver import finished, reply_messages
from mockletta.turns.streams_and_pings import LogFollower
from mockletta.wire.completions import Completion, CompletionChunk, CompletionRequest
from mockletta.world.quirks import STREAMED_COMPLETIONS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/chat")
NO_WHOLE_ANSWERS = "Non-streaming chat completions not yet implemented. Please set stream=true."
Completed = Annotated[object, Says(Completion), Says(CompletionChunk, media=EVENTS), AsksAModel()]


@routes.post("/completions", "chat.completions.create")
def create(context: RequestContext, world: World, body: CompletionRequest) -> Completed:
    """Send an agent the new messages of a history, and answer as a model would, unlocked."""
    agent = world.store.agents.find(body.model)
    if agent is None:
        raise NotFound("Agent not found")
    if not body.stream:
        _whole_answers(context, world)
    request = message_request(body)
    run_type = "send_message_streaming" if body.stream else "send_message"
    manner = Manner(run_type, streaming=bool(body.stream), by_agent=True)
    target = Target(agent, None, world.store.thread(agent.id))
    sent = send(world, target, request, manner, context)
    completing = Completing(
        sent.run.id,
        sent.state.llm.model,
        int(sent.run.created_at.timestamp()),
        tell_usage=bool(body.stream_options and body.stream_options.include_usage),
    )
    return _stream(world, sent, completing) if body.stream else _whole(sent, completing)


def _whole_answers(context: RequestContext, world: World) -> None:
    on = STREAMED_COMPLETIONS in world.quirks
    other = "a whole answer" if on else "a 400"
    context.depends_on(STREAMED_COMPLETIONS, other)
    if on:
        raise InvalidArgument(NO_WHOLE_ANSWERS)


def _stream(world: World, sent: Sent, completing: Completing) -> EventStream:
    events = LogFollower(world, sent.run.id, sent.log, pings=False).pull()
    whole = list(completing.chunks(sent.log.events)) if sent.log.finished else None
    return EventStream(whole, lambda: completing.follow(events))


def _whole(sent: Sent, completing: Completing) -> object:
    if sent.log.finished:
        return completing.whole(reply_messages(sent.state), sent.state)
    return _once_over(sent, completing)


async def _once_over(sent: Sent, completing: Completing) -> Completion:
    await finished(sent.log)
    return completing.whole(reply_messages(sent.state), sent.state)
