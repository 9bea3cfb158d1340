"""Faults in one line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockletta.faults.one_line import parse_line, spell_line

TEXT = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
KEY = st.from_regex(r"[A-Za-z_]\w{0,9}", fullmatch=True)


@pytest.mark.parametrize(
    ("line", "mapping"),
    [
        ("status=429 retry_after=2", {"status": 429, "retry_after": 2}),
        (" status=429, retry_after=0.5 ,", {"status": 429, "retry_after": 0.5}),
        ("rate_limit", {"fail": "rate_limit"}),
        ("no_done", {"no_done": True}),
        ("busy=false", {"busy": False}),
        ("reset=after_headers", {"reset": "after_headers"}),
        ('reset={"after_frames": 2}', {"reset": {"after_frames": 2}}),
        ('status=503 detail="Come back, later"', {"status": 503, "detail": "Come back, later"}),
        ('{"status": 503, "body": [1]}', {"status": 503, "body": [1]}),
        ("detail=", {"detail": ""}),
        ("", {}),
    ],
)
def test_a_line_is_a_mapping(line: str, mapping: object) -> None:
    assert parse_line(line) == mapping


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("=3", "expected key=value at '=3'"),
        ("status=429 ?!", "expected key=value at ' ?!'"),
        ('detail="half', "no JSON at"),
        ("{not json}", "no JSON: "),
        ("{" * 100_000, "no JSON: "),
        ('{"a":' * 100_000, "no JSON: "),
        ("reset=" + "[" * 100_000, "no JSON at"),
    ],
)
def test_what_is_no_line_says_where(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason.replace('?', '[?]')}"):
        parse_line(line)


@given(st.dictionaries(KEY, JSON, min_size=1, max_size=3))
def test_a_mapping_that_is_spelled_is_read_again(mapping: dict[str, object]) -> None:
    assert parse_line(spell_line(mapping)) == mapping


@given(st.text())
def test_any_text_is_a_mapping_or_an_error(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse_line(text), dict)


def test_whole_seconds_have_no_decimals() -> None:
    assert spell_line({"retry_after": 2.0, "probability": 0.5}) == "retry_after=2 probability=0.5"
