"""Runs a fleet on this machine: some mockletta servers behind a HAProxy.

`python -m deploy.local` starts one. It needs `haproxy` on the PATH.
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path

from deploy.haproxy import configuration

SECONDS_TO_STOP = 5
SERVERS_FOR_EACH_THREAD = 4
"""The servers that one thread of the proxy can serve. More threads than it needs take the servers'
processor time: a request costs it a third more with two threads than with one."""


class Fleet:
    """Servers behind a proxy. Each server has a world for each API key."""

    def __init__(self, port: int, directory: Path, *, host: str = "127.0.0.1") -> None:
        self.url = f"http://{host}:{port}"
        self.ports: list[int] = []
        self.servers: list[subprocess.Popen[bytes]] = []
        self._bind = f"{host}:{port}"
        self._file = directory / "haproxy.cfg"
        self._socket = directory / "haproxy.sock"
        self.proxies: list[subprocess.Popen[bytes]] = []

    def add(self, *options: str, port: int | None = None) -> None:
        """Start a further server, or one again on its port."""
        port = port or free_port()
        self.servers.append(_mockletta("serve", "--port", str(port), "--tenancy", "key", *options))
        if port not in self.ports:
            self.ports.append(port)
        subprocess.run(_command("wait", "--url", f"http://127.0.0.1:{port}"), check=True)

    def reload(self, on_loss: str = "move") -> None:
        """Start the proxy, or replace it: the one before ends after its last stream."""
        servers = [f"127.0.0.1:{port}" for port in self.ports]
        text = configuration(
            servers,
            bind=self._bind,
            on_loss=on_loss,
            admin_socket=str(self._socket),
            threads=ceil(len(servers) / SERVERS_FOR_EACH_THREAD),
        )
        self._file.write_text(text)
        before = [str(proxy.pid) for proxy in self.proxies if proxy.poll() is None]
        finish = ["-sf", *before] if before else []
        proxy = shutil.which("haproxy") or "/usr/sbin/haproxy"
        self.proxies.append(subprocess.Popen([proxy, "-db", "-f", str(self._file), *finish]))
        subprocess.run(_command("wait", "--url", self.url), check=True)

    def stop(self) -> None:
        """Stop the proxy and all servers."""
        for process in (*self.proxies, *self.servers):
            process.terminate()
        for process in (*self.proxies, *self.servers):
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def fleet(
    servers: int, *options: str, port: int | None = None, on_loss: str = "move"
) -> Iterator[Fleet]:
    """Run a fleet during the block."""
    with tempfile.TemporaryDirectory() as directory:
        running = Fleet(port or free_port(), Path(directory))
        try:
            for _ in range(servers):
                running.add(*options)
            running.reload(on_loss)
            yield running
        finally:
            running.stop()


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _mockletta(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(_command(*arguments), stdout=subprocess.DEVNULL)


def _command(*arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", "mockletta", *arguments]
