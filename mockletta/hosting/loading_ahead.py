"""Loads ahead: a server starts with little, and loads the rest before a request needs it.

It loads on the loop, some milliseconds at once, and requests are answered between them. A thread
would share the interpreter with the requests and make them slower. What most clients use comes
first.
"""

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

from mockletta.hosting.application import NAMESPACES, create_control_router, create_router
from mockletta.http.routing import ANY
from mockletta.state.garbage_collection import exempt_more, paused_garbage_collection
from mockletta.wire.fields import Holds
from mockletta.world.world import World

SECONDS_BEFORE = 0.02
"""The seconds that a server waits first: its starter may check at once whether it is up."""
SECONDS_AT_ONCE = 0.005
"""The seconds for which a request may have to wait."""
PACKAGE = Path(__file__).parents[1]
AGENTS, CONVERSATIONS = "/v1/agents", "/v1/conversations"
CHAT = (AGENTS, CONVERSATIONS, f"{CONVERSATIONS}/{ANY}/messages", f"{AGENTS}/{ANY}/messages")
"""What clients ask for first: an agent, perhaps a conversation, and a reply."""
NEXT = ("/v1/blocks", "/v1/tools", "/v1/models")
IMPORT = re.compile(r"^from (mockletta[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)
"""An import of ours that runs with its module: those for type checkers are indented."""
WORD = re.compile(r"\w+")


async def load_ahead(world: World) -> None:
    """Load all operations, the control API, the brain of a world and its rows."""
    await asyncio.sleep(SECONDS_BEFORE)
    with paused_garbage_collection():
        begun = time.perf_counter()
        for _ in _pieces(world):
            if time.perf_counter() - begun >= SECONDS_AT_ONCE:
                await asyncio.sleep(0)
                begun = time.perf_counter()
        exempt_more()


def _pieces(world: World) -> Iterator[None]:
    """Load what an agent's creation needs, then what its first reply needs, then the rest.

    Shapes of other operations, and lazy ones, are built with their first value: all together take
    five megabytes.
    """
    seen: set[str] = set()
    for prefix in CHAT:
        yield from _operations(prefix, seen)
        world.run(lambda: world.store)
    yield from _default_brain(world, seen)
    for prefix in CHAT:
        yield from shapes_ahead(prefix)
    for prefix in NEXT:
        yield from _operations(prefix, seen)
        yield from shapes_ahead(prefix)
    for prefix in NAMESPACES:
        yield from _operations(prefix, seen)
    yield from import_in_pieces("mockletta.control.index", seen)
    create_control_router()


def _operations(prefix: str, seen: set[str]) -> Iterator[None]:
    """Load the operations below a prefix."""
    for name in NAMESPACES[prefix]:
        yield from import_in_pieces(f"mockletta.api.{name}", seen)
    create_router().load(prefix)
    yield


def shapes_ahead(prefix: str) -> Iterator[None]:
    """Build the shapes of the requests and answers below a prefix, each after its parts."""
    for name in NAMESPACES[prefix]:
        for _, _, _, handler in import_module(f"mockletta.api.{name}").routes.routes:
            for hint in get_type_hints(handler, include_extras=True).values():
                yield from _built(hint, set())


def _built(hint: Any, begun: set[object]) -> Iterator[None]:  # noqa: ANN401
    """Build the shapes in a type, each after its parts, but no lazy ones."""
    if isinstance(hint, Holds):
        yield from _built(hint.shape, begun)
    elif not hasattr(hint, "__pydantic_complete__"):
        for part in (*get_args(hint), *getattr(hint, "__metadata__", ())):
            yield from _built(part, begun)
    elif not hint.__pydantic_complete__ and hint not in begun:
        begun.add(hint)
        for part in get_type_hints(hint, include_extras=True).values():
            yield from _built(part, begun)
        hint.model_rebuild()
        yield


def _default_brain(world: World, seen: set[str]) -> Iterator[None]:
    """Load the default brain, and compile what it needs for most messages."""
    if not world.has_default_brain:
        return
    yield from import_in_pieces("mockletta.default_brain", seen)
    from mockletta.default_brain import compile_ahead  # noqa: PLC0415 - not at the start

    yield from compile_ahead()


def import_in_pieces(name: str, seen: set[str], above: tuple[str, ...] = ()) -> Iterator[None]:
    """Import a module of ours after those that it imports, one at a time, without the `seen` ones.

    The modules of a package that is `above`, among those that import it, are left to the package:
    each would import all of it at once.
    """
    if name in seen or name in sys.modules:
        return
    seen.add(name)
    for used in _imported_by(name):
        yield from import_in_pieces(used, seen, (*above, name))
    if not name.startswith(tuple(f"{one}." for one in above)):
        import_module(name)
        yield


def _imported_by(name: str) -> Iterator[str]:
    """Yield the modules of ours that one imports, without importing it."""
    for module, names in IMPORT.findall(_source(name)):
        yield module
        if _place(module).is_dir():
            within = (f"{module}.{one}" for one in WORD.findall(names))
            yield from filter(_source, within)


def _source(name: str) -> str:
    """Return the text of a module; "" if there is no such module."""
    place = _place(name)
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return file.read_text("utf-8") if file.is_file() else ""


def _place(name: str) -> Path:
    return Path(PACKAGE, *name.split(".")[1:])
