"""Parses faults. Errors say what was expected.

The kinds are the files in `kinds/`. A file is only loaded if a fault of its kind is parsed.
"""

import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from mockletta.documents.hints import Operations, hint, one_of, shown, unknown_operation
from mockletta.errors import BadSettings
from mockletta.faults import kinds
from mockletta.faults.fault import PLANNING, Fault
from mockletta.faults.one_line import parse_line

_MOST_SHOWN = 80


class BadFault(BadSettings):
    """An invalid fault. The message says which key is wrong and what was expected."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


def parse_fault(raw: object) -> Fault:
    """Parse a fault of one response, from a header or a rule: a mapping or a line. Raises BadFault
    if it is invalid, or if it says which requests it applies to."""
    if isinstance(raw, Fault):
        return raw
    mapping = as_mapping(raw)
    for key in mapping:
        if key in PLANNING:
            raise BadFault(_shown(key), "only a planned fault can say to which requests it applies")
    return _parsed(mapping)


def parse_planned(raw: object, operations: Operations | None = None) -> Fault:
    """Parse a planned fault. Raises BadFault if it is invalid. The operations it is `on` are
    checked if `operations` are given."""
    fault = raw if isinstance(raw, Fault) else _parsed(as_mapping(raw))
    if not fault.operations:
        raise BadFault("on", f"missing; expected {_expected(type(fault), 'on')}")
    if operations is not None:
        for pattern in fault.operations:
            _check_operation(pattern, operations)
    return fault


def planned_of(
    on: object, fault: object, keys: Mapping[str, object], operations: Operations | None
) -> Fault:
    """Parse a planned fault from operations and a fault, or from one mapping of both."""
    if isinstance(on, Fault):
        return parse_planned(on, operations)
    if isinstance(on, Mapping):
        return parse_planned({**on, **keys}, operations)
    if isinstance(on, Iterable) and not isinstance(on, str):
        on = list(on)
    spelled: dict[object, object] = {"on": on}
    spelled.update({} if fault is None else as_mapping(fault))
    spelled.update(keys)
    return parse_planned(spelled, operations)


@cache
def kind_names() -> tuple[str, ...]:
    """Return the keys that name a kind."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(kinds.__path__)))


def kind(name: str) -> type[Fault]:
    """Return the class of a kind: `NoDoneFault` for `no_done`."""
    module = import_module(f"{kinds.__name__}.{name}")
    found: type[Fault] = getattr(module, f"{name.title().replace('_', '')}Fault")
    return found


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a planned fault."""
    any_fault: Any = reduce(or_, map(kind, kind_names()))
    return TypeAdapter(any_fault).json_schema()


def as_mapping(raw: object) -> Mapping[object, object]:
    """Return a mapping from a mapping or a line. Raises BadFault for anything else."""
    if isinstance(raw, str):
        try:
            raw = parse_line(raw)
        except ValueError as error:
            raise BadFault(
                "", f"{error}; expected a line such as status=429 retry_after=2"
            ) from None
    if not isinstance(raw, Mapping):
        raise BadFault("", f"expected a mapping such as {{status: 429}}, received {shown(raw)}")
    return raw


def _check_operation(pattern: str, operations: Operations) -> None:
    why = unknown_operation(pattern, operations)
    if why is not None:
        raise BadFault("on", why)


def _parsed(mapping: Mapping[object, object]) -> Fault:
    name = _kind_of(mapping)
    model = kind(name)
    for key in mapping:
        if key not in model.model_fields:
            raise BadFault(_shown(key), f"unknown key{hint(_shown(key), model.model_fields)}")
    try:
        return model.model_validate(dict(mapping))
    except ValidationError as error:
        raise _bad(name, model, error.errors(include_url=False)[0]) from None


def _kind_of(mapping: Mapping[object, object]) -> str:
    """Return the one key that names a kind."""
    found = [name for name in kind_names() if name in mapping]
    if len(found) == 1:
        return found[0]
    if found:
        both = " and ".join(f"`{name}`" for name in mapping if name in found)
        raise BadFault("", f"expected one thing to go wrong, received {both}")
    unknown = [_shown(key) for key in mapping if key not in PLANNING]
    if unknown:
        raise BadFault(unknown[0], f"unknown fault{hint(unknown[0], kind_names())}")
    raise BadFault("", f"nothing goes wrong; expected {one_of(kind_names())}")


def _bad(kind_name: str, model: type[Fault], error: ErrorDetails) -> BadFault:
    if not error["loc"]:
        return BadFault(kind_name, error["msg"].removeprefix("Value error, "))
    name = str(error["loc"][0])
    place = ".".join(_shown(step) for step in error["loc"]) if name == "where" else name
    if error["type"] == "extra_forbidden":
        return BadFault(place, f"unknown key; expected {_expected(model, name)}")
    received = error["input"]
    return BadFault(place, f"expected {_expected(model, name)}, received {shown(received)}")


def _expected(model: type[Fault], name: str) -> str:
    return str(model.model_fields[name].description)


def _shown(key: object) -> str:
    """Show a key without quotes."""
    return key[:_MOST_SHOWN] if isinstance(key, str) else shown(key)
