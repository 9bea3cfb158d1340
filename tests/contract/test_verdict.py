"""The verdict on apps that use the real SDK, well and badly."""

from collections.abc import Iterator

import pytest
from letta_client import APIStatusError, DefaultHttpxClient, InternalServerError, Letta
from letta_client.types import AgentState, Conversation

from mockletta.http.rendering import JSON_TYPE, Response
from mockletta.http.streaming import finished_stream
from mockletta.journal.verdict import Verdict, judge
from mockletta.state.event_log import each
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from mockletta.world.request_context import RequestContext
from tests.contract.conftest import MODEL, Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import ask, await_frames, oldest_first, reply, run_of

WAIT = {"retry-after": "0.3"}


class Faults:
    """Answers instead of those of the next requests that send messages or list agents."""

    def __init__(self) -> None:
        self.planned: list[Response | int] = []

    def fail(self, status: int, **headers: str) -> None:
        pairs = [(name.replace("_", "-").encode(), one.encode()) for name, one in headers.items()]
        self.planned.append(Response(status, [JSON_TYPE, *pairs], b'{"detail":"injected"}'))

    def cut(self, events: int) -> None:
        """Send so many events of a stream only."""
        self.planned.append(events)

    def strike(self, context: RequestContext, answer: object) -> object:
        if not self.planned or context.entry.operation == "agents.create":
            return answer
        fault = self.planned.pop(0)
        context.entry.fault = "injected"
        if isinstance(fault, Response):
            return fault
        assert isinstance(answer, Response)
        return finished_stream(list(each(answer.events))[:fault])


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    planned = Faults()
    original = RequestContext.call

    def call(self: RequestContext) -> object:
        return planned.strike(self, original(self))

    monkeypatch.setattr(RequestContext, "call", call)
    return planned


@pytest.fixture
def retrying(mock: MockLetta) -> Iterator[Letta]:
    """A client as apps make it: it tries again by itself."""
    with Letta(
        base_url=mock.base_url, api_key="any", http_client=DefaultHttpxClient(verify=False)
    ) as client:
        yield client


def verdict_on(mock: MockLetta) -> Verdict:
    assert mock.world.journal.settle(timeout=60)
    return judge(mock.world.journal)


def with_otid(text: str, otid: str) -> dict[str, str]:
    return {"role": "user", "content": text, "otid": otid}


def test_a_long_session_of_a_good_client_is_clean(mock: MockLetta, retrying: Letta) -> None:
    client = retrying
    blocks = [{"label": "human", "value": "Nadia"}]
    agents = [client.agents.create(model=MODEL, memory_blocks=blocks) for _ in range(7)]  # type: ignore[arg-type]
    agent = agents[0]
    conversations = [client.conversations.create(agent_id=agent.id) for _ in range(3)]
    for conversation in conversations:
        for text in ("Hello!", "My name is Nadia.", "Hello!"):
            ask(client, conversation.id, text)
    reply(client, conversations[0].id, messages=[{"role": "user", "content": "Hello!"}])
    client.agents.messages.create(agent.id, input="Hello!")
    for _ in range(2):
        assert len(list(client.agents.list(limit=2))) == 7
    assert len(oldest_first(client, conversations[0].id)) == 9
    client.agents.blocks.update("human", agent_id=agent.id, value="Nadia, a tester")
    client.agents.retrieve(agent.id)
    for one in agents:
        client.agents.delete(one.id)

    verdict = verdict_on(mock)

    verdict.assert_clean()
    assert {note.name for note in verdict.notes} == {"depends-on-quirk"}


def test_the_sdks_own_retries_are_clean(
    mock: MockLetta, retrying: Letta, conversation: Conversation, faults: Faults
) -> None:
    faults.fail(429, **WAIT)
    faults.fail(503, **WAIT)
    ask(retrying, conversation.id, "Hello!")
    faults.fail(500)
    messages = [with_otid("Hello again!", "otid-1")]
    list(retrying.conversations.messages.create(conversation.id, messages=messages))  # type: ignore[arg-type]
    faults.fail(429, retry_after_ms="200")
    list(retrying.agents.list())

    verdict_on(mock).assert_clean()
    lists = mock.world.journal.all("agents.list")
    assert [entry.retry_count for entry in lists] == [0, 1, 0]


def test_an_app_that_retries_at_once_ignores_retry_after(
    mock: MockLetta, client: Letta, faults: Faults
) -> None:
    faults.fail(429, retry_after="30")
    with pytest.raises(APIStatusError):
        client.agents.list()
    client.agents.list()

    (finding,) = verdict_on(mock)

    assert (finding.name, finding.numbers) == ("retry-after-ignored", [1, 2])
    assert finding.sentence.startswith("the answer to #1 asked to wait 30 s, but the same request")


def test_the_sdks_retry_repeats_a_message_that_has_no_otid(
    mock: MockLetta, retrying: Letta, conversation: Conversation, faults: Faults
) -> None:
    faults.fail(500)
    ask(retrying, conversation.id, "Hello!")

    (finding,) = verdict_on(mock)

    assert (finding.name, finding.numbers) == ("send-repeated-without-otid", [3, 4])


def test_an_app_that_looks_before_it_sends_again_is_clean(
    mock: MockLetta, client: Letta, conversation: Conversation, faults: Faults
) -> None:
    faults.fail(500)
    with pytest.raises(InternalServerError):
        ask(client, conversation.id, "Hello!")
    client.conversations.messages.list(conversation.id)
    ask(client, conversation.id, "Hello!")

    verdict_on(mock).assert_clean()


def test_the_sdk_takes_a_truncated_stream_for_a_whole_one(
    mock: MockLetta, client: Letta, conversation: Conversation, faults: Faults
) -> None:
    faults.cut(2)
    cut = ask(client, conversation.id, "Hello!")
    ask(client, conversation.id, "How are you?")

    (finding,) = verdict_on(mock)

    assert [one.message_type for one in cut] == ["ping", "assistant_message"]
    assert (finding.name, finding.numbers) == ("truncated-stream-taken-for-whole", [3, 4])


@needs("runs.messages.stream")
def test_an_app_that_resumes_a_truncated_stream_is_clean(
    mock: MockLetta, client: Letta, conversation: Conversation, faults: Faults
) -> None:
    faults.cut(1)
    stream = client.conversations.messages.create(conversation.id, input="Hello!", background=True)
    cut = list(stream)
    rest = list(client.runs.messages.stream(run_of(cut), starting_after=1))
    ask(client, conversation.id, "How are you?")

    verdict_on(mock).assert_clean()
    assert [one.message_type for one in rest][-1] == "usage_statistics"


@pytest.fixture
def slow(serve: Serve) -> Iterator[tuple[MockLetta, Letta, str]]:
    mock = serve(pace=Pace(ttft=0.001, tokens_per_second=1 / 600))
    with sync_client(mock) as client:
        conversation = client.conversations.create(agent_id=client.agents.create(model=MODEL).id)
        yield mock, client, conversation.id


def leave(client: Letta, conversation_id: str) -> None:
    """Read the beginning of a reply only."""
    with client.conversations.messages.create(
        conversation_id, input="Count from 1 to 200", streaming=True, stream_tokens=True
    ) as stream:
        await_frames(stream, "assistant_message", 1)


def test_a_stream_that_is_left_is_not_read_to_its_end(slow: tuple[MockLetta, Letta, str]) -> None:
    mock, client, conversation_id = slow
    leave(client, conversation_id)

    (finding,) = verdict_on(mock)

    assert (finding.name, finding.numbers) == ("stream-not-read-to-end", [3])


@needs("conversations.cancel")
def test_a_stream_that_is_left_and_cancelled_is_clean(slow: tuple[MockLetta, Letta, str]) -> None:
    mock, client, conversation_id = slow
    leave(client, conversation_id)
    client.conversations.cancel(conversation_id)

    verdict_on(mock).assert_clean()


def test_a_slow_stream_that_is_read_to_its_end_is_clean(
    slow: tuple[MockLetta, Letta, str],
) -> None:
    mock, client, conversation_id = slow
    mock.world.pace = Pace(ttft=0.001, tokens_per_second=1000)
    ask(client, conversation_id, "Hello!")

    verdict_on(mock).assert_clean()


def test_a_stream_that_the_server_ends_when_it_stops_is_clean(
    slow: tuple[MockLetta, Letta, str],
) -> None:
    mock, client, conversation_id = slow
    with client.conversations.messages.create(
        conversation_id, input="Count from 1 to 200", streaming=True, stream_tokens=True
    ) as stream:
        await_frames(stream, "assistant_message", 1)
        mock.stop()
        list(stream)

    verdict_on(mock).assert_clean()


def test_a_cursor_that_is_ignored_is_found(mock: MockLetta, client: Letta) -> None:
    ids = [client.agents.create(model=MODEL).id for _ in range(5)]
    for _ in range(2):
        client.agents.list(limit=2, after=ids[4])

    (finding,) = verdict_on(mock)

    assert (finding.name, finding.numbers) == ("same-page-twice", [6, 7])


def test_retrieving_each_agent_of_a_list_is_found(mock: MockLetta, client: Letta) -> None:
    for _ in range(5):
        client.agents.create(model=MODEL)
    for agent in client.agents.list(limit=3):
        client.agents.retrieve(agent.id)

    (finding,) = verdict_on(mock)

    assert (finding.name, len(finding.entries)) == ("list-call-per-item", 6)


@pytest.mark.filterwarnings("ignore:deprecated")
def test_a_deprecated_operation_is_found(mock: MockLetta, client: Letta, agent: AgentState) -> None:
    list(client.agents.messages.stream(agent.id, input="Hello!"))

    assert verdict_on(mock).names == ["deprecated-operation"]


def test_an_untested_sdk_is_found(mock: MockLetta, client: Letta) -> None:
    client.agents.list(extra_headers={"X-Stainless-Package-Version": "2.0.0"})

    assert verdict_on(mock).names == ["untested-sdk-version"]


def test_an_answer_that_depends_on_a_quirk_is_found(mock: MockLetta, client: Letta) -> None:
    ids = [client.blocks.create(label=label, value="").id for label in "abc"]
    client.blocks.list(before=ids[1])
    client.blocks.list(before=ids[2], limit=1)

    (finding,) = verdict_on(mock)

    assert (finding.name, finding.numbers) == ("depends-on-quirk", [5])
    assert "the quirk before-takes-first, which is off" in finding.sentence
