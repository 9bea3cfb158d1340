"""A shell line that runs beside a server: its environment, its exit code, its signals."""

import os
import signal
import sys
from pathlib import Path
from threading import Thread

import pytest

from mockletta.commands import exec_child as children
from mockletta.commands.exec_child import environment, run_line

PYTHON = sys.executable


def test_it_finds_the_server_and_keeps_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKLETTA_EXEC", "mockletta serve")
    monkeypatch.setenv("LETTA_API_KEY", "sk-let-real")
    monkeypatch.setenv("ELSE", "1")

    variables = environment("http://localhost:1")

    assert variables["LETTA_BASE_URL"] == variables["MOCKLETTA_URL"] == "http://localhost:1"
    assert variables["LETTA_API_KEY"] == variables["MOCKLETTA_KEY"] == "mockletta"
    assert variables["ELSE"] == "1"
    assert "MOCKLETTA_EXEC" not in variables


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("true", 0),
        ("exit 3", 3),
        ("false || test $WORD = hello", 0),
        ("kill -KILL $$", 128 + signal.SIGKILL),
        ("no-such-program-at-all 2>/dev/null", 127),
    ],
)
def test_its_exit_code_is_passed_on(line: str, code: int) -> None:
    assert run_line(line, {**os.environ, "WORD": "hello"}) == code


def interrupt_once_there(file: Path, number: int) -> None:
    while not file.exists():
        pass
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_goes_to_all_that_it_started(tmp_path: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready"
    before = signal.getsignal(number)
    line = f"""{PYTHON} -c 'if True:
        import pathlib, signal, sys, time
        signal.signal({number:d}, lambda *_: sys.exit(7))
        pathlib.Path("{ready}").touch()
        while True:
            time.sleep(1)
    '; code=$?; trap - INT TERM; exit $code"""
    trapped = f"trap : INT TERM; {line}"
    Thread(target=interrupt_once_there, args=[ready, number]).start()

    assert run_line(trapped, dict(os.environ)) == 7
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("is_terminal", [True, False])
def test_what_ignores_sigterm_is_killed_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: is_terminal, raising=False)
    monkeypatch.setattr(children, "SECONDS_TO_END", 0.01)
    monkeypatch.setattr(children, "SECONDS_BETWEEN_LOOKS", 0.01)
    ready = tmp_path / "ready"
    line = f"""trap '' TERM; touch "{ready}"; exec {PYTHON} -c 'import time; time.sleep(60)'"""
    Thread(target=interrupt_once_there, args=[ready, signal.SIGTERM]).start()

    assert run_line(line, dict(os.environ)) == 128 + signal.SIGKILL


def test_on_a_terminal_control_c_has_reached_it_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    ready, go = tmp_path / "ready", tmp_path / "go"
    line = f"""exec {PYTHON} -c 'if True:
        import pathlib, signal, sys, time
        signal.signal(signal.SIGINT, lambda *_: sys.exit(9))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
        pathlib.Path("{ready}").touch()
        while True:
            time.sleep(1)
    '"""

    def press() -> None:
        interrupt_once_there(ready, signal.SIGINT)
        interrupt_once_there(go, signal.SIGTERM)

    Thread(target=press).start()
    go.touch()

    assert run_line(line, dict(os.environ)) == 7


def test_a_signal_that_comes_while_it_is_started_is_not_lost() -> None:
    child = children._Child()
    child.pass_on(signal.SIGTERM, None)

    assert child.run("sleep 60", dict(os.environ)) == -signal.SIGTERM


def test_a_signal_that_comes_when_it_is_over_is_of_no_use() -> None:
    child = children._Child()
    child.run("true", dict(os.environ))

    child.pass_on(signal.SIGTERM, None)
