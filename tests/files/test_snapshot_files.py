"""Snapshots in files: what is read is what was written, or it is refused with a reason."""

import json
import random
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mockletta.errors import BadSettings
from mockletta.files.numbered_lines import numbered_line
from mockletta.files.snapshot_file_entries import UPGRADES, VERSION, BadSnapshot, upgraded
from mockletta.files.snapshot_file_reading import load
from mockletta.files.snapshot_file_writing import save
from mockletta.world.world import World
from tests.files.rich import make_rich_world
from tests.worlds import make_agent, make_conversation, say, whole

Line = dict[str, object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of a world with an agent, a conversation and a turn in it."""
    file = tmp_path / "world.jsonl"
    world = World()
    conversation = make_conversation(world, make_agent(world))
    say(world, conversation.id, "Hello!", background=True)
    save(world, str(file))
    return file


def lines(file: Path) -> list[Line]:
    """The entries of a file, without their numbers and checksums."""
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [{key: one[key] for key in one if key not in ("n", "crc")} for one in found]


def write(file: Path, entries: list[Line]) -> None:
    texts = [json.dumps(entry).encode() for entry in entries]
    numbered = (numbered_line(number, text) for number, text in enumerate(texts[1:], 2))
    file.write_bytes(b"".join([texts[0] + b"\n", *numbered]))


def refusal(file: Path) -> str:
    """What is said of a bad file, without its name; the world it was for stays as it was."""
    world = World()
    make_agent(world)
    before = whole(world)
    with pytest.raises(BadSnapshot) as refused:
        load(world, str(file))
    assert whole(world) == before
    assert isinstance(refused.value, BadSettings)
    return str(refused.value).removeprefix(f"{file}: ")


def damaged(file: Path, damage: Callable[[list[Line]], object]) -> str:
    """What is said of the file once it is damaged."""
    entries = lines(file)
    damage(entries)
    write(file, entries)
    return refusal(file)


def place(entries: list[Line], **wanted: object) -> int:
    """The number of the first entry with these values, as an index."""
    return next(number for number, entry in enumerate(entries) if wanted.items() <= entry.items())


@pytest.mark.parametrize("seed", [None, 7])
def test_a_world_that_is_read_is_the_world_that_was_written(
    tmp_path: Path, seed: int | None
) -> None:
    world, other = make_rich_world(seed=seed), World()
    make_agent(other)
    path = str(tmp_path / "world.jsonl")

    save(world, path)
    load(other, path)

    assert whole(other) == whole(world)
    assert [vars(row) for row in other.store.agents] == [vars(row) for row in world.store.agents]
    if seed is not None:
        assert other.ids.new("agent") == world.ids.new("agent")


def test_a_world_that_was_read_goes_on(file: Path) -> None:
    world = World()
    load(world, str(file))
    [conversation] = world.store.conversations

    say(world, conversation.id, "My name is Ada.")
    say(world, conversation.id, "What is my name?")

    assert world.store.thread(conversation.id).context[-1].content == "Your name is Ada."


def test_only_the_owner_can_read_a_file(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "world.jsonl", tmp_path):
        with pytest.raises(BadSnapshot, match="cannot be written: "):
            save(World(), str(path))

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_where_a_link_leads(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "world.jsonl"
    link.symlink_to(target)

    save(World(), str(link))

    assert (link.is_symlink(), target.is_file()) == (True, True)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "world.jsonl") == "No such file or directory"


@pytest.mark.parametrize("text", ["", "\n", "agents: []\n", "[]\n", '{"version":1}\n'])
def test_a_file_of_something_else_is_refused(file: Path, text: str) -> None:
    file.write_text(text)

    reason = refusal(file)

    assert reason.startswith("line 1: ")
    assert "header" in reason or "the file ends" in reason


@pytest.mark.parametrize("version", [0, VERSION + 1])
def test_another_version_is_refused(file: Path, version: int) -> None:
    reason = damaged(file, lambda entries: entries[0].update(version=version))

    assert reason == f"line 1: version {version} is unknown: this mockletta reads up to {VERSION}"


def test_the_header_may_say_more(file: Path) -> None:
    entries = lines(file)
    write(file, [entries[0] | {"by": "me"}, *entries[1:]])

    load(World(), str(file))


def test_a_file_of_the_first_version_is_read(file: Path) -> None:
    entries = [{**lines(file)[0], "version": 1}, *lines(file)[1:]]
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    world = World()

    load(world, str(file))

    assert len(world.store.agents) == 1


def test_an_entry_of_an_older_version_is_upgraded() -> None:
    upgrades = {VERSION - 1: lambda entry: entry | {"new": True}}

    assert upgraded({"kind": "row"}, VERSION - 1, upgrades) == {"kind": "row", "new": True}
    assert upgraded({"kind": "row"}, VERSION, UPGRADES) == {"kind": "row"}


def test_a_file_cut_off_anywhere_is_refused(file: Path) -> None:
    data = file.read_bytes()
    ends = [0, *(number + 1 for number, byte in enumerate(data) if byte == ord("\n"))]

    for number, end in enumerate(ends[:-1]):
        file.write_bytes(data[:end])
        assert refusal(file) == f"line {number + 1}: the file ends before its `end`"
        file.write_bytes(data[: end + 5])
        assert refusal(file) == f"line {number + 1}: it is incomplete"


def test_a_line_that_is_no_json_is_told_by_its_number(file: Path) -> None:
    text = file.read_bytes().splitlines(keepends=True)
    text[2] = numbered_line(3, b'{"kind":!}')
    file.write_bytes(b"".join(text))

    assert refusal(file) == "line 3: no JSON: expected value at column 9"


def test_a_line_that_is_no_object_is_told(file: Path) -> None:
    file.write_text('{"mockletta":"world","version":1}\n[]\n')

    assert refusal(file) == "line 2: it is not a JSON object"


def test_an_unknown_kind_is_told(file: Path) -> None:
    reason = damaged(file, lambda entries: entries.insert(1, {"kind": "star"}))

    assert reason.startswith("line 2: Input tag 'star' found using 'kind' does not match")


def test_an_unknown_table_is_told(file: Path) -> None:
    row: Line = {"kind": "row", "table": "stars", "row": {}}

    reason = damaged(file, lambda entries: entries.insert(1, row))

    assert reason.startswith("line 2: row.table: Value error, should be one of agents, blocks, ")


def test_a_bad_value_is_told_by_where_it_stands(file: Path) -> None:
    row: Line = {"kind": "row", "table": "blocks", "row": {"label": 5, "id": "block-1"}}

    reason = damaged(file, lambda entries: entries.insert(1, row))

    assert reason == "line 2: label: Input should be a valid string"


def test_a_missing_line_is_told_by_the_count(file: Path) -> None:
    entries = lines(file)
    count = len(entries) - 2

    reason = damaged(file, lambda entries: entries.pop(1))

    assert reason == f"line {count + 1}: expected {count} entries before it, received {count - 1}"


@pytest.mark.parametrize("wrong", ["ada", "agent-1", "agent-00000000-0000-1000-8000-000000000000"])
def test_a_row_with_a_malformed_id_is_refused(file: Path, wrong: str) -> None:
    def rename(entries: list[Line]) -> None:
        agent = entries[1]["row"]
        assert isinstance(agent, dict)
        agent["id"] = wrong

    reason = damaged(file, rename)

    assert reason == f"line 2: {wrong} is not an id of agents: expected agent-<uuid4>"


def test_a_row_that_comes_twice_is_told(file: Path) -> None:
    agent = lines(file)[1]["row"]
    assert isinstance(agent, dict)

    reason = damaged(file, lambda entries: entries.insert(2, entries[1]))

    assert reason == f"line 3: {agent['id']} exists twice"


def test_changes_before_the_end_and_others_after_it_are_out_of_place(file: Path) -> None:
    changes: Line = {"kind": "changes", "changes": []}
    entries = lines(file)

    write(file, [entries[0], changes, *entries[1:]])
    assert refusal(file) == "line 2: `changes` is in the wrong place"
    write(file, [*entries, entries[1]])
    assert refusal(file) == f"line {len(entries) + 1}: `row` is in the wrong place"
    write(file, [*entries, {"kind": "changes", "changes": [changes]}])
    assert refusal(file) == f"line {len(entries) + 1}: `changes` is not a change"


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        ("conversations", "agent_id", "agents"),
        ("messages", "agent_id", "agents"),
        ("runs", "agent_id", "agents"),
        ("steps", "run_id", "runs"),
    ],
)
def test_a_row_that_refers_to_what_is_not_there_is_told(
    file: Path, table: str, column: str, wanted: str
) -> None:
    entries = lines(file)
    number = place(entries, kind="row", table=table)
    row = entries[number]["row"]
    assert isinstance(row, dict)
    row[column] = "nobody"
    write(file, entries)

    assert refusal(file) == (
        f"line {number + 1}: {row['id']} refers to nobody, which does not exist in {wanted}"
    )


def test_an_agents_block_that_is_not_there_is_told_by_the_agents_line(file: Path) -> None:
    entries = lines(file)
    agent, links = place(entries, table="agents"), place(entries, table="agent_blocks")
    entries[links]["rights"] = {"block-1": 0}
    write(file, entries)

    assert refusal(file).startswith(f"line {agent + 1}: agent-")
    assert refusal(file).endswith(" refers to block-1, which does not exist in blocks")


def test_a_blocks_agent_that_is_not_there_is_told(file: Path) -> None:
    entries = lines(file)
    block = place(entries, table="blocks")
    row = entries[block]["row"]
    assert isinstance(row, dict)
    entries[place(entries, table="agent_blocks")]["left"] = "agent-1"
    write(file, entries)

    assert refusal(file) == (
        f"line {block + 1}: {row['id']} refers to agent-1, which does not exist in agents"
    )


def test_a_state_that_no_generator_can_be_in_is_told(file: Path) -> None:
    entry: Line = {"kind": "ids", "state": [3, [1, 2], None]}

    reason = damaged(file, lambda entries: entries.insert(1, entry))

    assert reason == "line 2: invalid state of a generator: state vector is the wrong size"


def test_a_log_nobody_will_finish_is_finished(file: Path) -> None:
    entries = lines(file)
    entries[place(entries, kind="log")]["finished"] = False
    write(file, entries)
    world = World()

    load(world, str(file))

    assert all(log.finished for log in world.logs.by_run.values())


def test_a_conversations_own_block_that_is_not_there_is_told(file: Path) -> None:
    entries = lines(file)
    row = entries[place(entries, table="conversations")]["row"]
    assert isinstance(row, dict)
    row["isolated_block_ids"] = ["block-1"]
    write(file, entries)

    assert refusal(file).endswith(" refers to block-1, which does not exist in blocks")


@pytest.mark.parametrize("part", ["messages", "context"])
def test_a_threads_message_that_is_not_there_is_told(file: Path, part: str) -> None:
    entries = lines(file)
    number = place(entries, kind="thread")
    entries[number][part] = ["message-1"]
    write(file, entries)

    reason = refusal(file)

    assert reason.startswith(f"line {number + 1}: agent-")
    assert reason.endswith(" has the message message-1, which does not exist")


def test_a_thread_that_is_missing_is_told(file: Path) -> None:
    entries = lines(file)
    entries[place(entries, kind="thread")] = {"kind": "active", "runs": []}
    write(file, entries)

    assert refusal(file).endswith(" has no thread")


def test_a_thread_or_a_log_with_a_gap_is_told(file: Path) -> None:
    entries = lines(file)
    thread, log = place(entries, kind="thread"), place(entries, kind="log")

    def reason(number: int, **values: object) -> str:
        write(file, [*entries[:number], entries[number] | values, *entries[number + 1 :]])
        return refusal(file)

    assert reason(thread, listed=3).endswith(" should continue after message 3, not 0")
    assert reason(thread, kept=3).startswith(f"line {thread + 1}: ")
    assert reason(log, told=2).endswith(" should continue after frame 2, not 0")


def test_a_run_under_way_that_is_not_there_is_told(file: Path) -> None:
    log = place(lines(file), kind="log")
    active: Line = {"kind": "active", "runs": ["run-1"]}

    reason = damaged(file, lambda entries: entries.__setitem__(log, active))

    assert reason == "run-1 is active, but is not among the runs"


def test_whatever_is_damaged_is_refused_with_a_reason_or_does_no_harm(file: Path) -> None:
    rng, text = random.Random(3), file.read_text(encoding="utf-8")
    for _ in range(150):
        entries = [json.loads(line) for line in text.splitlines()]
        damage(rng.choice(entries), rng)
        write(file, entries)
        with suppress(BadSnapshot):
            load(World(), str(file))


def damage(node: Any, rng: random.Random) -> None:  # noqa: ANN401
    """Change one value somewhere in an entry, or take it away."""
    key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
    if isinstance(node[key], dict | list) and node[key] and rng.random() < 0.8:
        damage(node[key], rng)
    elif rng.random() < 0.3:
        del node[key]
    else:
        node[key] = rng.choice([None, 0, -1, 1.5, 2**70, "x", [], [None], {"a": 1}, True])
