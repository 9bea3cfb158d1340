"""Credentials: read from a request's headers, and hidden wherever the request is shown."""

from functools import lru_cache

from mockletta.journal.entries import Headers

BEARER = b"authorization"
PASSWORD = b"x-bare-password"
ADMIN_TOKEN = b"x-mockletta-admin-token"
SECRET = frozenset({BEARER, PASSWORD, ADMIN_TOKEN, b"cookie", b"proxy-authorization", b"x-api-key"})
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
    return [pair if pair[0] not in SECRET else _hidden_pair(pair) for pair in headers]


@lru_cache(256)
def _hidden_pair(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    return pair[0], hidden(key_in(pair[1])).replace("…", "...").encode("latin-1")
