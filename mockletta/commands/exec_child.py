"""A shell line that runs beside a server."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

KEY = "mockletta"
"""The API key a child is given, unless certain ones are required."""
FORWARDED = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
BY_SIGNAL = 128
SECONDS_BETWEEN_LOOKS = 0.5
Handler = Callable[[int, FrameType | None], None]


def environment(url: str, key: str = KEY) -> dict[str, str]:
    """The variables by which an SDK and our own commands find the server."""
    own = {name: value for name, value in os.environ.items() if name != "MOCKLETTA_EXEC"}
    return {
        **own,
        "LETTA_BASE_URL": url,
        "LETTA_API_KEY": key,
        "MOCKLETTA_URL": url,
        "MOCKLETTA_KEY": key,
    }


def run_line(line: str, variables: dict[str, str]) -> int:
    """Run a shell line to its end and tell its exit code, 128 and the number if a signal ended it.

    Signals go to it, and it decides what they mean: we end after it.
    """
    child = _Child()
    with _handling(child.tell):
        code = child.run(line, variables)
    return code if code >= 0 else BY_SIGNAL - code


class _Child:
    """A process that is told of our signals, also of one that came while it was being started.

    On a terminal Ctrl-C reaches it by itself. Elsewhere it leads a process group, so that what the
    shell started is told as well.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._leads = hasattr(os, "killpg") and not (sys.stdin and sys.stdin.isatty())
        self._early: list[int] = []

    def run(self, line: str, variables: dict[str, str]) -> int:
        self._process = subprocess.Popen(  # noqa: S602 - a shell line is what is asked for
            line, shell=True, env=variables, process_group=0 if self._leads else None
        )
        for number in self._early:
            self.tell(number, None)
        while True:  # a signal can reach another thread, which would not end an endless wait
            with suppress(subprocess.TimeoutExpired):
                return self._process.wait(SECONDS_BETWEEN_LOOKS)

    def tell(self, number: int, _frame: FrameType | None) -> None:
        if self._process is None:
            self._early.append(number)
        elif self._leads:
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
