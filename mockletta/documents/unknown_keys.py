"""Strict models for files: an unknown key is an error with a suggestion."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from mockletta.documents.hints import hint

UNKNOWN_KEY = "unknown_key"


class StrictKeys(BaseModel):
    """Refuses unknown keys, and suggests a known one."""

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
    """An immutable value of a file, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def unknown_key(key: object, known: Iterable[str]) -> PydanticCustomError:
    """Return the error for an unknown key; `at` in its context is the key."""
    return PydanticCustomError(
        UNKNOWN_KEY,
        "unknown key `{at}`{hint}",
        {"at": str(key), "hint": hint(str(key), known)},
    )
