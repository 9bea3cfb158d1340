"""Reads credentials from headers."""

from mockletta.wire.fields import TOKEN_PREFIX

BEARER = b"authorization"
PASSWORD = b"x-bare-password"
ADMIN_TOKEN = b"x-mockletta-admin-token"
SECRET_HEADERS = frozenset(
    {BEARER, PASSWORD, ADMIN_TOKEN, b"cookie", b"set-cookie", b"proxy-authorization", b"x-api-key"}
)
_SCHEMES = ("bearer ", "password ")
_SCHEME_OF = {BEARER: "bearer ", PASSWORD: "password "}


def key_in(value: bytes) -> str:
    """Return the key in a header: the text after the scheme."""
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
    """Return whether a key looks like a client-side access token."""
    return key.startswith(TOKEN_PREFIX)
