"""Faults that a decision asks for: they strike the response to the message it answers."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from letta_client import APIConnectionError, APIStatusError, InternalServerError, RateLimitError

from mockletta.brain.decisions import Decision, ModelCall, ToolCall, ToolResult
from mockletta.faults.parsing import parse_fault
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, sync_client
from tests.contract.faulty_clients import ALL, CREATE, Heard, Victim, listen
from tests.contract.talk import MODEL, conversation_of, history


class Striking:
    """A brain whose first answer asks for a fault."""

    def __init__(self, fault: object) -> None:
        self.wire: object | None = fault

    def decide(self, _: ModelCall) -> Decision:
        wire, self.wire = self.wire, None
        return Decision(text="one two three", wire=wire)


class StrikingLate(Striking):
    """A brain that calls a tool, and asks for a fault once the client was told what it returned."""

    mock: MockLetta

    async def consult(self, call: ModelCall) -> Decision:
        if call.step == 1:
            search = ToolCall("call_1", "archival_memory_search", "{}", ToolResult("none"))
            return Decision(tool_calls=(search,))
        entry = list(self.mock.world.journal)[-1]
        while not any(sent.kind == "tool_return_message" for sent in entry.events):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        return replace(self.decide(call), tokens_per_second=1000)


def with_fault(serve: Serve, fault: object) -> tuple[Victim, Heard]:
    victim = Victim(serve(brain=Striking(fault)), listen)
    return victim, victim.listen(victim.mock, victim.conversation)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("truncate=2", None),
        ("reset=before_headers", APIConnectionError),
        ('reset={"after_frames":2}', httpx.ReadError),
        ("status=503", InternalServerError),
        ("rate_limit", RateLimitError),
    ],
)
def test_a_rule_changes_the_response(
    serve: Serve, fault: str, error: type[Exception] | None
) -> None:
    victim, heard = with_fault(serve, parse_fault(fault))
    assert type(heard.error) is (error or type(None))
    assert len(heard.kinds) == (0 if "2" not in fault else 2)
    entry = list(victim.mock.world.journal)[-1]
    assert entry.fault == str(parse_fault(fault))
    with sync_client(victim.mock) as client:
        assert len(history(client, victim.conversation)) == 2


def test_a_rule_can_delay_the_response(serve: Serve) -> None:
    _, heard = with_fault(serve, "delay=0.001")
    assert (heard.kinds, heard.error) == (ALL, None)


def test_a_rule_goes_before_the_plan(serve: Serve) -> None:
    victim = Victim(serve(brain=Striking("truncate=1")), listen)
    victim.mock.world.faults.add(CREATE, "no_done")
    assert victim.listen(victim.mock, victim.conversation).kinds == ["ping"]
    assert len(victim.mock.world.faults.unfired) == 1
    assert victim.listen(victim.mock, victim.conversation).kinds == ALL
    assert victim.has_fired


def test_a_rule_can_miss(serve: Serve) -> None:
    victim, heard = with_fault(serve, "truncate=50")
    assert (heard.kinds, victim.entry_fault()) == (ALL, None)


@pytest.mark.parametrize("fault", ["truncate=2", {"truncate": 2}])
def test_a_rule_can_spell_its_fault(serve: Serve, fault: object) -> None:
    victim, heard = with_fault(serve, fault)
    assert (len(heard.kinds), victim.entry_fault()) == (2, "truncate=2")


def test_a_rule_that_spells_no_fault_is_told_so(serve: Serve) -> None:
    _, heard = with_fault(serve, {"truncat": 2})
    assert isinstance(heard.error, InternalServerError)
    assert heard.error.body == {
        "detail": "A rule asks for an unknown fault: truncat: unknown fault; "
        "did you mean `truncate`?"
    }


def late(serve: Serve, fault: object) -> tuple[Victim, Heard]:
    """What is heard of a turn whose second step asks for a fault, once its stream has begun."""
    brain = StrikingLate(fault)
    brain.mock = serve(brain=brain)
    victim = Victim(brain.mock, listen)
    return victim, victim.listen(victim.mock, victim.conversation)


BEGUN = ["ping", "tool_call_message", "tool_call_message", "tool_return_message"]


@pytest.mark.parametrize(
    ("fault", "kinds", "error"),
    [
        ("truncate=5", [*BEGUN, "assistant_message"], None),
        ("no_done", [*BEGUN, *ALL[1:]], None),
        ("error_event=4", BEGUN, APIStatusError),
    ],
)
def test_a_rule_changes_the_rest_of_a_stream_that_has_begun(
    serve: Serve, fault: str, kinds: list[str], error: type[Exception] | None
) -> None:
    victim, heard = late(serve, fault)
    assert (heard.kinds, type(heard.error)) == (kinds, error or type(None))
    assert victim.entry_fault() == fault


@pytest.mark.parametrize(
    ("fault", "error"),
    [("reset=before_headers", httpx.ReadError), ("trunkate=5", APIStatusError)],
)
def test_a_stream_that_has_begun_breaks_off(
    serve: Serve, fault: str, error: type[Exception]
) -> None:
    assert type(late(serve, fault)[1].error) is error


@pytest.mark.parametrize("fault", ["truncate=50", "status=503"])
def test_what_cannot_strike_a_stream_that_has_begun_misses(serve: Serve, fault: str) -> None:
    victim, heard = late(serve, fault)
    assert (heard.kinds, victim.entry_fault()) == ([*BEGUN, *ALL[1:]], None)


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [("truncate=5", [*BEGUN, "assistant_message"]), ("status=503", [*BEGUN, *ALL[1:]])],
)
def test_a_stream_without_a_port_meets_a_fault_as_well(
    serve: Serve, fault: str, kinds: list[str]
) -> None:
    brain = StrikingLate(fault)
    brain.mock = serve(brain=brain, port=None)
    with brain.mock.client() as client:
        conversation = conversation_of(client, client.agents.create(model=MODEL).id)
        create = client.conversations.messages.create
        heard = [one.message_type for one in create(conversation, input="Hi", stream_tokens=True)]
    assert heard == kinds


def test_a_client_can_leave_while_a_rule_delays_the_response(serve: Serve) -> None:
    mock = serve(brain=Striking("delay=3600"))
    victim = Victim(mock, listen)
    with sync_client(mock) as client, pytest.raises(APIConnectionError):
        client.with_options(timeout=0.2).conversations.messages.create(
            victim.conversation, input="Hi", streaming=False
        )
    assert mock.world.journal.wait_for(CREATE).left_early


def test_a_fault_of_a_rule_acts_on_a_stream_that_has_begun(mock: MockLetta) -> None:
    mock.when("go").say("one two three", tokens_per_second=50).fault("no_done=true")
    with sync_client(mock) as client:
        agent = client.agents.create(model=MODEL)
        with httpx.stream(
            "POST",
            f"{mock.base_url}/v1/agents/{agent.id}/messages/stream",
            json={"messages": [{"role": "user", "content": "go"}], "stream_tokens": True},
        ) as stream:
            lines = [line for line in stream.iter_lines() if line.startswith("data: ")]
    assert "usage_statistics" in lines[-1]
