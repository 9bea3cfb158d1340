"""client.runs and client.steps: the books that are kept of every turn."""

from typing import Any, Literal

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Conversation

from mockletta.world.pace import Pace
from tests.contract.conftest import MODEL, Connect, Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    ask,
    conversation_of,
    ended,
    history,
    ids_of,
    kinds,
    oldest_first,
    plain,
    reply,
    run_of,
)
from tests.contract.undeclared import checked

UNKNOWN_RUN = "run-00000000-0000-4000-8000-000000000000"
UNKNOWN_STEP = "step-00000000-0000-4000-8000-000000000000"
REMEMBER = "Please update your core memory to note that the shop closes at nine."


def test_a_streamed_run_is_completed(client: Letta, conversation: Conversation) -> None:
    run_id = run_of(ask(client, conversation.id, "Hello!"))
    run = checked(client.runs.retrieve(run_id))
    assert run.to_dict() == {
        "id": run_id,
        "status": "completed",
        "created_at": run.created_at,
        "completed_at": run.completed_at,
        "stop_reason": "end_turn",
        "agent_id": conversation.agent_id,
        "conversation_id": conversation.id,
        "background": False,
        "metadata": {"run_type": "send_conversation_message"},
        "request_config": {
            "use_assistant_message": True,
            "assistant_message_tool_name": "send_message",
            "assistant_message_tool_kwarg": "message",
            "include_return_message_types": None,
        },
        "base_template_id": None,
        "callback_url": None,
        "callback_sent_at": None,
        "callback_status_code": None,
        "callback_error": None,
        "ttft_ns": run.ttft_ns,
        "total_duration_ns": run.total_duration_ns,
    }


def test_a_run_without_streaming_is_completed_too(
    client: Letta, conversation: Conversation
) -> None:
    answer = reply(client, conversation.id, input="Hello!")
    run = checked(client.runs.retrieve(str(answer.messages[0].run_id)))
    assert (run.status, run.stop_reason) == ("completed", "end_turn")


def test_a_run_remembers_how_it_was_asked_for(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(
        conversation.id,
        input="Hello!",
        background=True,
        include_return_message_types=["assistant_message"],
        use_assistant_message=False,
    )
    run = checked(client.runs.retrieve(run_of(list(stream))))
    assert run.background
    assert run.request_config is not None
    assert run.request_config.to_dict() == {
        "use_assistant_message": False,
        "assistant_message_tool_name": "send_message",
        "assistant_message_tool_kwarg": "message",
        "include_return_message_types": ["assistant_message"],
    }


def test_a_run_under_way_is_running_and_active(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    conversation = conversation_of(client, agent_with_memory(client))
    with client.conversations.messages.create(conversation, input="Hello!") as stream:
        run_id = run_of(stream)
    run = checked(client.runs.retrieve(run_id))
    assert (run.status, run.stop_reason, run.completed_at) == ("running", None, None)
    assert ids_of(client.runs.list(active=True)) == [run_id]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("hello", "end_turn"), ("<<length>> hello", "max_tokens_exceeded"), ("<<empty>>", "end_turn")],
)
def test_a_run_tells_why_it_stopped(scripted: Letta, text: str, reason: str) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    run = checked(scripted.runs.retrieve(run_of(ask(scripted, conversation, text))))
    assert (run.status, run.stop_reason) == ("completed", reason)


def test_a_failed_run_keeps_its_error(scripted: Letta) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    stream = scripted.conversations.messages.create(conversation, input="<<error 429>>")
    run_id = run_of([next(stream)])
    with pytest.raises(Exception, match="fake error 429"):
        list(stream)
    run = checked(scripted.runs.retrieve(run_id))
    assert (run.status, run.stop_reason) == ("failed", "llm_api_error")
    error = (run.metadata or {})["error"]
    assert isinstance(error, dict)
    assert (error["error_type"], error["run_id"]) == ("llm_rate_limit", run_id)


def test_runs_are_listed_newest_first_and_narrowed(client: Letta) -> None:
    agent, other = agent_with_memory(client), agent_with_memory(client)
    here, there = conversation_of(client, agent), conversation_of(client, other)
    first, second = (run_of(ask(client, here, "Hello!")) for _ in range(2))
    elsewhere = run_of(ask(client, there, "Hello!"))
    assert ids_of(checked(client.runs.list()).items) == [elsewhere, second, first]
    assert ids_of(client.runs.list(agent_id=agent)) == [second, first]
    assert ids_of(client.runs.list(agent_ids=[other])) == [elsewhere]
    assert ids_of(client.runs.list(agent_id=agent, order="asc")) == [first, second]
    assert ids_of(client.runs.list(agent_id=agent, limit=1).items) == [second]
    assert ids_of(client.runs.list(agent_id=agent, ascending=True)) == [first, second]
    assert ids_of(client.runs.list(background=True)) == []


@needs("runs.list", "conversation_id")
def test_runs_are_narrowed_to_a_conversation(client: Letta, agent: AgentState) -> None:
    here, there = (conversation_of(client, agent.id) for _ in range(2))
    run_id = run_of(ask(client, here, "Hello!"))
    ask(client, there, "Hello!")
    assert ids_of(checked(client.runs.list(conversation_id=here)).items) == [run_id]


def test_runs_are_narrowed_to_how_they_ended(scripted: Letta) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    done = run_of(ask(scripted, conversation, "hello"))
    with pytest.raises(Exception, match="fake error 500"):
        ask(scripted, conversation, "<<error 500>>")
    assert ids_of(scripted.runs.list(statuses=["completed"])) == [done]
    assert ids_of(scripted.runs.list(stop_reason="end_turn")) == [done]
    assert len(ids_of(scripted.runs.list(statuses=["failed", "completed"]))) == 2
    with pytest.raises(BadRequestError):
        scripted.runs.list(statuses=["nope"])
    with pytest.raises(UnprocessableEntityError):
        scripted.runs.list(stop_reason="nope")  # type: ignore[arg-type]


def test_a_runs_messages_are_those_of_its_turn_oldest_first(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    ask(client, conversation, "Hello!")
    run_id = run_of(ask(client, conversation, REMEMBER))
    of_run = checked(client.runs.messages.list(run_id)).items
    assert kinds(of_run) == [
        "user_message",
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
    ]
    assert of_run == oldest_first(client, conversation)[3:]
    assert ids_of(client.runs.messages.list(run_id, order="desc")) == ids_of(of_run)[::-1]
    assert ids_of(client.runs.messages.list(run_id, limit=2)) == ids_of(of_run)


def test_a_runs_steps_are_newest_first_and_add_up_to_its_usage(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    told = ask(client, conversation, REMEMBER)
    last, first = checked(client.runs.steps.list(run_of(told))).items
    usage = checked(client.runs.usage.retrieve(run_of(told)))
    assert [frame.to_dict()["step_id"] for frame in told[1:4]] == [first.id, first.id, last.id]
    assert (first.stop_reason, last.stop_reason) == (None, "end_turn")
    assert usage.total_tokens == (first.total_tokens or 0) + (last.total_tokens or 0)
    streamed = told[-1].to_dict()
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (
        streamed["prompt_tokens"],
        streamed["completion_tokens"],
        streamed["total_tokens"],
    )


@pytest.mark.parametrize(("quirks", "kinds_after"), [([], ["user_message"]), (["recorded"], [])])
def test_the_recorded_server_took_cursors_of_a_runs_messages_by_time(
    connect: Connect, quirks: list[str], kinds_after: list[str]
) -> None:
    client = connect(quirks=quirks)
    told = ask(client, conversation_of(client, agent_with_memory(client)), "Hello!")
    newest = client.runs.messages.list(run_of(told)).items[-1].id

    after = client.runs.messages.list(run_of(told), order="desc", after=newest)

    assert kinds(after.items) == kinds_after


def test_unknown_cursors_of_a_run_are_not_found(client: Letta) -> None:
    told = ask(client, conversation_of(client, agent_with_memory(client)), "Hello!")
    run = run_of(told)

    with pytest.raises(NotFoundError, match="No message found with id 'nope' for agent 'None'"):
        client.runs.messages.list(run, before="nope")
    with pytest.raises(NotFoundError, match="No Step found with id nope"):
        client.runs.steps.list(run, after="nope")


def test_the_last_step_that_a_turn_may_take_has_no_stop_reason(client: Letta) -> None:
    blocks: Any = [{"label": "human", "value": "H"}]
    agent = client.agents.create(model=MODEL, project_id="p-1", memory_blocks=blocks)
    said = client.agents.messages.create(agent.id, input=REMEMBER, max_steps=1)
    run = str(said.messages[0].run_id)

    [step] = client.runs.steps.list(run).items

    assert (said.stop_reason.stop_reason, step.stop_reason) == ("max_steps", None)
    metrics = [client.runs.metrics.retrieve(run)] if hasattr(client.runs, "metrics") else []
    assert {step.project_id, *(one.project_id for one in metrics)} == {"p-1"}


def test_the_recorded_server_replaces_the_tags_of_feedback(connect: Connect) -> None:
    client = connect(quirks=["replaced-feedback-tags"])
    agent = client.agents.create(model=MODEL)
    [told] = client.agents.messages.create(agent.id, input="Hi.").messages
    step = str(told.step_id)
    client.steps.feedback.create(step, feedback="positive", tags=["good"])

    given = client.steps.feedback.create(step, tags=["only"])

    assert (given.feedback, given.tags) == (None, ["only"])


def test_usage_follows_from_the_texts_alone(client: Letta) -> None:
    def usage() -> dict[str, object]:
        agent = client.agents.create(model=MODEL, name="Same", system="Be kind.").id
        conversation = conversation_of(client, agent)
        ask(client, conversation, "My name is Nadia.")
        return ask(client, conversation, "What is my name?")[-1].to_dict()

    first = usage()
    assert first == usage()
    assert first["total_tokens"] == first["prompt_tokens"] + first["completion_tokens"]  # type: ignore[operator]


def test_a_longer_history_costs_more(client: Letta, conversation: Conversation) -> None:
    costs = [ask(client, conversation.id, "Hello!")[-1].to_dict() for _ in range(3)]
    prompts = [int(str(cost["prompt_tokens"])) for cost in costs]
    assert prompts == sorted(set(prompts))
    assert len({str(cost["completion_tokens"]) for cost in costs}) == 1


def test_a_background_run_is_told_again(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(conversation.id, input="Hi", background=True)
    told = checked(list(stream))
    assert checked(list(client.runs.messages.stream(run_of(told)))) == told
    rest = client.runs.messages.stream(run_of(told), starting_after=2, include_pings=False)
    assert list(rest) == told[2:]


def test_a_foreground_run_is_not_told_again(client: Letta, conversation: Conversation) -> None:
    run_id = run_of(ask(client, conversation.id, "Hello!"))
    with pytest.raises(BadRequestError, match="not created in background mode"):
        client.runs.messages.stream(run_id)


def test_a_run_that_is_not_there_is_not_found_anywhere(client: Letta) -> None:
    for operation in (
        client.runs.retrieve,
        client.runs.usage.retrieve,
        client.runs.messages.list,
        client.runs.steps.list,
        client.runs.messages.stream,
    ):
        with pytest.raises(NotFoundError):
            operation(UNKNOWN_RUN)
        with pytest.raises(BadRequestError, match="Invalid run ID format"):
            operation("run-nope")


def test_a_step_tells_its_model_and_its_cost(client: Letta, conversation: Conversation) -> None:
    told = ask(client, conversation.id, "Hello!")
    (listed,) = checked(client.steps.list(agent_id=conversation.agent_id)).items
    step = checked(client.steps.retrieve(listed.id))
    assert plain(step) == plain(listed)
    assert (step.run_id, step.agent_id) == (run_of(told), conversation.agent_id)
    assert (step.model, step.provider_name, step.status) == ("gpt-4o-mini", "openai", "success")
    assert step.api_model_endpoint == "https://api.openai.com/v1"
    assert step.stop_reason == "end_turn"
    usage = told[-1].to_dict()
    assert (step.prompt_tokens, step.completion_tokens) == (
        usage["prompt_tokens"],
        usage["completion_tokens"],
    )


def test_a_failed_step_tells_how_it_failed(scripted: Letta) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    with pytest.raises(Exception, match="fake error 429"):
        ask(scripted, conversation, "<<error 429>>")
    (step,) = checked(scripted.steps.list()).items
    assert (step.status, step.stop_reason, step.error_type) == (
        "failed",
        "llm_api_error",
        "LLMRateLimitError",
    )
    assert "fake error 429" in str((step.error_data or {})["message"])


def test_steps_are_listed_newest_first_and_narrowed(client: Letta) -> None:
    agent, other = agent_with_memory(client), agent_with_memory(client)
    steps = [
        str(reply(client, conversation_of(client, owner), input="Hello!").messages[0].step_id)
        for owner in (agent, other, agent)
    ]
    assert ids_of(client.steps.list()) == steps[::-1]
    assert ids_of(client.steps.list(agent_id=other)) == [steps[1]]
    assert ids_of(client.steps.list(model="gpt-4o-mini", order="asc")) == steps
    assert ids_of(client.steps.list(model="gpt-4o")) == []
    assert ids_of(client.steps.list(feedback="positive")) == []
    assert ids_of(client.steps.list(has_feedback=False)) == steps[::-1]
    assert ids_of(client.steps.list(start_date="2999-01-01")) == []
    assert ids_of(client.steps.list(start_date="2000-01-01", end_date="2999-01-01")) == steps[::-1]


def test_a_step_that_is_not_there_is_not_found(client: Letta) -> None:
    with pytest.raises(NotFoundError):
        client.steps.retrieve(UNKNOWN_STEP)
    with pytest.raises(UnprocessableEntityError):
        client.steps.retrieve("step-nope")


def test_an_asynchronous_run_completes_by_itself(client: Letta, agent: AgentState) -> None:
    run = checked(client.agents.messages.create_async(agent.id, input="Say 'later' back to me"))
    assert (run.status, run.stop_reason) == ("created", None)
    done = ended(client, run.id)
    assert (done.status, done.stop_reason) == ("completed", "end_turn")
    assert history(client, agent.id) == [
        ("user_message", "Say 'later' back to me"),
        ("assistant_message", "later"),
    ]


@needs("conversations.cancel")
def test_a_run_is_cancelled_only_once(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    conversation = conversation_of(client, agent_with_memory(client))
    with client.conversations.messages.create(conversation, input="Hello!") as stream:
        run_id = run_of(stream)
    assert client.conversations.cancel(conversation) == {run_id: "cancelled"}
    with pytest.raises(ConflictError):
        client.conversations.cancel(conversation)
    assert ids_of(client.runs.list(statuses=["cancelled"])) == [run_id]


@pytest.mark.anyio
async def test_runs_and_steps_are_read_asynchronously(
    async_client: AsyncLetta, client: Letta, conversation: Conversation
) -> None:
    run_id = run_of(ask(client, conversation.id, "Hello!"))
    run = checked(await async_client.runs.retrieve(run_id))
    assert run.status == "completed"
    assert ids_of(checked(await async_client.runs.list()).items) == [run_id]
    (step,) = checked(await async_client.runs.steps.list(run_id)).items
    assert plain(checked(await async_client.steps.retrieve(step.id))) == plain(step)
    messages = checked(await async_client.runs.messages.list(run_id)).items
    assert kinds(messages) == ["user_message", "assistant_message"]
    usage = checked(await async_client.runs.usage.retrieve(run_id))
    assert usage.total_tokens == step.total_tokens


@pytest.mark.parametrize("profile", ["cloud", "open"])
def test_a_quirk_of_runs_is_recorded_where_they_are_read(
    serve: Serve, profile: Literal["cloud", "open"]
) -> None:
    mock = serve(profile=profile)
    with sync_client(mock) as client:
        agent = client.agents.create(model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id)
        client.conversations.messages.create(conversation.id, input="Hello!", streaming=False)
        run = client.runs.list(agent_id=agent.id).items[0]
        client.runs.retrieve(run.id)

    met = {one.operation for one in mock.journal if "unfinished-json-runs" in str(one.quirks)}
    assert met == {"runs.list", "runs.retrieve"}
