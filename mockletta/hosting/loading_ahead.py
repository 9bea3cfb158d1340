"""Loads ahead: a server starts with little, and loads the rest before a request needs it.

Imports run in a thread. Work that a thread must not do runs on the loop in small pieces, and
requests are answered between them.
"""

import asyncio
import threading
from contextlib import suppress
from importlib import import_module

from mockletta.hosting.application import NAMESPACES, create_control_router, create_router
from mockletta.state.garbage_collection import exempt_more, paused_garbage_collection
from mockletta.wire.base import loaded_shapes
from mockletta.world.world import World

SECONDS_BEFORE = 0.1
"""The seconds that a server waits first: its starter may check at once whether it is up."""


async def load_ahead(world: World) -> None:
    """Load all operations, the control API, the brain of a world and its rows."""
    await asyncio.sleep(SECONDS_BEFORE)
    with paused_garbage_collection():
        await _load_all(world)
        exempt_more()


async def _load_all(world: World) -> None:
    await _import_in_thread(world)
    world.run(lambda: world.store)
    router = create_router()
    for prefix in NAMESPACES:
        router.load(prefix)
        await asyncio.sleep(0)
    for shape in loaded_shapes():
        shape.model_rebuild()
        await asyncio.sleep(0)


def _import_all(world: World) -> None:
    for names in NAMESPACES.values():
        for name in names:
            import_module(f"mockletta.api.{name}")
    _ = world.fallback
    create_control_router()


async def _import_in_thread(world: World) -> None:
    loop, is_done = asyncio.get_running_loop(), asyncio.Event()

    def run() -> None:
        try:
            _import_all(world)
        finally:  # the thread's hook shows an exception
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(is_done.set)

    threading.Thread(target=run, name="mockletta loading ahead", daemon=True).start()
    await is_done.wait()
