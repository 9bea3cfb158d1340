"""The log on standard error: written by a thread, bounded, and never in the way."""

import logging
import queue
import subprocess
import sys
from signal import SIGTERM

import httpx
import pytest

from mockletta.commands import stderr_log
from mockletta.commands.stderr_log import BoundedQueueHandler, finish_log, log_to_stderr, own_stderr


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("mockletta", logging.INFO, "", 0, text, None, None)


def test_a_pipe_that_nobody_reads_holds_up_neither_the_server_nor_its_end() -> None:
    command = [sys.executable, "-m", "mockletta", "serve", "--port", "0", "--log-level", "debug"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pipesize=4096, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[2]
        with httpx.Client(base_url=url, timeout=60) as http:
            statuses = {http.get("/v1/agents/").status_code for _ in range(200)}
        server.terminate()
        assert (statuses, server.wait(60)) == ({200}, -SIGTERM)


def test_records_that_do_not_fit_are_dropped() -> None:
    records: queue.Queue[logging.LogRecord] = queue.Queue(1)
    handler = BoundedQueueHandler(records)
    for text in ("one", "two"):
        handler.emit(record(text))
    assert records.get_nowait().getMessage() == "one"
    assert records.empty()


def test_the_log_is_written_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(stderr_log, "own_stderr", lambda: sys.stderr)
    log_to_stderr("info")
    logging.getLogger("mockletta").warning("look")
    finish_log(seconds=60)
    assert capfd.readouterr().err == "WARNING mockletta: look\n"
    assert len(root.handlers) == 1
    log_to_stderr("info")
    assert len(root.handlers) == 1


def test_a_stream_without_a_descriptor_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Captured:
        def fileno(self) -> int:
            raise OSError

    monkeypatch.setattr(sys, "stderr", Captured())
    assert own_stderr() is sys.stderr
