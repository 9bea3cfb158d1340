"""What the comparer lets pass and what it does not."""

import pytest

from mockletta.documents.json_types import Json
from mockletta.recordings.drift.event_frames import BadFramingError, comparable, parse
from mockletta.recordings.drift.scenario import (
    EventFrame,
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
)
from mockletta.recordings.drift.value_comparison import ValueComparison
from mockletta.recordings.drift.varying_values import IdBinding, UnboundError

UUID = "5ed744f6-fc40-45d9-a860-14e2a46433ef"
OTHER = "0b0f3c1e-8a53-4c53-9d5c-3a2c5a7d0b11"
THIRD = "7a0a02cd-1262-4b2a-b985-53612f9b7929"


def scenario(*exchanges: tuple[Json, Json]) -> Scenario:
    made = [
        ScenarioExchange(
            number, "", ScenarioRequest("GET", "/", {}, {}, sent), ScenarioAnswer(200, {}, got)
        )
        for number, (sent, got) in enumerate(exchanges)
    ]
    return Scenario("a_file", made)


def differences(recorded: Json, ours: Json, *more: tuple[Json, Json]) -> list[str]:
    """Compare two values, then further pairs with the same binding."""
    comparison = ValueComparison(IdBinding(scenario()))
    for left, right in ((recorded, ours), *more):
        comparison.compare(left, right)
    return [f"{one.kind} {one.path}" for one in comparison.differences]


def test_equal_values_are_equal() -> None:
    value = {"a": [1, None, "x"], "b": {"c": True}}
    assert differences(value, value) == []


@pytest.mark.parametrize(
    ("recorded", "ours"), [(1, 2), (1, True), (1, 1.0), (0, None), ("a", "b"), ([], {}), ("1", 1)]
)
def test_other_values_or_types_differ(recorded: Json, ours: Json) -> None:
    assert differences({"a": recorded}, {"a": ours}) == ["value $.a"]


def test_missing_and_extra_keys_differ() -> None:
    assert differences({"a": 1}, {"b": 1}) == ["value $.a", "value $.b"]


def test_newer_fields_of_the_sdk_may_be_extra() -> None:
    conversation: Json = {"in_context_message_ids": []}
    assert differences(conversation, {**conversation, "archived": False}) == []
    assert differences({"a": 1}, {"a": 1, "archived": False}) == ["value $.archived"]


def test_the_order_of_keys_is_a_softer_difference() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1}) == ["order $"]


def test_an_id_is_bound_at_first_sight() -> None:
    pair = f"agent-{UUID}", f"agent-{OTHER}"
    assert differences(pair[0], pair[1], pair, (pair[0], f"agent-{THIRD}")) == ["value $"]


def test_two_ids_cannot_become_one() -> None:
    ours = f"agent-{OTHER}"
    assert differences(f"agent-{UUID}", ours, (f"agent-{THIRD}", ours)) == ["value $"]


def test_an_id_of_another_kind_differs() -> None:
    assert differences(f"agent-{UUID}", f"conv-{UUID}") == ["value $"]


def test_ids_inside_a_text_are_bound() -> None:
    assert differences(f"No {UUID}!", f"No {OTHER}!", (UUID, OTHER), (UUID, THIRD)) == ["value $"]


def test_ids_may_be_keys() -> None:
    recorded = {f"run-{UUID}": "cancelled", f"run-{THIRD}": "failed"}
    ours = {f"run-{OTHER}": "cancelled", f"run-{UUID}": "failed"}
    assert differences(recorded, ours) == []


@pytest.mark.parametrize(
    ("recorded", "ours"),
    [
        ("2026-11-22T20:47:25+00:00", "2027-01-01T00:00:00+00:00"),
        ("2026-11-22T20:47:25.231067Z", "2027-01-01T00:00:00.000001Z"),
        ("at 2026-11-22 08:47:25 PM UTC+0000", "at 2027-01-01 12:00:00 AM UTC+0000"),
        ("{'time_ago': '0s ago'}", "{'time_ago': '12s ago'}"),
        ("<a>\n<138 characters of the server's own text>\n</a>", "<a>\nours\nentirely\n</a>"),
        ("visit <link>", "visit https://errors.example/string_type"),
        ("for actor='id='user-1' name='x'", "for actor='somebody"),
        ("http://127.0.0.1:8284/v1/agents/", "http://127.0.0.1:1/v1/agents/"),
        ('"context_tokens_before": 3000,', '"context_tokens_before": 12,'),
    ],
)
def test_what_must_differ_may_differ(recorded: str, ours: str) -> None:
    assert differences(recorded, ours) == []


@pytest.mark.parametrize(
    ("recorded", "ours"),
    [
        ("2026-11-22T20:47:25+00:00", "2027-01-01T00:00:00Z"),
        ("2026-11-22T20:47:25", "2027-01-01T00:00:00Z"),
        ("<a>\n<138 characters of the server's own text>\n</a>", "<a>\nours\n</b>"),
    ],
)
def test_the_rest_of_a_text_must_agree(recorded: str, ours: str) -> None:
    assert differences(recorded, ours) == ["value $"]


def test_times_and_ids_of_the_client_stay_as_they_are() -> None:
    sent = {"otid": UUID, "date": "2026-01-01T00:00:00Z"}
    comparison = ValueComparison(IdBinding(scenario((sent, sent))))
    comparison.compare(sent, {"otid": OTHER, "date": "2027-01-01T00:00:00Z"})
    assert [one.path for one in comparison.differences] == ["$.otid", "$.date"]


def test_a_random_name_is_any_name() -> None:
    agent = {"name": "QuietHat", "agent_type": "x"}
    binding = IdBinding(scenario(({}, agent)))
    comparison = ValueComparison(binding)
    comparison.compare(agent, {"name": "LoudShoe", "agent_type": "x"})
    assert comparison.differences == []
    assert binding.rename("QuietHat") == "LoudShoe"


def test_durations_are_any_number() -> None:
    assert differences({"ttft_ns": 5, "run_ms": None}, {"ttft_ns": None, "run_ms": 2}) == []


def test_an_otid_ends_in_the_index_of_its_part() -> None:
    recorded = {"id": f"message-{UUID}", "otid": f"{UUID[:-2]}82"}
    assert differences(recorded, {"id": f"message-{OTHER}", "otid": f"{OTHER[:-2]}02"}) == []
    wrong = {"id": f"message-{OTHER}", "otid": f"{OTHER[:-2]}03"}
    assert differences(recorded, wrong) == ["value $.otid"]


def test_lists_of_other_lengths_compare_what_is_known() -> None:
    first = {"id": f"run-{UUID}", "status": "x"}, {"id": f"run-{OTHER}", "status": "x"}
    longer = [{"id": f"run-{THIRD}", "status": "x"}, {"id": f"run-{UUID}", "status": "y"}]
    ours = [{"id": f"run-{OTHER}", "status": "z"}]
    assert differences(*first, (longer, ours)) == ["value $.length", "value $[1].status"]


def test_a_permuted_list_is_one_difference() -> None:
    left, right = {"id": f"run-{UUID}"}, {"id": f"run-{THIRD}"}
    known = (left, {"id": f"run-{OTHER}"}), (right, right)
    got = differences(*known[0], known[1], ([left, right], [right, {"id": f"run-{OTHER}"}]))
    assert got == ["value $.order"]


def test_tools_are_compared_by_name() -> None:
    tools = [{"name": "a"}, {"name": "b"}]
    assert differences({"tools": tools}, {"tools": tools[::-1]}) == []


def test_an_error_that_names_foreign_classes_is_any_list() -> None:
    recorded = "[{'loc': ('body', 'function-after[f(), MessageCreate]')}]"
    assert differences(recorded, "[{'loc': ('body',)}]") == []
    assert differences(recorded, "no list") == ["value $"]


def test_requests_are_sent_with_our_ids() -> None:
    recorded = {"id": f"agent-{UUID}"}
    binding = IdBinding(scenario(({}, recorded)))
    request = ScenarioRequest("GET", f"/v1/agents/agent-{UUID}", {}, {}, {"a": [f"agent-{UUID}"]})
    with pytest.raises(UnboundError):
        binding.request(request)
    assert binding.bind(f"agent-{UUID}", f"agent-{OTHER}")
    assert binding.request(request).content == {"a": [f"agent-{OTHER}"]}


def test_events_are_parsed() -> None:
    text = 'event: error\ndata: {"a":1}\n\ndata: [DONE]\n\n'
    assert parse(text) == (EventFrame({"a": 1}, "error"), EventFrame("[DONE]"))


@pytest.mark.parametrize("text", ["data: 1\n", ": ping\n\n", "id: 1\ndata: 1\n\n", "data:1\n\n"])
def test_other_framing_is_refused(text: str) -> None:
    with pytest.raises(BadFramingError):
        parse(text)


def test_keepalives_are_left_out() -> None:
    ping, done = EventFrame({"message_type": "ping"}), EventFrame("[DONE]")
    assert comparable([ping, ping, ping, done], [ping, done]) == ([ping, done], [ping, done])


def test_tokens_before_a_cancel_need_not_agree_in_number() -> None:
    end = EventFrame({"message_type": "stop_reason", "stop_reason": "cancelled"})
    left, right = comparable([EventFrame(1), EventFrame(2), end], [EventFrame(1), end])
    assert (left, right) == ([EventFrame(1), end], [EventFrame(1), end])


def test_a_text_that_the_recorder_cut_is_any_text_of_its_length() -> None:
    binding = IdBinding(scenario())

    assert binding.matches("abc", "<3 characters of the server's own text>")
    assert not binding.matches("abc", "<4 characters of the server's own text>")


def test_tools_that_are_no_list_are_compared_as_they_are() -> None:
    assert differences({"tools": None}, {"tools": None}) == []
    assert differences({"tools": None}, {"tools": "x"}) == ["value $.tools"]


def test_an_id_that_the_client_sent_is_bound_to_itself() -> None:
    binding = IdBinding(scenario(({"id": f"agent-{UUID}"}, None)))

    assert binding.could_bind(f"agent-{UUID}", f"agent-{UUID}")
    assert not binding.could_bind(f"agent-{UUID}", f"agent-{OTHER}")
