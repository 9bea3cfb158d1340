"""Mutated files: each is loaded, or refused with a reason."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from mockletta.api.exports.export_endpoints import json_of
from mockletta.api.exports.exporting import export_agent
from mockletta.api.exports.import_checks import parse_file
from mockletta.api.exports.importing import ImportOptions, import_agents
from mockletta.errors import ApiError, BadSettings
from mockletta.files.seed import load_seed
from mockletta.files.snapshot_file_reading import load
from mockletta.files.snapshot_file_writing import save
from mockletta.files.state_file import StateFile
from mockletta.files.state_repair import repair
from mockletta.script.script_files import load_script
from mockletta.world.world import World
from tests.files.rich import make_rich_world
from tests.worlds import commit, make_agent, say

SCRIPT = """
replies:
  - when: {text: '/call (?P<name>\\w+)/i', agent: support}
    reply: [{think: "{{ name|upper }}"}, {call: t, arguments: {a: "{{ count + 1 }}"}}, {say: hi}]
  - when: [hello, {exact: hi}]
    sequence: [a, {fail: overloaded}, {say: b, chunks: [c, d]}]
    then: cycle
faults:
  - {on: agents.create, status: 429, times: 1}
"""
SEED = """
version: 1
blocks: [{id: block-00000000-0000-4000-8000-000000000001, label: human, value: Ann}]
agents:
  - name: support
    model: openai/gpt-4o-mini
    block_ids: [block-00000000-0000-4000-8000-000000000001]
    conversations: [{summary: s, messages: [{content: Hello!}]}]
"""
NOISE = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b"\n",
    b"\0",
    b"\xff",
    b"&a *a",
    b"!!python/name:x ",
    b"1e999",
)
Reader = Callable[[str], object]


def attack_files(rng: Random, rounds: int, folder: Path) -> list[str]:
    """Load mutated snapshots, state files, seeds, scripts and agent files."""
    kinds = readers(folder)
    failures = []
    for number in range(rounds):
        content, read = rng.choice(kinds)
        path = folder / f"{number}.yaml"
        path.write_bytes(_mutated(rng, content))
        try:
            read_or_refuse(read, path)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            failures.append(f"{read} {error!r} for {path.read_bytes()[:2_000]!r}")
        for left in folder.glob(f"{number}.yaml*"):
            left.unlink()
    return failures


def readers(folder: Path) -> list[tuple[bytes, Reader]]:
    """Return a sound file of each kind, and what reads it."""
    return [
        (_snapshot(folder), lambda path: load(World(), path)),
        (_state(folder), _attach),
        (_state(folder), repair),
        (SCRIPT.encode(), load_script),
        (SEED.encode(), lambda path: load_seed(World(), path)),
        (_agent_file(), _import),
    ]


def read_or_refuse(read: Reader, path: Path) -> None:
    """Read a file, or refuse it with a reason."""
    with suppress(BadSettings, ApiError):
        read(str(path))


def _agent_file() -> bytes:
    world = World()
    agent = make_agent(world)
    say(world, agent.id, "Hello!")
    return export_agent(world, agent).model_dump_json().encode()


def _import(path: str) -> None:
    file = json_of(Path(path).read_bytes())
    import_agents(World(), parse_file(file), ImportOptions())


def _snapshot(folder: Path) -> bytes:
    save(make_rich_world(), str(folder / "snapshot"))
    return (folder / "snapshot").read_bytes()


def _state(folder: Path) -> bytes:
    path, world = folder / "state", World()
    with StateFile(str(path)) as file:
        file.attach(world)
        for name in ("Ada", "Bea"):
            make_agent(world, name)
            commit(world)
    content = path.read_bytes()
    path.unlink()
    return content


def _attach(path: str) -> None:
    with StateFile(path, sync="never") as file:
        file.attach(World())


def _mutated(rng: Random, content: bytes) -> bytes:
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data[place:place] = rng.choice(NOISE)
            case 1:
                del data[place : place + rng.choice((1, 10, 1_000))]
            case 2:
                data[place : place + 1] = bytes([rng.randrange(256)])
            case _:
                del data[place:]
    return bytes(data)
