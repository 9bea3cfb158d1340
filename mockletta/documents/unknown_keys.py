"""Files a test author writes are read strictly: an unknown key is an error that says what was
meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

UNKNOWN_KEY = "unknown_key"


class StrictKeys(BaseModel):
    """Refuses keys it does not know, and suggests one that it does."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys_only(cls, value: object) -> object:
        if isinstance(value, Mapping):
            known = {field.alias or name for name, field in cls.model_fields.items()}
            for key in value:
                if key not in known and key not in cls.model_fields:
                    raise unknown_key(key, known)
        return value


class Strict(StrictKeys):
    """A value of a file: it has no other keys, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def unknown_key(key: object, known: Iterable[str]) -> PydanticCustomError:
    """The error for a key of a mapping; `at` in its context is that key."""
    return PydanticCustomError(
        UNKNOWN_KEY,
        "unknown key `{at}`{hint}",
        {"at": str(key), "hint": hint(str(key), known)},
    )


def hint(word: str, known: Iterable[str]) -> str:
    """What may have been meant by a misspelled word, or all that could have been.

    >>> hint("rate_limt", ["rate_limit", "timeout"])
    '; did you mean `rate_limit`?'
    """
    choices = sorted(known)
    close = get_close_matches(word, choices, n=1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; expected {one_of(choices)}"


def one_of(choices: Iterable[str]) -> str:
    """A choice as a sentence has it: `a`, `b` or `c`."""
    *most, last = [f"`{choice}`" for choice in choices]
    return f"{', '.join(most)} or {last}" if most else last
