"""The files of the console as they are served."""

import pytest

from mockletta.control.console import console_files
from mockletta.hosting.application import create_app
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control
from tests.http.exchanges import exchange

MOST_BYTES = 200_000


def test_the_page_and_all_its_files_are_served_and_small() -> None:
    control, sizes = Control(), 0
    for name in ["", *(f"/{one}" for one in console_files())]:
        answer = exchange(control.app, "GET", f"/_mockletta/console{name}")
        assert answer.status == 200, name
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        sizes += len(answer.body)
    assert sizes < MOST_BYTES


@pytest.mark.parametrize("path", ["/console/none.js", "/console/views/none.js", "/console/.."])
def test_other_files_are_not(path: str) -> None:
    assert Control().ask("GET", path)[0] == 404


def test_a_server_without_a_console_says_so() -> None:
    app = create_app(Worlds(World()), console=False)
    answer = exchange(app, "GET", "/_mockletta/console")
    assert (answer.status, b"without a console" in answer.body) == (404, True)
    browser = {"accept": "text/html"}
    assert exchange(app, "GET", "/", headers=browser).headers["location"] == "/docs"


def test_a_browser_is_led_to_the_console_and_a_program_to_the_operations() -> None:
    control = Control()
    led = exchange(control.app, "GET", "/", headers={"accept": "text/html,*/*"})
    assert led.headers["location"] == "/_mockletta/console"
    assert exchange(control.app, "GET", "/").headers["location"] == "/docs"
