"""Prints the calls of the Python SDK's own tests as the TypeScript SDK takes them.

Both are generated from one description, so their tests make the same calls. This runs by its path,
beside the `tests` of the Python SDK.
"""

import base64
import json
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import import_module
from inspect import Parameter, getsource, signature
from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

from letta_client import Letta
from letta_client._utils import PropertyInfo

_PARAMS = re.compile(r"(\w+_params)\.(\w+)")


class Recorded(Exception):
    """Ends a test at its call."""


class Recorder:
    """Stands in for a client: its methods raise what they are called with."""

    def __init__(self, path: tuple[str, ...] = ()) -> None:
        self._path = path

    def __getattr__(self, name: str) -> "Recorder":
        return Recorder((*self._path, name))

    def __call__(self, *args: object, **params: object) -> None:
        warnings.warn("some tests expect one", DeprecationWarning, stacklevel=2)
        raise Recorded(self._path, args, params)


def calls_of(root: Path) -> Iterator[dict[str, object]]:
    """Yield the calls of the tests below a folder, each with the test's name."""
    sys.path.insert(0, str(root))
    folder = root / "tests" / "api_resources"
    for file in sorted(folder.rglob("test_*.py")):
        place = file.relative_to(root).with_suffix("")
        module = import_module(".".join(place.parts))
        for suite in [one for name, one in vars(module).items() if name.startswith("Test")]:
            for name in list(vars(suite)):
                if name.startswith("test_method_") and "Async" not in suite.__name__:
                    test = f"{file.relative_to(folder)}::{suite.__name__}::{name}"
                    yield {"test": test, **_call(suite(), name)}


def _call(suite: object, name: str) -> dict[str, object]:
    try:
        getattr(suite, name)(Recorder())
    except Recorded as recorded:
        path, args, params = recorded.args
        return _translated(path, list(args), params)
    raise AssertionError(f"{name} calls no method")


def _translated(
    path: tuple[str, ...], args: list[object], params: Mapping[str, object]
) -> dict[str, object]:
    """Return a call as the TypeScript SDK takes it: the last id of the path stands first, and names
    are those of the API."""
    method: Any = Letta(api_key="any", base_url="http://localhost")
    for name in path:
        method = getattr(method, name)
    leading = [
        one.name
        for one in signature(method).parameters.values()
        if one.kind is Parameter.POSITIONAL_OR_KEYWORD
    ]
    names = _names(method)
    rest = {names.get(key, key): value for key, value in params.items() if key not in leading}
    args += [params[key] for key in leading if key in params]
    return {"path": [_camel(name) for name in path], "args": [*args, *([rest] if rest else [])]}


def _names(method: Any) -> dict[str, str]:  # noqa: ANN401 - a method of the SDK
    """Return the API's names of parameters that Python spells in another way."""
    found: dict[str, str] = {}
    module = sys.modules[method.__func__.__module__]
    for file, shape in _PARAMS.findall(getsource(method)):
        params = getattr(getattr(module, file), shape)
        shapes = [one for one in (params, *get_args(params)) if is_typeddict(one)]
        hints = [get_type_hints(one, include_extras=True) for one in shapes]
        for name, hint in (item for one in hints for item in one.items()):
            for mark in _marks(hint):
                if mark.alias is not None:
                    found[name] = mark.alias
    return found


def _marks(hint: Any) -> Iterator[PropertyInfo]:  # noqa: ANN401 - any annotation
    for one in getattr(hint, "__metadata__", ()):
        if isinstance(one, PropertyInfo):
            yield one
    for inner in getattr(hint, "__args__", ()):
        yield from _marks(inner)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(one.title() for one in rest)


def _plain(value: object) -> object:
    """Return what JSON has no form for: the content of a file, and a time."""
    if isinstance(value, bytes):
        return {"$file": base64.b64encode(value).decode(), "name": "example.txt"}
    assert isinstance(value, datetime)
    return value.isoformat()


sys.stdout.write(json.dumps(list(calls_of(Path(sys.argv[1]))), default=_plain))
