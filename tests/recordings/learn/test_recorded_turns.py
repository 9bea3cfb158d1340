"""The turns that odd and partial recordings show, and what a script and a seed make of them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from mockletta.http.sse import data_frame
from mockletta.recordings.learn.learned_script import failure_name, script_of
from mockletta.recordings.learn.learned_seed import seed_of
from mockletta.recordings.learn.recorded_messages import joined, messages_of, text_of
from mockletta.recordings.learn.recorded_turns import turns_of
from mockletta.recordings.recording import COMPLETE, EVENT_STREAM, Content, Exchange, Recording

CONVERSATION = "conv-5ed744f6-fc40-45d9-a860-14e2a46433ef"
AGENT = "agent-5ed744f6-fc40-45d9-a860-14e2a46433ef"
SEND = f"POST /v1/conversations/{CONVERSATION}/messages"
Message = dict[str, Any]


def exchange(line: str, body: object, answer: object, status: int = 200) -> Exchange:
    """One exchange; an answer that is a list of messages with types is a stream."""
    method, path = line.split(" ")
    data = b"" if body is None else json.dumps(body).encode()
    is_stream = isinstance(answer, tuple)
    headers = [("content-type", EVENT_STREAM)] if is_stream else []
    return Exchange(
        1,
        0,
        "",
        method,
        path,
        "",
        [],
        Content(data, len(data)),
        status,
        headers,
        [(1.0, _stream(answer) if isinstance(answer, tuple) else json.dumps(answer).encode())],
        0,
        1.0,
        COMPLETE,
    )


def _stream(events: Sequence[object]) -> bytes:
    frames = [data_frame(json.dumps(one).encode()) for one in events]
    return b": ping\n\n" + b"".join(frames)


def recording(*exchanges: Exchange) -> Recording:
    numbered = [replace(one, number=number) for number, one in enumerate(exchanges, 1)]
    return Recording(numbered)


def message(kind: str, **fields: object) -> Message:
    return {"message_type": f"{kind}_message", "id": kind, "step_id": "s", **fields}


def said(text: object, **fields: object) -> Message:
    return message("assistant", content=text, **fields)


def replies(*exchanges: Exchange, **options: bool) -> list[Any]:
    """The replies that a script learns."""
    rules = script_of(turns_of(recording(*exchanges)), **options)["replies"]
    return [rule.get("reply", rule.get("sequence")) for rule in rules]


def test_parts_of_a_content_are_one_text() -> None:
    answer = (
        said([{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]),
    )
    parts = {"input": [{"type": "text", "text": "Look!"}]}
    script = script_of(turns_of(recording(exchange(SEND, parts, answer))))
    assert script["replies"][0] == {
        "name": "look",
        "when": {"text": {"exact": "Look!"}},
        "reply": "a b",
    }
    assert text_of(None) == ""


def test_a_request_that_says_nothing_is_no_turn() -> None:
    assert turns_of(recording(exchange(SEND, {"messages": []}, (said("a"),)))) == []
    assert turns_of(recording(exchange(SEND, [], (said("a"),)))) == []
    assert turns_of(recording(exchange(SEND, {"input": "a"}, ()))) == []
    assert turns_of(recording(exchange("GET /v1/x", None, []))) == []


def test_the_rest_of_a_turn_is_read_from_its_run() -> None:
    run = {"message_type": "ping", "run_id": "run-1"}
    begun = exchange(SEND, {"input": "a"}, (run, said("On", run_id="run-1")))
    rest = [said("One, two.", run_id="run-1"), {"message_type": "stop_reason"}]
    followed = exchange("GET /v1/runs/run-1/messages", None, rest)
    assert replies(begun, followed) == ["One, two."]
    background = exchange(f"{SEND}/async", {"input": "a"}, {"id": "run-1"})
    assert replies(background, followed) == ["One, two."]


def test_calls_returns_and_usage() -> None:
    calls = [
        {"name": "a", "arguments": '{"x": ["{{", 1]}', "tool_call_id": "1"},
        {"name": "b", "arguments": "", "tool_call_id": "2"},
    ]
    several = [
        {"tool_call_id": "1", "tool_return": ["r"], "status": "error", "stderr": ["no"]},
        {"tool_call_id": "3"},
    ]
    answer = (
        message("tool_call", tool_calls=calls),
        message("tool_return", tool_returns=several),
        message("tool_return", tool_call_id="2", tool_return="s", status="success"),
        said("Done.", step_id="t"),
        {
            "message_type": "usage_statistics",
            "prompt_tokens": 9,
            "completion_tokens": 2,
            "context_tokens": 7,
            "reasoning_tokens": 1,
        },
    )
    [reply] = replies(exchange(SEND, {"input": "a"}, answer), with_usage=True, with_pauses=True)
    assert reply == [
        {"wait": 1.0},
        {
            "calls": [
                {
                    "call": "a",
                    "with": {"x": ["{{ '{{' }}", 1]},
                    "returns": ["r"],
                    "status": "error",
                    "stderr": ["no"],
                },
                {"call": "b", "returns": "s"},
            ]
        },
        {"usage": {"prompt_tokens": 4, "completion_tokens": 0}},
        "Done.",
        {"usage": {"prompt_tokens": 5, "completion_tokens": 2, "reasoning_tokens": 1}},
    ]


def test_summaries_have_a_rule_of_their_own() -> None:
    answer = (message("summary", summary="They met."), said("Hi."))
    assert replies(exchange(SEND, {"input": "a"}, answer)) == ["Hi.", [[{"summary": "They met."}]]]


def test_a_step_that_says_nothing_is_no_reply() -> None:
    assert replies(exchange(SEND, {"input": "a"}, (said(""),))) == []


def test_rules_have_different_names() -> None:
    asked = [exchange(SEND, {"input": text}, (said("x"),)) for text in ("a?", "a!", "?")]
    rules = script_of(turns_of(recording(*asked)))["replies"]
    assert [rule["name"] for rule in rules] == ["a", "a-2", "message"]


def test_the_same_question_elsewhere_is_answered_in_order() -> None:
    other = SEND.replace("5ed7", "6ed7")
    first, second = (exchange(one, {"input": "a"}, (said(one[28:32]),)) for one in (SEND, other))
    [rule] = script_of(turns_of(recording(first, second)))["replies"]
    assert (len(rule["sequence"]), rule["per"]) == (2, "world")


@pytest.mark.parametrize(
    ("text", "name"), [("Rate limited by", "rate_limit"), ("what?", "server_error")]
)
def test_failures(text: str, name: str) -> None:
    assert failure_name(text) == name
    failed = exchange(SEND, {"input": "a"}, {"detail": text}, 500)
    assert replies(failed) == [[{"fail": name}]]


def test_a_call_that_is_streamed_in_pieces_is_put_together() -> None:
    begun = {"tool_call_id": "1", "name": "find", "arguments": '{"a"'}
    pieces = [begun, {"arguments": ": 1}"}, {"tool_call_id": "2", "name": "other"}]
    events = [message("tool_call", tool_call=one) for one in pieces]
    whole = joined([*events, message("tool_call", tool_calls="odd")])
    assert [one["tool_call"] for one in whole[:2]] == [
        {"tool_call_id": "1", "name": "find", "arguments": '{"a": 1}'},
        {"tool_call_id": "2", "name": "other"},
    ]


def test_a_broken_stream_and_another_answer_have_the_messages_that_came() -> None:
    broken = exchange(SEND, {"input": "a"}, (said("a"),))
    cut = Exchange(**{**vars(broken), "pieces": [(0.0, broken.body + b"data: {")]})
    assert [one["content"] for one in messages_of(cut)] == ["a"]
    assert messages_of(exchange(SEND, None, "text")) == []


def agent(**fields: object) -> Message:
    return {"id": AGENT, "name": "old", "agent_type": "letta_v1_agent", **fields}


def test_what_the_mock_does_not_know_is_noted() -> None:
    folder = {"id": AGENT.replace("agent", "source"), "name": "papers", "instructions": ""}
    shown = [agent(model="who/knows", embedding="openai/text-embedding-3-small"), folder]
    recorded = recording(exchange("GET /v1/agents/", None, shown))
    learned = seed_of(recorded, turns_of(recorded), "start")
    assert learned.notes == [
        "old: the mock does not know who/knows, another model stands in",
    ]
    [entry] = learned.content["agents"]
    assert entry["model"] == "openai/gpt-4o-mini"


def test_a_history_is_learned_oldest_first() -> None:
    shown = [
        said("later", date="2026-01-02"),
        message("user", content="earlier", date="2026-01-01"),
        message("tool_call", date="2026-01-01"),
    ]
    listed = exchange(f"GET /v1/agents/{AGENT}/messages", None, shown)
    recorded = recording(exchange("GET /v1/agents/", None, [agent()]), listed)
    [entry] = seed_of(recorded, (), "start").content["agents"]
    assert [one["content"] for one in entry["messages"]] == ["earlier", "later"]


@pytest.mark.parametrize("content", [{"type": "image", "source": {}}, {"type": "text"}])
def test_images_are_noted(content: Message) -> None:
    sent = {"messages": [{"role": "user", "content": [content, {"type": '"image"'}]}]}
    recorded = recording(exchange(SEND, sent, []))
    notes = ["images in messages are left out: a seed has only texts"]
    assert seed_of(recorded, ()).notes == (notes if content["type"] == "image" else [])
