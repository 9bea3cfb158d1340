"""What becomes a fault, and what is said of everything else."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockletta.brain.provider_failures import FAILURES
from mockletta.errors import BadSettings
from mockletta.faults.fault import Fault
from mockletta.faults.kinds.fail import FailFault
from mockletta.faults.kinds.status import StatusFault
from mockletta.faults.parsing import BadFault, kind, kind_names, parse_fault, parse_planned, schema

OPERATIONS = ["agents.create", "agents.list", "conversations.messages.create"]
DEEP: list[object] = []
for _ in range(100_000):
    DEEP = [DEEP]
VALID: list[dict[str, Any]] = [
    {"status": 429, "retry_after": 2},
    {"status": 503, "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "processed": True},
    {"status": 400, "body": {"detail": [1, None]}, "headers": {"X-A": "b"}},
    {"fail": "rate_limit"},
    {"fail": "timeout", "at": 3},
    {"error_event": 2, "error_type": "llm_error", "message": "Oh", "detail": "dear"},
    {"reset": "before_headers", "processed": True},
    {"reset": {"in_frame": 1}},
    {"stall": "forever", "after_frames": 2},
    {"delay": 0.5},
    {"slow": 100.0},
    {"truncate": 0},
    {"duplicate": 1},
    {"reorder": 1},
    {"malformed": 1},
    {"no_done": True},
    {"busy": True},
    {"expired_run": True},
    {"missing": True},
]
INVALID: list[tuple[object, str]] = [
    (3, "expected a mapping such as {status: 429}, received 3"),
    ("?", "expected key=value at '?'; expected a line such as status=429 retry_after=2"),
    ("", "nothing goes wrong; expected `"),
    ({"status": 429, "busy": True}, "expected one thing to go wrong, received `status` and `busy`"),
    ({"stauts": 429}, "stauts: unknown fault; did you mean `status`?"),
    ({"xyz": 1}, "xyz: unknown fault; expected `"),
    ({"status": 429, "retryafter": 2}, "retryafter: unknown key; did you mean `retry_after`?"),
    ({"status": 429, 7: 2}, "7: unknown key; expected `after`, "),
    ({"status": "429"}, "status: expected a status from 400 to 599, received '429'"),
    ({"status": 429, "retry_after": "soon"}, "retry_after: expected seconds, or an HTTP date, "),
    ({"status": 429, "retry_after": -1}, "retry_after: expected seconds, or an HTTP date, "),
    ({"status": 429, "headers": {"a b": "c"}}, "headers: expected headers and their values, "),
    ({"status": 429, "headers": {"a": "\n"}}, "headers: expected headers and their values, "),
    ({"status": 429, "headers": {"Content-Length": "1"}}, "headers: expected headers and their v"),
    ({"status": 429, "body": 1, "detail": "x"}, "status: give `detail` or `body`, not both"),
    ({"status": 429, "body": "\ud800"}, "body: expected the whole body, as JSON, received "),
    ({"status": 429, "body": float("nan")}, "body: expected the whole body, as JSON, received nan"),
    ({"status": 429, "detail": "\ud800"}, "detail: expected the text of Letta's usual {detail: "),
    ({"status": 429, "body": DEEP}, "body: expected the whole body, as JSON, received [[[[[["),
    ({"status": 10**5000}, "status: expected a status from 400 to 599, received a huge number"),
    ({"fail": "ratelimit"}, f"fail: expected one of {', '.join(FAILURES)}, received 'ratelimit'"),
    ({"fail": "timeout", "at": 0}, "at: expected before, first_token, or a number of tokens, "),
    ({"reset": {"after_frames": 0}}, "reset: expected before_headers, after_headers, {after_fr"),
    ({"reset": {"in_frame": 1}, "processed": True}, "reset: `processed` is a choice for before_h"),
    ({"stall": 1e9}, "stall: expected a duration such as 500ms, seconds, or forever, received "),
    ({"delay": float("inf")}, "delay: expected a duration such as 500ms, or seconds, received inf"),
    ({"busy": False}, "busy: expected true, received False"),
    ({"status": 429, "on": "x"}, "on: only a planned fault can say to which requests it"),
    ({"missing": "x" * 200}, f"missing: expected true, received '{'x' * 79}..."),
]
PLANNED_INVALID: list[tuple[dict[str, object], str]] = [
    ({"busy": True}, "on: missing; expected an operation such as conversations.messages.create, "),
    ({"on": "agents.creat", "busy": True}, "on: no operation is called `agents.creat`; did you me"),
    ({"on": "nope.*", "busy": True}, "on: no operation is called `nope.*`; expected `agents"),
    ({"on": 3, "busy": True}, "on: expected an operation such as conversations.messages.create, "),
    ({"on": "agents.*", "busy": True, "times": 0}, "times: expected a number from 1, or always, "),
    ({"on": "agents.*", "busy": True, "probability": 2}, "probability: expected a probability of "),
    (
        {"on": "agents.*", "busy": True, "where": {"contians": "x"}},
        "where.contians: unknown key; expected a mapping of path, equals and contains",
    ),
    (
        {"on": "agents.*", "busy": True, "where": {"path": {"agent_id": 3}}},
        "where.path.agent_id: expected a mapping of path, equals and contains",
    ),
]


@pytest.mark.parametrize("spelled", VALID, ids=str)
def test_a_fault_is_spelled_as_it_is_read(spelled: dict[str, Any]) -> None:
    fault = parse_fault(spelled)
    assert fault.spelled() == spelled
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize(("raw", "reason"), INVALID)
def test_what_is_no_fault_says_where_and_what_was_expected(raw: object, reason: str) -> None:
    with pytest.raises(BadFault) as raised:
        parse_fault(raw)
    assert str(raised.value).startswith(reason)
    assert isinstance(raised.value, BadSettings)


@pytest.mark.parametrize(("raw", "reason"), PLANNED_INVALID)
def test_a_plan_that_cannot_be_says_so(raw: object, reason: str) -> None:
    with pytest.raises(BadFault) as raised:
        parse_planned(raw, lambda _: OPERATIONS)
    assert str(raised.value).startswith(reason)


def test_where_operations_are_not_known_any_will_do() -> None:
    assert parse_planned({"on": ["a.b", "c.*"], "busy": True}).operations == ["a.b", "c.*"]


def test_every_failure_of_a_model_has_its_fault() -> None:
    for name in FAILURES:
        fault = parse_fault(name)
        assert isinstance(fault, FailFault)
        assert (fault.fail, fault.tokens) == (name, None)


def test_a_date_in_retry_after_is_sent_as_it_is() -> None:
    fault = parse_fault({"status": 503, "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert isinstance(fault, StatusFault)
    assert fault.header_list() == [(b"retry-after", b"Wed, 21 Oct 2026 07:28:00 GMT")]


def test_the_schema_names_every_kind_and_describes_every_key() -> None:
    models = {name: one for name, one in schema()["$defs"].items() if name.endswith("Fault")}
    assert models.keys() == {kind(name).__name__ for name in kind_names()}
    for name, model in models.items():
        assert all("description" in key for key in model["properties"].values()), name
        assert model["additionalProperties"] is False


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = [*Fault.model_fields, *{key for one in VALID for key in one}]
ALMOST = st.dictionaries(
    st.sampled_from(KEYS) | st.text() | st.integers(),
    ANYTHING | st.sampled_from([value for one in VALID for value in one.values()]),
    max_size=5,
)


@given(ALMOST | ANYTHING)
def test_anything_is_a_fault_or_a_located_error(raw: object) -> None:
    for parse in (parse_fault, parse_planned):
        with suppress(BadFault):
            fault = parse(raw)
            assert parse_fault(str(fault)).spelled() == {
                key: value
                for key, value in fault.spelled().items()
                if key not in Fault.model_fields
            }


def test_far_from_any_operation_their_namespaces_are_told() -> None:
    with pytest.raises(BadFault) as refused:
        parse_planned({"on": "zzz", "busy": True}, lambda _: ["c.d", "a.b", "a.c.d"])

    assert str(refused.value) == "on: no operation is called `zzz`; expected `a.*` or `c.*`"
