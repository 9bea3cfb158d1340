"""Secrets are hidden in what is recorded, whatever the shape of a body."""

import json
from typing import Annotated

import pytest
from pydantic import BaseModel

from mockletta.http.redaction import Redaction, hidden, redact_headers
from mockletta.wire.base import Body
from mockletta.wire.fields import Holds, SecretText, SecretTexts

MULTIPART = "multipart/form-data; boundary=X"
URL_ENCODED = "application/x-www-form-urlencoded"


class Safe(Body):
    code: SecretText | None = None
    others: SecretTexts = {}
    next: "Safe | None" = None


class House(Body):
    code: str
    safes: list[Safe] = []
    by_name: dict[str, Safe] = {}


class HouseForm(Body):
    plan: Annotated[str, Holds(House)]
    key: SecretText
    note: str = ""


def shown(body: object, *models: type[BaseModel]) -> object:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Redaction(models or (House,)).request(raw).decode()


@pytest.mark.parametrize(
    ("sent", "recorded"),
    [
        ({"code": "1234567"}, {"code": "1234567"}),
        ({"safes": [{"code": "1234567"}]}, {"safes": [{"code": "12…"}]}),
        ({"safes": {"code": "1234567"}}, {"safes": {"code": "12…"}}),
        ({"by_name": {"a": {"code": "1234567"}}}, {"by_name": {"a": {"code": "12…"}}}),
        (
            {"safes": [{"next": {"others": {"a": "1234567"}}}]},
            {"safes": [{"next": {"others": {"a": "12…"}}}]},
        ),
        (
            {"safes": [{"code": [123456, True, None, ""]}]},
            {"safes": [{"code": ["12…", True, None, ""]}]},
        ),
    ],
)
def test_only_secret_fields_are_hidden(sent: object, recorded: object) -> None:
    assert json.loads(str(shown(sent))) == recorded


@pytest.mark.parametrize(
    ("raw", "recorded"),
    [
        (b'{"safes": [{"code": "123', '{"'),
        (b'{"saf', '{"saf'),
        (b'{"c\\u006fde": "123"', '{"c'),
    ],
)
def test_a_body_that_is_not_json_is_cut_before_its_first_secret(raw: bytes, recorded: str) -> None:
    kept = str(shown(raw, Safe))

    assert kept.startswith(recorded)
    assert "123" not in kept


def test_an_answer_is_without_its_secrets_and_those_of_its_request() -> None:
    redaction = Redaction((House,), (Safe,))
    request = b'{"safes": [{"code": "12"}, {"code": "longer-one"}]}'
    answer = {"code": "abcdefgh", "input": ["12", 12, 120, None], "msg": "bad: longer-one"}

    recorded = redaction.response(json.dumps(answer).encode(), request)

    said = {"code": "ab…", "input": ["…", "…", 120, None], "msg": "bad: lon…"}
    assert json.loads(recorded) == said
    assert redaction.response(b"bad: longer-one", request).decode() == "bad: lon…"
    assert redaction.response(b'{"a": "12"}') == b'{"a": "12"}'


def test_client_side_tokens_are_hidden_in_every_answer() -> None:
    assert Redaction().response(b'"ct-let-0123-4567"').decode() == '"ct-l…"'


def multipart(**fields: str) -> bytes:
    parts = (
        f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return ("".join(parts) + "--X--\r\n").encode()


def test_secrets_in_a_form_are_hidden_also_in_its_files() -> None:
    plan = json.dumps({"safes": [{"code": "1234567"}]})
    hidden_plan = json.dumps({"safes": [{"code": "12…"}]}, ensure_ascii=False)
    redaction = Redaction((HouseForm,), (Safe,))
    sent = multipart(plan=plan, key="abcdefghi", note="a note")

    recorded = redaction.request(sent, MULTIPART)

    assert recorded == multipart(plan=hidden_plan, key="abc…", note="a note")
    assert redaction.response(b'["abcdefghi"]', sent, MULTIPART).decode() == '["abc…"]'


def test_a_form_of_another_kind_is_recorded_without_its_secrets() -> None:
    redaction = Redaction((HouseForm,))

    assert redaction.request(b"key=abcdefghi&note=a", URL_ENCODED) == b"key=abc%E2%80%A6&note=a"
    assert redaction.request(b"key=abcdefghi", MULTIPART).decode() == "…"
    assert redaction.request(multipart(key="a\0bcdefghi"), MULTIPART).decode() == "…"
    assert Redaction((Body,)).request(b"key=abcdefghi", URL_ENCODED) == b"key=abcdefghi"


@pytest.mark.parametrize(
    ("key", "shown"), [("sk-let-1234567890", "sk-l…"), ("secret", "se…"), ("ab", "…"), ("", "")]
)
def test_only_the_beginning_of_a_key_is_shown(key: str, shown: str) -> None:
    assert hidden(key) == shown


def test_headers_with_credentials_are_hidden_and_others_are_not() -> None:
    headers = [
        (b"authorization", b"Bearer 123456"),
        (b"cookie", b"a=123456"),
        (b"x-mockletta-admin-token", b"123456"),
        (b"x", b"123456"),
    ]

    assert redact_headers(headers) == [
        (b"authorization", b"12..."),
        (b"cookie", b"a=..."),
        (b"x-mockletta-admin-token", b"12..."),
        (b"x", b"123456"),
    ]


def test_what_no_shape_declares_is_known_by_its_name_or_its_form() -> None:
    sent = {"config": {"apiKey": "abcdefghi"}, "note": "use sk-proj-0123456789abcdef", "n": 1}
    recorded = {"config": {"apiKey": "abc…"}, "note": "use sk-p…", "n": 1}
    assert json.loads(str(shown(sent))) == recorded
    events = f"data: {json.dumps(sent)}\n\n".encode()
    assert str(shown(events)) == f"data: {json.dumps(recorded, ensure_ascii=False)}\n\n"


def test_an_environment_is_secret_and_its_name_is_not() -> None:
    sent = {"metadata": {"env": "production"}, "config": {"env": {"A": "abcdefghi"}}}
    recorded = {"metadata": {"env": "production"}, "config": {"env": {"A": "abc…"}}}
    assert json.loads(str(shown(sent))) == recorded


def test_json_in_another_encoding_is_searched_too() -> None:
    sent = json.dumps({"safes": [{"code": "1234567"}]}).encode("utf-16")
    assert json.loads(str(shown(sent))) == {"safes": [{"code": "12…"}]}


def test_a_form_without_a_shape_is_known_by_its_names() -> None:
    assert (
        Redaction().request(b"a=1&password=abcdefghi", URL_ENCODED) == "a=1&password=abc…".encode()
    )
    assert Redaction().request(b"\xff\xfe", MULTIPART) == b"\xff\xfe"


def test_a_header_is_known_by_its_name() -> None:
    assert redact_headers([(b"x-auth-token", b"abcdefghi")]) == [(b"x-auth-token", b"abc...")]
