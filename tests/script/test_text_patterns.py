"""Patterns: what they find in a text, and what their groups hold."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mockletta.script.text_patterns import Part, Pattern, TooSlow, Whole, groups_of, is_named, match
from mockletta.search import expressions

CITY = "What is the weather in Paris?"


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        ("weather in", CITY, {}),
        ("Weather in", CITY, None),
        ("/WEATHER in (\\w+)/i", CITY, {1: "Paris"}),
        ("/in (?P<city>\\w+)(, (?P<land>\\w+))?/", CITY, {"city": "Paris", 1: "Paris"}),
        ("/^weather/", CITY, None),
        ("weather in {city}", CITY, {"city": "Paris", 1: "Paris"}),
        ("from {a} to {b}", "from New York to Rome.", {"a": "New York", "b": "Rome"}),
        ("{a} and {a}", "more and more", {"a": "more"}),
        ("{a} and {a}", "more and less", None),
        ("mail {whom} now", "mail a@b.com now", {"whom": "a@b.com"}),
        ("version {n}", "It is version 3.5.1.", {"n": "3.5.1"}),
        ('{"a": 1}', 'the JSON {"a": 1}', {}),
        (Whole(exact="hi"), "hi", {}),
        (Whole(exact="hi"), "hi!", None),
        (Part(contains="/a/"), "it is /a/", {}),
        (Part(contains="{x}"), "y", None),
    ],
)
def test_a_pattern_finds_its_text_and_its_groups(
    pattern: str | Whole | Part, text: str, groups: dict[str | int, str] | None
) -> None:
    found = match(pattern, text)

    assert (found is None) == (groups is None)
    assert {**(found or {}), **(groups or {})} == (found or {})


def test_names_are_equal_or_match() -> None:
    assert is_named(("a", "b"), "b")
    assert is_named(("/^open/",), "openai/gpt-4o")
    assert not is_named(("open",), "openai/gpt-4o")


def test_only_what_has_groups_has_their_names() -> None:
    assert groups_of("{a} {b}") == {"a", "b"}
    assert groups_of("a") == groups_of(Whole(exact="{a}")) == frozenset()


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("/(/", "/(/ is not a regular expression: missing )"),
        ("/a/g", "unknown flags `g`; there are `i`, `m`, `s` and `x`, and {contains: ...} finds"),
        (f"/{'(' * 3000}/", "is not a regular expression: it is nested too deeply"),
        (
            "/(?:(?:a{100}){100}){200}/",
            "is not a regular expression: it is too large: more",
        ),
        ("x" * 100_001, "at most 100000 characters"),
    ],
)
def test_what_is_no_pattern_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Pattern).validate_python(pattern)

    assert reason in str(refused.value)


def test_an_expression_that_takes_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "SECONDS", 0.01)

    with pytest.raises(TooSlow) as stopped:
        match("/^(a|aa)+$/", f"{'a' * 100}b")

    assert str(stopped.value) == "/^(a|aa)+$/ took longer than 0.01 s; make it simpler"


def test_only_the_beginning_of_a_very_long_text_is_searched() -> None:
    assert match("/b/", "a" * 100_000 + "b") is None
    assert match("b", "a" * 100_000 + "b") == {}
