"""Who may import whom, and how long things may be. CONTRIBUTING.md says why."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from importlib import import_module

import pytest

from mockletta.app import create_router
from mockletta.cli import COMMANDS

from .source import PACKAGE, ROOT, Module, body_lines, modules, python_files

MAY_IMPORT = {
    "_version": "",
    "errors": "",
    "wire": "",
    "brain": "",
    "search": "",
    "strict": "",
    "loop_thread": "",
    "yaml_places": "",
    "journal": "errors",
    "state": "wire errors",
    "faults": "brain errors",
    "cli": "strict _version",
    "quirks": "state journal errors",
    "exchange": "faults journal",
    "script": "faults yaml_places strict brain wire errors",
    "settings": "quirks",
    "http": "exchange faults journal brain wire errors",
    "world": "settings script exchange quirks faults state journal brain",
    "connections": "http",
    "brains": "world script brain errors",
    "turns": "search world settings exchange quirks faults state brain wire errors",
    "undone": "world journal",
    "worlds": "world settings errors",
    "report": "turns world state journal wire",
    "resources": "search brain turns world settings exchange quirks state wire errors",
    "snapshots": "turns world state",
    "engine": "worlds turns world loop_thread",
    "scripts": "worlds world script",
    "api": "search resources turns world http quirks state wire errors _version",
    "seed": "resources turns world yaml_places strict state wire errors",
    "saving": "snapshots world state errors",
    "serving": "engine worlds connections",
    "transport": "engine http",
    "control": (
        "saving scripts snapshots worlds undone turns world "
        "http script faults state journal wire errors _version"
    ),
    "mock": "transport saving engine snapshots undone world script faults state journal",
    "app": "control api resources world worlds turns http settings brain errors",
    "server": (
        "app mock serving seed resources scripts engine snapshots worlds "
        "brains world settings script quirks state journal errors"
    ),
    "commands": (
        "server app serving saving scripts worlds world "
        "settings script quirks faults journal loop_thread errors"
    ),
    "stage": "server mock strict errors",
    "pytest_plugin": "stage mock report errors",
    "__main__": "cli",
    "__init__": "server mock settings script _version",
}
LOADED_AT_THE_START = [
    "starlette.types",
    "api.unimplemented",
    "api.pages",
    "wire.ids",
    "turns.stopping",
]
ONLY_THESE = {
    "quirks": {
        "journal.entries",
        "state.paging",
    },
    "app": {
        "brain.decisions",
        "resources.access_tokens",
        "turns.failures",
    },
    "resources": {
        "brain.decisions",
    },
    "turns": {
        "brain.decisions",
    },
    "script": {
        "brain.decisions",
        "brain.failures",
        "brain.history",
        "faults.parsing",
        "wire.replies",
    },
    "seed": {
        "state.mcp_offers",
        "turns.intake",
    },
    "server": {
        "brain.decisions",
        "resources.timetable",
        "script.files",
        "script.models",
        "state.clock",
        "state.ids",
        "turns.stopping",
    },
    "control": {
        "turns.stopping",
    },
    "snapshots": {
        "turns.driver",
        "turns.events",
        "turns.stopping",
    },
    "engine": {
        "turns.stopping",
    },
    "transport": {
        "http.resets",
    },
    "mock": {
        "faults.plan",
        "journal.journal",
        "journal.verdict",
        "saving.reading",
        "saving.writing",
        "script.builder",
        "state.clock",
        "state.mcp_offers",
    },
    "report": {
        "state.records",
        "turns.intake",
    },
}
OTHERS_CODE = {
    "wire": "pydantic",
    "strict": "pydantic pydantic_core",
    "yaml_places": "yaml",
    "script": "pydantic pydantic_core jinja2 regex",
    "journal": "regex",
    "http": "pydantic pydantic_core starlette sse_starlette python_multipart",
    "state": "pydantic sortedcontainers immutables cronsim",
    "turns": "pydantic regex",
    "saving": "pydantic pydantic_core",
    "resources": "pydantic",
    "api": "pydantic",
    "seed": "pydantic yaml",
    "control": "pydantic",
    "app": "starlette",
    "connections": "starlette uvicorn",
    "faults": "pydantic pydantic_core",
    "server": "uvicorn starlette",
    "serving": "starlette uvicorn",
    "loop_thread": "uvloop",
    "engine": "starlette",
    "transport": "httpx starlette",
    "mock": "letta_client",
    "commands": "click",
    "pytest_plugin": "pytest letta_client",
    "cli": "click",
}
SHARED_IN_API = {"cloud_pages", "folder_contents", "lists", "message_lists", "relations", "streams"}
CHANGING = {"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MOST_LINES = 400


def ours(module: Module) -> set[str]:
    """Find what a module imports of the package, as `room` or `room.file`."""
    names = {name.partition(".") for name in module.imports()}
    return {rest or "__init__" for package, _, rest in names if package == PACKAGE}


def strangers(module: Module) -> set[str]:
    """Find the packages of others that a module imports."""
    return {name.split(".")[0] for name in module.imports()} - sys.stdlib_module_names - {PACKAGE}


def constants(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Find the names given a value at a module's top level."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((ast.unparse(target), node.value) for target in targets)


def changed_names(module: Module) -> Iterator[str]:
    """Find what functions change in place or declare as global."""
    for function in module.functions():
        for node in ast.walk(function):
            match node:
                case ast.Global(names):
                    yield from names
                case ast.Subscript(value, ctx=ast.Store() | ast.Del()):
                    yield ast.unparse(value)
                case ast.Attribute(value, attr) if attr in CHANGING:
                    yield ast.unparse(value)


def share(lengths: Iterable[int], most: int) -> float:
    counted = list(lengths)
    return sum(length <= most for length in counted) / len(counted)


def test_every_room_imports_only_what_it_may() -> None:
    for module in modules():
        allowed = {*MAY_IMPORT[module.room].split(), module.room}
        rooms = {name.split(".")[0] for name in ours(module)}
        assert rooms <= allowed, f"{module.name} imports {rooms - allowed}"


def test_every_room_imports_only_the_packages_it_may() -> None:
    for module in modules():
        allowed = set(OTHERS_CODE.get(module.room, "").split())
        assert strangers(module) <= allowed, f"{module.name} imports {strangers(module) - allowed}"


def test_some_rooms_import_single_files_of_another() -> None:
    for module in modules():
        only = ONLY_THESE.get(module.room, set())
        rooms = {name.split(".")[0] for name in only}
        found = {name for name in ours(module) if name.split(".")[0] in rooms}
        assert found <= only, f"{module.name} imports {found - only}"


def test_the_rules_have_no_circle_and_no_needless_permission() -> None:
    graph = {room: set(allowed.split()) for room, allowed in MAY_IMPORT.items()}
    assert list(TopologicalSorter(graph).static_order())
    for room, allowed in graph.items():
        of_the_room = [module for module in modules() if module.room == room]
        used = {name.split(".")[0] for module in of_the_room for name in ours(module)}
        assert allowed <= used, f"{room} may import {allowed - used} but does not"


def test_a_namespace_never_imports_another() -> None:
    for module in modules():
        if module.room == "api":
            files = {name.partition(".")[2] for name in ours(module) if name.startswith("api.")}
            assert files <= SHARED_IN_API, f"{module.name} imports {files - SHARED_IN_API}"


def test_what_namespaces_share_has_no_routes() -> None:
    shared = [
        one for one in modules() if one.room == "api" and one.name.split(".")[-1] in SHARED_IN_API
    ]
    assert len(shared) == len(SHARED_IN_API)
    for module in shared:
        assert "routes" not in dict(constants(module)), module.name


def test_nothing_at_module_level_changes() -> None:
    for module in modules():
        held = {name for name, value in constants(module) if isinstance(value, MUTABLE)}
        assert all(name.isupper() or name == "__all__" for name in held), (module.name, held)
        top_level = {name for name, _ in constants(module)}
        assert not top_level & set(changed_names(module)), module.name


def test_files_are_short() -> None:
    for file in python_files():
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= MOST_LINES, f"{file.relative_to(ROOT)} has {lines} lines"


def test_functions_are_short() -> None:
    lengths = {
        f"{module.name}.{function.name}": body_lines(function)
        for module in modules()
        for function in module.functions()
    }
    assert [name for name, length in lengths.items() if length > 50] == []
    assert share(lengths.values(), 7) >= 0.5
    assert share(lengths.values(), 24) >= 0.9


def test_every_namespace_is_served() -> None:
    served = create_router().endpoints
    for module in modules():
        if module.room == "api" and "routes" in dict(constants(module)):
            routes = import_module(module.name).routes.routes
            lost = [operation for _, _, operation, _ in routes if operation not in served]
            assert lost == [], f"{module.name} has routes that app.NAMESPACES leaves out"


def test_a_server_that_starts_loads_neither_rows_nor_turns_nor_namespaces() -> None:
    code = (
        "from mockletta.server import make_server, make_worlds; import sys\n"
        "from mockletta.settings import Settings; make_server(make_worlds(Settings()))\n"
        "print(*(name.removeprefix('mockletta.') for name in sys.modules))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    late = ("api.", "brain.", "resources.", "turns.", "wire.", "starlette.", "sse_starlette.")
    assert [name for name in loaded if name.startswith(late)] == LOADED_AT_THE_START


@pytest.mark.parametrize(
    "name",
    [
        "mockletta",
        "mockletta.cli",
        "mockletta.pytest_plugin",
        *(f"mockletta.commands.{one}" for one in sorted(set(COMMANDS.values()))),
    ],
)
def test_importing_it_imports_no_server(name: str) -> None:
    heavy = ["starlette", "uvicorn", "pydantic", "sse_starlette", "yaml", "letta_client", "http"]
    code = f"import {name}, sys; print([one for one in {heavy} if one in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
