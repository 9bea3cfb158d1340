"""The steps a reply has, and what cannot stand where."""

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from mockletta.script.reply_items import KINDS
from mockletta.script.reply_steps import ReplyStep, steps_of
from mockletta.script.script_models import Reply
from mockletta.script.validation_problems import problems

NAMES = {"call": "calls", "edit": "calls", "event": "events"}
ORDER = ["think", "say", "calls", "fail", "stop", "summary", "usage", "events", "fault", "wait"]


def steps(text: str) -> tuple[ReplyStep, ...]:
    return steps_of(TypeAdapter(Reply).validate_python(yaml.safe_load(text)))


def refusal(text: str) -> tuple[tuple[str | int, ...], str]:
    """Where and why a reply is refused."""
    with pytest.raises(ValidationError) as refused:
        steps(text)
    [problem] = problems(refused.value)
    return problem.path, problem.message


def shape(step: ReplyStep) -> str:
    """What a step has, by name, in one order."""
    found = {NAMES.get(key, key) for key, kind in KINDS.items() if step.has(kind)}
    return " ".join(sorted(found, key=ORDER.index))


@pytest.mark.parametrize(
    ("reply", "shapes"),
    [
        ("hello", ["say"]),
        ("{say: hello}", ["say"]),
        ("[{think: a}, b]", ["think say"]),
        ("[{think: a}]", ["think"]),
        ("[{call: t}, b]", ["calls", "say"]),
        ("[a, {call: t}, b, {call: t}]", ["say calls", "say calls"]),
        ("[{calls: [{call: t}, {call: u}]}, {think: a}, b]", ["calls", "think say"]),
        ("[{edit: human, set: x}, b]", ["calls", "say"]),
        ("[{call: t}, {usage: {prompt_tokens: 1}}, b, {event: x}, {event: y}]", None),
        ("[{wait: 1s}, {wait: 2}, a]", ["say wait"]),
        ("[{call: t}, {wait: 1s}, a]", ["calls", "say wait"]),
        ("[{fail: rate_limit}]", ["fail"]),
        ("[{wait: 1s}, {fail: timeout}]", ["fail wait"]),
        ("[a, {fail: rate_limit}]", ["say fail"]),
        ("[{call: t}, {fail: rate_limit}]", ["calls", "fail"]),
        ("[{fail: context_overflow}, a]", ["fail", "say"]),
        ("[a, {stop: max_steps}, {fault: no_done=true}]", ["say stop fault"]),
        ("[{call: t}, {stop: max_steps}]", ["calls stop"]),
        ("[{wait: 1s}, {summary: s}, {usage: {}}]", ["summary usage wait"]),
        ("[{event: x}]", ["events"]),
    ],
)
def test_a_reply_has_steps(reply: str, shapes: list[str] | None) -> None:
    assert [shape(step) for step in steps(reply)] == (shapes or ["calls usage", "say events"])


SAID = "a text without a following tool call ends the turn: join the texts, put a `call`"


@pytest.mark.parametrize(
    ("reply", "place", "reason"),
    [
        ("[a, b]", 1, SAID),
        ("[a, {think: b}]", 1, SAID),
        ("[{think: a}, {think: b}]", 1, "a step has one `think`: join the texts"),
        ("[{think: a}, {wait: 1s}, b]", 1, "`wait` must be first in a step"),
        ("[{stop: end_turn}, a]", 1, "`stop` ends the turn: no item can follow it"),
        ("[{call: t}, {stop: end_turn}, a]", 2, "`stop` ends the turn"),
        ("[a, {stop: end_turn}, {stop: error}]", 2, "a step has one `stop`"),
        ("[a, {usage: {}}, {usage: {}}]", 2, "a step has one `usage`"),
        ("[a, {fault: truncate=1}, {fault: truncate=1}]", 2, "a step has one `fault`"),
        ("[{fail: timeout}, a]", 1, "`fail` ends the turn: no item can follow it in a reply"),
        ("[a, {fail: timeout}, {stop: error}]", 2, "`fail` ends the turn"),
        ("[{think: a}, {fail: timeout, after_tokens: 1}]", 1, "`after_tokens` requires a text"),
        ("[{fail: timeout, after_tokens: 1}]", 0, "`after_tokens` requires a text"),
        (
            "[{usage: {}}, {fail: timeout}]",
            1,
            "`fail` without a text before it can only",
        ),
        ("[{summary: a}, b]", 1, "`summary` must be the only item: it answers compaction"),
        ("[a, {summary: b}]", 1, "`summary` must be the only item"),
        ("[{call: t}, {summary: b}]", 1, "`summary` must be the only item"),
        ("[{call: t}, {wait: 1s}, {summary: b}]", 2, "`summary` must be the only item"),
        ("[{summary: a}, {usage: {}}, {usage: {}}]", 2, "`summary` must be the only item"),
    ],
)
def test_what_cannot_stand_where_it_does_says_why(reply: str, place: int, reason: str) -> None:
    path, message = refusal(reply)

    assert path == (place,)
    assert message.startswith(reason)
