"""The forms of secrets: names of fields and headers that hold them, and well-known credentials."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial

LEAST_DISTINCT = 8
"""The length of a secret that is replaced wherever it occurs. A shorter one is replaced only in its
own field."""
_FIELD = re.compile(
    r"(?:.*_)?(?:api_?key|access_?key|secret_?key|private_?key|signing_?key|secrets?|token"
    r"|password|passwd|passphrase|authorization|cookies?|credentials?|custom_headers"
    r"|environment_variables|bare_password)(?:_enc)?"
)
_NO_SECRETS = re.compile(r"(?:next|prev|page|after|before|eos|bos|stop)_token|credentials_included")
_CAMEL = re.compile("(?<=[a-z0-9])(?=[A-Z])")
LET, LET_PREFIX = "-let-", 2
_START = r"(?:\b|(?<=\\[bfnrt]))"
"""The start of a word, also after an escaped character of JSON."""
_ALONE = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[bfnrt]))"
"""The start of a run of letters. A form that can fail after many of them looks nowhere else for its
start, so that each run is read once."""
_BEGIN = "-----BEGIN [A-Z ]*PRIVATE KEY-----"
_FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sk-", "sk_", "pk-", "pk_", "rk-", "rk_"), _START + r"[spr]k[-_][A-Za-z0-9_-]{12,}"),
    ((LET,), _START + r"[a-z]{2}-let-[A-Za-z0-9-]{8,}"),
    (("AKIA",), _START + r"AKIA[0-9A-Z]{12,}"),
    (("AIza",), _START + r"AIza[0-9A-Za-z_-]{20,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), _START + r"gh[pousr]_[A-Za-z0-9]{20,}"),
    (("github_pat_",), _START + r"github_pat_[A-Za-z0-9_]{20,}"),
    (("glpat-",), _START + r"glpat-[A-Za-z0-9_-]{16,}"),
    (("npm_",), _START + r"npm_[A-Za-z0-9]{20,}"),
    (("hf_",), _START + r"hf_[A-Za-z0-9]{20,}"),
    (("xox",), _START + r"xox[a-z]-[A-Za-z0-9-]{10,}"),
    (("eyJ",), _ALONE + r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    (("Bearer ", "bearer "), r"[Bb]earer ([A-Za-z0-9._~+/=-]{8,})"),
    (("://",), r"""://[^\s/:@"']+:([^\s/@"']+)(?=@)"""),
    (
        ("-----BEGIN ",),
        _BEGIN + r"(?:(?!-----BEGIN )[\s\S])*?-----END [A-Z ]*PRIVATE KEY-----",
    ),
)
"""The forms of well-known credentials, each with its possible beginnings. Few texts have one, so a
form is compiled with the first beginning that is found."""
_compiled = cache(re.compile)
_QUERY_FIELD = re.compile(r"((?<![^&?\s])([^=&\s?]+)=)([^&\s]*)")
_FORM_NAME = re.compile(r'name="([^"\r\n]+)"')
_FORM_BOUNDARY, _FORM_VALUE = "\r\n--", "\r\n\r\n"
_JSON_FIELD = re.compile(r'("([^"\\]+)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")')


@lru_cache(4096)
def is_secret_name(name: str) -> bool:
    """Return whether a field or a header of this name holds a secret."""
    plain = _CAMEL.sub("_", name).lower().replace("-", "_")
    return _FIELD.fullmatch(plain) is not None and _NO_SECRETS.fullmatch(plain) is None


def is_secret_field(name: str, value: object) -> bool:
    """Return whether a field of JSON holds a secret. `env` does if it has variables."""
    return is_secret_name(name) or (name == "env" and isinstance(value, dict | list))


def holds_secret(value: object) -> bool:
    """Return whether JSON has a field that holds a secret and is not empty."""
    if isinstance(value, dict):
        return any(
            is_secret_field(name, inside) or holds_secret(inside)
            for name, inside in value.items()
            if inside
        )
    return isinstance(value, list) and any(holds_secret(one) for one in value if one)


def may_hold_secrets(text: str) -> bool:
    """Return whether the texts in a JSON document must be searched. Escaped quotes can be JSON."""
    is_escaped = any(mark in text for mark in ('\\"', "\\u", "\\/"))
    return is_escaped or any(True for _ in _forms_in(text))


def redact_text(text: str, stand_in: Callable[[str], str]) -> str:
    """Replace the secrets in a text: credentials of a known form, and the secret fields of JSON in
    it."""
    if '"' in text:
        text = _JSON_FIELD.sub(partial(_redact_field, stand_in), text)
    for form in _forms_in(text):
        text = form.sub(partial(redact_match, stand_in), text)
    return text


def _forms_in(text: str) -> Iterator[re.Pattern[str]]:
    """Return the forms of which a text has a credential. Their first letters are searched for
    first, which is fast."""
    for marks, form in _FORMS:
        if any(_begins(form, text, mark) for mark in marks if mark in text):
            yield _compiled(form)


def _begins(form: str, text: str, mark: str) -> bool:
    before = LET_PREFIX if mark == LET else 0
    place = text.find(mark)
    while place >= 0:
        if _compiled(form).match(text, max(place - before, 0)):
            return True
        place = text.find(mark, place + 1)
    return False


def redact_form(text: str, stand_in: Callable[[str], str]) -> str:
    """Replace the secret fields of a multipart body, of a query, or of a body that is a query."""
    text = _FORM_BOUNDARY.join(_redact_part(stand_in, one) for one in text.split(_FORM_BOUNDARY))
    return text if "\n" in text else redact_query(text, stand_in)


def _redact_part(stand_in: Callable[[str], str], part: str) -> str:
    head, _, secret = part.partition(_FORM_VALUE)
    name = _FORM_NAME.search(head)
    is_secret = name is not None and secret and is_secret_name(name[1])
    return f"{head}{_FORM_VALUE}{stand_in(secret)}" if is_secret else part


def redact_query(text: str, stand_in: Callable[[str], str]) -> str:
    """Replace the secret fields of a query."""
    return _QUERY_FIELD.sub(partial(_redact_field, stand_in), text) if "=" in text else text


def redact_match(stand_in: Callable[[str], str], found: re.Match[str]) -> str:
    """Replace the last group of a match, or all of it."""
    secret = found[found.lastindex or 0]
    return found[0].replace(secret, stand_in(secret)) if secret else found[0]


def _redact_field(stand_in: Callable[[str], str], found: re.Match[str]) -> str:
    start, name, secret = found.groups()
    return f"{start}{stand_in(secret)}" if secret and is_secret_name(name) else found[0]
