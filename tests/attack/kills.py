"""Kills writers of state files at random points: `python -m tests.attack.kills [--kills N]`.

Two writers have their files in one folder, with names that begin alike. The folder is on the disk,
on a memory disk that is full from time to time, or on one that is soon full for good. After each
kill both files are read: whatever was acknowledged is there, and no file is empty.
"""

import argparse
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mockletta.errors import BadSettings
from mockletta.files.snapshot_file_reading import read_state
from tests.attack.kill_victim import LOADED, Victim

NAMES = ("a.state", "a.state.b")
ROUNDS_EACH = 10
"""The rounds that a pair of files lives."""
BALLAST = "ballast"
FOLDERS = {"disk": 0, "filling": 300_000, "changing": 2_000_000}
"""Folders and their sizes in bytes; 0 is the disk itself."""


class Acknowledged:
    """What a file must have and must not have, from the lines that its writer told.

    `touched` are the ids that changed since the file was last known to be written. They may be
    there or not.
    """

    def __init__(self) -> None:
        self.present: set[str] = set()
        self.absent: set[str] = set()
        self.touched: set[str] = set()
        self.kept: set[str] = set()
        self.is_failing = False
        self.has_loaded = False
        self.lines: Counter[str] = Counter()

    def take(self, line: str) -> None:
        """Take the next line."""
        word, _, rest = line.partition(" ")
        reason = f" ({rest.rpartition(': ')[2]})" if word == "failing" else ""
        self.lines[word + reason] += 1
        match line.split():
            case ["put", block_id]:
                self._change(self.present | {block_id})
            case ["begin", "gone", block_id]:
                self.touched.add(block_id)
            case ["gone", block_id]:
                self._change(self.present - {block_id})
            case ["keep"]:
                self.kept = set(self.present)
            case ["begin", "restore"]:
                self.touched |= self.present ^ self.kept
            case ["restored"]:
                self._change(set(self.kept))
            case ["failing" | "recovered" as state, *_]:
                self.is_failing = state == "failing"
            case _:
                self.has_loaded |= line == LOADED

    def _change(self, present: set[str]) -> None:
        changed = present ^ self.present
        self.absent = (self.absent | (self.present - present)) - present
        self.present = present
        self.touched = self.touched | changed if self.is_failing else set()

    def faults(self, found: set[str]) -> Iterator[str]:
        """Say what a file has lost, and what it has that was removed."""
        for block_id in self.present - found - self.touched:
            yield f"{block_id} was acknowledged and is lost"
        for block_id in (self.absent & found) - self.touched:
            yield f"{block_id} was removed and is there"

    def restart(self, found: set[str]) -> None:
        """Start again with what a file has."""
        self.present, self.absent = set(found), self.absent - found
        self.touched, self.kept = set(), set()
        self.is_failing = self.has_loaded = False


class Writer:
    """A victim in a process of its own, and what it has told."""

    def __init__(self, path: Path, seed: int, told: Acknowledged) -> None:
        self.path = path
        self.told = told
        self._lines, output = os.pipe()
        self._rest = b""
        self.pid = os.fork()
        if not self.pid:
            self._run(output, seed)
        os.close(output)

    def _run(self, output: int, seed: int) -> None:
        try:
            Victim(str(self.path), output, seed).run()
        finally:
            os._exit(1)

    def listen(self, seconds: float) -> None:
        """Take what the victim tells for a while, at least until it has loaded its file."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 or not self.told.has_loaded:
            if select.select([self._lines], [], [], max(left, 0.05))[0] and not self._take():
                return

    def kill(self) -> None:
        """Kill the victim, and take the rest of what it told."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        while self._take():
            pass
        os.close(self._lines)

    def _take(self) -> bool:
        data = os.read(self._lines, 65_536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.told.take(line.decode())
        return bool(data)


def attack_state_files(
    rng: random.Random, rounds: int, folder: Path, size: int = 0, lines: Counter[str] | None = None
) -> list[str]:
    """Kill two writers in a folder, again and again. Return what was lost. `size` is that of the
    folder's disk, in bytes, if it can become full. `lines` counts what the writers told."""
    failures: list[str] = []
    told = [Acknowledged(), Acknowledged()]
    for number in range(rounds):
        if number % ROUNDS_EACH == 0:
            for path in folder.iterdir():
                path.unlink()
            told = [Acknowledged(), Acknowledged()]
        writers = [
            Writer(folder / name, rng.getrandbits(32), one)
            for name, one in zip(NAMES, told, strict=True)
        ]
        for writer in writers:
            writer.listen(rng.uniform(0, 0.2))
            _change_ballast(rng, folder, size)
        for writer in writers:
            writer.kill()
            failures += [f"round {number}, {writer.path}: {one}" for one in _checked(writer)]
            if lines is not None:
                lines.update(writer.told.lines)
            writer.told.lines.clear()
    return failures


def _checked(writer: Writer) -> list[str]:
    """Read the file of a writer that was killed."""
    if not writer.told.has_loaded:
        return ["the file was not loaded"]
    try:
        draft = read_state(str(writer.path))
    except BadSettings as error:
        return [] if _never_had_room(writer) else [str(error)]
    found = {block.id for block in draft.store.blocks}
    failures = list(writer.told.faults(found))
    writer.told.restart(found)
    return failures


def _never_had_room(writer: Writer) -> bool:
    """Whether the file could not even be begun."""
    is_begun = writer.path.exists() and writer.path.stat().st_size
    told = writer.told
    is_excused = not is_begun and told.is_failing and told.present <= told.touched
    told.restart(set())
    return is_excused


def _change_ballast(rng: random.Random, folder: Path, size: int) -> None:
    """Fill the disk, or make room again."""
    if not size:
        return
    ballast = folder / BALLAST
    ballast.unlink(missing_ok=True)
    with suppress(OSError):
        ballast.write_bytes(b"\0" * rng.randrange(size))


@contextmanager
def memory_disk(folder: Path, size: int) -> Iterator[bool]:
    """Mount a memory disk of some bytes at a folder. False if this is not permitted."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    is_mounted = (
        size > 0 and not subprocess.run(command, capture_output=True, check=False).returncode
    )
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=500)
    options.add_argument("--seed", type=int, default=int(time.time()))
    chosen = options.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    rng, failures = random.Random(chosen.seed), list[str]()
    rounds = -(-chosen.kills // len(FOLDERS) // len(NAMES))
    for name, size in FOLDERS.items():
        with tempfile.TemporaryDirectory() as folder, memory_disk(Path(folder), size) as mounted:
            if size and not mounted:
                sys.stdout.write(f"{name}: needs the right to mount a disk, not run\n")
                continue
            moving = size if name == "changing" else 0
            lines = Counter[str]()
            failures += attack_state_files(rng, rounds, Path(folder), moving, lines)
            told = ", ".join(f"{count} {word}" for word, count in sorted(lines.items()))
            sys.stdout.write(f"{name}: {rounds * len(NAMES)} kills; {told}\n")
    sys.stdout.write("\n".join(failures) or "nothing was lost" + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
