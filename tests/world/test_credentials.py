"""Keys are read from their headers, and never shown in full."""

import pytest

from mockletta.world.credentials import hidden, key_in, without_secrets


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (b"Bearer sk-1", "sk-1"),
        (b"bearer  sk-1 ", "sk-1"),
        (b"password sk-1", "sk-1"),
        (b"sk-1", "sk-1"),
        (b"", ""),
    ],
)
def test_a_key_is_what_follows_the_scheme(value: bytes, key: str) -> None:
    assert key_in(value) == key


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

    assert without_secrets(headers) == [
        (b"authorization", b"12..."),
        (b"cookie", b"a=..."),
        (b"x-mockletta-admin-token", b"12..."),
        (b"x", b"123456"),
    ]
