"""client.agents.schedule: messages that an agent is sent by the clock."""

import time
from typing import Any

import httpx
import pytest
from letta_client import (
    APIStatusError,
    AsyncLetta,
    BadRequestError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.state.clock import moment_of
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect, Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import MODEL, agent_with_memory, plain
from tests.contract.undeclared import checked

pytestmark = [pytest.mark.anyio, needs("agents.schedule.create")]
NOON = "2026-01-01T12:00:00Z"
HOUR = 3_600
UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"


def at(moment: str) -> Any:  # noqa: ANN401
    """A schedule for one time."""
    return {"type": "one-time", "scheduled_at": moment_of(moment).timestamp() * 1_000}


def every(cron: str) -> Any:  # noqa: ANN401
    return {"type": "recurring", "cron_expression": cron}


def plan(client: Letta, agent_id: str, schedule: Any, text: str = "Wake up!", **more: Any) -> str:  # noqa: ANN401
    """Schedule a message and give its id."""
    messages: Any = [{"role": "user", "content": text}]
    return checked(
        client.agents.schedule.create(agent_id, messages=messages, schedule=schedule, **more)
    ).id


def heard(client: Letta, agent_id: str) -> list[str]:
    """What an agent was sent."""
    page = client.agents.messages.list(agent_id, order="asc")
    return [str(one.content) for one in checked(list(page)) if one.message_type == "user_message"]


def when(client: Letta, agent_id: str, scheduled: str) -> str | None:
    row = checked(client.agents.schedule.retrieve(scheduled, agent_id=agent_id))
    return row.next_scheduled_time


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    """Its clock stands still at noon."""
    return serve(freeze=NOON)


def test_a_message_is_sent_once_when_its_time_has_come(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    scheduled = plan(client, agent_id, at("2026-01-01T13:00:00Z"))
    assert when(client, agent_id, scheduled) == "2026-01-01T13:00:00.000Z"

    mock.clock.advance(HOUR - 1)
    assert heard(client, agent_id) == []
    mock.clock.advance(1)

    assert heard(client, agent_id) == ["Wake up!"]
    assert when(client, agent_id, scheduled) is None
    mock.clock.advance(HOUR)
    assert heard(client, agent_id) == ["Wake up!"]


def test_what_is_sent_is_a_run_like_any_other(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    plan(client, agent_id, at("2026-01-01T13:00:00Z"), callback_url="https://example.org/done")

    mock.clock.advance(HOUR)

    (run,) = client.runs.list(agent_id=agent_id)
    assert (run.status, run.stop_reason, run.background) == ("completed", "end_turn", True)
    assert (run.metadata or {})["run_type"] == "send_message_async"
    assert run.callback_url == "https://example.org/done"
    assert run.created_at == moment_of("2026-01-01T13:00:00Z")
    told = checked(list(client.runs.messages.list(run.id)))
    assert [one.message_type for one in told] == ["user_message", "assistant_message"]


def test_a_recurring_message_comes_at_each_of_its_times(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    scheduled = plan(client, agent_id, every("30 9 * * *"))
    assert when(client, agent_id, scheduled) == "2026-01-02T09:30:00.000Z"

    mock.clock.set("2026-01-02T09:30:00Z")
    assert heard(client, agent_id) == ["Wake up!"]
    mock.clock.set("2026-01-05T10:00:00Z")

    assert heard(client, agent_id) == ["Wake up!"] * 4
    assert when(client, agent_id, scheduled) == "2026-01-06T09:30:00.000Z"


def test_messages_come_in_the_order_of_their_times(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    plan(client, agent_id, every("0 */2 * * *"), "even")
    plan(client, agent_id, at("2026-01-01T15:00:00Z"), "three")
    plan(client, agent_id, at("2026-01-01T14:00:00Z"), "two")

    mock.clock.advance(4 * HOUR)

    assert heard(client, agent_id) == ["even", "two", "three", "even"]


def test_so_many_missed_times_are_made_up_for_and_no_more(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    scheduled = plan(client, agent_id, every("* * * * *"))

    mock.clock.advance(10 * HOUR)

    assert len(client.runs.list(agent_id=agent_id, limit=1_000).items) == 100
    assert when(client, agent_id, scheduled) == "2026-01-01T22:01:00.000Z"


def test_an_earlier_time_that_is_added_later_comes_first(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    plan(client, agent_id, at("2026-01-01T14:00:00Z"), "two")
    plan(client, agent_id, at("2026-01-01T13:00:00Z"), "one")

    mock.clock.advance(HOUR)

    assert heard(client, agent_id) == ["one"]


def test_a_time_that_has_gone_by_comes_at_once(client: Letta) -> None:
    agent_id = agent_with_memory(client)

    plan(client, agent_id, at("2026-01-01T11:00:00Z"))

    assert heard(client, agent_id) == ["Wake up!"]


def test_seconds_are_taken_as_well(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    seconds = moment_of("2026-01-01T13:00:00Z").timestamp()

    scheduled = plan(client, agent_id, {"scheduled_at": seconds})

    assert when(client, agent_id, scheduled) == "2026-01-01T13:00:00.000Z"


def test_by_a_real_clock_a_message_comes_by_itself(serve: Serve) -> None:
    with sync_client(serve()) as client:
        agent_id = agent_with_memory(client)
        plan(client, agent_id, {"scheduled_at": (time.time() + 0.05) * 1_000})

        until = time.monotonic() + 60
        while not heard(client, agent_id) and time.monotonic() < until:
            pass

        assert heard(client, agent_id) == ["Wake up!"]


def test_a_message_comes_back_as_it_was_scheduled(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    messages: Any = [
        {"role": "system", "content": "Be brief.", "name": "boss", "otid": "o1", "sender_id": "s1"},
        {
            "role": "user",
            "type": "message",
            "content": [
                {"type": "text", "text": "Look"},
                {"type": "image", "source": {"data": "aaaa", "media_type": "image/png"}},
            ],
        },
    ]
    given: Any = {
        "messages": messages,
        "callback_url": "https://example.org",
        "include_return_message_types": ["assistant_message"],
        "max_steps": 3,
    }

    made = client.agents.schedule.create(agent_id, schedule=every("0 0 * * MON"), **given)

    row = checked(client.agents.schedule.retrieve(made.id, agent_id=agent_id))
    assert made.next_scheduled_at == row.next_scheduled_time == "2026-01-05T00:00:00.000Z"
    assert plain(row) == {
        "id": made.id,
        "agent_id": agent_id,
        "message": given,
        "next_scheduled_time": "2026-01-05T00:00:00.000Z",
        "schedule": every("0 0 * * MON"),
    }


def test_parts_of_text_and_images_are_sent(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    image = {"source": {"data": "aaaa", "media_type": "image/png"}, "type": "image"}
    content: Any = [{"text": "Look"}, image]

    client.agents.schedule.create(
        agent_id, messages=[{"role": "user", "content": content}], schedule=at(NOON)
    )
    mock.clock.advance(1)

    (message,) = client.agents.messages.list(
        agent_id, include_return_message_types=["user_message"]
    )
    assert [part.type for part in message.content] == ["text", "image"]  # type: ignore[union-attr]


def test_steps_are_bounded_as_wanted(serve: Serve) -> None:
    mock = serve(freeze=NOON)
    with sync_client(mock) as client:
        agent_id = agent_with_memory(client)
        plan(client, agent_id, at(NOON), max_steps=0)

        mock.clock.advance(1)

        (run,) = client.runs.list(agent_id=agent_id)
        assert client.runs.steps.list(run.id).items == []


def test_the_list_has_pages_of_its_own(client: Letta) -> None:
    agent_id, other = agent_with_memory(client), agent_with_memory(client)
    plan(client, other, every("0 0 * * *"))
    made = [plan(client, agent_id, every("0 0 * * *")) for _ in range(3)]

    first = checked(client.agents.schedule.list(agent_id, limit="2"))
    rest = checked(client.agents.schedule.list(agent_id, limit="2", after=made[1]))

    assert [row.id for row in first.scheduled_messages] == made[:2]
    assert [row.id for row in rest.scheduled_messages] == made[2:]
    assert (first.has_next_page, rest.has_next_page) == (True, False)
    assert len(client.agents.schedule.list(agent_id).scheduled_messages) == 3


@pytest.mark.parametrize("limit", ["x", "-1", "1e3", "\uff19"])
def test_a_size_of_a_page_is_a_number(client: Letta, limit: str) -> None:
    with pytest.raises(BadRequestError, match="limit and offset must be numbers"):
        client.agents.schedule.list(agent_with_memory(client), limit=limit)


def test_what_is_deleted_never_comes(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    scheduled = plan(client, agent_id, every("0 * * * *"))

    gone = checked(client.agents.schedule.delete(scheduled, agent_id=agent_id))
    mock.clock.advance(HOUR)

    assert gone.success is True
    assert heard(client, agent_id) == []
    with pytest.raises(NotFoundError, match="Scheduled message not found"):
        client.agents.schedule.retrieve(scheduled, agent_id=agent_id)


def test_what_is_scheduled_goes_with_its_agent(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    plan(client, agent_id, every("0 * * * *"))

    client.agents.delete(agent_id)
    mock.clock.advance(HOUR)

    assert list(mock.world.store.schedules) == []


def test_a_scheduled_message_is_found_at_its_agent_only(client: Letta) -> None:
    scheduled = plan(client, agent_with_memory(client), every("0 * * * *"))

    with pytest.raises(NotFoundError, match="Scheduled message not found"):
        client.agents.schedule.delete(scheduled, agent_id=agent_with_memory(client))
    with pytest.raises(NotFoundError, match="Agent not found"):
        plan(client, UNKNOWN, every("0 * * * *"))
    with pytest.raises(NotFoundError, match="Agent not found"):
        client.agents.schedule.list(UNKNOWN)


@pytest.mark.parametrize(
    ("schedule", "error"),
    [
        (every("daily"), BadRequestError),
        (every("61 * * * *"), BadRequestError),
        (every("0 0 30 2 *"), BadRequestError),
        (every("0 0 29 2 * " * 30), UnprocessableEntityError),
        ({"type": "one-time", "scheduled_at": 1e300}, BadRequestError),
        ({"type": "one-time", "scheduled_at": -1e13}, BadRequestError),
        ({"type": "one-time"}, UnprocessableEntityError),
        ({"type": "never"}, UnprocessableEntityError),
    ],
)
def test_a_time_that_there_is_not_is_refused(
    client: Letta, schedule: dict[str, object], error: type[APIStatusError]
) -> None:
    agent_id = agent_with_memory(client)

    with pytest.raises(error):
        plan(client, agent_id, schedule)

    assert client.agents.schedule.list(agent_id).scheduled_messages == []


def test_there_is_an_end_to_what_can_be_scheduled(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    over = plan(client, agent_id, at(NOON))
    row = mock.world.store.schedules.get(over)
    for number in range(999):
        due = moment_of("2027-01-01")
        mock.world.store.schedules.add(
            row.changed({"id": f"s{number}", "next_scheduled_time": due})
        )

    plan(client, agent_id, every("0 * * * *"))
    with pytest.raises(BadRequestError, match="can have 1000 scheduled messages"):
        plan(client, agent_id, every("0 * * * *"))

    assert over not in mock.world.store.schedules


def test_a_run_that_fails_does_not_keep_the_next_one_from_coming(serve: Serve) -> None:
    mock = serve(brain=Broken(), freeze=NOON)
    with sync_client(mock) as client:
        agent_id = agent_with_memory(client)
        plan(client, agent_id, every("0 * * * *"))

        mock.clock.advance(2 * HOUR)

        runs = client.runs.list(agent_id=agent_id, order="asc")
        assert [run.status for run in runs] == ["failed", "completed"]


class Broken:
    """A brain with a fault of its own, at first."""

    def __init__(self) -> None:
        self.asked = 0

    def decide(self, call: ModelCall) -> Decision:  # noqa: ARG002
        self.asked += 1
        if self.asked == 1:
            raise RuntimeError("a fault")
        return Decision(text="Well.")


def test_an_open_server_has_no_schedules(connect: Connect) -> None:
    client = connect(quirks=["no-cloud"])

    with pytest.raises(NotFoundError) as refused:
        client.agents.schedule.list("whatever")

    assert refused.value.body == {"detail": "Not Found"}


def test_what_is_made_is_answered_as_such(mock: MockLetta, client: Letta) -> None:
    body = {"messages": [{"role": "user", "content": "x"}], "schedule": every("0 * * * *")}

    path = f"{mock.base_url}/v1/agents/{agent_with_memory(client)}/schedule"

    assert httpx.post(path, json=body).status_code == 201


async def test_a_message_is_scheduled_asynchronously(
    mock: MockLetta, async_client: AsyncLetta
) -> None:
    agent = await async_client.agents.create(model=MODEL)
    schedule = async_client.agents.schedule
    messages: Any = [{"role": "user", "content": "Hi"}]

    made = await schedule.create(agent.id, messages=messages, schedule=every("0 * * * *"))
    mock.clock.advance(HOUR)

    (row,) = (await schedule.list(agent.id)).scheduled_messages
    assert (row.id, row.next_scheduled_time) == (made.id, "2026-01-01T14:00:00.000Z")
    assert len((await async_client.agents.messages.list(agent.id)).items) == 3
    assert (await schedule.delete(made.id, agent_id=agent.id)).success
