"""The control API's way from request to response, with two worlds of one line."""

import logging

import pytest
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.control.control_access import ControlAccess
from mockletta.control.control_dispatch import ControlDispatcher
from mockletta.errors import Conflict
from mockletta.http.rendering import Response
from mockletta.http.routing import Router, Routes
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.http.exchanges import Answer, chunks, exchange

routes = Routes("/_mockletta")


class Words(BaseModel):
    model_config = {"extra": "forbid"}

    words: list[str]


@routes.get("/count", "count")
def _count(worlds: Worlds) -> int:
    return len(list(worlds))


@routes.post("/words", "words")
def _words(world: World, body: Words) -> list[str]:
    return [*body.words, str(len(world.journal))]


@routes.get("/plain", "plain")
def _plain() -> Response:
    return Response(200, [], b"plain")


@routes.get("/refused", "refused")
def _refused(world: World) -> None:
    raise Conflict("Not now")


@routes.get("/broken", "broken")
def _broken(world: World) -> None:
    raise ZeroDivisionError


async def no_api(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for the API, which these tests do not ask."""
    raise NotImplementedError


def app_over(worlds: Worlds | None = None) -> ASGIApp:
    return ControlDispatcher(
        lambda: Router([routes]), worlds or Worlds(World()), ControlAccess(), 100, no_api
    )


def ask(method: str, path: str, body: bytes = b"") -> Answer:
    return exchange(app_over(), method, f"/_mockletta{path}", body=chunks(body))


def test_a_handler_gets_the_world_of_the_key_and_is_in_no_journal() -> None:
    main = World()
    app = app_over(Worlds(main))

    answer = exchange(app, "POST", "/_mockletta/words", body=chunks(b'{"words": ["hello"]}'))

    assert (answer.status, answer.body) == (200, b'["hello","0"]')
    assert len(main.journal) == 0


def test_looking_makes_no_world_and_changing_does() -> None:
    app = app_over(Worlds(World(), make=World))
    key = {"authorization": "Bearer new"}
    words = b'{"words": ["hello"]}'

    exchange(app, "GET", "/_mockletta/refused", headers=key)
    assert exchange(app, "GET", "/_mockletta/count", headers=key).body == b"1"
    exchange(app, "POST", "/_mockletta/words", headers=key, body=chunks(words))
    assert exchange(app, "GET", "/_mockletta/count").body == b"2"


def test_no_room_for_a_world_is_told() -> None:
    app = app_over(Worlds(World(), make=World, limit=0))
    words = b'{"words": ["hello"]}'

    assert exchange(app, "POST", "/_mockletta/words", body=chunks(words)).status == 429


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/plain", 200, b"plain"),
        ("GET", "/refused", 409, b'{"detail":"CONFLICT: Not now"}'),
        ("GET", "/nowhere", 404, b'{"detail":"Not Found"}'),
        ("PUT", "/plain", 405, b'{"detail":"Method Not Allowed"}'),
        ("GET", "/plain/", 307, b""),
    ],
)
def test_errors_have_the_shape_of_the_api(method: str, path: str, status: int, body: bytes) -> None:
    answer = ask(method, path)

    assert (answer.status, answer.body) == (status, body)


def test_a_body_must_be_as_declared() -> None:
    answer = ask("POST", "/words", b'{"words": [], "wrods": []}')

    assert (answer.status, answer.body) == (422, b'{"detail":"wrods: unknown field"}')


def test_a_body_that_is_too_large_is_refused() -> None:
    assert ask("POST", "/words", b" " * 101).status == 413


def test_a_client_that_leaves_is_sent_nothing() -> None:
    gone = {"type": "http.disconnect"}

    assert exchange(app_over(), "POST", "/_mockletta/words", body=[gone]).status is None


def test_a_fault_of_ours_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "mockletta")

    assert ask("GET", "/broken").status == 500
    assert "GET /_mockletta/broken failed" in caplog.text


def test_whoever_may_not_use_it_is_told_nothing_else() -> None:
    headers = {"origin": "https://evil.example"}

    answer = exchange(app_over(), "OPTIONS", "/_mockletta/words", headers=headers)

    assert answer.status == 403
    assert answer.headers.keys() == {"content-type", "content-length"}
