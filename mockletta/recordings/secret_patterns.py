"""What secrets look like: names of fields and headers that hold them, and their own forms."""

import re
from functools import lru_cache

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
FORMS = re.compile(
    r"""
      \b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}
    | \b[a-z]{2}-let-[A-Za-z0-9-]{8,}
    | \bAKIA[0-9A-Z]{12,}
    | \bAIza[0-9A-Za-z_-]{20,}
    | \bgh[pousr]_[A-Za-z0-9]{20,}
    | \bgithub_pat_[A-Za-z0-9_]{20,}
    | \bglpat-[A-Za-z0-9_-]{16,}
    | \bnpm_[A-Za-z0-9]{20,}
    | \bhf_[A-Za-z0-9]{20,}
    | \bxox[a-z]-[A-Za-z0-9-]{10,}
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*
    | (?<=[Bb]earer[ ])[A-Za-z0-9._~+/=-]{8,}
    | (?<=://)[^\s/:@"']+:([^\s/@"']+)(?=@)
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?-----END[ ][A-Z ]*PRIVATE[ ]KEY-----
    """,
    re.DOTALL | re.VERBOSE,
)
"""The forms of well-known credentials."""
QUERY_FIELD = re.compile(r"(?<![^&?\s])([^=&\s?]+)=([^&\s]*)")
FORM_FIELD = re.compile(
    r'(name="([^"\r\n]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)(.*?)(?=\r\n--)', re.DOTALL
)
JSON_FIELD = re.compile(r'("([^"\\]+)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")')


@lru_cache(4096)
def is_secret_name(name: str) -> bool:
    """Whether a field or a header of this name holds a secret."""
    plain = _CAMEL.sub("_", name).lower().replace("-", "_")
    return _FIELD.fullmatch(plain) is not None and _NO_SECRETS.fullmatch(plain) is None
