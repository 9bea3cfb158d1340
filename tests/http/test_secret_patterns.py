"""Secrets in texts and forms: found, and searched for in linear time."""

import pytest

from mockletta.http.secret_patterns import redact_form, redact_text

PEM = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def hide(_: str) -> str:
    return "***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"a {TOKEN} b", "a *** b"),
        (f"a\\n{TOKEN}", "a\\n***"),
        (f"-----BEGIN PRIVATE KEY-----\n{PEM} {PEM}", "-----BEGIN PRIVATE KEY-----\n*** ***"),
    ],
)
def test_a_credential_is_hidden(text: str, shown: str) -> None:
    assert redact_text(text, hide) == shown


def test_a_secret_field_of_a_form_is_hidden_also_if_the_form_is_cut() -> None:
    head = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
    form = f"{head.format('api_key')}one\r\n{head.format('name')}two\r\n{head.format('token')}thr"

    assert redact_form(form, hide) == form.replace("one", "***").replace("thr", "***")


@pytest.mark.parametrize(
    "unit", ["-eyJ", "-----BEGIN PRIVATE KEY-----", '"a":"', "://a:b", 'name="a"\r\n', 'name="a"']
)
def test_a_text_is_searched_in_linear_time(unit: str) -> None:
    text = unit * (500_000 // len(unit))

    assert redact_text(text, hide) == redact_form(text, hide) == text
