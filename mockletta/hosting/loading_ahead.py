"""Loads ahead: a server starts with little, and loads the rest before a request needs it.

It loads on the loop, in pieces of some milliseconds, and requests are answered between them. A
thread would share the interpreter with the requests and make them slower. What most clients use
comes first.
"""

import asyncio
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from mockletta.brain.decisions import ChatMessage, ModelCall
from mockletta.hosting.application import NAMESPACES, create_control_router, create_router
from mockletta.state.garbage_collection import exempt_more, paused_garbage_collection
from mockletta.wire.base import loaded_shapes
from mockletta.world.world import World

SECONDS_BEFORE = 0.05
"""The seconds that a server waits first: its starter may check at once whether it is up."""
PACKAGE = Path(__file__).parents[1]
FIRST = ("/v1/agents", "/v1/conversations", "/v1/blocks", "/v1/tools", "/v1/models")
IMPORT = re.compile(r"^from (mockletta[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)
"""An import of ours that runs with its module: those for type checkers are indented."""
WORD = re.compile(r"\w+")
EVERYDAY = (
    "Hello!", "Count to 3.", "Thanks!", "My dog is called Rex.", "What is my dog called?",
    "Forget my dog.",
)  # fmt: skip
"""Messages for which the default brain needs most of its regular expressions."""


async def load_ahead(world: World) -> None:
    """Load all operations, the control API, the brain of a world and its rows."""
    await asyncio.sleep(SECONDS_BEFORE)
    with paused_garbage_collection():
        for _ in _pieces(world):
            await asyncio.sleep(0)
        exempt_more()


def _pieces(world: World) -> Iterator[None]:
    first, *others = dict.fromkeys((*FIRST, *NAMESPACES))
    seen: set[str] = set()
    yield from _operations(first, seen)
    yield from _shapes()
    world.run(lambda: world.store)
    yield
    yield from _default_brain(world, seen)
    for prefix in others:
        yield from _operations(prefix, seen)
    yield from import_in_pieces("mockletta.control.index", seen)
    create_control_router()
    yield from _shapes()


def _operations(prefix: str, seen: set[str]) -> Iterator[None]:
    """Load the operations below a prefix."""
    for name in NAMESPACES[prefix]:
        yield from import_in_pieces(f"mockletta.api.{name}", seen)
    create_router().load(prefix)
    yield


def _shapes() -> Iterator[None]:
    """Build the shapes of requests and answers, each after its parts."""
    for shape in [one for one in loaded_shapes() if not one.__pydantic_complete__]:
        shape.model_rebuild()
        yield


def _default_brain(world: World, seen: set[str]) -> Iterator[None]:
    """Load the default brain, and compile what it needs for most messages."""
    if not world.has_default_brain:
        return
    yield from import_in_pieces("mockletta.default_brain", seen)
    for text in EVERYDAY:
        world.fallback.decide(ModelCall("reply", "", "", [ChatMessage("user", text)]))
        yield


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
