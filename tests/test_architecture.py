"""Who may import whom, and how long things may be. CONTRIBUTING.md says why."""

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module

from mockletta.cli import COMMANDS
from mockletta.hosting.application import create_router

from .source import PACKAGE, ROOT, Module, body_lines, modules, python_files

LAYERS = """
__main__ __init__ pytest_plugin pytest_recording
cli
commands
testing
recordings
hosting
control
files
api
turns
tools
settings
world
script
default_brain
language
faults
journal
http
state
catalogue
wire
brain search
documents
errors _version
"""
"""The rooms from top to bottom: each may import those below it, never its neighbours in a line."""
LOADED_AT_THE_START = [
    "api.docs_pages",
    "api.unimplemented",
    "starlette.types",
    "turns.cancelling",
    "wire.fields",
]
LOADED_FOR_AN_AGENT = [
    "agents",
    "base",
    "fields",
    "memory",
    "message_content",
    "models",
    "openai_settings",
    "provider_types",
    "stop_reasons",
    "tool_rule_types",
    "tools",
]
"""The shapes that the first request for an agent waits for."""
OTHERS_CODE = {
    "cli": "click",
    "commands": "click",
    "pytest_plugin": "pytest letta_client",
    "pytest_recording": "pytest",
    "recordings": "httpcore httpx pydantic starlette yaml",
    "testing": "httpx letta_client starlette uvicorn",
    "hosting": "httpx starlette uvicorn uvloop",
    "control": "prometheus_client pydantic starlette",
    "api": "pydantic cronsim",
    "files": "pydantic pydantic_core yaml",
    "turns": "pydantic",
    "tools": "httpx2 mcp pydantic",
    "world": "starlette",
    "script": "pydantic pydantic_core jinja2",
    "faults": "pydantic pydantic_core",
    "search": "regex",
    "http": "pydantic pydantic_core starlette sse_starlette python_multipart",
    "catalogue": "pydantic",
    "state": "pydantic sortedcontainers immutables",
    "wire": "pydantic pydantic_core",
    "documents": "pydantic pydantic_core yaml",
}
"""The packages of others that a room may import."""
RESOURCE_ROOMS = {"api", "wire"}
"""Rooms whose files are named after a resource of the API."""
CONTROLLED = {
    "clock",
    "faults",
    "journal",
    "mcp_servers",
    "script",
    "snapshots",
    "verdict",
    "worlds",
}
"""What commands/ and control/ have a file for, beside the room that does it."""
SHARED_FILE_NAMES = {"tool_rules"}
SHARED_CLASS_NAMES = {"ToolCall"}
"""A brain's tool call, and the SDK's shape of one."""
CHANGING = {"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MOST_LINES = 400
FRAMING = {"data: ", "event: error", "event: error\\n", "event: %s\\n", "[DONE]"}


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


def test_imports_point_downwards() -> None:
    layer = {room: n for n, line in enumerate(LAYERS.split("\n")) for room in line.split()}
    upwards = {
        (module.name.partition(".")[2], room)
        for module in modules()
        for room in {name.split(".")[0] for name in ours(module)}
        if room != module.room and layer[room] <= layer[module.room]
    }
    assert upwards == set()


def test_every_room_imports_only_the_packages_it_may() -> None:
    for module in modules():
        allowed = set(OTHERS_CODE.get(module.room, "").split())
        assert strangers(module) <= allowed, f"{module.name} imports {strangers(module) - allowed}"


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


def test_a_file_name_stands_for_one_thing() -> None:
    rooms: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        if module.file.name != "__init__.py":
            rooms[module.file.stem].append(module.room)
    shared = {name for name, found in rooms.items() if len(found) > 1}
    resources = {name for name in shared if sorted(rooms[name]) == sorted(RESOURCE_ROOMS)}
    assert shared - resources - CONTROLLED <= SHARED_FILE_NAMES


def test_a_class_name_is_defined_once() -> None:
    counted = Counter(
        node.name for module in modules() for node in module.nodes if isinstance(node, ast.ClassDef)
    )
    assert {name for name, count in counted.items() if count > 1} <= SHARED_CLASS_NAMES


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
            assert lost == [], f"{module.name} has routes that application.NAMESPACES leaves out"


def test_a_server_that_starts_loads_neither_rows_nor_turns_nor_namespaces() -> None:
    code = (
        "from mockletta.testing.mock_letta import make_server, make_worlds; import sys\n"
        "from mockletta.settings.settings import Settings; make_server(make_worlds(Settings()))\n"
        "print(*(name.removeprefix('mockletta.') for name in sys.modules))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    late = ("api.", "brain.", "turns.", "wire.", "starlette.", "sse_starlette.")
    assert sorted(name for name in loaded if name.startswith(late)) == LOADED_AT_THE_START


def test_a_first_agent_needs_no_shapes_of_what_it_does_not_have() -> None:
    code = (
        "import sys\n"
        "from mockletta import MockLetta\n"
        "with MockLetta(port=None) as mock:\n"
        "    mock.client().agents.create(model='openai/gpt-4o-mini')\n"
        "    print(*(name.rpartition('.')[2] for name in sys.modules if '.wire.' in name))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert sorted(loaded) == LOADED_FOR_AN_AGENT


def test_importing_plugins_and_commands_imports_no_server() -> None:
    names = ["cli", "pytest_plugin", "pytest_recording"]
    names += [f"commands.{one}" for one in sorted(set(COMMANDS.values()))]
    heavy = ["starlette", "uvicorn", "pydantic", "sse_starlette", "yaml", "letta_client", "http"]
    code = (
        "import sys, importlib\n"
        f"for name in {names}:\n"
        "    importlib.import_module(f'mockletta.{name}')\n"
        f"    print(*(f'{{name}} imports {{one}}' for one in {heavy} if one in sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == ""


def test_only_the_codec_knows_how_events_are_framed() -> None:
    for module in modules():
        values = [one.value for one in module.nodes if isinstance(one, ast.Constant)]
        ends = [value for value in values if isinstance(value, bytes) and b"\n\n" in value]
        spelled = [*ends, *(value for value in values if str(value).strip("b'\"") in FRAMING)]
        assert module.name == "mockletta.http.sse" or not spelled, module.name
