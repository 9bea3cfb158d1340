"""The test author's handle, with the real SDK in front of it: over a port and in process."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from letta_client import APIConnectionError, APIError, AsyncLetta, Letta, RateLimitError

from mockletta import MockLetta, Pace
from mockletta.errors import BadSettings
from mockletta.testing.mock import IN_PROCESS
from tests.contract.conftest import MODEL
from tests.contract.talk import ended, kinds, say, text_of

CREATE = "conversations.messages.create"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=[0, None], ids=["port", "in-process"])
def mock(request: pytest.FixtureRequest) -> Iterator[MockLetta]:
    with MockLetta(port=request.param) as mock:
        yield mock


def _conversation(client: Letta) -> str:
    agent = client.agents.create(model=MODEL)
    return client.conversations.create(agent_id=agent.id).id


def _once_waited_for(mock: MockLetta, leave: Callable[[], None]) -> None:
    """Leave a stream when somebody waits for the end of all answers, at the latest in a minute."""
    latest = monotonic() + 60
    while not mock.journal._waiting and monotonic() < latest:
        sleep(0.001)
    leave()


def test_a_client_talks_to_its_mock(mock: MockLetta) -> None:
    with mock.client() as client:
        assert client.api_key == mock.api_key
        assert say(client, _conversation(client), "Say 'cheese'") == "cheese"
    assert len(mock.world.journal) == 3


@pytest.mark.anyio
async def test_an_asynchronous_client_talks_to_its_mock(mock: MockLetta) -> None:
    async with mock.async_client() as client:
        conversation = await _conversation_of(client)
        stream = await client.conversations.messages.create(conversation, input="Say 'cheese'")
        assert text_of([event async for event in stream]) == "cheese"


async def _conversation_of(client: AsyncLetta) -> str:
    agent = await client.agents.create(model=MODEL)
    return (await client.conversations.create(agent_id=agent.id)).id


def test_a_client_takes_the_options_of_the_sdk(mock: MockLetta) -> None:
    with mock.client(max_retries=5, api_key="mine") as client:
        assert (client.max_retries, client.api_key) == (5, "mine")


def test_a_client_is_the_sdks_own_otherwise(mock: MockLetta) -> None:
    with mock.client() as client, Letta(api_key="any") as usual:
        assert (client.max_retries, client.timeout) == (usual.max_retries, usual.timeout)
        assert client._client.follow_redirects


def test_a_slow_reply_streams_at_its_pace() -> None:
    with (
        MockLetta(port=None, pace=Pace(tokens_per_second=1 / 600)) as mock,
        mock.client() as client,
    ):
        create = client.conversations.messages.create
        stream = create(_conversation(client), input="Count from 1 to 4")
        entry = list(mock.world.journal)[-1]
        assert kinds([next(stream)]) == ["ping"]
        assert len(entry.stream) == 1
        mock.clock.freeze()
        assert text_of(stream).split()[-1] == "4"
        assert len(entry.stream) > 1


def test_a_stream_that_is_left_is_noted_as_left() -> None:
    with MockLetta(port=None, pace=Pace(ttft=600)) as mock, mock.client() as client:
        with client.conversations.messages.create(_conversation(client), input="Hi") as stream:
            assert kinds([next(iter(stream))]) == ["ping"]

        assert list(mock.world.journal)[-1].left_early


def test_a_background_run_goes_on_without_its_client() -> None:
    with MockLetta(port=None, pace=Pace(tokens_per_second=1000)) as mock:
        with mock.client() as client:
            agent = client.agents.create(model=MODEL)
            run = client.agents.messages.create_async(agent.id, input="Say 'cheese'")
        with mock.client() as client:
            assert ended(client, run.id).status == "completed"


@pytest.mark.anyio
async def test_a_run_can_be_followed_from_a_port_and_in_process_at_once() -> None:
    with MockLetta(pace=Pace(tokens_per_second=1 / 600)) as mock:
        in_process = mock.async_client(
            http_client=httpx.AsyncClient(transport=mock.async_transport())
        )
        async with mock.async_client() as on_a_port, in_process:
            conversation = await _conversation_of(on_a_port)
            stream = await in_process.conversations.messages.create(
                conversation, input="Count from 1 to 20", background=True
            )
            first = await anext(stream)
            run_id = getattr(first, "run_id", None)
            again = await on_a_port.conversations.messages.stream(conversation)
            mock.clock.freeze()
            told = await asyncio.gather(_text(stream), _text(again))
    assert run_id is not None
    assert told[0] == told[1] != ""


async def _text(stream: object) -> str:
    return text_of([event async for event in stream])  # type: ignore[attr-defined]


def test_a_world_is_put_back_to_its_start_and_to_a_snapshot(mock: MockLetta) -> None:
    with mock.client() as client:
        agent = client.agents.create(model=MODEL, name="first")
        taken = mock.snapshot()
        client.agents.create(model=MODEL, name="second")

        mock.restore(taken)
        assert [one.id for one in client.agents.list()] == [agent.id]
        mock.reset()
        assert client.agents.list().items == []


def test_a_world_is_saved_to_a_file_and_loaded(mock: MockLetta, tmp_path: Path) -> None:
    with mock.client() as client:
        agent = client.agents.create(model=MODEL)
        mock.save(tmp_path / "world")
        mock.reset()
        mock.load(tmp_path / "world")
        assert [one.id for one in client.agents.list()] == [agent.id]


def test_a_verdict_says_what_the_app_did_wrong(mock: MockLetta) -> None:
    mock.faults.add("agents.list", status=429, retry_after=600, times=2)
    with mock.client(max_retries=0) as client:
        for _ in range(2):
            with pytest.raises(RateLimitError):
                client.agents.list()

    assert mock.verdict().names == ["retry-after-ignored"]
    assert mock.verdict(allow=["retry-after-ignored"])


def test_a_world_is_put_back_before_its_mock_is_started() -> None:
    mock = MockLetta()
    mock.faults.add("agents.create", status=429)

    mock.reset()

    assert mock.unmet() == []


def test_a_stream_under_way_is_cancelled_when_the_world_is_put_back() -> None:
    with MockLetta(port=None, pace=Pace(ttft=600)) as mock, mock.client() as client:
        stream = client.conversations.messages.create(_conversation(client), input="Hi")
        mock.reset()
        assert kinds(stream) == ["ping", "stop_reason"]
        stream.close()


def test_a_request_that_stalls_ends_when_the_world_is_put_back(mock: MockLetta) -> None:
    mock.faults.add("agents.list", stall="forever")
    stalls = mock.faults.stalls
    with mock.client(max_retries=0) as client, ThreadPoolExecutor(1) as threads:
        answer = threads.submit(client.agents.list)
        while not stalls.count:
            pass

        mock.reset()

        assert isinstance(answer.exception(), APIConnectionError)


def test_a_fork_starts_as_a_copy_and_is_told_apart_by_its_key(mock: MockLetta) -> None:
    with mock.client() as client:
        client.agents.create(model=MODEL, name="both")
        fork = mock.fork()
        assert fork.base_url == mock.base_url
        with fork.client() as other:
            other.agents.create(model=MODEL, name="of the fork")
            client.agents.create(model=MODEL, name="of the original")
            names = [[agent.name for agent in one.agents.list()] for one in (client, other)]

    assert names == [["of the original", "both"], ["of the fork", "both"]]
    assert (len(mock.journal), len(fork.journal)) == (4, 3)


def test_forks_that_are_closed_make_room() -> None:
    with MockLetta(max_worlds=1) as mock:
        for _ in range(2):
            with mock.fork() as fork, fork.client() as client:
                client.agents.create(model=MODEL)
            fork.close()
        assert list(mock.worlds) == [mock.world]


def test_the_control_api_is_open_in_process(mock: MockLetta) -> None:
    with httpx.Client(transport=mock.transport(), base_url=IN_PROCESS) as client:
        assert client.post("/_mockletta/reset").status_code == 200


def test_a_verdict_waits_until_every_answer_is_over() -> None:
    with MockLetta(pace=Pace(tokens_per_second=1 / 600)) as mock, mock.client() as client:
        conversation = _conversation(client)
        stream = client.conversations.messages.create(conversation, input="Hi", stream_tokens=True)
        next(iter(stream))
        with ThreadPoolExecutor() as pool, closing(stream.response) as response:
            pool.submit(_once_waited_for, mock, response.close)
            assert mock.verdict().names == ["stream-not-read-to-end"]


def test_replies_can_be_laid_down(mock: MockLetta) -> None:
    mock.when("weather in {city}").say("18 degrees in {{ city }}.")
    mock.when("snow").say("No.")
    with mock.client() as client:
        assert say(client, _conversation(client), "The weather in Paris") == "18 degrees in Paris."

    assert mock.journal.last().rules == ['rule 1 (text "weather in {city}")']
    assert mock.unmet() == ['rule 2 (text "snow") never replied']


def test_a_script_lays_down_replies_and_faults() -> None:
    script = {
        "replies": [{"when": {"text": "weather"}, "reply": [{"say": "18 degrees"}]}],
        "faults": [{"on": "agents.list", "status": 429}],
        "otherwise": "strict",
    }
    with MockLetta(script=script) as mock, mock.client(max_retries=0) as client:
        conversation = _conversation(client)
        assert say(client, conversation, "The weather?") == "18 degrees"
        with pytest.raises(RateLimitError):
            client.agents.list()
        with pytest.raises(APIError, match="No rule"):
            say(client, conversation, "Hello!")

    assert [line.partition(":")[0] for line in mock.unmet()] == ["#5 was unscripted"]


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "replies.yaml"
    file.write_text("replies:\n- {when: {text: weather}, reply: [{say: 18 degrees}]}\n")
    with MockLetta(script=file) as mock, mock.client() as client:
        assert say(client, _conversation(client), "The weather?") == "18 degrees"


def test_a_script_that_is_none_is_refused() -> None:
    with pytest.raises(BadSettings, match=r"script: replies.0.wen: .*did you mean"):
        MockLetta(script={"replies": [{"wen": {}, "reply": []}]})
    with pytest.raises(BadSettings, match="on"):
        MockLetta(script={"faults": [{"on": "agents.lst", "status": 429}]})


def test_faults_strike_the_same_with_and_without_a_port(mock: MockLetta) -> None:
    mock.faults.add("agents.list", reset="before_headers", times=1)
    mock.faults.add("agents.create", status=429, times=1)
    with mock.client(max_retries=0) as client:
        with pytest.raises(APIConnectionError) as failed:
            client.agents.list()
        assert isinstance(failed.value.__cause__, httpx.ReadError)
        with pytest.raises(RateLimitError):
            client.agents.create(model=MODEL)
    assert mock.unmet() == []


RESETS = ["before_headers", "after_headers", {"after_frames": 2}, {"in_frame": 2}]


@pytest.mark.parametrize("reset", RESETS, ids=str)
def test_a_reset_is_heard_the_same_with_and_without_a_port(reset: object) -> None:
    assert _heard(reset, None) == _heard(reset, 0)


@pytest.mark.anyio
@pytest.mark.parametrize("reset", RESETS, ids=str)
async def test_an_asynchronous_client_hears_it_the_same(reset: object) -> None:
    assert await _heard_asynchronously(reset, None) == await _heard_asynchronously(reset, 0)


def _heard(reset: object, port: int | None) -> list[str | None]:
    with MockLetta(port=port) as mock, mock.client(max_retries=0) as client:
        conversation = _conversation(client)
        mock.faults.add(CREATE, reset=reset)
        heard: list[str | None] = []
        try:
            for event in client.conversations.messages.create(conversation, input="Hi"):
                heard.append(event.message_type)  # noqa: PERF401 - what came before an error counts
        except (APIConnectionError, httpx.TransportError) as error:
            heard.append(repr(error))
        return heard


async def _heard_asynchronously(reset: object, port: int | None) -> list[str | None]:
    with MockLetta(port=port) as mock:
        async with mock.async_client(max_retries=0) as client:
            conversation = await _conversation_of(client)
            mock.faults.add(CREATE, reset=reset)
            heard: list[str | None] = []
            try:
                async for event in await client.conversations.messages.create(
                    conversation, input="Hi"
                ):
                    heard.append(event.message_type)  # noqa: PERF401 - as above
            except (APIConnectionError, httpx.TransportError) as error:
                heard.append(type(error).__name__)
            return heard


def test_unmet_expectations_are_listed(mock: MockLetta) -> None:
    mock.faults.add("agents.list", status=429, times="always")

    (told,) = mock.unmet()

    assert told == (
        "A planned fault was applied to 0 requests of 0 that matched, expected always: "
        "on='agents.list', times='always', status=429"
    )


def test_a_transport_serves_a_mock_that_was_never_started() -> None:
    mock = MockLetta()
    with httpx.Client(transport=mock.transport(), base_url=IN_PROCESS) as client:
        assert client.get("/v1/health/").status_code == 200
    mock.stop()


def test_a_stopped_mock_answers_nobody_in_process() -> None:
    with MockLetta(port=None) as mock:
        client = mock.client(max_retries=0)
    with pytest.raises(Exception, match=r"Connection error"):
        client.agents.list()


def test_the_environment_leads_there_and_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETTA_BASE_URL", "https://before")
    monkeypatch.delenv("LETTA_API_KEY", raising=False)

    with MockLetta() as mock, mock.environ(), Letta() as client:
        assert client.agents.list().items == []
        assert (os.environ["LETTA_BASE_URL"], os.environ["LETTA_API_KEY"]) == (
            mock.base_url,
            mock.api_key,
        )

    assert os.environ["LETTA_BASE_URL"] == "https://before"
    assert "LETTA_API_KEY" not in os.environ


def test_the_environment_is_put_back_after_an_error() -> None:
    with MockLetta() as mock, pytest.raises(ValueError, match="app"), mock.environ():
        raise ValueError("app")

    assert "LETTA_BASE_URL" not in os.environ


def test_the_environment_cannot_lead_into_a_process() -> None:
    with (
        MockLetta(port=None) as mock,
        pytest.raises(RuntimeError, match="This MockLetta has no port"),
        mock.environ(),
    ):
        pass


@pytest.mark.parametrize("way", ["client", "async_client"])
def test_a_missing_sdk_is_named(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "letta_client", None)
    with pytest.raises(ModuleNotFoundError, match="This needs letta-client: pip install letta-cl"):
        getattr(MockLetta(), way)()


@pytest.mark.parametrize("way", ["transport", "async_transport"])
def test_a_missing_httpx_is_named(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mockletta.hosting.transport", raising=False)
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(ModuleNotFoundError, match="This needs httpx: pip install httpx"):
        getattr(MockLetta(), way)()
