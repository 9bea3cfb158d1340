"""Compaction: a summary replaces the older part of a context. Old messages stay listed.

1. The cut of a sliding window was derived from recorded sizes [06, 44, 46]. It is the last
   assistant message at or before a share of the context: the setting and a tenth. The share grows
   by a tenth until there is such a message and what stays fits into the rest of the window. If the
   message is the last one, or the share becomes the whole, the whole context is summarised [75
   compact: sliding 0.9].
2. A summary is stored as a user message with a system alert [06].
3. Within a turn, the messages of the request, which are not stored yet, can be summarised too [43
   overflow (non-streaming)].
4. Within a turn the system message is compiled again; on request it is not [46, 06].
5. A stream shows a compaction only if the client asked for `include_compaction_messages`. The
   recorded server decided otherwise.
"""

from collections.abc import Sequence
from math import fmod
from typing import NamedTuple

from mockletta.brain.decisions import ChatMessage, ModelCall, ModelFailure
from mockletta.errors import BadRequest
from mockletta.state.event_log import Event
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.state.token_counting import count_tokens
from mockletta.turns.context.context_history import History, pack_alert
from mockletta.turns.context.system_prompt import (
    SUMMARY_PROMPTS,
    count_stored,
    recompiled,
    rewrite,
    spell_time,
)
from mockletta.turns.events import message_event
from mockletta.turns.lazy_records import StepOutcome
from mockletta.turns.message_expansion import expand, part_otid
from mockletta.turns.model_failures import TurnFailure, model_failed, system_prompt_too_large
from mockletta.turns.turn_state import TurnState
from mockletta.wire.agents import AgentState, CompactionSettings
from mockletta.wire.message_content import CompactionStats
from mockletta.wire.messages import EventMessage, SummaryMessage
from mockletta.world.quirks import COMPACTION_ALERTS
from mockletta.world.world import World

WITHOUT_BEGINNING = (
    "Note: prior messages from the beginning of the conversation have been hidden from view due to "
    "conversation memory constraints."
)
WITHOUT_ALL = (
    "Note: prior messages have been hidden from view due to conversation memory constraints."
)
COUNTED = (
    "Note: {hidden} messages from the beginning of the conversation have been hidden from view due "
    "to memory constraints."
)
INTRODUCTION = "The following is a summary of the previous messages:"
NOT_REDUCED = (
    "Summarization failed to reduce the number of messages. You may not have enough messages to "
    "compact or need to use a different CompactionSettings (e.g. using `all` mode)."
)
ON_OVERFLOW = "context_window_exceeded"
AFTER_STEP_CHECK = "post_step_context_check"
THRESHOLD = 0.9
LARGEST_WINDOW = 2**53
"""No context fills a larger window, and floats do not have every number beyond."""
GROWTH = 0.1
WHOLE = 1.0
CLIPPED = "... [summary truncated to fit]"
ACKNOWLEDGEMENT = ChatMessage("assistant", "I will sum up the messages that follow.")
"""What the model seems to have said to the prompt, with `prompt_acknowledgement`."""


class CompactionOutcome(NamedTuple):
    """The outcome of a compaction. Counts are messages in context, including the system message.
    `pending` are the messages in context that are not stored yet; `tokens` is the size of the
    context."""

    record: MessageRecord
    summary: str
    before: int
    after: int
    tokens: int
    pending: Sequence[MessageRecord]


class CutSummary(NamedTuple):
    """Where a context is cut, the summary of the part before, and whether all was to be in it."""

    cut: int
    text: str
    is_whole: bool


class CompactionCause(NamedTuple):
    """Why a context is compacted, for which step of which run, and its size if known. `pending` are
    messages in context that are not stored yet."""

    trigger: str = ""
    step_id: str | None = None
    run_id: str | None = None
    otid: str | None = None
    tokens_before: int | None = None
    window: int = 0
    pending: Sequence[MessageRecord] = ()


def find_cut(records: Sequence[MessageRecord], settings: CompactionSettings, window: int) -> int:
    """Return the index of the first message that stays in context, or the number of messages if
    none stays. A pending request for approval always stays, with the calls beside it."""
    end = len(records) - _waiting(records)
    share = settings.sliding_window_percentage
    goal = (WHOLE - share) * _in_range(window)
    if share < 0:  # growing finds nothing below zero, and never ends far below it
        share = fmod(share, GROWTH)
    while settings.mode.endswith("sliding_window") and (share := share + GROWTH) < WHOLE:
        cut = _last_reply(records, round(share * len(records)))
        if cut is not None and sum(one.tokens for one in (records[0], *records[cut:])) < goal:
            return cut if cut < end - 1 else end
    return end


def _last_reply(records: Sequence[MessageRecord], limit: int) -> int | None:
    """Return the index of the last assistant message up to a limit, with all of its calls."""
    indices = range(min(limit, len(records) - 1), 0, -1)
    replies = (
        index
        for index in indices
        if records[index].role == "assistant" and not records[index - 1].waits_along
    )
    return next(replies, None)


def _in_range(window: int) -> int:
    return max(min(window, LARGEST_WINDOW), -LARGEST_WINDOW)


def _waiting(records: Sequence[MessageRecord]) -> int:
    """Count the messages at the end that are a pending request and the calls beside it."""
    if not records or records[-1].waiting is None:
        return 0
    return 1 + records[-2].waits_along


def compact_thread(
    world: World,
    agent: AgentState,
    thread: Thread,
    settings: CompactionSettings,
    *,
    conversation_id: str | None,
) -> CompactionOutcome:
    """Compact a thread on request. Raises BadRequest if the context would not get shorter, and
    ModelError if the model fails. Nothing has changed then."""
    records = list(thread.context)
    window = agent.llm_config.context_window
    if _count_after(records, settings, window) >= len(records):
        raise BadRequest(NOT_REDUCED)
    try:
        summed = _summarise(world, agent, conversation_id, settings, records, window)
    except TurnFailure as failure:
        raise failure.answer from failure
    return _compact(world, agent, thread, summed, conversation_id, CompactionCause())


def compact_on_overflow(
    state: TurnState, step_id: str, pending: Sequence[MessageRecord]
) -> Sequence[MessageRecord]:
    """Compact after the model's context-length error [44]. Return the messages of `pending` that
    stay."""
    cause = _cause(state, ON_OVERFLOW, step_id, pending)
    done = _compact_in_turn(state, cause)
    state.begun = True
    _emit_compaction(state, cause, done, step_id)
    return done.pending


def compact_after_step(state: TurnState, step: StepOutcome) -> None:
    """Compact after a step that used more than nine tenths of the context window [46]. Raises
    TurnFailure if the system message alone is bigger than that."""
    used = step.prompt_tokens + step.completion_tokens
    if used <= THRESHOLD * _in_range(state.llm.context_window):
        return
    hopeless = oversized_system(state)
    if hopeless is not None:
        raise hopeless
    cause = _cause(state, AFTER_STEP_CHECK, step.id)
    done = _compact_in_turn(state, cause)
    _emit_compaction(state, cause, done, None if state.delivery.streaming else step.id)


def oversized_system(state: TurnState) -> TurnFailure | None:
    """Return the failure of a turn whose system message exceeds the context window [44 tiny]."""
    system = state.thread.system
    window = state.llm.context_window
    if system is None or system.tokens < window:
        return None
    return system_prompt_too_large(system.tokens, window)


def _cause(
    state: TurnState, trigger: str, step_id: str, pending: Sequence[MessageRecord] = ()
) -> CompactionCause:
    """Describe the cause of a compaction in a turn. A summary that is a separate message has no
    otid. The recorded server never sends one in streams of conversations [44, 46]."""
    as_recorded = COMPACTION_ALERTS in state.world.quirks
    structured = state.delivery.by_agent or not state.delivery.streaming or not as_recorded
    asked = structured and state.request.include_compaction_messages
    return CompactionCause(
        trigger=trigger,
        step_id=step_id,
        run_id=state.run_id,
        otid=None if asked else state.world.ids.uuid(),
        tokens_before=state.usage.context_tokens,
        window=state.llm.context_window,
        pending=pending,
    )


def _compact_in_turn(state: TurnState, cause: CompactionCause) -> CompactionOutcome:
    world, agent, thread = state.world, state.agent, state.thread
    settings = agent.compaction_settings or CompactionSettings()
    records = [*thread.context, *cause.pending]
    window = state.llm.context_window
    previous = max(count_stored(world, agent) - _count_after(records, settings, window), 0)
    summed = _summarise(world, agent, state.conversation_id, settings, records, window)
    rewrite(thread, recompiled(world, agent, state.conversation_id, previous))
    done = _compact(world, agent, thread, summed, state.conversation_id, cause)
    state.usage = state.usage._replace(context_tokens=done.tokens)
    return done


def _count_after(
    records: Sequence[MessageRecord], settings: CompactionSettings, window: int
) -> int:
    """Return how many messages will be in context, including system message and summary."""
    return 2 + len(records) - find_cut(records, settings, window)


def _compact(
    world: World,
    agent: AgentState,
    thread: Thread,
    summed: CutSummary,
    conversation_id: str | None,
    cause: CompactionCause,
) -> CompactionOutcome:
    stored = thread.context
    records = [*stored, *cause.pending]
    cut, summary, _ = summed
    kept = records[cut:]
    before, after = len(records), 2 + len(kept)
    size = count_tokens(summary)
    tokens = sum(item.tokens for item in [records[0], *kept]) + size
    stats = None
    if cause.tokens_before is not None:
        stats = CompactionStats(
            trigger=cause.trigger,
            context_tokens_before=cause.tokens_before,
            context_tokens_after=tokens,
            context_window=cause.window,
            messages_count_before=before,
            messages_count_after=after,
        )
    note = _note(before - after, everything=summed.is_whole or not kept, stats=stats)
    now = world.clock.now()
    record = MessageRecord(
        id=world.ids.new("message"),
        role="user",
        # it is listed before what is not yet stored, so it must not be younger
        created_at=min([now, *(item.created_at for item in cause.pending)]),
        agent_id=agent.id,
        conversation_id=conversation_id,
        content=pack_alert(
            f"{note}\n{INTRODUCTION}\n {summary}",
            spell_time(now, agent.timezone),
            {"compaction_stats": stats.model_dump()} if stats else None,
        ),
        tokens=size,
        otid=cause.otid,
        step_id=cause.step_id,
        run_id=cause.run_id,
        summary=summary,
        compaction_stats=stats,
    )
    world.store.add_message(record, thread, in_context=False)
    thread.set_context([records[0], record, *stored[cut:]])
    return CompactionOutcome(
        record, summary, before, after, tokens, records[max(cut, len(stored)) :]
    )


def _note(hidden: int, *, everything: bool, stats: CompactionStats | None) -> str:
    if everything:
        return WITHOUT_ALL
    return WITHOUT_BEGINNING if stats is None else COUNTED.format(hidden=hidden)


def _summarise(
    world: World,
    agent: AgentState,
    conversation_id: str | None,
    settings: CompactionSettings,
    records: Sequence[MessageRecord],
    window: int,
) -> CutSummary:
    """Summarise the part that is cut off. Raises TurnFailure if the model fails; nothing has
    changed then."""
    cut = find_cut(records, settings, window)
    by_itself = settings.mode.startswith("self_")
    messages = History((), records[1:cut], uneven=True)
    is_acknowledged = settings.prompt_acknowledgement and not by_itself
    call = ModelCall(
        purpose="summary",
        model=(agent.llm_config.handle if by_itself else settings.model) or "",
        system=settings.prompt or SUMMARY_PROMPTS[settings.mode],
        messages=(ACKNOWLEDGEMENT, *messages) if is_acknowledged else messages,
        agent_name=agent.name,
        agent_id=agent.id,
        agent_tags=tuple(agent.tags),
        conversation_id=conversation_id,
        now=world.clock.now(),
        mode=settings.mode,
    )
    try:
        summary = world.brain.decide(call).text
    except ModelFailure as failure:
        raise model_failed(failure, agent.llm_config) from failure
    is_whole = not settings.mode.endswith("sliding_window")
    return CutSummary(cut, _clipped(summary, settings.clip_chars), is_whole)


def _clipped(summary: str, limit: int | None) -> str:
    """Cut a summary that is too long [75 compact: clip 20]."""
    if limit is None or len(summary) <= limit:
        return summary
    return summary[:limit] + CLIPPED


def _emit_compaction(
    state: TurnState, cause: CompactionCause, done: CompactionOutcome, step_id: str | None
) -> None:
    """Emit the events of a compaction: an event and a summary if the client asked for them.

    The recorded server instead sends the stored alert, for the same step [46].
    """
    alert = expand(done.record)[0]
    as_recorded = COMPACTION_ALERTS in state.world.quirks
    asked = state.request.include_compaction_messages
    is_heard = state.delivery.by_agent and state.delivery.streaming
    if not (asked and is_heard):
        documented = "an `event_message` and a `summary_message`" if asked else "nothing of it"
        other = documented if as_recorded else "a `user_message`"
        state.depends_on(COMPACTION_ALERTS, other)
    if asked and (is_heard or not as_recorded):
        state.emit(_event(state, cause, alert.date))
        summary = SummaryMessage(
            id=done.record.id,
            date=alert.date,
            otid=part_otid(done.record.id, 0),
            step_id=cause.step_id,
            run_id=state.run_id,
            summary=done.summary,
            compaction_stats=done.record.compaction_stats,
        )
        state.emit(message_event(state.log, summary))
    elif as_recorded:
        state.emit(message_event(state.log, alert.changed({"step_id": step_id})))


def _event(state: TurnState, cause: CompactionCause, date: str) -> Event:
    return message_event(
        state.log,
        EventMessage(
            id=state.world.ids.uuid(),
            date=date,
            step_id=cause.step_id,
            run_id=state.run_id,
            event_data={
                "trigger": cause.trigger,
                "context_token_estimate": cause.tokens_before,
                "context_window": cause.window,
            },
        ),
    )
