"""Runs a shell command beside a server, for `serve --exec`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

KEY = "mockletta"
"""The API key of the command, unless the server requires certain keys."""
FORWARDED = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
BY_SIGNAL = 128
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_END = 5.0
Handler = Callable[[int, FrameType | None], None]


def environment(url: str, key: str | None = KEY) -> dict[str, str]:
    """Return the environment variables with which SDKs and our commands find the server.

    Without a key the command keeps its own key.
    """
    own = {name: value for name, value in os.environ.items() if name != "MOCKLETTA_EXEC"}
    keys = {} if key is None else {"LETTA_API_KEY": key, "MOCKLETTA_KEY": key}
    return {**own, "LETTA_BASE_URL": url, "MOCKLETTA_URL": url, **keys}


def run_line(line: str, variables: dict[str, str]) -> int:
    """Run a shell command and return its exit code, or 128 plus the number of the signal that ended
    it.

    Signals are passed on, and the command decides what they do. If it has not ended SECONDS_TO_END
    after SIGTERM, it is killed with all processes that it started. The server stops after it.
    """
    child = _Child()
    with _handling(child.pass_on):
        code = child.run(line, variables)
    return code if code >= 0 else BY_SIGNAL - code


class _Child:
    """A process that receives our signals, even one that arrived during its start.

    A terminal sends Ctrl-C to it directly. Otherwise it leads a process group, so that its own
    children receive the signal too.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._leads_group = hasattr(os, "killpg") and not (sys.stdin and sys.stdin.isatty())
        self._early: list[int] = []
        self._deadline: float | None = None

    def run(self, line: str, variables: dict[str, str]) -> int:
        self._process = subprocess.Popen(  # noqa: S602 - running a shell command is the purpose
            line, shell=True, env=variables, process_group=0 if self._leads_group else None
        )
        for number in self._early:
            self.pass_on(number, None)
        while True:  # another thread can receive a signal, which would not end an endless wait
            with suppress(subprocess.TimeoutExpired):
                return self._process.wait(SECONDS_BETWEEN_LOOKS)
            if self._deadline is not None and time.monotonic() > self._deadline:
                self._kill(self._process)

    def _kill(self, process: "subprocess.Popen[bytes]") -> None:
        if self._leads_group:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()

    def pass_on(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGTERM and self._deadline is None:
            self._deadline = time.monotonic() + SECONDS_TO_END
        if self._process is None:
            self._early.append(number)
        elif self._leads_group:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
        elif number != signal.SIGINT:
            self._process.send_signal(number)


@contextmanager
def _handling(handler: Handler) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in FORWARDED}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
