"""Attacks on the control API, and who may use it."""

import pytest
from starlette.types import Scope

from mockletta.control.control_access import ControlAccess
from mockletta.errors import Forbidden
from tests.http.exchanges import scope_of

TOKEN = "secret"
HERE, THERE = "127.0.0.1", "192.0.2.7"


def asked_by(client: str | None, method: str = "GET", **headers: str) -> Scope:
    """A request of a client at an address; `_` in a header's name is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    scope = scope_of(method, "/_mockletta/", named)
    return {**scope, "client": None if client is None else (client, 50_000)}


def refusal(guard: ControlAccess, scope: Scope) -> str:
    with pytest.raises(Forbidden) as refused:
        guard.check(scope)
    assert refused.value.status == 403
    return str(refused.value)


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", None])
@pytest.mark.parametrize("token", [None, TOKEN])
def test_clients_of_this_machine_pass(client: str | None, token: str | None) -> None:
    ControlAccess(token).check(asked_by(client, host="localhost:8283"))


@pytest.mark.parametrize("client", [THERE, "10.0.0.1", "::ffff:192.0.2.7", "fe80::1", "nowhere"])
def test_clients_of_other_machines_do_not_and_are_told_how_they_could(client: str) -> None:
    said = refusal(ControlAccess(), asked_by(client, host="localhost:8283"))

    assert "start the server with --admin-token (or MOCKLETTA_ADMIN_TOKEN)" in said
    assert "X-Mockletta-Admin-Token" in said


def test_they_pass_with_the_token_by_any_name() -> None:
    ControlAccess(TOKEN).check(asked_by(THERE, host="mock.example", x_mockletta_admin_token=TOKEN))


def test_without_it_they_are_told_that_there_is_one() -> None:
    assert "send its admin token in the header" in refusal(ControlAccess(TOKEN), asked_by(THERE))


@pytest.mark.parametrize("client", [HERE, THERE])
@pytest.mark.parametrize("token", ["", "secre", "secret ", "SECRET", "sécret"])
def test_a_wrong_token_is_refused_from_anywhere(client: str, token: str) -> None:
    scope = asked_by(client, host="localhost", x_mockletta_admin_token=token)

    assert "another token" in refusal(ControlAccess(TOKEN), scope)


def test_two_tokens_are_not_a_choice() -> None:
    scope = asked_by(THERE)
    scope["headers"] = [(b"x-mockletta-admin-token", value) for value in (b"guess", b"secret")]

    assert "another token" in refusal(ControlAccess(TOKEN), scope)


@pytest.mark.parametrize("token", [None, ""])
def test_a_token_opens_nothing_where_there_is_none(token: str | None) -> None:
    scope = asked_by(THERE, x_mockletta_admin_token="")

    assert "only open to clients" in refusal(ControlAccess(token), scope)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost:3000",
        "http://127.0.0.1:8283",
        "https://localhost:8283",
        "http://localhost:8283.evil.example",
        "http://localhost",
        "null",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_page_of_another_origin_is_refused(origin: str, method: str) -> None:
    scope = asked_by(HERE, method, host="localhost:8283", origin=origin)

    assert "another origin" in refusal(ControlAccess(), scope)


def test_a_page_of_another_origin_is_refused_even_with_the_token() -> None:
    headers = {"origin": "https://evil.example", "x_mockletta_admin_token": TOKEN}

    assert "another origin" in refusal(ControlAccess(TOKEN), asked_by(THERE, **headers))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "Cross-Site"])
def test_a_link_or_an_image_on_another_site_is_refused(site: str) -> None:
    scope = asked_by(HERE, host="localhost:8283", sec_fetch_site=site)

    assert "another origin" in refusal(ControlAccess(), scope)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_and_the_address_bar_pass(site: str) -> None:
    own = {"host": "LocalHost:8283", "origin": "http://localhost:8283", "sec_fetch_site": site}

    ControlAccess().check(asked_by(HERE, "POST", **own))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8283",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evillocalhost",
        "0.0.0.0:8283",
        "[::]:8283",
        "192.0.2.7",
        "[::ffff:192.0.2.7]",
        "[",
        "",
    ],
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(host: str) -> None:
    same_origin = {"host": host, "origin": f"http://{host}", "sec_fetch_site": "same-origin"}

    assert "by the names" in refusal(ControlAccess(), asked_by(HERE, "POST", **same_origin))


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:1", "mock.localhost", "localhost.", "127.0.0.1:8283", "[::1]:1"],
)
def test_the_names_of_this_machine_pass(host: str) -> None:
    ControlAccess().check(asked_by(HERE, host=host))


def test_one_of_two_hosts_is_enough_to_be_refused() -> None:
    scope = asked_by(HERE)
    scope["headers"] = [(b"host", b"localhost"), (b"host", b"evil.example")]

    assert "by the names" in refusal(ControlAccess(), scope)


@pytest.mark.parametrize(
    "header", ["forwarded", "x_forwarded_for", "x_forwarded_host", "x_real_ip"]
)
def test_a_proxy_on_this_machine_speaks_for_others(header: str) -> None:
    scope = asked_by(HERE, host="localhost", **{header: "127.0.0.1"})

    assert "only open to clients" in refusal(ControlAccess(), scope)


def test_a_client_in_this_process_may_call_us_anything() -> None:
    ControlAccess().check(asked_by(None, host="testserver"))
