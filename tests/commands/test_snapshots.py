"""`mockletta reset`, `snapshot` and `restore`."""

from pathlib import Path

from click.testing import CliRunner

from mockletta import MockLetta
from mockletta.cli import main
from mockletta.testing.mock import Mock
from tests.commands.running import run
from tests.worlds import make_agent


def names(mock: Mock) -> list[str]:
    return [agent.name for agent in mock.world.store.agents]


def test_a_world_is_reset(mock: MockLetta) -> None:
    make_agent(mock.world)

    result = run("reset")

    assert (result.exit_code, result.output) == (0, "reset: 0 agents, 0 conversations\n")
    assert names(mock) == []


def test_a_world_goes_to_a_file_and_comes_back(mock: MockLetta, tmp_path: Path) -> None:
    file = tmp_path / "world.snapshot"
    make_agent(mock.world, "Ada")

    saved = run("snapshot", str(file))
    make_agent(mock.world, "Bob")
    restored = run("restore", str(file))

    assert saved.output == f"{file}: {file.stat().st_size} bytes\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert restored.output == "restored: 1 agents, 0 conversations\n"
    assert names(mock) == ["Ada"]


def test_a_file_of_the_command_is_a_file_of_python(mock: MockLetta, tmp_path: Path) -> None:
    file = tmp_path / "world.snapshot"
    make_agent(mock.world, "Ada")
    run("snapshot", str(file))
    mock.reset()

    mock.load(file)

    assert names(mock) == ["Ada"]


def test_a_world_goes_through_a_pipe(mock: MockLetta) -> None:
    make_agent(mock.world, "Ada")

    piped = CliRunner().invoke(main, ["snapshot", "-"]).stdout_bytes
    run("reset")
    CliRunner().invoke(main, ["restore", "-"], input=piped)

    assert names(mock) == ["Ada"]


def test_a_world_of_a_key_is_meant_if_a_key_is_given(mock: MockLetta) -> None:
    fork = mock.fork()
    make_agent(mock.world, "Ada")
    make_agent(fork.world, "Bob")

    run("reset", "--key", fork.api_key)

    assert (names(mock), names(fork)) == (["Ada"], [])


def test_a_file_that_is_none_is_told_and_changes_nothing(mock: MockLetta, tmp_path: Path) -> None:
    file = tmp_path / "none"
    make_agent(mock.world, "Ada")

    missing = run("restore", str(file))
    file.write_text("{}\n")
    wrong = run("restore", str(file))

    assert missing.output == f"Error: {file}: No such file or directory\n"
    assert "this is not a snapshot file" in wrong.output
    assert (missing.exit_code, wrong.exit_code, names(mock)) == (1, 1, ["Ada"])


def test_a_file_that_cannot_be_written_is_told(mock: MockLetta, tmp_path: Path) -> None:
    result = run("snapshot", str(tmp_path / "none" / "world"))

    assert result.exit_code == 1
    assert "No such file or directory" in result.output


def test_a_world_is_written_as_a_seed_file(mock: MockLetta, tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    make_agent(mock.world, "Ada")

    saved = run("snapshot", "--seed", str(file))

    assert saved.exit_code == 0
    with MockLetta(seed=str(file)) as other:
        assert names(other) == ["Ada"]
