"""`mockletta wait`: until a server answers, and not for ever."""

import socket
from threading import Event, Thread

import pytest

from mockletta import MockLetta
from tests.commands.running import run
from tests.commands.test_control_client import server_that_answers


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def test_it_ends_when_a_server_is_there() -> None:
    with MockLetta() as mock:
        result = run("wait", "--url", mock.base_url)

    assert (result.exit_code, result.output, len(mock.world.journal)) == (0, "", 0)


def test_it_waits_for_one_that_is_yet_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    port, waiting, over = free_port(), Event(), Event()

    def serve() -> None:
        waiting.wait()
        with MockLetta(port=port):
            over.wait()

    monkeypatch.setattr("time.sleep", lambda _: waiting.set())
    thread = Thread(target=serve)
    thread.start()
    result = run("wait", MOCKLETTA_URL=f"http://127.0.0.1:{port}")
    over.set()
    thread.join()

    assert (result.exit_code, result.output, waiting.is_set()) == (0, "", True)


def test_it_gives_up_and_says_why() -> None:
    url = f"http://127.0.0.1:{free_port()}"

    result = run("wait", "--url", url, "--timeout", "0")

    assert (result.exit_code, result.output) == (
        1,
        f"Error: no server answers at {url}: Connection refused\n",
    )


def test_a_server_that_is_closed_to_us_is_there() -> None:
    with server_that_answers(403, b"") as (url, _):
        assert run("wait", "--url", url).exit_code == 0


def test_another_server_is_none() -> None:
    with server_that_answers(404, b"") as (url, _):
        result = run("wait", "--url", url, "--timeout", "0")

    assert result.output == f"Error: no mockletta at {url}: it answers 404 to /_mockletta/\n"
