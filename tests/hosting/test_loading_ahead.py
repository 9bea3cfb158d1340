"""What a server loads before a request needs it."""

import asyncio
import gc
import sys
from itertools import count
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
from pydantic import Field

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.hosting import loading_ahead
from mockletta.hosting.application import NAMESPACES, create_router
from mockletta.hosting.loading_ahead import import_in_pieces, load_ahead, shapes_ahead
from mockletta.hosting.uvicorn_server import Server, bare_server_of
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Router, Routes
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Wire
from mockletta.wire.fields import LazyShape
from mockletta.world.world import World


async def _app(*_: object) -> None:
    """An application that nobody asks."""


def test_everything_is_loaded_while_requests_could_be_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> World:
        turns = 0
        loading = asyncio.create_task(load_ahead(world := World()))
        while not loading.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns > len(NAMESPACES)
        return world

    monkeypatch.setattr(loading_ahead, "SECONDS_AT_ONCE", 0)
    world = asyncio.run(story())
    assert "store" in vars(world)
    assert create_router().endpoints["agents.create"] == ("POST", "/v1/agents/")
    assert AgentState.__pydantic_complete__


def test_a_shape_is_built_after_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Part(Wire):
        name: str

    class Thing(Wire):
        parts: list[Part]

    class Rare(Wire):
        name: str

    class Things(Wire):
        things: Annotated[list[Thing], Field(max_length=2)]
        rare: Annotated[Any, LazyShape("wire.things", "Rare")] | None = None

    def create(body: Thing) -> Annotated[object, DeclaredResponse(Things)]: ...

    routes = Routes("/v1/things")
    routes.post("/", "things.create")(create)
    monkeypatch.setattr(loading_ahead, "NAMESPACES", {"/v1/things": ("things",)})
    monkeypatch.setitem(sys.modules, "mockletta.api.things", SimpleNamespace(routes=routes))

    built = [Part.__pydantic_complete__ for _ in shapes_ahead("/v1/things")]

    assert (built, Thing.__pydantic_complete__) == ([True, True, True], True)
    assert (Things.__pydantic_complete__, Rare.__pydantic_complete__) == (True, False)


def test_what_most_clients_use_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(Router, "load", lambda _, prefix: loaded.append(prefix))
    asyncio.run(load_ahead(World()))
    assert loaded[:4] == [
        "/v1/agents",
        "/v1/conversations",
        "/v1/conversations/{}/messages",
        "/v1/agents/{}/messages",
    ]
    assert set(loaded) == set(NAMESPACES)


def test_requests_wait_for_some_milliseconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[float] = []

    async def story() -> list[int]:
        answered: list[int] = []
        loading = asyncio.create_task(load_ahead(World()))
        while not loading.done():
            await asyncio.sleep(0)
            answered.append(len(loaded))
        return answered

    times = (n * 0.002 for n in count())
    monkeypatch.setattr(loading_ahead, "SECONDS_BEFORE", 0)
    monkeypatch.setattr(loading_ahead, "_pieces", lambda _: map(loaded.append, range(9)))
    monkeypatch.setattr(loading_ahead, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    answered = dict.fromkeys(asyncio.run(story()))
    assert list(answered) == [0, 3, 6, 9]


def imported_for(name: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the modules that are imported for one, in a process that has none yet."""
    imported: list[str] = []
    monkeypatch.setattr(loading_ahead, "import_module", imported.append)
    monkeypatch.setattr(loading_ahead, "sys", SimpleNamespace(modules={}))
    assert len(list(import_in_pieces(name, set()))) == len(imported)
    return imported


def test_a_module_is_imported_after_those_that_it_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = imported_for("mockletta.control.index", monkeypatch)
    order = [f"mockletta.{one}" for one in ("wire.base", "wire.agents", "control.index")]
    assert sorted(order, key=imported.index) == order
    assert len(imported) == len(set(imported)) > 100


def test_what_only_type_annotations_need_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = imported_for("mockletta.control.index", monkeypatch)
    assert "mockletta.script.template_texts" in imported
    assert "mockletta.script.template_environment" not in imported


def test_a_package_imports_its_own_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = imported_for("mockletta.default_brain", monkeypatch)
    assert [one for one in imported if ".default_brain" in one] == ["mockletta.default_brain"]
    assert imported.index("mockletta.language.words") < imported.index("mockletta.default_brain")


class Silent:
    """A brain of a test author, who counts what it is asked."""

    asked = 0

    def decide(self, call: ModelCall) -> Decision:  # noqa: ARG002
        self.asked += 1
        return Decision("OK.")


def test_only_the_default_brain_is_asked_beforehand() -> None:
    brain = Silent()
    asyncio.run(load_ahead(World(brain=brain)))
    assert brain.asked == 0


def test_a_server_that_stops_meanwhile_collects_garbage_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        loading = asyncio.create_task(load_ahead(World()))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not gc.isenabled()
        loading.cancel()
        await asyncio.wait([loading])
        assert loading.cancelled()

    monkeypatch.setattr(loading_ahead, "SECONDS_AT_ONCE", 0)
    monkeypatch.setattr(loading_ahead, "SECONDS_BEFORE", 0)
    asyncio.run(story())
    assert gc.isenabled()


def test_a_failure_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ImportError("no such module")

    async def story(server: Server) -> str:
        shown: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().set_exception_handler(
            lambda _, facts: shown.set_result(repr(facts["exception"]))
        )
        server.loads_ahead_for = World()
        running = asyncio.create_task(server.main_loop())
        failure = await shown
        server.end()
        await running
        return failure

    monkeypatch.setattr(loading_ahead, "create_control_router", fail)
    assert asyncio.run(story(bare_server_of(_app))) == "ImportError('no such module')"
    assert gc.isenabled()


def test_a_server_loads_ahead_until_it_stops() -> None:
    async def story(server: Server, world: World) -> None:
        server.loads_ahead_for = world
        running = asyncio.create_task(server.main_loop())
        while "store" not in vars(world):  # noqa: ASYNC110 - it is made on this loop
            await asyncio.sleep(0.001)
        server.end()
        await running

    asyncio.run(story(bare_server_of(_app), World()))
