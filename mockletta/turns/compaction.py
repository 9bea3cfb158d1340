"""Compaction: the older part of a context gives way to a summary. Old messages stay listed.

1. Where a sliding window is cut was worked out from the sizes before and after [06, 44, 46]: at the
   last assistant message at or before a share of the context that grows by a tenth until there is
   one; the newest message is none, and without any the whole context goes.
2. A summary is stored as a user message that holds a system alert [06].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mockletta.brain.decisions import ModelCall
from mockletta.errors import BadRequest
from mockletta.state.records import MessageRecord, count_tokens
from mockletta.state.threads import Thread
from mockletta.turns.events import Event, message_event
from mockletta.turns.expansion import expand, part_otid
from mockletta.turns.history import History, pack_alert
from mockletta.turns.prompts import SUMMARY_PROMPT, spell_time
from mockletta.turns.turn_state import Turn, TurnState
from mockletta.wire.agents import AgentState, CompactionSettings
from mockletta.wire.messages import CompactionStats, EventMessage, SummaryMessage
from mockletta.world import World

WITHOUT_BEGINNING = (
    "Note: prior messages from the beginning of the conversation have been hidden from view due to "
    "conversation memory constraints."
)
WITHOUT_ALL = (
    "Note: prior messages have been hidden from view due to conversation memory constraints."
)
AFTER_STEP = (
    "Note: {hidden} messages from the beginning of the conversation have been hidden from view due "
    "to memory constraints."
)
INTRODUCTION = "The following is a summary of the previous messages:"
NOT_REDUCED = (
    "Summarization failed to reduce the number of messages. You may not have enough messages to "
    "compact or need to use a different CompactionSettings (e.g. using `all` mode)."
)
THRESHOLD = 0.9
GROWTH = 0.1
WHOLE = 1.0


@dataclass(frozen=True, slots=True)
class Compacted:
    """A compaction's outcome: counts are messages in context, the system message included."""

    record: MessageRecord
    summary: str
    before: int
    after: int


class StepSize(Protocol):
    """What compaction asks of a step: sizes in tokens."""

    @property
    def id(self) -> str: ...
    @property
    def prompt_tokens(self) -> int: ...
    @property
    def completion_tokens(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a context is compacted, and for which step of which run."""

    trigger: str | None = None
    step_id: str | None = None
    run_id: str | None = None
    otid: str | None = None
    tokens_before: int = 0
    window: int = 0


def find_cut(records: Sequence[MessageRecord], settings: CompactionSettings) -> int:
    """The first message that stays in context; the number of all if none does."""
    total = len(records)
    share = settings.sliding_window_percentage
    while settings.mode.endswith("sliding_window") and share < WHOLE:
        share += GROWTH
        newest = min(round(share * total), total - 2)
        for index in range(newest, 0, -1):
            if records[index].role == "assistant":
                return index
    return total


def compact_thread(
    world: World,
    agent: AgentState,
    thread: Thread,
    settings: CompactionSettings,
    *,
    conversation_id: str | None,
) -> Compacted:
    """Compact on request; BadRequest, and nothing changed, if the context would not get shorter."""
    records = thread.in_context()
    after = 2 + len(records) - find_cut(records, settings)
    if after >= len(records):
        raise BadRequest(NOT_REDUCED)
    return _compact(world, agent, thread, settings, conversation_id, Occasion())


def compact_on_overflow(state: TurnState, step_id: str) -> Turn:
    """Make room after the model's context-length error [44]."""
    occasion = Occasion(step_id=step_id, run_id=state.run_id, otid=state.world.ids.uuid())
    done = _compact_in_turn(state, occasion)
    state.begun = True
    yield message_event(expand(done.record)[0])


def compact_after_step(state: TurnState, step: StepSize) -> Turn:
    """Make room after a step that used more than nine tenths of the context window [46]."""
    used = step.prompt_tokens + step.completion_tokens
    window = state.llm.context_window
    if used <= THRESHOLD * window:
        return
    done = _compact_in_turn(
        state,
        Occasion(
            trigger="post_step_context_check",
            step_id=step.id,
            run_id=state.run_id,
            otid=state.world.ids.uuid(),
            tokens_before=used,
            window=window,
        ),
    )
    state.usage = state.usage.changed({"context_tokens": state.thread.tokens})
    if state.is_agent_route and state.request.include_compaction_messages:
        yield from _structured(state, step, done)
    else:
        shown = expand(done.record)[0]
        hidden = {"step_id": None} if state.streaming else {}
        yield message_event(shown.changed(hidden))


def _compact_in_turn(state: TurnState, occasion: Occasion) -> Compacted:
    settings = state.agent.compaction_settings or CompactionSettings()
    return _compact(
        state.world, state.agent, state.thread, settings, state.conversation_id, occasion
    )


def _compact(
    world: World,
    agent: AgentState,
    thread: Thread,
    settings: CompactionSettings,
    conversation_id: str | None,
    occasion: Occasion,
) -> Compacted:
    records = thread.in_context()
    cut = find_cut(records, settings)
    evicted, kept = records[1:cut], records[cut:]
    summary = _summarise(world, settings, evicted)
    before, after = len(records), 2 + len(kept)
    tokens = count_tokens(summary)
    stats = None
    if occasion.trigger is not None:
        stats = CompactionStats(
            trigger=occasion.trigger,
            context_tokens_before=occasion.tokens_before,
            context_tokens_after=sum(item.tokens for item in [records[0], *kept]) + tokens,
            context_window=occasion.window,
            messages_count_before=before,
            messages_count_after=after,
        )
    note = _note(before - after, everything=not kept, stats=stats)
    now = world.clock.now()
    record = MessageRecord(
        id=world.ids.new("message"),
        role="user",
        created_at=now,
        agent_id=agent.id,
        conversation_id=conversation_id,
        content=pack_alert(
            f"{note}\n{INTRODUCTION}\n {summary}",
            spell_time(now, agent.timezone),
            {"compaction_stats": stats.model_dump()} if stats else None,
        ),
        tokens=tokens,
        otid=occasion.otid,
        step_id=occasion.step_id,
        run_id=occasion.run_id,
        summary=summary,
        compaction_stats=stats,
    )
    world.store.add_message(record, thread, in_context=False)
    thread.set_context([records[0], record, *kept])
    return Compacted(record, summary, before, after)


def _note(hidden: int, *, everything: bool, stats: CompactionStats | None) -> str:
    if stats is not None:
        return AFTER_STEP.format(hidden=hidden)
    return WITHOUT_ALL if everything else WITHOUT_BEGINNING


def _summarise(world: World, settings: CompactionSettings, evicted: Sequence[MessageRecord]) -> str:
    call = ModelCall(
        purpose="summary",
        model=settings.model or "",
        system=settings.prompt or SUMMARY_PROMPT,
        messages=History(world.store.messages, (), evicted),
    )
    summary = world.brain.decide(call).text
    limit = settings.clip_chars
    return summary if limit is None else summary[:limit]


def _structured(state: TurnState, step: StepSize, done: Compacted) -> Turn:
    """What agents' endpoints tell of a compaction when asked to [46]."""
    stats = done.record.compaction_stats
    assert stats is not None
    shared = expand(done.record)[0]
    yield _event(state, step, stats, shared.date)
    yield message_event(
        SummaryMessage(
            id=done.record.id,
            date=shared.date,
            otid=part_otid(done.record.id, 0),
            step_id=step.id,
            run_id=state.run_id,
            summary=done.summary,
            compaction_stats=stats,
        )
    )


def _event(state: TurnState, step: StepSize, stats: CompactionStats, date: str) -> Event:
    return message_event(
        EventMessage(
            id=state.world.ids.uuid(),
            date=date,
            step_id=step.id,
            run_id=state.run_id,
            event_data={
                "trigger": stats.trigger,
                "context_token_estimate": stats.context_tokens_before,
                "context_window": stats.context_window,
            },
        )
    )
