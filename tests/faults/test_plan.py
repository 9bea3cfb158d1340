"""Which request meets which fault."""

from collections.abc import Mapping
from threading import Thread

import pytest

from mockletta.faults.parsing import BadFault
from mockletta.faults.plan import MOST_FAULTS, FaultPlan


class Asked:
    """A request as a plan looks at it."""

    def __init__(self, body: bytes = b"", **params: str) -> None:
        self.params: Mapping[str, str] = params
        self.body = body


NOTHING = Asked()


def applied(plan: FaultPlan, operation: str = "agents.list", asked: Asked = NOTHING) -> str | None:
    """Return the fault that applies to a request, as a line."""
    planned = plan.take(operation, asked)
    return None if planned is None else str(planned.fault)


def test_faults_are_consumed_in_order() -> None:
    plan = FaultPlan()
    assert not plan.pending
    plan.add("agents.list", status=429, times=2)
    plan.add("agents.list", status=500)
    assert plan.pending
    assert [applied(plan) for _ in range(4)] == ["status=429", "status=429", "status=500", None]
    assert (plan.pending, plan.unfired) == (False, [])


def test_other_operations_are_let_through() -> None:
    plan = FaultPlan()
    plan.add(["agents.list", "blocks.*"], "busy", times="always")
    operations = ["agents.create", "agents.list", "blocks.agents.list", "agents.list"]
    assert [applied(plan, one) for one in operations] == [None, "busy", "busy", "busy"]
    assert plan.pending


def test_the_first_requests_can_be_let_through() -> None:
    plan = FaultPlan()
    plan.add("agents.list", status=500, after=2)
    assert [applied(plan) for _ in range(4)] == [None, None, "status=500", None]


def test_a_request_with_another_fault_counts_as_well() -> None:
    plan = FaultPlan()
    plan.add("agents.list", status=429)
    plan.add("agents.list", status=500, after=1)
    assert [applied(plan) for _ in range(3)] == ["status=429", "status=500", None]


def test_chances_are_the_same_every_time() -> None:
    def drawn(seed: int) -> list[str | None]:
        plan = FaultPlan()
        plan.add("agents.list", status=500, times="always", probability=0.5, seed=seed)
        return [applied(plan) for _ in range(100)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 30 < drawn(1).count("status=500") < 70


@pytest.mark.parametrize(
    ("where", "applies"),
    [
        ({"path": {"agent_id": "agent-1"}}, True),
        ({"path": {"agent_id": "agent-2"}}, False),
        ({"path": {"block_id": "agent-1"}}, False),
        ({"contains": "weather"}, True),
        ({"contains": "Weather"}, False),
        ({"equals": "The weather?"}, True),
        ({"equals": "weather"}, False),
        ({"equals": "The weather?", "contains": "user"}, True),
        ({"equals": "The weather?", "contains": "robot"}, False),
        ({"path": {"agent_id": "agent-2"}, "contains": "weather"}, False),
    ],
)
def test_a_fault_can_wait_for_one_request(where: dict[str, object], applies: bool) -> None:
    plan = FaultPlan()
    plan.add("agents.messages.create", "busy", where=where)
    body = b'{"messages": [{"role": "user", "content": "The weather?"}], "n": 1}'
    asked = Asked(body, agent_id="agent-1")
    assert (applied(plan, "agents.messages.create", asked) == "busy") is applies


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_contains_nothing(body: bytes) -> None:
    plan = FaultPlan()
    plan.add("agents.list", "busy", where={"contains": ""})
    assert applied(plan, asked=Asked(body)) is None


def test_a_fault_that_found_nothing_to_strike_comes_back() -> None:
    plan = FaultPlan()
    planned = plan.add("agents.list", "no_done")
    assert plan.take("agents.list", NOTHING) is planned
    plan.give_back(planned)
    assert (plan.pending, plan.unfired, planned.fired) == (True, [planned], 0)
    assert applied(plan) == "no_done"


def test_unfired_is_what_did_not_strike_as_often_as_planned() -> None:
    plan = FaultPlan()
    twice = plan.add("agents.list", status=500, times=2)
    always = plan.add("agents.create", status=500, times="always")
    chance = plan.add("blocks.list", status=500, probability=1e-9)
    assert plan.unfired == [twice, always, chance]
    for operation in ("agents.list", "agents.create", "blocks.list"):
        applied(plan, operation)
    assert plan.unfired == [twice]


def test_a_plan_describes_itself() -> None:
    plan = FaultPlan()
    plan.add("agents.*", {"reset": {"in_frame": 2}}, times=3)
    applied(plan)
    assert [planned.described() for planned in plan] == [
        {
            "on": "agents.*",
            "times": 3,
            "reset": {"in_frame": 2},
            "matched": 1,
            "fired": 1,
            "unfired": True,
        }
    ]


def test_a_plan_takes_every_spelling() -> None:
    plan = FaultPlan()
    plan.add("agents.list", status=429, times=2)
    plan.add("agents.list", "status=429", times=2)
    plan.add("agents.list", {"status": 429, "times": 2})
    plan.add({"on": "agents.list", "status": 429}, times=2)
    plan.add(next(iter(plan)).fault)
    first, *others = [planned.fault for planned in plan]
    assert others == [first] * 4
    assert len(plan) == 5


def test_what_cannot_be_planned_changes_nothing() -> None:
    plan = FaultPlan(lambda _: ["agents.list"])
    with pytest.raises(BadFault, match="did you mean"):
        plan.add("agent.list", "busy")
    assert (len(plan), plan.pending) == (0, False)


def test_a_copy_goes_on_by_itself() -> None:
    plan = FaultPlan(lambda _: ["agents.list"])
    plan.add("agents.list", status=500, times=2)
    applied(plan)
    copy = plan.copy()
    assert [applied(copy) for _ in range(2)] == ["status=500", None]
    assert ([planned.fired for planned in plan], plan.pending) == ([1], True)
    assert (copy.operations, copy.pending) == (plan.operations, False)


def test_a_plan_can_be_cleared() -> None:
    plan = FaultPlan()
    plan.add("agents.list", status=500)
    plan.clear()
    assert (plan.pending, len(plan), applied(plan)) == (False, 0, None)


def test_a_plan_is_bounded_by_what_is_not_used_up() -> None:
    plan = FaultPlan()
    for _ in range(MOST_FAULTS):
        plan.add("agents.list", status=500)
    with pytest.raises(BadFault, match="1000 planned faults already: clear some"):
        plan.add("agents.list", status=500)
    applied(plan)
    plan.add("agents.list", status=500)
    assert len(plan) == MOST_FAULTS


def test_no_fault_is_taken_twice_by_threads_at_once() -> None:
    plan = FaultPlan()
    plan.add("agents.list", status=500, times=200)
    taken: list[str | None] = []
    threads = [
        Thread(target=lambda: taken.extend(applied(plan) for _ in range(100))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count("status=500") == 200


@pytest.mark.parametrize("number", [0, 2])
def test_a_fault_that_is_not_planned_cannot_be_removed(number: int) -> None:
    plan = FaultPlan()
    plan.add("agents.list", status=500)
    with pytest.raises(IndexError):
        plan.remove(number)
    assert len(plan) == 1
