"""Attacks a server for a while: `python -m tests.attack [--seconds N] [--seed N]`.

Fails if an answer is an unintended 5xx, a traceback is logged, a file or a pattern raises what it
should not, or the server's memory does not come back to within a fifth after its rows are deleted.
"""

import argparse
import logging
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx

from tests.attack.connections import attack_connections
from tests.attack.files import attack_files
from tests.attack.operations import attack_operations
from tests.attack.patterns import attack_patterns

MOST_GROWTH = 1.2
WARMING_UP = 300
SERVER = ("--port", "0", "--journal-entries", "100")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=120.0)
    options.add_argument("--seed", type=int, default=int(time.time()))
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)  # damaged files are what is attacked with
    sys.stdout.write(f"seed {chosen.seed}\n")
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        command = [sys.executable, "-m", "mockletta", "serve", *SERVER]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server:
            try:
                failures = _attack(server, Path(folder), Random(chosen.seed), chosen.seconds)
            finally:
                server.terminate()
        log.seek(0)
        text = log.read()
    failures += [text[text.index("Traceback") :][:3_000]] if "Traceback" in text else []
    sys.stdout.write("\n".join(failures) or "nothing failed" + "\n")
    return 1 if failures else 0


def _attack(
    server: "subprocess.Popen[str]", folder: Path, rng: Random, seconds: float
) -> list[str]:
    assert server.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
    assert found is not None
    url = found[0]
    attacks: list[Callable[[], list[str]]] = [
        lambda: attack_operations(url, rng, WARMING_UP),
        lambda: attack_connections(url, rng, 50),
        lambda: attack_files(rng, 100, folder),
        lambda: attack_patterns(rng, 100),
    ]
    failures = attacks[0]()
    _reset(url)
    before, rounds, end = _memory(server.pid), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        failures += attacks[rounds % len(attacks)]()
        rounds += 1
    _reset(url)
    after = _memory(server.pid)
    sys.stdout.write(f"{rounds} rounds; memory {before} MB before, {after} MB after\n")
    if after > before * MOST_GROWTH:
        failures.append(f"memory grew from {before} to {after} MB")
    return failures


def _reset(url: str) -> None:
    httpx.post(f"{url}/_mockletta/reset", timeout=60).raise_for_status()


def _memory(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4 // 1024


if __name__ == "__main__":
    sys.exit(main())
