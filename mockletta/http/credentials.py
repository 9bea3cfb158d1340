"""Credentials: read from a request's headers, and hidden wherever the request is shown."""

from functools import lru_cache

from mockletta.journal.entries import Headers

BEARER = b"authorization"
PASSWORD = b"x-bare-password"
_SECRET = frozenset({BEARER, PASSWORD, b"cookie", b"proxy-authorization", b"x-api-key"})
_SCHEMES = ("bearer ", "password ")
_SHOWN = 4


def key_in(value: bytes) -> str:
    """The key in a credential's header: what follows the scheme."""
    text = value.decode("latin-1").strip()
    for scheme in _SCHEMES:
        if text.lower().startswith(scheme):
            return text[len(scheme) :].strip()
    return text


def hidden(key: str) -> str:
    """A key as it may be shown: its first characters at most, and never more than a third.

    >>> hidden("sk-let-1234567890")
    'sk-l…'
    """
    return f"{key[: min(_SHOWN, len(key) // 3)]}…" if key else ""


def without_secrets(headers: Headers) -> Headers:
    """Headers with their credentials hidden."""
    return [
        (name, _hidden_value(value)) if name in _SECRET else (name, value)
        for name, value in headers
    ]


@lru_cache(256)
def _hidden_value(value: bytes) -> bytes:
    return hidden(key_in(value)).encode()
