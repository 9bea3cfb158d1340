"""The types of the TypeScript package, from the server's own models.

`python -m tests.tables` writes them with the other generated tables.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import Any, TypeGuard, get_type_hints

from pydantic import BaseModel, RootModel
from pydantic.json_schema import models_json_schema

from mockletta import MockLetta
from mockletta.control.index import all_routes
from mockletta.faults.fault import PLANNING, Fault
from mockletta.faults.parsing import kind, kind_names
from mockletta.journal.verdict import NAMES
from mockletta.script.reply_items import KINDS
from mockletta.script.script_models import ScriptFile
from tests.clients.declarations import Declarations, Schema, comment, typed_dict, typed_dicts_in

FILE = Path(__file__).parent.parent.parent / "clients" / "typescript" / "src" / "generated.ts"
HEAD = """\
// Generated from the server's models by `python -m tests.tables`. Do not edit.
"""
BODIES = {
    "control.script.replace": "ScriptFile",
    "control.script.add": "Rule",
    "control.faults.create": "PlannedFault",
    "control.snapshot.restore": "string",
}
"""The bodies that the server reads as a file, with the types of what is in them."""
ANSWERS = {
    "control.faults.create": "FaultState",
    "control.metrics": "string",
    "control.seed.retrieve": "string",
    "control.snapshot.retrieve": "string",
}
GIVEN = {
    ("FaultItem", "fault"): "Fault | string",
    ("FaultList", "faults"): "NumberedFault[]",
    ("FaultKinds", "operations"): "Operation[]",
    ("ScriptFile", "faults"): "PlannedFault[]",
    ("RuleState", "rule"): "Rule",
    ("EntriesQuery", "operation"): "OperationPattern",
    ("Expectation", "operation"): "OperationPattern",
    ("ExpectedSequence", "operations"): "OperationPattern[]",
    ("EntryDocument", "operation"): "Operation | null",
    ("Planning", "on"): "OperationPattern | OperationPattern[]",
}
"""The types of properties whose schema says less than is known."""
ITEM = "/** An item of a reply; a text is something to say. */\n"
FAULTS = """\
/** A fault: what goes wrong. */
export type Fault = {kinds};
/** A fault and the requests it is planned for. */
export type PlannedFault = Fault & Planning;
/**
 * A planned fault, the number of requests it matched, the number it affected, and whether
 * these are fewer than planned.
 */
export type FaultState = PlannedFault & {{ matched: number; fired: number; unfired: boolean }};
/** A planned fault with its number in the plan. */
export type NumberedFault = FaultState & {{ number: number }};
"""
OPERATIONS = """\
/** An operation of the API, named as in the SDK. */
export type Operation =
{names};
/** An operation, or a pattern of several such as `agents.*`. */
export type OperationPattern = Operation | `${{string}}*${{string}}`;
/** What a verdict can find. */
export type FindingName =
{findings};
"""
METHODS = """\
/** The methods that add an item to a reply. */
export abstract class ReplyMethods {{
  protected abstract add(item: Item): this;

{methods}}}
"""
OWN_METHODS = {"call", "calls", "stop"}
"""The items whose method `when.ts` writes by hand, because its arguments are others."""
Handler = Callable[..., object]


def generated() -> str:
    """Return the text of the generated file."""
    return "\n".join([HEAD, _operations(), *_models(), *_documents(), _control()])


def _operations() -> str:
    return OPERATIONS.format(names=_names(operation_names()), findings=_names(NAMES))


def operation_names() -> list[str]:
    """Return the operations that a fault can be planned for."""
    find = MockLetta(port=None).faults.operations
    assert find is not None
    return sorted(set(find("")))


def _models() -> Iterator[str]:
    """Declare the script, the faults, and the bodies and answers of the control API."""
    items = ["string", *(one.__name__ for one in KINDS.values())]
    writer = Declarations(GIVEN, {"Item": items})
    schemas = _schemas()
    kinds = {kind(name).__name__ for name in kind_names()}
    for name, schema in sorted(schemas.items()):
        yield writer.named(name, schema, leaving_out=PLANNING if name in kinds else ())
    yield f"{ITEM}export type Item = {' | '.join(items)};\n"
    methods = [_method(key, schemas[one.__name__]) for key, one in KINDS.items()]
    yield METHODS.format(methods="\n".join(filter(None, methods)))
    yield FAULTS.format(kinds=" | ".join(sorted(kinds)))


def _method(key: str, schema: Schema) -> str:
    """Write the method that adds an item to a reply, unless `when.ts` does."""
    if key in OWN_METHODS:
        return ""
    kind = KINDS[key].__name__
    has_options = len(schema["properties"]) > 1
    options = f', options: Omit<{kind}, "{key}"> = {{}}' if has_options else ""
    item = f"{{ {key}, ...options }}" if has_options else f"{{ {key} }}"
    lines = f'{key}({key}: {kind}["{key}"]{options}): this {{\n  return this.add({item});\n}}\n'
    return textwrap.indent(comment(schema) + lines, "  ")


def _schemas() -> dict[str, Schema]:
    validated = [ScriptFile, *map(kind, kind_names()), *_shapes("body"), *_shapes("query")]
    models: list[Any] = [(one, "validation") for one in dict.fromkeys(validated)]
    models += [(one, "serialization") for one in _shapes("return")]
    _, schema = models_json_schema(models, by_alias=True)
    found: dict[str, Schema] = dict(schema["$defs"])
    planning = {key: Fault.model_json_schema()["properties"][key] for key in sorted(PLANNING)}
    text = "The keys that say which requests a planned fault applies to."
    return {**found, "Planning": {"description": text, "properties": planning, "required": ["on"]}}


def _shapes(part: str) -> list[type[BaseModel]]:
    """The models of the control API's bodies, queries or answers."""
    found = (_hints(handler).get(part) for _, _, _, handler in _handlers())
    return list(dict.fromkeys(filter(_is_shape, found)))


def _is_shape(hint: object) -> TypeGuard[type[BaseModel]]:
    is_model = isinstance(hint, type) and issubclass(hint, BaseModel)
    return is_model and not issubclass(hint, RootModel)  # type: ignore[arg-type]


def _documents() -> Iterator[str]:
    """Declare the answers that are typed dictionaries."""
    answers = [_hints(handler)["return"] for _, _, _, handler in _handlers()]
    for one in dict.fromkeys(found for answer in answers for found in typed_dicts_in(answer)):
        yield typed_dict(one, GIVEN)


def _control() -> str:
    """Declare the operations of the control API: requests, and types of bodies and answers."""
    rows = [row for row in _handlers() if not row[2].startswith("control.console")]
    types = "".join(f"  {_entry(name, handler)}\n" for _, _, name, handler in rows)
    routes = "".join(f'  "{name}": ["{method}", "{path}"],\n' for method, path, name, _ in rows)
    return (
        "/** The query, the body and the answer of each operation of the control API. */\n"
        f"export interface ControlTypes {{\n{types}}}\n\n"
        "/** The request of each operation of the control API. */\n"
        f"export const CONTROL = {{\n{routes}}} as const;\n"
    )


def _entry(name: str, handler: Handler) -> str:
    hints = _hints(handler)
    body = BODIES.get(name) or _name_of(hints.get("body"))
    answer = ANSWERS.get(name) or _name_of(hints["return"])
    doc = (getdoc(handler) or "").partition("\n")[0]
    query = _name_of(hints.get("query"))
    return f'/** {doc} */\n  "{name}": {{ query: {query}; body: {body}; answer: {answer} }};'


def _name_of(hint: object) -> str:
    known = _is_shape(hint) or hint in typed_dicts_in(hint)
    return hint.__name__ if isinstance(hint, type) and known else "undefined"


@cache
def _handlers() -> list[tuple[str, str, str, Handler]]:
    return [route for routes in all_routes() for route in routes.routes]


def _hints(handler: Handler) -> dict[str, Any]:
    return get_type_hints(handler)


def _names(names: Iterable[str]) -> str:
    return "\n".join(f'  | "{name}"' for name in names)
