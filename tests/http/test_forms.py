"""From a form's bytes to its texts and files; the bounds are those of the framework."""

import pytest

from mockletta.errors import BadRequest
from mockletta.http.forms import LONGEST_FIELD, MOST_FIELDS, form_document, parse_form
from mockletta.wire.folders import Upload

MULTIPART = "multipart/form-data; boundary=b"
URL_ENCODED = "application/x-www-form-urlencoded"


def part(disposition: str, content: bytes, *headers: str) -> bytes:
    head = "\r\n".join([f"Content-Disposition: form-data; {disposition}", *headers])
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def multipart(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--b--\r\n"


def refusal(raw: bytes, content_type: str = MULTIPART) -> object:
    with pytest.raises(BadRequest) as refused:
        parse_form(raw, content_type)
    return refused.value.body


def test_a_form_has_texts_and_files_by_name() -> None:
    raw = multipart(
        part('name="note"', "grün".encode()),
        part('name="file"; filename="a.md"', b"# \n--b \0", "Content-Type: text/markdown"),
        part('name="file"; filename="b"', b""),
    )

    assert parse_form(raw, MULTIPART) == [
        ("note", "grün"),
        ("file", Upload("a.md", "text/markdown", b"# \n--b \0")),
        ("file", Upload("b", None, b"")),
    ]


def test_the_type_can_be_spelled_in_other_ways() -> None:
    raw = multipart(part("name=note", b"x"))

    assert parse_form(raw, 'Multipart/Form-Data; charset=utf-8; boundary="b"') == [("note", "x")]


def test_texts_that_are_not_utf_8_are_read_as_latin_1_and_lose_their_nuls() -> None:
    raw = multipart(part('name="note"', b"gr\xfcn\0"))

    assert parse_form(raw, MULTIPART) == [("note", "grün")]


def test_a_form_can_come_as_a_query_string() -> None:
    assert parse_form(b"a=1&a=gr%C3%BCn&b=&c=%FC", URL_ENCODED) == [
        ("a", "1"),
        ("a", "grün"),
        ("b", ""),
        ("c", "ü"),
    ]


@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
def test_what_is_no_form_has_no_fields(content_type: str | None) -> None:
    assert parse_form(b'{"file": "x"}', content_type) == []


def test_a_form_without_a_boundary_is_refused() -> None:
    assert refusal(b"--b--", "multipart/form-data") == {"detail": "Missing boundary in multipart."}


@pytest.mark.parametrize("raw", [b"nothing of the kind", b"--b\r\nno header\r\n\r\n"])
def test_a_malformed_form_is_refused(raw: bytes) -> None:
    assert refusal(raw) == {"detail": "Invalid multipart data."}


def test_a_boundary_that_is_too_long_is_refused() -> None:
    content_type = f"multipart/form-data; boundary={'b' * 300}"

    assert refusal(b"", content_type) == {"detail": "Invalid multipart data."}


@pytest.mark.parametrize("raw", [b"", part('name="note"', b"x"), b"--b\r\nContent-Dis"])
def test_a_form_that_breaks_off_is_refused(raw: bytes) -> None:
    assert refusal(raw) == {"detail": "Multipart data ends before its closing boundary."}


def test_a_part_without_a_name_is_refused() -> None:
    assert refusal(multipart(part('filename="x"', b""))) == {
        "detail": 'The Content-Disposition header field "name" must be provided.'
    }


def test_a_text_has_a_bound_and_a_file_has_none() -> None:
    long = b"x" * (LONGEST_FIELD + 1)

    assert refusal(multipart(part('name="note"', long))) == {
        "detail": "Part exceeded maximum size of 1024KB."
    }
    assert parse_form(multipart(part('name="f"; filename="f"', long)), MULTIPART) == [
        ("f", Upload("f", None, long))
    ]


def test_a_form_has_a_bound_of_fields() -> None:
    too_many = {"detail": "Too many fields. Maximum number of fields is 1000."}
    pieces = [part('name="note"', b"x")] * (MOST_FIELDS + 1)

    assert refusal(multipart(*pieces)) == too_many
    assert refusal(b"&".join([b"a=1"] * (MOST_FIELDS + 1)), URL_ENCODED) == too_many


def test_a_form_is_shown_as_json() -> None:
    raw = multipart(
        part("name=note", b"x"),
        part('name=file; filename="a"', b"\xff!", "Content-Type: text/plain"),
    )

    assert form_document(raw, MULTIPART) == {
        "note": "x",
        "file": {"filename": "a", "content_type": "text/plain", "size": 2, "content": "\ufffd!"},
    }


@pytest.mark.parametrize("content_type", [MULTIPART, "text/plain"])
def test_what_is_no_form_is_shown_as_text(content_type: str) -> None:
    assert form_document(b"text", content_type) == "text"
