"""From what a test author wrote to a fault, or to an error that says what was expected."""

import reprlib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from mockletta.errors import BadSettings
from mockletta.faults.kinds import (
    PLANNING,
    BusyFault,
    DelayFault,
    DuplicateFault,
    ErrorEventFault,
    ExpiredRunFault,
    Fault,
    MalformedFault,
    MissingFault,
    ModelFault,
    NoDoneFault,
    ReorderFault,
    ResetFault,
    SlowFault,
    StallFault,
    StatusFault,
    TruncateFault,
)
from mockletta.faults.one_line import parse_line

AnyFault = (
    StatusFault
    | ModelFault
    | ErrorEventFault
    | ResetFault
    | StallFault
    | DelayFault
    | SlowFault
    | TruncateFault
    | DuplicateFault
    | ReorderFault
    | MalformedFault
    | NoDoneFault
    | BusyFault
    | ExpiredRunFault
    | MissingFault
)
_MODELS: tuple[type[Fault], ...] = AnyFault.__args__
_MOST_SHOWN = 80


class BadFault(BadSettings):
    """A fault that is none: which key is wrong, and what was expected."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


def parse_fault(raw: object) -> Fault:
    """The fault that a mapping or a line spells, for one response: of a header or of a rule.

    BadFault if it is none, or if it says which requests it strikes.
    """
    mapping = as_mapping(raw)
    for key in mapping:
        if key in PLANNING:
            raise BadFault(_shown(key), "only a planned fault says which requests it strikes")
    return _parsed(mapping)


def parse_planned(raw: object, known: Iterable[str] = ()) -> Fault:
    """The planned fault that a mapping spells; BadFault if it is none.

    `known` are the operations that there are, if that is to be checked.
    """
    fault = raw if isinstance(raw, Fault) else _parsed(as_mapping(raw))
    if not fault.operations:
        raise BadFault("on", f"missing; expected {_expected(Fault, 'on')}")
    check_operations(fault, known)
    return fault


def planned_of(
    on: object, fault: object, keys: Mapping[str, object], known: Iterable[str]
) -> Fault:
    """The planned fault that is meant by operations and a fault, or by one mapping of both."""
    if isinstance(on, Fault):
        return parse_planned(on, known)
    if isinstance(on, Mapping):
        return parse_planned({**on, **keys}, known)
    spelled: dict[object, object] = {"on": on if isinstance(on, str) else list(on)}  # type: ignore[call-overload]
    spelled.update({} if fault is None else as_mapping(fault))
    spelled.update(keys)
    return parse_planned(spelled, known)


def check_operations(fault: Fault, known: Iterable[str]) -> None:
    """BadFault if a fault is planned for an operation that there is not."""
    names = sorted(known)
    for pattern in fault.operations:
        if names and not any(fnmatchcase(name, pattern) for name in names):
            namespaces = list(dict.fromkeys(f"{name.partition('.')[0]}.*" for name in names))
            hint = _hint(pattern, names, namespaces)
            raise BadFault("on", f"no operation is called `{_shown(pattern)}`{hint}")


def schema() -> dict[str, Any]:
    """The JSON Schema of a planned fault."""
    return TypeAdapter(AnyFault).json_schema()


def as_mapping(raw: object) -> Mapping[object, object]:
    """The mapping that a mapping or a line is; BadFault if it is neither."""
    if isinstance(raw, str):
        try:
            raw = parse_line(raw)
        except ValueError as error:
            raise BadFault(
                "", f"{error}; expected a line such as status=429 retry_after=2"
            ) from None
    if not isinstance(raw, Mapping):
        raise BadFault("", f"expected a mapping such as {{status: 429}}, received {_shown(raw)}")
    return raw


def _parsed(mapping: Mapping[object, object]) -> Fault:
    model = _model(mapping)
    for key in mapping:
        if key not in model.model_fields:
            raise BadFault(_shown(key), f"unknown key{_hint(_shown(key), model.model_fields)}")
    try:
        return model.model_validate(dict(mapping))
    except ValidationError as error:
        raise _bad(model, error.errors(include_url=False)[0]) from None


def _model(mapping: Mapping[object, object]) -> type[Fault]:
    """The model of the one key that names a kind."""
    found = [model for model in _MODELS if model.KIND in mapping]
    if len(found) == 1:
        return found[0]
    kinds = [model.KIND for model in _MODELS]
    if found:
        both = " and ".join(f"`{model.KIND}`" for model in found)
        raise BadFault("", f"expected one thing to go wrong, received {both}")
    unknown = [_shown(key) for key in mapping if key not in PLANNING]
    if unknown:
        raise BadFault(unknown[0], f"unknown fault{_hint(unknown[0], kinds)}")
    raise BadFault("", f"nothing goes wrong; expected one of {', '.join(kinds)}")


def _bad(model: type[Fault], error: ErrorDetails) -> BadFault:
    if not error["loc"]:
        return BadFault(model.KIND, error["msg"].removeprefix("Value error, "))
    name = str(error["loc"][0])
    place = ".".join(_shown(step) for step in error["loc"]) if name == "where" else name
    if error["type"] == "extra_forbidden":
        return BadFault(place, f"unknown key; expected {_expected(model, name)}")
    received = error["input"]
    return BadFault(place, f"expected {_expected(model, name)}, received {_shown(received)}")


def _expected(model: type[Fault], name: str) -> str:
    return str(model.model_fields[name].description)


def _hint(word: str, known: Iterable[str], otherwise: list[str] | None = None) -> str:
    """What may have been meant; if nothing known is close, all that is known, or what stands for
    it."""
    names = list(known)
    close = get_close_matches(word[:_MOST_SHOWN], names, n=1)
    expected = _list(otherwise or names)
    return f"; did you mean `{close[0]}`?" if close else f"; expected one of {expected}"


def _list(names: list[str]) -> str:
    few = names[:20]
    return ", ".join(few) + (", ..." if len(names) > len(few) else "")


def _shown(value: object) -> str:
    try:
        text = value if isinstance(value, str) else reprlib.repr(value)
    except ValueError:
        text = "a huge number"
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
