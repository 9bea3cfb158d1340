"""Which recorded answer a request gets, and why another gets none."""

import json
from collections.abc import Sequence

import pytest

from mockletta.recordings.recording import COMPLETE, Content, Exchange, Recording
from mockletta.recordings.replayer import Refusal, Replayer

AGENT = "agent-5ed744f6-fc40-45d9-a860-14e2a46433ef"
OTHER = "agent-0b0f3c1e-8a53-4c53-9d5c-3a2c5a7d0b11"
OTID = "7a0a02cd-1262-4b2a-b985-53612f9b7929"
NEW = "11111111-1262-4b2a-b985-53612f9b7929"
SEND = f"POST /v1/agents/{AGENT}/messages"
LIST = f"GET /v1/agents/{AGENT}/messages"


def asked(line: str, body: object = None, retry: str = "") -> Exchange:
    """A request: `METHOD path?query`, and its JSON."""
    method, _, target = line.partition(" ")
    path, _, query = target.partition("?")
    data = b"" if body is None else json.dumps(body).encode()
    headers = [("x-stainless-retry-count", retry)] if retry else []
    return Exchange(0, 0.0, "", method, path, query, headers, Content(data, len(data)))


def replayer(*recorded: tuple[Exchange, object]) -> Replayer:
    """A replayer of requests with their answers, one after the other."""
    exchanges = []
    for number, (exchange, body) in enumerate(recorded, 1):
        pieces = [(0.1, json.dumps(body).encode())]
        answered = {"number": number, "at": float(number), "status": 200, "pieces": pieces}
        exchanges.append(Exchange(**{**vars(exchange), **answered, "ending": COMPLETE}))
    return Replayer(Recording(exchanges))


def answers(replay: Replayer, *requests: Exchange) -> Sequence[object]:
    """What requests are answered, or why they are not."""
    found = [replay.find(request) for request in requests]
    return [one.text if isinstance(one, Refusal) else json.loads(one.body) for one in found]


def test_equal_requests_are_answered_in_their_order() -> None:
    replay = replayer((asked(SEND, 1), "one"), (asked(SEND, 1), "two"))
    found = answers(replay, asked(SEND, 1), asked(SEND, 1), asked(SEND, 1))
    assert found == [
        "one",
        "two",
        "the recording holds this request 2 times, and it was answered already",
    ]
    assert replay.unused == []


def test_conversations_are_free_between_each_other() -> None:
    first, second = asked(SEND, "a"), asked(SEND.replace(AGENT, OTHER), "b")
    assert answers(replayer((first, 1), (second, 2)), second, first) == [2, 1]


def test_a_message_cannot_come_before_the_one_before_it() -> None:
    replay = replayer((asked(SEND, "a"), 1), (asked(SEND, "b"), 2))
    [refused, first, second] = answers(replay, asked(SEND, "b"), asked(SEND, "a"), asked(SEND, "b"))
    assert "request 1 comes before it in the same conversation" in str(refused)
    assert (first, second) == (1, 2)


def test_a_read_is_answered_as_it_was_at_its_point() -> None:
    replay = replayer(
        (asked(LIST), 0),
        (asked(SEND, "a"), "a"),
        (asked(LIST), 1),
        (asked(SEND, "b"), "b"),
        (asked(LIST), 2),
    )
    requests = [
        asked(LIST),
        asked(LIST),
        asked(SEND, "a"),
        asked(SEND, "b"),
        asked(LIST),
        asked(LIST),
    ]
    assert answers(replay, *requests) == [0, 0, "a", "b", 2, 2]


def test_a_read_that_was_recorded_only_later_is_refused() -> None:
    replay = replayer((asked(SEND, "a"), "a"), (asked(LIST), 1))
    assert answers(replay, asked(LIST)) == [
        "the recording holds this request only after request 1, which was not sent"
    ]


def test_a_read_without_an_id_repeats() -> None:
    replay = replayer((asked("GET /v1/tools/"), [1]), (asked("POST /v1/tools/", {}), 1))
    tools = asked("GET /v1/tools/")
    assert answers(replay, asked("POST /v1/tools/", {}), tools, tools) == [1, [1], [1]]


def test_a_retry_gets_the_answer_of_the_retry_or_the_same_again() -> None:
    first, second = asked(SEND, 1, "0"), asked(SEND, 1, "1")
    assert answers(replayer((first, "busy"), (second, "ok")), first, second) == ["busy", "ok"]
    assert answers(replayer((first, "ok")), first, second) == ["ok", "ok"]


def test_the_clients_own_values_are_bound() -> None:
    sent = {"otid": OTID, "name": "test-4711", "at": "2026-01-01T00:00:00Z", "token": "0123abcd0"}
    now = {"otid": NEW, "name": "test-9", "at": "2027-02-02T00:00:00Z", "token": "9876feed0"}
    now["name"] = "test-1234"
    replay = replayer(
        (asked("POST /v1/agents/", sent), {"name": "test-4711", "otid": OTID}),
        (asked(f"GET /v1/x/{OTID}"), OTID),
    )
    assert answers(replay, asked("POST /v1/agents/", now), asked(f"GET /v1/x/{NEW}")) == [
        {"name": "test-1234", "otid": NEW},
        NEW,
    ]
    assert "path: recorded" in str(answers(replay, asked(f"GET /v1/x/{AGENT[6:]}"))[0])


def test_a_number_in_a_message_does_not_vary() -> None:
    replay = replayer((asked(SEND, {"input": "order 4711"}), 1))
    refused = (
        f"the recording does not hold {SEND}. The nearest is request 1, {SEND}: "
        "body.input: recorded 'order 4711', now 'order 1234'"
    )
    assert answers(replay, asked(SEND, {"input": "order 1234"})) == [refused]


@pytest.mark.parametrize(
    ("body", "difference"),
    [
        ({"a": 1, "b": [1]}, "body.c: recorded 2, not sent now"),
        ({"a": 1, "b": [1], "c": 2, "d": 0}, "body.d: not recorded, sent now: 0"),
        ({"a": 1, "b": [1, 2], "c": 2}, "body.b: number of items: recorded 1, now 2"),
        ({"a": True, "b": [1], "c": 2}, "body.a: recorded 1, now true"),
        ({"a": "x" * 200, "b": [1], "c": 2}, "body.a: recorded 1, now 'xxx"),
    ],
)
def test_a_refusal_names_the_first_difference(body: object, difference: str) -> None:
    replay = replayer((asked(SEND, {"a": 1, "b": [1], "c": 2}), 1))
    assert difference in str(answers(replay, asked(SEND, body))[0])


def test_a_query_is_compared_whatever_its_order() -> None:
    replay = replayer((asked("GET /v1/blocks/?a=1&b=2"), 1))
    assert answers(replay, asked("GET /v1/blocks/?b=2&a=1")) == [1]
    assert "query.b[0]: recorded '2', now '3'" in str(
        answers(replay, asked("GET /v1/blocks/?a=1&b=3"))[0]
    )


def test_a_request_unlike_all_has_no_nearest() -> None:
    assert answers(replayer(), asked("GET /a/b")) == ["the recording does not hold GET /a/b"]


def test_two_that_created_the_same_get_their_own() -> None:
    create = asked("POST /v1/agents/", {"name": "a"})
    send = SEND.replace(AGENT, OTHER)
    replay = replayer(
        (create, {"id": AGENT}),
        (create, {"id": OTHER}),
        (asked(SEND, "from the first"), {"to": AGENT}),
        (asked(send, "from the second"), {"to": OTHER}),
    )
    requests = [asked(SEND, "from the second"), asked(send, "from the first")]
    assert answers(replay, create, create) == [{"id": AGENT}, {"id": OTHER}]
    assert answers(replay, *requests) == [{"to": AGENT}, {"to": OTHER}]


def test_ids_are_exchanged_before_the_other_was_created() -> None:
    create = asked("POST /v1/agents/", {"name": "a"})
    other = SEND.replace(AGENT, OTHER)
    replay = replayer(
        (create, {"id": AGENT}), (create, {"id": OTHER}), (asked(SEND, 1), 1), (asked(other, 2), 2)
    )
    requests = [create, asked(SEND, 2), create, asked(other, 1)]
    assert answers(replay, *requests) == [{"id": AGENT}, 2, {"id": OTHER}, 1]
    assert replay.unused == []


def test_ids_of_different_agents_are_not_exchanged() -> None:
    first, second = (asked("POST /v1/agents/", {"name": name}) for name in "ab")
    of_one = asked(f"POST /v1/conversations/?agent_id={AGENT}", {})
    of_other = asked(f"POST /v1/conversations/?agent_id={OTHER}", {})
    ids = [f"conv-{NEW}", f"conv-{OTID}"]
    sends = [asked(f"POST /v1/conversations/{one}/messages", one) for one in ids]
    replay = replayer(
        (first, {"id": AGENT}),
        (second, {"id": OTHER}),
        (of_one, {"id": ids[0]}),
        (of_other, {"id": ids[1]}),
        (sends[0], 1),
        (sends[1], 2),
    )
    wrong = asked(f"POST /v1/conversations/{ids[0]}/messages", ids[1])
    assert "does not hold" in str(answers(replay, first, of_one, wrong)[-1])


def test_ids_of_one_answer_are_not_exchanged() -> None:
    create = asked("POST /v1/agents/", {"name": "a"})
    both = replayer((create, {"ids": [AGENT, OTHER]}), (asked(SEND, 1), 1))
    found = answers(both, create, asked(SEND.replace(AGENT, OTHER), 1))
    assert "does not hold" in str(found[-1])


def test_what_was_asked_of_already_is_not_swapped() -> None:
    create = asked("POST /v1/agents/", {"name": "a"})
    send = SEND.replace(AGENT, OTHER)
    replay = replayer(
        (create, {"id": AGENT}),
        (create, {"id": OTHER}),
        (asked(SEND, "1"), 1),
        (asked(send, "2"), 2),
    )
    found = answers(replay, create, create, asked(SEND, "1"), asked(SEND, "2"))
    assert "does not hold" in str(found[-1])


def test_forms_are_compared_without_their_boundaries() -> None:
    def form(boundary: str) -> Exchange:
        data = f'--{boundary}\r\nname="a"\r\n\r\nx\xff\r\n--{boundary}--'.encode("latin-1")
        headers = [("content-type", f"multipart/form-data; boundary={boundary}")]
        return Exchange(0, 0, "", "POST", "/v1/f", "", headers, Content(data, len(data)))

    assert answers(replayer((form("aaa"), 1)), form("bbb")) == [1]


def test_a_cut_body_is_compared_as_far_as_it_goes() -> None:
    cut = Exchange(0, 0, "", "POST", "/v1/f", "", [], Content(b"abc", 10))
    whole = Exchange(0, 0, "", "POST", "/v1/f", "", [], Content(b"abcdefghij", 10))
    assert answers(replayer((cut, 1)), whole) == [1]
