"""Reads credentials from headers, and hides them wherever a request is shown."""

import re
from functools import lru_cache

from mockletta.http.rendering import Headers
from mockletta.wire.id_patterns import TOKEN_PREFIX

BEARER = b"authorization"
PASSWORD = b"x-bare-password"
ADMIN_TOKEN = b"x-mockletta-admin-token"
SECRET = frozenset({BEARER, PASSWORD, ADMIN_TOKEN, b"cookie", b"proxy-authorization", b"x-api-key"})
_SCHEMES = ("bearer ", "password ")
_SCHEME_OF = {BEARER: "bearer ", PASSWORD: "password "}
_SHOWN = 4
_TOKEN = re.compile(re.escape(TOKEN_PREFIX) + "[0-9a-f-]+")
_TOKEN_BYTES = re.compile(_TOKEN.pattern.encode())


def key_in(value: bytes) -> str:
    """Return the key in a header: what follows the scheme."""
    text = value.decode("latin-1").strip()
    for scheme in _SCHEMES:
        if text.lower().startswith(scheme):
            return text[len(scheme) :].strip()
    return text


def proper_key_in(name: bytes, value: bytes) -> str:
    """Return the key in a header if it has the right scheme, else an empty text."""
    text, scheme = value.decode("latin-1").strip(), _SCHEME_OF[name]
    return text[len(scheme) :].strip() if text.lower().startswith(scheme) else ""


def is_token(key: str) -> bool:
    """Whether a key looks like a client-side access token."""
    return key.startswith(TOKEN_PREFIX)


def without_tokens(text: str) -> str:
    """Hide the client-side access tokens in a text."""
    return _TOKEN.sub(lambda found: hidden(found[0]), text)


def body_without_tokens(body: bytes) -> bytes:
    """Hide the client-side access tokens in a JSON body."""
    return _TOKEN_BYTES.sub(lambda found: hidden(found[0].decode()).encode(), body)


def hidden(key: str) -> str:
    """Shorten a key to its first characters, at most a third of it.

    >>> hidden("sk-let-1234567890")
    'sk-l…'
    """
    return f"{key[: min(_SHOWN, len(key) // 3)]}…" if key else ""


def without_secrets(headers: Headers) -> Headers:
    """Hide the credentials in headers."""
    return [pair if pair[0] not in SECRET else _hidden_pair(pair) for pair in headers]


@lru_cache(256)
def _hidden_pair(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    return pair[0], hidden(key_in(pair[1])).replace("…", "...").encode("latin-1")
