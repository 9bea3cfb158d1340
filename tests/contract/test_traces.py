"""What is known of runs and steps afterwards: times, spans, model calls; and what clients think."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from letta_client import (
    BadRequestError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, ProviderTrace

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.errors import ORGANIZATION_ID
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import (
    Connect,
    Serve,
    async_client_of,
    checked,
    sync_client,
)
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, calling, doubling_agent, guarded
from tests.contract.talk import await_pause, kinds, run_of
from tests.replay.stand_in import StandIn

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:deprecated"),  # the SDK's word on `stream`
    needs("steps.trace.retrieve"),
    needs("runs.trace.retrieve"),
]
BILLION = 10**9
START = 1767225600 * BILLION
NEW_YEAR = "2026-01-01T00:00:00Z"
NO_RUN = "run-00000000-0000-4000-8000-000000000000"
NO_STEP = "step-00000000-0000-4000-8000-000000000000"


class Thinking(Steps):
    """A brain that takes its decisions two seconds each, by the world's clock."""

    mock: MockLetta

    def decide(self, call: ModelCall) -> Decision:
        self.mock.clock.advance(2)
        return super().decide(call)


class Told:
    """A turn of two steps: a call of `double`, which takes three seconds, and an answer."""

    def __init__(self, mock: MockLetta, client: Letta) -> None:
        self.mock, self.client = mock, client
        self.agent_id = doubling_agent(client)
        mock.tool("double", self._double)
        self.run_id = asked(client, self.agent_id, input="Go!")
        self.steps = [step.id for step in client.runs.steps.list(self.run_id, order="asc")]

    def _double(self, x: int) -> str:
        self.mock.clock.advance(3)
        return str(x * 2)


def asked(client: Letta, agent_id: str, **body: Any) -> str:  # noqa: ANN401 - any message
    """The run of a message to an agent."""
    return str(client.agents.messages.create(agent_id, **body).messages[0].run_id)


@pytest.fixture
def told(serve: Serve) -> Iterator[Told]:
    brain = Thinking(calling("double", '{"x": 21}'), Decision(text="It is 42."))
    mock = brain.mock = serve(brain=brain, freeze=NEW_YEAR)
    with sync_client(mock) as client:
        yield Told(mock, client)


def spans(client: Letta, run_id: str, **query: Any) -> list[tuple[str, float]]:  # noqa: ANN401 - a limit
    """Name and seconds of each span."""
    found: Any = checked(client.runs.trace.retrieve(run_id, **query))
    return [(span["SpanName"], span["Duration"] / BILLION) for span in found]


def trace(client: Letta, step_id: str) -> ProviderTrace:
    found = checked(client.steps.trace.retrieve(step_id))
    assert found is not None
    return found


def test_a_step_tells_how_long_the_model_and_the_tools_took(told: Told) -> None:
    first, second = (checked(told.client.steps.metrics.retrieve(one)) for one in told.steps)

    assert (first.id, first.run_id, first.agent_id) == (told.steps[0], told.run_id, told.agent_id)
    assert (first.step_start_ns, first.llm_request_start_ns) == (START, START)
    assert (first.llm_request_ns, first.tool_execution_ns) == (2 * BILLION, 3 * BILLION)
    assert first.step_ns == 5 * BILLION
    assert second.step_start_ns == START + 5 * BILLION
    assert (second.step_ns, second.tool_execution_ns) == (2 * BILLION, None)


def test_a_run_tells_how_long_it_took_and_which_tools_it_called(told: Told) -> None:
    metrics: Any = told.client.get(f"/v1/runs/{told.run_id}/metrics", cast_to=object)

    [tool] = told.client.agents.tools.list(told.agent_id).items
    assert metrics == {
        "id": told.run_id,
        "organization_id": ORGANIZATION_ID,
        "agent_id": told.agent_id,
        "project_id": None,
        "run_start_ns": START,
        "run_ns": 7 * BILLION,
        "num_steps": 2,
        "tools_used": [tool.id],
        "template_id": None,
        "base_template_id": None,
    }


def test_a_trace_shows_the_request_its_steps_and_its_tools(told: Told) -> None:
    assert spans(told.client, told.run_id) == [
        ("POST /v1/agents/{agent_id}/messages", 7),
        ("time_to_first_token", 2),
        ("agent_step", 5),
        ("execute_tool", 3),
        ("agent_step", 2),
    ]
    assert spans(told.client, told.run_id, limit=1) == spans(told.client, told.run_id)[:1]


def test_the_spans_of_a_trace_hang_together(told: Told) -> None:
    found: Any = told.client.runs.trace.retrieve(told.run_id)
    root, first_word, step, tool, _ = found

    assert {span["TraceId"] for span in found} == {told.run_id[4:].replace("-", "")}
    assert len({span["SpanId"] for span in found}) == len(found)
    assert root["ParentSpanId"] == ""
    assert {first_word["ParentSpanId"], step["ParentSpanId"]} == {root["SpanId"]}
    assert tool["ParentSpanId"] == step["SpanId"]
    assert root["SpanAttributes"]["run.id"] == told.run_id
    assert step["SpanAttributes"]["step.id"] == told.steps[0]
    assert tool["SpanAttributes"] == {
        "tool.name": "double",
        "tool.call_id": "call-1",
        "tool.status": "success",
    }
    assert [span["Timestamp"][17:19] for span in found] == ["00", "00", "00", "02", "05"]


def test_a_model_call_is_shown_as_its_provider_would_have_seen_it(told: Told) -> None:
    first, second = (trace(told.client, one) for one in told.steps)
    asked: Any = second.request_json
    system, *rest = asked["messages"]

    assert (asked["model"], asked["tool_choice"]) == ("gpt-4o-mini", "auto")
    assert [tool["function"]["name"] for tool in asked["tools"]] == ["double"]
    assert system["role"] == "system"
    assert [one["role"] for one in rest] == ["user", "assistant", "tool"]
    assert rest[0]["content"] == "Go!"
    assert rest[1]["tool_calls"][0]["function"] == {"name": "double", "arguments": '{"x": 21}'}
    assert (rest[1]["content"], rest[2]["tool_call_id"]) == (None, "call-1")
    assert first.request_json["messages"] == asked["messages"][:2]
    assert first.latency_ms == 2000
    assert (second.agent_id, second.run_id) == (told.agent_id, told.run_id)


def test_an_answer_is_shown_as_its_provider_would_have_given_it(told: Told) -> None:
    called, said = [cast("Any", trace(told.client, one).response_json) for one in told.steps]
    [call], [answer] = called["choices"], said["choices"]

    assert call["finish_reason"] == "tool_calls"
    assert call["message"]["tool_calls"][0]["id"] == "call-1"
    assert (answer["finish_reason"], answer["message"]["content"]) == ("stop", "It is 42.")
    step = told.client.steps.retrieve(told.steps[1])
    assert said["usage"]["total_tokens"] == step.total_tokens
    assert said["created"] == START // BILLION + 7


def test_the_older_path_of_a_trace_shows_the_same(told: Told) -> None:
    step = told.steps[0]
    url = f"/v1/telemetry/{step}"

    assert told.client.get(url, cast_to=ProviderTrace) == trace(told.client, step)
    assert told.client.get("/v1/telemetry/nope", cast_to=object) is None


def test_what_came_of_a_step_is_listed(told: Told) -> None:
    list_messages = told.client.steps.messages.list
    first = checked(list_messages(told.steps[0])).items
    [answer] = checked(list_messages(told.steps[1])).items

    assert kinds(first) == ["user_message", "tool_call_message", "tool_return_message"]
    assert list_messages(told.steps[0], order="desc").items == first[::-1]
    assert list_messages(told.steps[0], limit=2, after=first[0].id).items == first[1:]
    with pytest.raises(NotFoundError, match="No Message found with id x"):
        list_messages(told.steps[0], after="x")
    assert answer.message_type == "reasoning_message"
    assert (answer.reasoning, answer.source) == ("It is 42.", "non_reasoner_model")


def test_the_wait_for_the_first_word_is_part_of_the_models_time(serve: Serve) -> None:
    brain, pace = Steps(Decision(text="One two three")), Pace(ttft=600, tokens_per_second=1 / 200)
    mock = serve(brain=brain, pace=pace, keepalive=6_000)
    with sync_client(mock) as client:
        agent = client.agents.create(model="openai/gpt-4o-mini")
        stream = client.agents.messages.stream(agent.id, input="Go!", stream_tokens=True)
        told = [next(stream)]
        for seconds in (600, 200, 200):
            await_pause(mock.clock)
            mock.clock.advance(seconds)
            told.append(next(stream))
        told += stream
        _, (_, first_word), (_, step) = spans(client, run_of(told))

    assert 600 <= first_word < 800
    assert step >= 1_000


def test_a_failed_step_shows_what_the_provider_answered(connect: Connect) -> None:
    client = connect(brain=StandIn(), freeze=NEW_YEAR)
    agent = client.agents.create(model="openai/gpt-4o-mini")
    with pytest.raises(Exception, match="fake error 429"):
        client.agents.messages.create(agent.id, input="<<error 429>>")
    [step], [run] = client.steps.list().items, client.runs.list().items

    shown = trace(client, step.id)
    assert len(shown.request_json["messages"]) == 1  # type: ignore[arg-type]
    assert shown.response_json["error"]["type"] == "LLMRateLimitError"  # type: ignore[index]
    assert [name for name, _ in spans(client, run.id)][1:] == ["agent_step"]
    found: Any = client.runs.trace.retrieve(run.id)
    assert [span["StatusCode"] for span in found] == ["Error", "Error"]
    assert "fake error 429" in found[1]["StatusMessage"]


def test_an_answer_that_is_cut_or_empty_is_traced_too(scripted: Letta, agent: AgentState) -> None:
    agent = scripted.agents.create(model="openai/gpt-4o-mini")
    for text in ("<<length>> hello", "<<empty>>"):
        scripted.agents.messages.create(agent.id, input=text)
    answers: Any = [
        trace(scripted, one.id).response_json for one in scripted.steps.list(order="asc")
    ]
    [[cut], [empty]] = [answer["choices"] for answer in answers]

    assert cut["finish_reason"] == "length"
    assert (empty["finish_reason"], empty["message"]["content"]) == ("stop", "")


def test_a_tool_that_waited_for_approval_ran_before_the_run_that_goes_on(serve: Serve) -> None:
    with sync_client(serve(brain=Steps(guarded(), Decision(text="Well.")))) as client:
        agent = doubling_agent(client)
        client.agents.messages.create(agent, input="Go!")
        run_id = asked(client, agent, messages=[approval()])

        found: Any = client.runs.trace.retrieve(run_id)

    names = [span["SpanName"] for span in found]
    assert sorted(names[1:]) == ["agent_step", "execute_tool", "time_to_first_token"]
    tool = found[names.index("execute_tool")]
    assert tool["ParentSpanId"] == found[0]["SpanId"]
    assert tool["SpanAttributes"]["tool.name"] == "double"


def test_a_run_under_way_has_a_trace_as_long_as_it_took_so_far(serve: Serve) -> None:
    mock = serve(pace=Pace(ttft=600))
    with sync_client(mock) as client:
        agent = client.agents.create(model="openai/gpt-4o-mini")
        run = client.agents.messages.create_async(agent.id, input="Go!")
        mock.clock.advance(60)

        [(name, seconds)] = spans(client, run.id)
        metrics: Any = client.get(f"/v1/runs/{run.id}/metrics", cast_to=object)

    assert name == "POST /v1/agents/{agent_id}/messages/async"
    assert seconds >= 60
    assert (metrics["run_ns"], metrics["tools_used"]) == (None, None)


def test_a_step_that_left_its_context_still_shows_what_its_run_said(told: Told) -> None:
    told.client.agents.messages.reset(told.agent_id)

    asked: Any = trace(told.client, told.steps[0]).request_json

    assert [one["role"] for one in asked["messages"]] == ["system", "user"]


def test_a_trace_of_a_deleted_conversation_shows_what_is_left(connect: Connect) -> None:
    client = connect()
    agent = client.agents.create(model="openai/gpt-4o-mini")
    conversation = client.conversations.create(agent_id=agent.id)
    list(client.conversations.messages.create(conversation.id, input="Hello!"))
    client.delete(f"/v1/conversations/{conversation.id}", cast_to=object)
    [step] = client.steps.list().items

    asked: Any = trace(client, step.id).request_json

    assert [one["content"] for one in asked["messages"]] == ["Hello!"]


def test_feedback_is_given_and_taken_back(told: Told) -> None:
    give, step = told.client.steps.feedback.create, told.steps[0]

    given = checked(give(step, feedback="positive", tags=["good"]))
    assert (given.feedback, given.tags) == ("positive", ["good"])
    assert [one.id for one in told.client.steps.list(feedback="positive")] == [step]
    given = give(step, feedback="negative", tags=["good", "new"])
    assert (given.feedback, given.tags) == ("negative", ["good", "new"])
    given = give(step, feedback=None)
    assert (given.feedback, given.tags) == (None, ["good", "new"])
    assert told.client.steps.retrieve(step) == given
    assert [one.id for one in told.client.steps.list(has_feedback=True)] == []
    with pytest.raises(UnprocessableEntityError, match="Input should be"):
        give(step, feedback="meh")  # type: ignore[arg-type]


def test_a_deleted_run_goes_with_its_steps_but_leaves_its_messages(told: Told) -> None:
    client, url = told.client, f"/v1/runs/{told.run_id}"
    before = client.agents.messages.list(told.agent_id).items

    assert client.delete(url, cast_to=object) is None

    assert (client.runs.list().items, client.steps.list().items) == ([], [])
    assert client.agents.messages.list(told.agent_id).items == before
    with pytest.raises(NotFoundError):
        client.delete(url, cast_to=object)


def test_a_deleted_run_that_was_under_way_ends(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    agent = client.agents.create(model="openai/gpt-4o-mini")
    stream = client.agents.messages.stream(agent.id, input="Go!", background=True)
    run_id = run_of(stream)

    client.delete(f"/v1/runs/{run_id}", cast_to=object)

    assert "stop_reason" in kinds(list(stream))
    with pytest.raises(NotFoundError):
        list(client.runs.messages.stream(run_id))


def test_what_there_is_not_has_no_trace(client: Letta) -> None:
    assert client.steps.trace.retrieve(NO_STEP) is None
    assert client.steps.messages.list(NO_STEP).items == []
    calls: list[Callable[[], object]] = [
        lambda: client.steps.metrics.retrieve(NO_STEP),
        lambda: client.steps.feedback.create(NO_STEP, feedback="positive"),
        lambda: client.runs.trace.retrieve(NO_RUN),
        lambda: client.get(f"/v1/runs/{NO_RUN}/metrics", cast_to=object),
    ]
    for ask in calls:
        with pytest.raises(NotFoundError):
            ask()
    with pytest.raises(BadRequestError, match="Invalid run ID format"):
        client.runs.trace.retrieve("nope")


def test_times_and_feedback_are_kept_in_files(told: Told, tmp_path: Path) -> None:
    told.client.steps.feedback.create(told.steps[0], feedback="positive")
    before = told.client.steps.metrics.retrieve(told.steps[0])
    told.mock.save(tmp_path / "world.jsonl")

    told.mock.reset()
    told.mock.load(tmp_path / "world.jsonl")

    assert told.client.steps.metrics.retrieve(told.steps[0]) == before
    assert told.client.steps.retrieve(told.steps[0]).feedback == "positive"


def test_a_step_whose_times_were_not_kept_has_none(told: Told) -> None:
    steps = told.mock.world.store.steps
    for step in list(steps):
        steps.replace(step.changed({"times": None}))

    metrics = checked(told.client.steps.metrics.retrieve(told.steps[0]))

    assert (metrics.step_ns, metrics.step_start_ns, metrics.run_id) == (None, None, told.run_id)
    assert trace(told.client, told.steps[0]).latency_ms == 0
    assert spans(told.client, told.run_id)[1:4] == [
        ("time_to_first_token", 0),
        ("agent_step", 0),
        ("agent_step", 0),
    ]


async def test_the_asynchronous_client_reads_it_too(told: Told) -> None:
    async with async_client_of(told.mock) as client:
        shown = trace(told.client, told.steps[0])
        assert checked(await client.steps.trace.retrieve(told.steps[0])) == shown
        assert len(await client.runs.trace.retrieve(told.run_id)) == 5
        metrics = checked(await client.steps.metrics.retrieve(told.steps[0]))
        assert metrics.step_ns == 5 * BILLION
