"""`mockletta health`: it finds the server of this machine by its command line."""

from pathlib import Path

import httpx
import pytest

from mockletta import MockLetta
from mockletta.commands import health
from mockletta.commands.health import command_lines, port_of
from tests.commands.running import run


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
