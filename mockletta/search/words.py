"""The words of a text, as all searches count them."""

import re

_WORD = re.compile(r"[^\W_]+")
_PLURAL = 4


def words_of(text: str) -> list[str]:
    """A text's words in lower case, without the s of a plural; `snake_case` is two."""
    found = _WORD.findall(text.casefold())
    return [word[:-1] if len(word) >= _PLURAL and word.endswith("s") else word for word in found]
