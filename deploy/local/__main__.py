"""Starts a fleet on this machine.

    python -m deploy.local --servers 2 --port 8283 -- --pace 'tokens_per_second=20'

Clients use the port of the proxy. The options after `--` are options of `mockletta serve`, for
every server. Ctrl-C stops everything.
"""

import argparse
import contextlib
import signal
from types import FrameType

from deploy.local import fleet


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Run a fleet of mockletta servers on this machine."
    )
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8283)
    parser.add_argument("--on-loss", choices=["move", "wait"], default="move")
    parser.add_argument("options", nargs="*", help="options of `mockletta serve`, after --")
    given = parser.parse_args()

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with (
        contextlib.suppress(KeyboardInterrupt),
        fleet(given.servers, *given.options, port=given.port, on_loss=given.on_loss) as running,
    ):
        print(f"{given.servers} servers at {running.url} - Ctrl-C to stop", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
