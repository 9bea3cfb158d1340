"""Items: how each kind may be written, and what is said of one that is wrong."""

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from mockletta.script.kinds.say_item import SayItem
from mockletta.script.kinds.wait_item import WaitItem
from mockletta.script.reply_items import Item
from mockletta.script.validation_problems import problems


def item(text: str) -> object:
    adapter: TypeAdapter[object] = TypeAdapter(Item)
    return adapter.validate_python(yaml.safe_load(text))


def test_an_item_can_be_a_mere_text() -> None:
    assert item("hello") == item("{say: hello}") == SayItem(say="hello")
    assert item("{say: hello}") == TypeAdapter(Item).validate_python(SayItem(say="hello"))


@pytest.mark.parametrize(
    ("duration", "seconds"), [("800ms", 0.8), ("1.5s", 1.5), ("2 m", 120), ("1h", 3600), ("3", 3)]
)
def test_a_duration_has_a_unit_or_is_in_seconds(duration: str, seconds: float) -> None:
    assert item(f"wait: {duration}") == WaitItem(wait=seconds)


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("5", (), "expected a text or a mapping, got 5"),
        ("[a]", (), "expected a text or a mapping, got a list"),
        ("{}", ("",), "unknown key ``; expected `"),
        ("sai: x", ("sai",), "unknown key `sai`; did you mean `say`?"),
        ("{call: t, wiht: {}}", ("wiht",), "unknown key `wiht`; did you mean `with`?"),
        ("{say: x, call: t}", ("call",), "`call` is a separate item, not part of `say`"),
        ("say: 5", ("say",), "expected a text, got 5; put quotes around it"),
        ("say: true", ("say",), "expected a text, got true; put quotes around it"),
        ("say: null", ("say",), "expected a text, got nothing; put quotes around it"),
        ("say: {a: b}", ("say",), "expected a text, got a mapping"),
        ("fail: rate_limt", ("fail",), "unknown failure `rate_limt`; did you mean `rate_li"),
        ("fail: 5", ("fail",), "expected a text, got 5; put quotes around it"),
        (
            "wait: soon",
            ("wait",),
            "expected a number of seconds or a text such as `500ms`, `1.5s`, ",
        ),
        ("wait: -1", ("wait",), "expected greater than or equal to 0, got -1"),
        ("stop: now", ("stop",), "expected 'end_turn', 'error', "),
        ("{say: x, jitter: 2}", ("jitter",), "expected less than or equal to 1, got 2"),
        (
            "{call: t, with: {}, arguments: x}",
            ("arguments",),
            "a call has either `with` or `arguments`",
        ),
        ("{call: t, status: error}", ("status",), "`status` requires `returns`: what the tool"),
        ("{call: t, with: {a: .nan}}", ("with", "a"), "expected a JSON value: texts, finite"),
        (f"{{event: {'x' * 100_001}}}", ("event",), "expected at most 100000 characters of JSON"),
        ("{calls: []}", ("calls",), "expected at least one"),
        ("{calls: [{with: {}}]}", ("calls", 0, "call"), "`call` is missing"),
        ("{edit: human}", ("edit",), "an edit has exactly one of `insert`, `replace` and `set`"),
        ("{edit: human, set: a, insert: b}", ("edit",), "an edit has exactly one of"),
        ("{edit: human, replace: a}", ("edit",), "`replace` and `with` require each other"),
        ("{edit: human, set: a, at: 1}", ("at",), "`at` requires `insert`"),
    ],
)
def test_a_wrong_item_is_refused_with_what_was_expected(
    text: str, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        item(text)

    [problem] = problems(refused.value)
    assert problem.path == path
    assert problem.message.startswith(message)
