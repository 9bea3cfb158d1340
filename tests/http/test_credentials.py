"""Keys are read from their headers."""

import pytest

from mockletta.http.credentials import key_in


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
