"""The entry of a seed file that makes a row anew."""

from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter

Entry: TypeAlias = dict[str, Any]
_JSON: TypeAdapter[object] = TypeAdapter(object)
NOTHING: tuple[object, ...] = (None, [], {}, ())


def entry_of(shape: type[BaseModel], row: object, **special: object) -> Entry:
    """Return the fields of a row that differ from what a shape has without them, the id first.
    `special` values take the place of the row's."""
    entry: Entry = {}
    for name in ("id", *(name for name in shape.model_fields if name != "id")):
        field = shape.model_fields[name]
        value = special[name] if name in special else getattr(row, name, None)
        if value in NOTHING or value == field.get_default(call_default_factory=False):
            continue
        entry[name] = _JSON.dump_python(value, mode="json")
    return entry
