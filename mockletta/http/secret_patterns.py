"""What secrets look like: names of fields and headers that hold them, and their own forms."""

import re
from collections.abc import Callable
from functools import lru_cache, partial

LEAST_DISTINCT = 8
"""The characters of a secret that is replaced wherever it occurs. A shorter one is replaced only
where its field shows that it is one."""
_FIELD = re.compile(
    r"(?:.*_)?(?:api_?key|access_?key|secret_?key|private_?key|signing_?key|secrets?|token"
    r"|password|passwd|passphrase|authorization|cookies?|credentials?|env|custom_headers"
    r"|environment_variables|bare_password)(?:_enc)?"
)
_NO_SECRETS = re.compile(r"(?:next|prev|page|after|before|eos|bos|stop)_token|credentials_included")
_CAMEL = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_FORMS = (
    (("sk-", "sk_", "pk-", "pk_", "rk-", "rk_"), r"\b[spr]k[-_][A-Za-z0-9_-]{12,}"),
    (("-let-",), r"\b[a-z]{2}-let-[A-Za-z0-9-]{8,}"),
    (("AKIA",), r"\bAKIA[0-9A-Z]{12,}"),
    (("AIza",), r"\bAIza[0-9A-Za-z_-]{20,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{20,}"),
    (("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{20,}"),
    (("glpat-",), r"\bglpat-[A-Za-z0-9_-]{16,}"),
    (("npm_",), r"\bnpm_[A-Za-z0-9]{20,}"),
    (("hf_",), r"\bhf_[A-Za-z0-9]{20,}"),
    (("xox",), r"\bxox[a-z]-[A-Za-z0-9-]{10,}"),
    (("eyJ",), r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    (("Bearer ", "bearer "), r"[Bb]earer ([A-Za-z0-9._~+/=-]{8,})"),
    (("://",), r"""://[^\s/:@"']+:([^\s/@"']+)(?=@)"""),
    (
        ("-----BEGIN ",),
        r"(?s:-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----)",
    ),
)
"""The forms of well-known credentials, each with texts of which it has one."""
_QUERY_FIELD = re.compile(r"((?<![^&?\s])([^=&\s?]+)=)([^&\s]*)")
_FORM_FIELD = re.compile(
    r'(name="([^"\r\n]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)(.*?)(?=\r\n--)', re.DOTALL
)
_JSON_FIELD = re.compile(r'("([^"\\]+)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")')


@lru_cache(4096)
def is_secret_name(name: str) -> bool:
    """Whether a field or a header of this name holds a secret."""
    plain = _CAMEL.sub("_", name).lower().replace("-", "_")
    return _FIELD.fullmatch(plain) is not None and _NO_SECRETS.fullmatch(plain) is None


def redact_text(text: str, stand_in: Callable[[str], str]) -> str:
    """Replace the secrets in a text: those of a known form, and the secret fields of JSON in it."""
    if '"' in text:
        text = _JSON_FIELD.sub(partial(_redact_field, stand_in), text)
    for marks, form in _FORMS:
        if any(mark in text for mark in marks):
            text = re.sub(form, partial(redact_match, stand_in), text)
    return text


def redact_form(text: str, stand_in: Callable[[str], str]) -> str:
    """Replace the secret fields of a multipart body, and of a query or a body that is one."""
    text = _FORM_FIELD.sub(partial(_redact_field, stand_in), text)
    return text if "\n" in text else redact_query(text, stand_in)


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
