"""Marks the fields of shapes whose values are secret: keys, tokens, passwords.

`http/redaction.py` hides the values of marked fields wherever a request or an answer is recorded.
"""

from dataclasses import dataclass
from typing import Annotated, Any

SECRET = "a secret"  # noqa: S105 - a mark, not a secret
"""Marks a field. All texts and numbers in its value are secret; the keys of objects are not."""

SecretText = Annotated[str, SECRET]
SecretTexts = dict[str, SecretText]
"""Secrets by their names, which are not secret."""


@dataclass(frozen=True)
class Holds:
    """Marks a type that does not show its shape: a value or a file has JSON of this shape."""

    shape: Any
