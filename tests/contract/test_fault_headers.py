"""A fault for one request alone: the header `X-Mockletta-Fault`."""

import pytest
from letta_client import APIStatusError, BadRequestError, InternalServerError, RateLimitError

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, sync_client
from tests.contract.faulty_clients import CREATE, Counter, Victim, listen
from tests.contract.talk import MODEL


def fault(line: str) -> dict[str, str]:
    return {"X-Mockletta-Fault": line}


def test_a_request_asks_for_its_own_fault(mock: MockLetta) -> None:
    with sync_client(mock) as client:
        with pytest.raises(RateLimitError) as raised:
            client.agents.list(extra_headers=fault("status=429 retry_after=2"))
        assert raised.value.response.headers["retry-after"] == "2"
        assert list(client.agents.list()) == []


def test_it_can_be_json(mock: MockLetta) -> None:
    with sync_client(mock) as client, pytest.raises(InternalServerError, match="Gone fishing"):
        client.agents.list(extra_headers=fault('{"status": 503, "detail": "Gone fishing"}'))


def test_a_stream_asks_for_a_failing_model(serve: Serve) -> None:
    victim = Victim(serve(brain=Counter()), listen)
    with sync_client(victim.mock) as client:
        create = client.conversations.messages.create
        stream = create(victim.conversation, input="Hi", extra_headers=fault("rate_limit"))
        with pytest.raises(APIStatusError, match="llm_rate_limit"):
            list(stream)


def test_a_header_leaves_the_plan_alone(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", status=500)
    with sync_client(mock) as client:
        with pytest.raises(RateLimitError):
            client.agents.list(extra_headers=fault("status=429"))
        with pytest.raises(InternalServerError):
            client.agents.list()


def test_a_fault_that_strikes_nothing_is_no_error(mock: MockLetta) -> None:
    with sync_client(mock) as client:
        assert list(client.agents.list(extra_headers=fault("no_done"))) == []
    assert [entry.fault for entry in mock.world.journal] == [None]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("status=700", "status: expected a status from 400 to 599, received 700"),
        ("stauts=429", "stauts: unknown fault; did you mean `status`?"),
        ("?", "expected key=value at '?'; expected a line such as status=429 retry_after=2"),
        ("status=429 times=2", "times: only a planned fault can say to which requests it applies"),
    ],
)
def test_a_malformed_header_is_refused_and_nothing_is_done(
    mock: MockLetta, line: str, expected: str
) -> None:
    with sync_client(mock) as client:
        with pytest.raises(BadRequestError) as raised:
            client.agents.create(model=MODEL, extra_headers=fault(line))
        assert raised.value.body == {"detail": f"X-Mockletta-Fault: {expected}"}
        assert list(client.agents.list()) == []


def test_the_journal_names_the_fault(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", status=500)
    with sync_client(mock) as client:
        for headers in (fault("status=429 retry_after=2"), {}):
            with pytest.raises(APIStatusError):
                client.agents.list(extra_headers=headers)
        client.agents.list()
    faults = [entry.fault for entry in mock.world.journal]
    assert faults == ["status=429 retry_after=2", "status=500", None]


def test_operations_that_are_not_imitated_can_fail_as_well(mock: MockLetta) -> None:
    with sync_client(mock) as client, pytest.raises(RateLimitError):
        client.archives.list(extra_headers=fault("status=429"))


def test_a_path_that_there_is_not_has_no_faults(mock: MockLetta) -> None:
    with sync_client(mock) as client, pytest.raises(APIStatusError) as raised:
        client.get("/v1/nowhere", cast_to=object, options={"headers": fault("status=500")})
    assert raised.value.status_code == 404
    assert mock.world.faults.unfired == []
    assert mock.world.faults.operations is not None
    assert CREATE in mock.world.faults.operations(CREATE)
