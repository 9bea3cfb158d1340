"""Sends messages: starts the turn of a request, under its lock if it has one."""

from datetime import datetime
from typing import NamedTuple

from mockletta.api.message_targets import Target
from mockletta.api.own_models import own_models
from mockletta.catalogue.llm_configuration import Overrides, override
from mockletta.catalogue.model_catalogue import llm_config
from mockletta.errors import BadRequest, Busy, Unprocessable
from mockletta.state.event_log import EventLog
from mockletta.turns.context.incoming_messages import NO_MESSAGES
from mockletta.turns.driver import start
from mockletta.turns.run_records import open_run
from mockletta.turns.turn_state import Delivery, Pacing, TurnState
from mockletta.wire.conversations import Conversation
from mockletta.wire.message_requests import AsyncMessageRequest, MessageRequest
from mockletta.wire.models import LLMConfig
from mockletta.world.pace import Pace
from mockletta.world.quirks import UNFINISHED_RUNS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World


class RequestMode(NamedTuple):
    """How a request is processed: the kind of its run, how it gets its turn, and whether the turn
    locks its thread."""

    run_type: str
    delivery: Delivery
    locks: bool = False

    @property
    def metadata(self) -> dict[str, object]:
        """The metadata of its run."""
        run_type: dict[str, object] = {"run_type": self.run_type}
        return {**run_type, "lettuce": None} if self.delivery.is_async else run_type

    @property
    def may_stay_open(self) -> bool:
        """Whether the recorded server never ends such a run."""
        is_conversation = self.run_type == "send_conversation_message" or self.locks
        return is_conversation and not self.delivery.streaming


ASYNC_MODE = RequestMode("send_message_async", Delivery(is_async=True, by_agent=True))
"""The mode of a message whose turn starts after its request is answered."""


def send(
    world: World,
    target: Target,
    request: MessageRequest,
    mode: RequestMode,
    context: RequestContext | None,
) -> TurnState:
    """Start a turn. `context` is the request that starts it, if there is one.

    Raises NotFound for an unknown model, BadRequest for an invalid pace, and Conflict while another
    turn has the lock. Nothing has changed then.
    """
    llm = model_for(world, target, request)
    pace = _requested_pace(context)
    lock = target.id if mode.locks else None
    if lock is not None and lock in world.busy:
        raise Busy(world.busy[lock])
    now, agent, delivery = world.clock.now(), target.agent, mode.delivery
    conversation = _touched(world, target.conversation, now)
    may_stay_open = mode.may_stay_open
    unfinished = may_stay_open and UNFINISHED_RUNS in world.quirks
    if unfinished:
        delivery = delivery._replace(completes_run=False)
    run_id = open_run(
        world,
        request,
        at=now,
        agent_id=agent.id,
        conversation_id=None if unfinished or conversation is None else conversation.id,
        metadata=mode.metadata,
        delivery=delivery,
        callback_url=_callback_of(request) if delivery.is_async else None,
        may_stay_open=may_stay_open,
    )
    pacing, log = Pacing(world, pace), EventLog(numbered=delivery.background)
    log.keepalive = pace.keepalive if pace else None
    state = TurnState(
        world, request, agent, conversation, run_id, llm, pacing, delivery, context, log
    )
    if context is not None:
        context.turn_began = True
    waits = delivery.is_async and context is not None  # for the answer to the request
    start(state, lock, later=waits)
    if delivery.background:
        world.logs.keep(run_id, state.log, request.otids)
    return state


def known_log(world: World, request: MessageRequest) -> tuple[str, EventLog] | None:
    """Return the log of an earlier background request with the same otids. It is not run again,
    whatever the text and the conversation [22 same otid, other conversation]."""
    run_id = world.logs.find(request.otids)
    return None if run_id is None else (run_id, world.logs.by_run[run_id])


def refuse_no_messages(request: MessageRequest) -> None:
    """Refuse a request without messages, before anything is looked up [14 unknown conversation,
    empty messages].

    On other routes the turn fails [57 stream empty messages].
    """
    if request.messages is not None and not request.messages:
        raise Unprocessable(NO_MESSAGES)


def model_for(world: World, target: Target, request: MessageRequest) -> LLMConfig:
    """Return the model of the request, else the conversation's, else the agent's [15, 01]."""
    conversation = target.conversation
    llm = target.agent.llm_config
    if request.override_model is not None:
        llm = llm_config(request.override_model, own_models(world))
    elif conversation is not None and conversation.model:
        llm = llm_config(conversation.model, own_models(world))
    if conversation is None:
        return llm
    settings, limit = conversation.model_settings, conversation.context_window_limit
    if settings is None and limit is None:
        return llm
    return override(llm, Overrides(model_settings=settings, context_window_limit=limit))[0]


def _callback_of(request: MessageRequest) -> str | None:
    return request.callback_url if isinstance(request, AsyncMessageRequest) else None


def _requested_pace(context: RequestContext | None) -> Pace | None:
    """Return the pace in a header of the request; it applies to this request only."""
    if context is None or context.headers.pace is None:
        return None
    try:
        return Pace.parse(context.headers.pace)
    except ValueError as error:
        raise BadRequest(f"X-Mockletta-Pace: {error}") from error


def _touched(world: World, conversation: Conversation | None, now: datetime) -> Conversation | None:
    """Record the time of a message in its conversation."""
    if conversation is None:
        return None
    changed = conversation.changed({"last_message_at": now, "updated_at": now})
    return world.store.conversations.replace(changed)
