"""Server processes, started on a free port and killed at the end."""

import http.client
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.answers import Answer
from bench.load import Address

URL = re.compile(rb"http://([\d.]+):(\d+)")
HEALTH = "/v1/health/"
REPOSITORY = Path(__file__).parent.parent
IDLE = 0.01
LOOK = 0.3
"""A server is idle that takes this much processor time in this much time, in seconds."""
CPU_CLOCK = 2
"""What Linux adds to the inverted number of a process to name the clock of its processor time."""
PATIENCE = 30.0
"""Seconds in which a server must answer its first request."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    pid: int
    address: Address

    @property
    def resident_megabytes(self) -> float:
        """The present resident set size, in MB of 1,000,000 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kibibytes = re.search(r"VmRSS:\s+(\d+) kB", status)
        if kibibytes is None:
            raise ProcessLookupError(self.pid)
        return int(kibibytes[1]) * 1024 / 1e6

    @property
    def descriptors(self) -> int:
        """How many file descriptors are open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    @property
    def cpu_seconds(self) -> float:
        """The processor time since the start, user and system."""
        return time.clock_gettime(~self.pid << 3 | CPU_CLOCK)

    def wait_until_idle(self) -> None:
        """Wait until the server does nothing. After its start it loads modules for a second."""
        give_up, before = time.monotonic() + PATIENCE, -1.0
        while self.cpu_seconds - before > IDLE and time.monotonic() < give_up:
            before = self.cpu_seconds
            time.sleep(LOOK)


@contextmanager
def mockletta(*flags: str) -> Iterator[Server]:
    """Start `mockletta serve` and wait until it answers."""
    command = [sys.executable, "-m", "mockletta", "serve", "--port", "0"]
    with _server([*command, "--log-level", "error", *flags]) as server:
        wait_for_answer(server.address, HEALTH)
        yield server


@contextmanager
def recorder(upstream: Address) -> Iterator[Server]:
    """Start `mockletta record` before a server."""
    url = f"http://{upstream.host}:{upstream.port}"
    with tempfile.TemporaryDirectory() as directory:
        into = str(Path(directory) / "recording.jsonl")
        command = [sys.executable, "-m", "mockletta", "record", "--port", "0", "--into", into]
        with _server([*command, "--upstream", url]) as server:
            wait_for_answer(server.address, HEALTH)
            yield server


@contextmanager
def bare(answer: Answer) -> Iterator[Server]:
    """Start the bare app with one constant answer, and wait until it accepts connections."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "answer.json"
        answer.save(file)
        with _server([sys.executable, "-m", "bench.bare", str(file)]) as server:
            yield server


@contextmanager
def bare_streams(tokens: int, first: float, rate: float) -> Iterator[Server]:
    """Start the server that paces constant frames."""
    arguments = [str(tokens), str(first), str(rate)]
    with _server([sys.executable, "-m", "bench.bare_streams", *arguments]) as server:
        yield server


def wait_for_answer(address: Address, path: str) -> None:
    """Send requests until the server answers anything. Raises TimeoutError."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except ConnectionError:
            time.sleep(0.002)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError(f"no answer from {address} within {PATIENCE} s")


def raise_descriptor_limit(wanted: int) -> None:
    """Allow this process and its servers the most open sockets that the system permits."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


@contextmanager
def _server(command: list[str]) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY)
    try:
        yield Server(process.pid, _announced_address(process))
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _announced_address(process: subprocess.Popen[bytes]) -> Address:
    if process.stdout is None:
        raise ValueError("the process was started without a pipe for stdout")
    for line in process.stdout:
        if found := URL.search(line):
            return Address(found[1].decode(), int(found[2]))
    raise RuntimeError(f"the server ended without printing a URL, exit code {process.wait()}")
