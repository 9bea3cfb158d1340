"""Which endpoint a path and a method lead to."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from mockletta.http.routing import (
    LONGEST_PATH,
    MOST_MATCHES,
    Handler,
    Match,
    Request,
    Router,
    Routes,
    begins_with,
)


def handle(world: object) -> None: ...


def handle_one(world: object, thing_id: str) -> None: ...


def handle_part(world: object, thing_id: str, part: str) -> None: ...


Route = tuple[str, str, str, Handler]


def make_router(*routes: Route) -> Router:
    namespace = Routes("/v1/things")
    for method, path, operation, handler in routes:
        namespace.routes.append((method, namespace.prefix + path, operation, handler))
    return Router([namespace])


def operation_of(match: Match | None) -> str | None:
    return match.endpoint.operation if match else None


def test_a_path_leads_to_its_endpoint_with_its_parameters() -> None:
    router = make_router(("GET", "/{thing_id}/parts/{part}", "things.part", handle_part))

    match = router.match("GET", "/v1/things/7/parts/lid")

    assert match is not None
    assert (match.endpoint.operation, match.params) == (
        "things.part",
        {"thing_id": "7", "part": "lid"},
    )


def test_every_method_of_a_path_has_its_own_endpoint() -> None:
    routes = Routes("/v1/things")
    for register, name in [
        (routes.get, "get"),
        (routes.post, "post"),
        (routes.patch, "patch"),
        (routes.put, "put"),
        (routes.delete, "delete"),
    ]:
        register("/", name)(handle)
    router = Router([routes])

    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    found = [operation_of(router.match(method, "/v1/things/")) for method in methods]

    assert found == ["get", "post", "patch", "put", "delete"]


def test_a_decorated_handler_stays_callable() -> None:
    routes = Routes("/v1/things")

    assert routes.get("/", "things.list")(handle) is handle


@pytest.mark.parametrize("literal_first", [True, False])
def test_a_literal_segment_wins_whatever_the_order_of_registration(literal_first: bool) -> None:
    literal: Route = ("GET", "/count", "things.count", handle)
    parameter: Route = ("GET", "/{thing_id}", "things.retrieve", handle_one)
    router = make_router(*([literal, parameter] if literal_first else [parameter, literal]))

    assert operation_of(router.match("GET", "/v1/things/count")) == "things.count"


def test_a_parameter_is_tried_where_the_literal_has_no_such_method() -> None:
    router = make_router(
        ("GET", "/count", "things.count", handle),
        ("DELETE", "/{thing_id}", "things.delete", handle_one),
    )

    assert operation_of(router.match("DELETE", "/v1/things/count")) == "things.delete"


def test_a_parameter_is_tried_where_the_literal_leads_nowhere() -> None:
    router = make_router(
        ("GET", "/count/all", "things.count", handle),
        ("GET", "/{thing_id}/{part}", "things.part", handle_part),
    )

    assert operation_of(router.match("GET", "/v1/things/count/lid")) == "things.part"


def test_a_parameter_is_never_empty() -> None:
    router = make_router(("GET", "/{thing_id}", "things.retrieve", handle_one))

    assert router.match("GET", "/v1/things/") is None


def test_a_segment_that_looks_like_the_parameter_itself_is_a_value() -> None:
    router = make_router(("GET", "/{thing_id}", "things.retrieve", handle_one))

    match = router.match("GET", "/v1/things/{}")

    assert match is not None
    assert match.params == {"thing_id": "{}"}


def test_only_so_many_matches_are_kept_and_none_of_a_long_path() -> None:
    router = make_router(("GET", "/{thing_id}", "things.retrieve", handle_one))
    first = router.match("GET", "/v1/things/0")

    assert router.match("GET", "/v1/things/0") is first
    for number in range(1, MOST_MATCHES + 1):
        router.match("GET", f"/v1/things/{number}")
    router.match("GET", f"/v1/things/{'7' * LONGEST_PATH}")

    assert len(router._matches) == 1
    assert router.match("GET", "/v1/things/0") is not first


def test_a_match_is_found_again_when_a_route_is_added() -> None:
    router = make_router(("GET", "/{thing_id}", "things.retrieve", handle_one))
    assert operation_of(router.match("GET", "/v1/things/new")) == "things.retrieve"

    literal = Routes("/v1/things")
    literal.get("/new", "things.new")(handle)
    router.include(literal)

    assert operation_of(router.match("GET", "/v1/things/new")) == "things.new"


def test_an_unknown_path_matches_nothing() -> None:
    router = make_router(("GET", "/", "things.list", handle))

    assert router.match("GET", "/v1/others/") is None
    assert router.allowed("/v1/others/") is None


def test_a_known_path_names_the_method_it_was_first_given() -> None:
    router = make_router(
        ("PATCH", "/{thing_id}", "things.update", handle_one),
        ("GET", "/{thing_id}", "things.retrieve", handle_one),
    )

    assert router.match("PUT", "/v1/things/7") is None
    assert router.allowed("/v1/things/7") == "PATCH"


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/v1/things", "/v1/things/"),
        ("/v1/things/7/", "/v1/things/7"),
        ("/v1/things/7//", None),
        ("/v1/others", None),
    ],
)
def test_a_path_is_known_by_its_other_ending(path: str, other: str | None) -> None:
    router = make_router(
        ("GET", "/", "things.list", handle),
        ("GET", "/{thing_id}", "things.retrieve", handle_one),
    )

    assert router.other_ending(path) == other


def test_a_target_that_is_no_path_has_no_other_ending() -> None:
    routes = Routes("")
    routes.get("/", "home")(handle)

    assert Router([routes]).other_ending("*") is None


def test_a_router_lists_the_requests_of_its_operations() -> None:
    router = make_router(("GET", "/", "things.list", handle), ("POST", "/", "things.make", handle))

    assert router.endpoints == {
        "things.list": ("GET", "/v1/things/"),
        "things.make": ("POST", "/v1/things/"),
    }


def test_routes_below_a_prefix_are_loaded_when_a_path_there_is_first_asked_for() -> None:
    loaded: list[str] = []

    def load() -> list[Routes]:
        loaded.append("things")
        routes = Routes("/v1/things")
        routes.get("/{thing_id}", "things.retrieve")(handle_one)
        return [routes]

    router = Router(lazily={"/v1/things": load})

    assert (router.match("GET", "/v1/others/7"), loaded) == (None, [])
    found = [operation_of(router.match("GET", f"/v1/things/{number}")) for number in (7, 8)]
    assert (found, loaded) == (["things.retrieve"] * 2, ["things"])
    assert router.allowed("/v1/things/9") == "GET"


def of_parts() -> Router:
    """A router that loads the things, their parts and their count each on their own."""
    things, parts, count = Routes("/v1/things"), Routes("/v1/things"), Routes("/v1/things")
    things.get("/{thing_id}", "things.retrieve")(handle_one)
    parts.get("/{thing_id}/parts/{part}", "things.part")(handle_part)
    count.get("/count", "things.count")(handle)
    return Router(
        lazily={
            "/v1/things": lambda: [things],
            "/v1/things/{}/parts": lambda: [parts],
            "/v1/things/count": lambda: [count],
        }
    )


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/v1/things/7", "things.retrieve"),
        ("/v1/things/7/parts/lid", "things.part"),
        ("/v1/things/count", "things.count"),
        ("/v1/things/7/parts", None),
    ],
)
def test_parts_of_a_namespace_can_be_loaded_on_their_own(path: str, operation: str | None) -> None:
    router, after_others = of_parts(), of_parts()
    after_others.match("GET", "/v1/things/8")

    assert operation_of(router.match("GET", path)) == operation
    assert operation_of(after_others.match("GET", path)) == operation


def test_all_routes_are_loaded_to_list_them() -> None:
    routes = Routes("/v1/things")
    routes.get("/", "things.list")(handle)
    others = Routes("/v1/others")
    others.get("/", "others.list")(handle)
    router = Router([others], {"/v1/things": lambda: [routes]})

    assert list(router.endpoints) == ["things.list", "others.list"]


def test_threads_that_ask_at_the_same_time_all_find_their_routes() -> None:
    beginning = Barrier(4)
    routes = Routes("/v1/things")
    routes.get("/", "things.list")(handle)
    router = Router(lazily={"/v1/things": lambda: [routes]})

    def ask(_: int) -> str | None:
        beginning.wait()
        return operation_of(router.match("GET", "/v1/things/"))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == ["things.list"] * 4


def test_some_of_the_routes_can_be_chosen_by_their_path() -> None:
    routes = Routes("")
    routes.get("/v1/things/{thing_id}", "things.retrieve")(handle_one)
    routes.get("/v1/others/", "others.list")(handle)

    chosen = routes.where(lambda path: begins_with(path, "/v1/things"))

    assert [operation for _, _, operation, _ in chosen.routes] == ["things.retrieve"]


def test_a_request_names_no_hosts_of_internal_networks() -> None:
    assert not Request().hosts
