"""From a body's bytes to its value, with the recorded answers to what is not JSON [41]."""

import json

import pytest

from mockletta.errors import ApiError, BadRequest, Invalid
from mockletta.http.bodies import MOST_VALUES, is_json, parse_body

JSON = "application/json"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/vnd.api+json",
    ],
)
def test_json_is_told_by_the_content_type(content_type: str | None) -> None:
    assert parse_body(b'{"label": "x"}', content_type) == {"label": "x"}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "text/vnd.api+json", ""]
)
def test_a_body_of_another_type_stays_bytes(content_type: str) -> None:
    assert parse_body(b'{"label": "x"}', content_type) == b'{"label": "x"}'


@pytest.mark.parametrize("content_type", [JSON, "text/plain", None])
def test_an_empty_body_is_none(content_type: str | None) -> None:
    assert parse_body(b"", content_type) is None


def test_text_that_is_not_ascii_stays_as_it_is() -> None:
    assert parse_body('"grün 🎈"'.encode(), JSON) == "grün 🎈"


def test_nul_characters_are_left_out_wherever_they_are() -> None:
    raw = rb'{"a\u0000b": ["c\u0000", {"d": "\u0000e"}, 1, null, true]}'

    assert parse_body(raw, JSON) == {"ab": ["c", {"d": "e"}, 1, None, True]}


def test_other_escapes_are_read() -> None:
    assert parse_body(rb'"\u00e9 \ud83c\udf88"', JSON) == "é 🎈"


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        (b"{bad", 1, "Expecting property name enclosed in double quotes"),
        (b'{"label": "x", ', 15, "Expecting property name enclosed in double quotes"),
        (b'{"a": 1} x', 9, "Extra data"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(raw: bytes, place: int, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_body(raw, JSON)

    assert refused.value.body == {
        "trace_id": "",
        "detail": f"[{{'type': 'json_invalid', 'loc': ('body', {place}), "
        f"'msg': 'JSON decode error', 'input': {{}}, 'ctx': {{'error': '{message}'}}}}]",
    }


@pytest.mark.parametrize(
    "raw",
    [
        b'{"label": "\xff"}',
        b"[" * 100_000,
        rb'"\ud800"',
        rb'{"\udc00": 1}',
        b"1" * 5_000,
    ],
    ids=["not utf-8", "too deep", "lone surrogate", "surrogate key", "too many digits"],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_body(raw, JSON)

    assert as_sent(refused.value) == (400, {"detail": "There was an error parsing the body"})


def as_sent(error: ApiError) -> tuple[int, dict[str, object]]:
    return error.status, error.body


def test_very_many_values_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(BadRequest, match="The body has more than 100000 values"):
        parse_body(b'{"tags":[' + b"1," * MOST_VALUES, None)


def test_commas_within_a_text_are_no_values() -> None:
    text = r"a\",[{" * MOST_VALUES

    assert parse_body(json.dumps({"value": text}).encode(), None) == {"value": text}


@pytest.mark.parametrize("end", [b"", b"\\", b'"', b'"}'])
def test_a_text_full_of_escaped_quotes_is_read_in_linear_time(end: bytes) -> None:
    body = b'{"a":"' + b'\\",' * 3 * MOST_VALUES + end

    if end == b'"}':
        assert parse_body(body, None) == {"a": '",' * 3 * MOST_VALUES}
    else:
        with pytest.raises(Invalid):
            parse_body(body, None)


def test_a_body_without_a_content_type_is_json() -> None:
    is_json.cache_clear()
    assert [is_json(one) for one in (None, "application/x+json", "text/plain")] == [
        True,
        True,
        False,
    ]
