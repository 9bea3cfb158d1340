"""Approvals: calls that wait for the client, the client's answers, and how the turn resumes.

The request for approval is the newest message in context. It survives a restart from a snapshot,
and a fork has it too.

1. An answer is in context, but no model is sent it: the model reads the returns.
2. Repeated answers are not an error: the model continues [30 tool return again].
3. Answers in their older form name the request instead of the call. They can approve; a denial ends
   in `invalid_tool_call`, and the request stays pending [33 legacy deny].
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from mockletta.errors import BadRequest, PendingApproval
from mockletta.state.ids import Ids
from mockletta.state.message_records import MessageRecord, SuspendedTurn
from mockletta.state.store import Store
from mockletta.tools.tool_rules import CalledTools
from mockletta.turns.context.incoming_messages import return_content
from mockletta.turns.events import message_event
from mockletta.turns.message_expansion import tool_return_message
from mockletta.turns.tool_calls import ShownReturn, return_message, run_calls
from mockletta.turns.turn_state import (
    NOTHING_CALLED,
    Answered,
    Moment,
    Pacing,
    TurnOrigin,
    TurnState,
)
from mockletta.turns.turn_steps import may_end
from mockletta.wire.input_messages import MessageCreate
from mockletta.wire.message_content import ApprovalReturn, ToolCall, ToolReturn
from mockletta.wire.message_requests import (
    ApprovalAnswer,
    IncomingMessage,
    MessageRequest,
    ToolAnswer,
)
from mockletta.wire.messages import Message
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import PENDING_IN_WORDS
from mockletta.world.world import World

RECENT = 10
"""How many messages are searched for the returns of a repeated answer."""
NOTHING_PENDING = (
    "Cannot process approval response: No tool call is currently awaiting approval. "
    "Please send a regular message to interact with the agent."
)
NO_ANSWERS = "Invalid approval response. Approval response message does not contain any approvals."
ANSWERS_BEHIND = "Expected MessageCreate, got ApprovalCreate"
KEEP_ALIVE = (
    "<system-alert>Automated keep-alive ping. Ignore this message and continue from where you "
    "stopped.</system-alert>"
)
CANCELLED = "The user cancelled the request, so the tool call was denied."
DENIED = "Error: request to call tool denied. User reason: {reason}"


class ClientAnswers(NamedTuple):
    """A client's answers to a pending request."""

    request: MessageRecord
    answers: Sequence[ApprovalAnswer | ToolAnswer]

    @property
    def names_request(self) -> bool:
        """Whether an answer has its older form."""
        return self.answers[0].tool_call_id == self.request.id


def request_of(store: Store, run_id: str) -> MessageRecord | None:
    """Return the request for approval that a run ended with, if it is still pending."""
    for record in store.messages.all(("run_id", run_id)):
        thread_id = record.conversation_id or record.agent_id
        if record.waiting is not None and record is store.thread(thread_id).pending_request:
            return record
    return None


def deny_cancelled(world: World, request: MessageRecord) -> None:
    """Deny all calls of a request whose run was cancelled, those that wait beside it last. That
    frees its thread [71 B]."""
    assert request.waiting is not None
    agent = world.store.agents.get(request.agent_id)
    state = TurnState(
        world=world,
        request=MessageRequest(messages=[]),
        agent=agent,
        conversation=world.store.conversations.find(request.conversation_id or ""),
        run_id=request.run_id or "",
        llm=agent.llm_config,
        pacing=Pacing(world),
    )
    requested = request.tool_calls
    calls = [*requested, *(call for call in request.waiting.calls if call not in requested)]
    denials = [
        ApprovalAnswer(
            type="approval", tool_call_id=call.tool_call_id, approve=False, reason=CANCELLED
        )
        for call in calls
    ]
    returns = [item for one in denials if (item := _return_of(one, state))]
    for record in (
        _response_message(state, ClientAnswers(request, denials[: len(requested)])),
        return_message(state, None, returns, request.step_id),
    ):
        world.store.add_message(record, state.thread)


def read_answers(
    state: TurnState, incoming: Sequence[IncomingMessage]
) -> tuple[ClientAnswers | None, list[MessageCreate]]:
    """Split the messages of a request into answers and other messages.

    Answers come first, and only those of the first message count [83 wrong: two approval messages].
    Raises PendingApproval if a request for approval is pending and the first message has no
    answers. Raises BadRequest if none is pending or the answers do not match it. Nothing has
    changed then.
    """
    first = incoming[0]
    messages = [item for item in incoming if isinstance(item, MessageCreate)]
    request = state.thread.pending_request
    if isinstance(first, MessageCreate):
        if request is not None:
            raise _pending(state, request)
        if len(messages) < len(incoming):
            raise BadRequest(ANSWERS_BEHIND)
        return None, messages
    if request is None:
        if not _is_processed(state, first.answers):
            raise BadRequest(NOTHING_PENDING)
        return None, messages or [MessageCreate(role="user", content=KEEP_ALIVE)]
    _check_ids(request, [answer.tool_call_id for answer in first.answers])
    return ClientAnswers(request, first.answers), messages


def _pending(state: TurnState, request: MessageRecord) -> PendingApproval:
    """Refuse a message while a call waits. The error names the request unless a quirk is on."""
    if state.delivery.by_agent:
        return PendingApproval(request.id)
    is_on = PENDING_IN_WORDS in state.world.quirks
    state.depends_on(PENDING_IN_WORDS, "an object that names the request" if is_on else "a text")
    return PendingApproval(None if is_on else request.id)


def resume(
    state: TurnState, response: ClientAnswers, *, is_continued: bool, is_last: bool
) -> Generator[Moment, Answered, StopReasonType | None]:
    """Store the answers and the returns of all waiting calls; the turn has no stop reason.

    With other messages beside the answers a new turn begins. Otherwise the old turn `is_continued`.
    """
    request = response.request
    waiting = request.waiting
    assert waiting is not None
    given = _by_call(response)
    if not given:
        return StopReasonType.invalid_tool_call
    store, thread = state.world.store, state.thread
    record = _response_message(state, response)
    answered = _answered(response, state)
    state.called_tools = _course(waiting, given)
    run = sorted(
        (call for call in waiting.calls if _is_run(call, given)),
        key=lambda call: call.tool_call_id not in given,
    )
    results = yield from run_calls(state, run, waiting.scripted, approved=request.tool_calls)
    name = run[0].name if run else None
    returned = return_message(state, name, [*answered, *results], request.step_id)
    store.add_message(record, thread)
    store.add_message(returned, thread)
    if is_continued:
        state.beginning = TurnOrigin(waiting.run_id, waiting.steps)
    if run or not state.tokens:
        state.begun = True
        state.emit(message_event(state.log, _shown(returned)))
    called = state.called_tools.called[len(waiting.called) :]
    if not answered and len(called) == len(run) and may_end(state, called):
        return StopReasonType.tool_rule
    if not is_continued:
        state.called_tools = NOTHING_CALLED
    return StopReasonType.max_steps if is_last else None


def _course(waiting: SuspendedTurn, given: dict[str, ApprovalAnswer | ToolAnswer]) -> CalledTools:
    """Return the turn's calls so far, including those that the client ran."""
    called_tools = CalledTools(waiting.called)
    for call in waiting.calls:
        answer = given.get(call.tool_call_id)
        if isinstance(answer, ToolAnswer):
            text = answer.tool_return if isinstance(answer.tool_return, str) else ""
            called_tools = called_tools.after(call.name, text)
    return called_tools


def _answered(response: ClientAnswers, state: TurnState) -> list[ShownReturn]:
    """Return the returns of answers that run no tool: the client's own in the order of the answer,
    then those of denied calls in the order of the request [83 mixed deny].

    Of two denials of one call the last counts. Returns of calls that are run come after them, those
    of approved calls first.
    """
    named = response.names_request
    answers = list(_by_call(response).values()) if named else response.answers
    own = [answer for answer in answers if isinstance(answer, ToolAnswer)]
    denied = {answer.tool_call_id: answer for answer in answers if _is_denial(answer)}
    calls = [call.tool_call_id for call in response.request.tool_calls]
    ordered = [*own, *(denied[call] for call in calls if call in denied)]
    return [item for answer in ordered if (item := _return_of(answer, state))]


def _is_denial(answer: ApprovalAnswer | ToolAnswer) -> bool:
    return isinstance(answer, ApprovalAnswer) and not answer.approve


def _shown(returned: MessageRecord) -> Message:
    """Return the returns that the turn shows: only the first for each call, although all are stored
    [83 dup: same id twice in one answer]."""
    by_call = {item.tool_call_id: item for item in reversed(returned.tool_returns)}
    firsts = tuple(item for item in returned.tool_returns if by_call[item.tool_call_id] is item)
    return tool_return_message(replace(returned, tool_returns=firsts))


def _is_processed(state: TurnState, answers: Sequence[ApprovalAnswer | ToolAnswer]) -> bool:
    """Return whether the answers are those to all the calls that returned together, in one of the
    last messages in context.

    If the context ends in a summary, the newest stored calls count [83 compacted: retry after
    compaction].
    """
    thread = state.thread
    is_compacted = thread.context[-1].summary is not None
    newest = thread.scan(None, None, reverse=True)
    stored = newest if is_compacted else reversed(thread.context[-RECENT:])
    returned = (
        {item.tool_call_id for item in record.tool_returns}
        for record in stored
        if record.role == "tool"
    )
    answered = {answer.tool_call_id for answer in answers}
    return answered in islice(returned, 1 if is_compacted else None)


def _check_ids(request: MessageRecord, received: list[str]) -> None:
    if not received:
        raise BadRequest(NO_ANSWERS)
    expected = [call.tool_call_id for call in request.tool_calls]
    names_request = len(expected) == 1 and received == [request.id]
    if set(received) != set(expected) and not names_request:
        raise BadRequest(
            f"Invalid tool call IDs. Expected '{expected}', but received '{received}'."
        )


def _by_call(response: ClientAnswers) -> dict[str, ApprovalAnswer | ToolAnswer]:
    """Return the answers by the id of their call; an older denial has no call."""
    request, answers = response
    if not response.names_request:
        return {answer.tool_call_id: answer for answer in reversed(answers)}
    if _is_denial(answers[0]):
        return {}
    return {request.tool_calls[0].tool_call_id: answers[0]}


def _is_run(call: ToolCall, given: dict[str, ApprovalAnswer | ToolAnswer]) -> bool:
    """Return whether a call is run now: it was approved, or waited beside another call."""
    answer = given.get(call.tool_call_id)
    return answer is None or (isinstance(answer, ApprovalAnswer) and answer.approve)


def _return_of(answer: ApprovalAnswer | ToolAnswer, state: TurnState) -> ShownReturn | None:
    """Return the return of an answer: the client's own, or that of a denied call."""
    if isinstance(answer, ToolAnswer):
        return ShownReturn(_tool_return(answer, state.world.ids))
    if answer.approve:
        return None
    text = DENIED.format(reason=answer.reason)
    return ShownReturn(
        ToolReturn(tool_return=text, status="error", tool_call_id=answer.tool_call_id)
    )


def _tool_return(answer: ToolAnswer, ids: Ids) -> ToolReturn:
    return ToolReturn(
        tool_return=return_content(answer.tool_return, ids),
        status=answer.status,
        tool_call_id=answer.tool_call_id,
        stdout=answer.stdout,
        stderr=answer.stderr,
    )


def _response_message(state: TurnState, response: ClientAnswers) -> MessageRecord:
    return MessageRecord(
        id=state.world.ids.new("message"),
        role="approval",
        created_at=state.world.clock.now(),
        agent_id=state.agent.id,
        conversation_id=state.conversation_id,
        content="",
        tokens=0,
        approvals=tuple(
            _tool_return(answer, state.world.ids)
            if isinstance(answer, ToolAnswer)
            else ApprovalReturn(**answer.model_dump())
            for answer in response.answers
        ),
        run_id=state.run_id,
    )
