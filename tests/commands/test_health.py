"""`mockletta health` and `mockletta wait`."""

import socket
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from mockletta import MockLetta
from mockletta.commands import health
from mockletta.commands.health import command_lines, port_of
from tests.commands.running import run
from tests.commands.test_control_client import server_that_answers


def process(processes: Path, number: int, *words: str) -> None:
    (processes / str(number)).mkdir()
    (processes / str(number) / "cmdline").write_text("".join(f"{word}\0" for word in words))


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system says about processes; one of them has just ended."""
    monkeypatch.setattr(health, "PROCESSES", tmp_path)
    (tmp_path / "7").mkdir()
    (tmp_path / "meminfo").touch()
    process(tmp_path, 8, "sh", "-c", "sleep")
    return tmp_path


def test_a_server_that_runs_is_healthy_whatever_its_port(processes: Path) -> None:
    with MockLetta() as mock:
        port = str(httpx.URL(mock.base_url).port)
        process(processes, 10, "python", "/bin/mockletta", "serve", "--host", "0", "--port", port)
        assert run("health").exit_code == 0

    assert run("health").exit_code == 1


def test_without_a_server_it_says_so(processes: Path) -> None:
    result = run("health")

    assert (result.exit_code, result.output) == (1, "Error: `mockletta serve` does not run here\n")


def test_the_oldest_server_is_checked(processes: Path) -> None:
    process(processes, 20, "python", "-m", "mockletta", "serve", "--port=2")
    process(processes, 9, "mockletta", "serve", "--port", "1", "--exec", "x")

    assert list(command_lines(processes)) == [["--port", "1", "--exec", "x"], ["--port=2"]]


def test_the_port_follows_the_option_and_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    default = port_of([])
    monkeypatch.setenv("MOCKLETTA_PORT", "9001")

    assert (default, port_of([]), port_of(["--port", "9002"])) == (8283, 9001, 9002)


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
