"""From an ASGI request to an ASGI response, with a world of two lines."""

import logging
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel

from mockletta.errors import Conflict
from mockletta.hosting.answer_sending import PushedAnswer
from mockletta.hosting.dispatch import Dispatcher
from mockletta.http.rendering import Response
from mockletta.http.routing import Router, Routes
from mockletta.http.streaming import EventStream, finished_stream
from mockletta.state.event_log import Event, Events
from mockletta.state.timers import ScheduledCall
from mockletta.world.quirks import REDIRECTS, Quirks
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World as RealWorld
from mockletta.world.worlds import Worlds
from tests.http.exchanges import Answer, chunks, exchange, scope_of

DISCONNECT = {"type": "http.disconnect"}
MAX_BODY = 10
ONE, TWO = Event("raw", b"1"), Event("raw", b"2")


class World(RealWorld):
    """A world that handlers can change in a way that a test sees."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []


class Due(ScheduledCall):
    """What is due in a world as soon as somebody looks."""

    def __init__(self, world: World) -> None:
        self.world = world

    def check(self) -> None:
        self.world.names.append("due")


class Body(BaseModel):
    n: str


def _whole(world: World) -> Response:
    return finished_stream([ONE])


def _lasting(world: World) -> EventStream:
    return EventStream(_events)


async def _events() -> AsyncIterator[Events]:
    for event in (ONE, TWO):
        yield [event]


async def _later(world: World) -> str:
    return "later"


def _post(world: World, body: Body) -> list[str]:
    world.names.append(body.n)
    return world.names


def _fail(world: World) -> None:
    raise RuntimeError("secret")


def _refuse(world: World) -> None:
    raise Conflict("Busy", run_id="run-1")


async def _fail_later(world: World) -> None:
    raise RuntimeError("secret")


def redirecting() -> World:
    world = World()
    world.quirks = Quirks(frozenset({REDIRECTS}))
    return world


def make_app(world: World | None = None, *, worlds: Worlds | None = None) -> Dispatcher:
    routes = Routes("/v1/things")
    routes.post("/", "things.create")(_post)
    routes.get("/whole", "things.whole")(_whole)
    routes.get("/lasting", "things.lasting")(_lasting)
    routes.get("/later", "things.later")(_later)
    routes.get("/fail", "things.fail")(_fail)
    routes.get("/fail-later", "things.fail_later")(_fail_later)
    routes.get("/refuse", "things.refuse")(_refuse)
    routes.get("/page", "things.page")(_page)
    routes.get("/{name}", "things.retrieve")(_name)
    served = worlds or Worlds(world or World())
    return Dispatcher(Router([routes]), served, MAX_BODY, _check_token)


def _check_token(context: RequestContext) -> None:
    raise AssertionError


def _page(world: World) -> Response:
    return Response(418, [(b"x-tea", b"pot")], b"tea")


def _name(world: World, name: str) -> str:
    return name


def as_json(answer: Answer) -> tuple[int | None, bytes]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    return answer.status, answer.body


def test_a_result_is_sent_as_json() -> None:
    assert as_json(exchange(make_app(), "GET", "/v1/things/grün")) == (200, '"grün"'.encode())


def test_an_awaitable_result_is_awaited() -> None:
    assert as_json(exchange(make_app(), "GET", "/v1/things/later")) == (200, b'"later"')


def test_what_is_due_comes_before_the_request() -> None:
    world = World()
    world.timetable = Due(world)
    exchange(make_app(world), "POST", "/v1/things/", body=chunks(b'{"n":"x"}'))
    assert world.names == ["due", "x"]


def test_a_handler_can_answer_with_a_response_of_its_own() -> None:
    assert exchange(make_app(), "GET", "/v1/things/page") == Answer(
        418, {"x-tea": "pot", "content-length": "3"}, b"tea"
    )


def test_a_stream_that_is_known_whole_is_one_body() -> None:
    assert exchange(make_app(), "GET", "/v1/things/whole") == Answer(
        200,
        {"content-type": "text/event-stream; charset=utf-8", "content-length": "9"},
        b"data: 1\n\n",
    )


def test_a_stream_that_lasts_is_followed() -> None:
    assert exchange(make_app(), "GET", "/v1/things/lasting") == Answer(
        200, {"content-type": "text/event-stream; charset=utf-8"}, b"data: 1\n\ndata: 2\n\n"
    )


def test_a_stream_that_cannot_be_pushed_continues_in_a_task() -> None:
    begun = make_app().begin(scope_of("GET", "/v1/things/lasting"), b"")
    assert not isinstance(begun, Response | PushedAnswer)
    assert exchange(begun, "GET", "/v1/things/lasting").body == b"data: 1\n\ndata: 2\n\n"


def test_latest_is_another_name_of_the_version() -> None:
    assert as_json(exchange(make_app(), "GET", "/latest/things/x")) == (200, b'"x"')


def test_an_error_is_sent_with_its_status_and_body() -> None:
    assert as_json(exchange(make_app(), "GET", "/v1/things/refuse")) == (
        409,
        b'{"detail":"CONFLICT: Busy","run_id":"run-1"}',
    )


def test_an_unknown_path_is_not_found() -> None:
    assert as_json(exchange(make_app(), "GET", "/v1/others")) == (404, b'{"detail":"Not Found"}')


def test_an_unknown_method_is_told_the_first_that_is_known() -> None:
    answer = exchange(make_app(), "PUT", "/v1/things/")

    assert as_json(answer) == (405, b'{"detail":"Method Not Allowed"}')
    assert answer.headers["allow"] == "POST"


def test_the_other_ending_is_redirected_to_an_absolute_address() -> None:
    answer = exchange(
        make_app(redirecting()), "POST", "/v1/things?a=1&b=%20", headers={"host": "example.org:1"}
    )

    assert answer == Answer(
        307, {"location": "http://example.org:1/v1/things/?a=1&b=%20", "content-length": "0"}, b""
    )


def test_the_other_ending_is_answered_where_the_documentation_does_not_redirect() -> None:
    world = World()
    answer = exchange(make_app(world), "GET", "/v1/things/refuse/")
    (entry,) = world.journal
    [found] = entry.quirks
    assert (answer.status, entry.operation) == (409, "things.refuse")
    assert answer.headers["x-mockletta-depends-on"] == found.sentence
    assert found.sentence.startswith(
        "GET /v1/things/refuse/: this answer depends on the quirk redirected-paths, which is off."
    )
    assert "would have answered a redirect to /v1/things/refuse." in found.sentence


def test_an_answer_without_an_error_names_no_quirk() -> None:
    answer = exchange(make_app(), "GET", "/v1/things/later/")
    assert set(answer.headers) == {"content-type", "content-length"}


def test_a_redirect_quotes_what_cannot_stand_in_an_address() -> None:
    answer = exchange(make_app(redirecting()), "GET", "/v1/things/a ü\r\nx/")

    assert answer.headers["location"] == "http://localhost/v1/things/a%20%C3%BC%0D%0Ax"


def test_a_body_is_read_in_parts() -> None:
    world = World()

    answer = exchange(make_app(world), "POST", "/v1/things/", body=chunks(b'{"n":', b'"x"', b"}"))

    assert as_json(answer) == (200, b'["x"]')
    assert world.names == ["x"]


def test_a_body_of_just_the_limit_is_read() -> None:
    answer = exchange(make_app(), "POST", "/v1/things/", body=chunks(b'{"n":"ab"}'))

    assert as_json(answer) == (200, b'["ab"]')


@pytest.mark.parametrize(
    "parts", [[b'{"n":"abc"}'], [b'{"n":"a', b'bc"}'], [b'{"n":', b'"a', b'bc"', b"}"]]
)
def test_a_body_over_the_limit_is_refused(parts: list[bytes]) -> None:
    world = World()

    answer = exchange(make_app(world), "POST", "/v1/things/", body=chunks(*parts))

    assert as_json(answer) == (
        413,
        b'{"detail":"Request body is larger than the limit of 10 bytes"}',
    )
    assert world.names == []


def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    app = make_app()
    parts = chunks(b"x" * 6, b"x" * 6, b"x" * 6)

    answer = exchange(app, "POST", "/v1/things/", body=parts[:2])

    assert answer.status == 413


def test_a_body_that_nobody_asks_for_is_not_read() -> None:
    answer = exchange(make_app(), "GET", "/v1/things/x", body=chunks(b"x" * 20))

    assert as_json(answer) == (200, b'"x"')


@pytest.mark.parametrize(
    "before", [[], [{"type": "http.request", "body": b"{", "more_body": True}]]
)
def test_a_client_that_leaves_within_its_body_changes_nothing(
    before: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    world = World()

    answer = exchange(make_app(world), "POST", "/v1/things/", body=[*before, DISCONNECT])

    assert (answer, world.names, caplog.records) == (Answer(), [], [])


@pytest.mark.parametrize("path", ["/v1/things/fail", "/v1/things/fail-later"])
def test_a_fault_of_ours_is_logged_and_only_its_sentence_sent(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = exchange(make_app(), "GET", path)

    assert as_json(answer) == (500, b'{"detail":"An unknown error occurred"}')
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, f"GET {path} failed")
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "secret"


def test_a_malformed_user_is_refused_before_anything_is_looked_up() -> None:
    answer = exchange(make_app(), "GET", "/nowhere", headers={"user_id": "nope"})

    assert answer.status == 400


def test_a_handler_runs_under_the_lock_of_its_world(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    held: list[str] = []

    class Recorder:
        def __enter__(self) -> None:
            held.append("taken")

        def __exit__(self, *args: object) -> None:
            held.append("given back")

    monkeypatch.setattr(world, "lock", Recorder())
    exchange(make_app(world), "GET", "/v1/things/fail")

    assert held == ["taken", "given back"]


def test_a_key_without_a_world_is_refused() -> None:
    app = make_app(worlds=Worlds(World(), make=World, limit=0))

    assert exchange(app, "GET", "/v1/things/x", headers={"authorization": "Bearer k"}).status == 429


def test_a_key_without_a_world_is_refused_at_once() -> None:
    app = make_app(worlds=Worlds(World(), make=World, limit=0))
    answer = app.begin(scope_of("GET", "/v1/things/x", {"authorization": "Bearer k"}), b"")
    assert isinstance(answer, Response)
    assert answer.status == 429


def test_what_came_and_went_is_in_the_journal() -> None:
    world = World()
    headers = {"authorization": "Bearer sk-let-1234567890", "x-a": "b"}

    exchange(make_app(world), "POST", "/v1/things/?q=1", body=chunks(b'{"n":"x"}'), headers=headers)

    (entry,) = world.journal
    assert (entry.number, entry.operation, entry.method, entry.path, entry.query_string) == (
        1,
        "things.create",
        "POST",
        "/v1/things/",
        b"q=1",
    )
    assert (entry.headers, entry.key) == (
        [(b"authorization", b"sk-l..."), (b"x-a", b"b")],
        "sk-l…",
    )
    assert (entry.request_bytes, entry.status, entry.response_body) == (
        b'{"n":"x"}',
        200,
        b'["x"]',
    )
    assert (entry.body, entry.response, entry.query) == ({"n": "x"}, ["x"], {"q": "1"})
    assert entry.duration is not None


def test_the_journal_notes_the_frames_of_a_lasting_stream() -> None:
    world = World()

    exchange(make_app(world), "GET", "/v1/things/lasting")

    (entry,) = world.journal
    assert [part.events for part in entry.stream] == [[ONE], [TWO]]
    assert (entry.status, entry.left_early) == (200, False)


def test_the_journal_notes_a_client_that_left_before_its_answer() -> None:
    world = World()

    exchange(make_app(world), "POST", "/v1/things/", body=[DISCONNECT])

    (entry,) = world.journal
    assert (entry.status, entry.left_early) == (None, True)


def with_fault(fault: str, path: str) -> Answer:
    return exchange(make_app(), "GET", path, headers={"x-mockletta-fault": fault})


def test_a_fault_strikes_one_request() -> None:
    answer = with_fault("status=503 retry_after=2", "/v1/things/x")

    assert as_json(answer) == (503, b'{"detail":"Service Unavailable"}')
    assert answer.headers["retry-after"] == "2"


def test_a_planned_fault_strikes_whoever_comes_first() -> None:
    world = World()
    world.faults.add("things.retrieve", status=500)

    answers = [exchange(make_app(world), "GET", "/v1/things/x").status for _ in range(2)]

    assert answers == [500, 200]


def test_a_stream_with_a_fault_is_sent_frame_by_frame() -> None:
    assert with_fault("truncate=1", "/v1/things/lasting").body == b"data: 1\n\n"


@pytest.mark.parametrize("reset", ["before_headers", "after_headers"])
def test_a_server_that_cannot_reset_is_told_so(reset: str) -> None:
    with pytest.raises(ConnectionResetError, match="a fault reset the connection"):
        with_fault(f"reset={reset}", "/v1/things/whole")
