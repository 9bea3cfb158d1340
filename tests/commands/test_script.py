"""`mockletta script` and `mockletta check`."""

from pathlib import Path

import pytest

from mockletta import MockLetta
from mockletta.testing.mock import Mock
from tests.commands.running import run

SCRIPT = """\
replies:
  - when: {text: "/weather in (?P<city>\\\\w+)/"}
    reply: [{think: Hm.}, {say: "It rains in {{ city }}."}]
otherwise: echo
faults:
  - {on: agents.list, status: 503}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "replies.yaml"
    file.write_text(SCRIPT)
    return file


def said(mock: Mock, text: str) -> object:
    with mock.client() as client:
        agent = client.agents.create(model="openai/gpt-4o-mini")
        reply = client.agents.messages.create(agent.id, input=text).messages[-1]
        assert reply.message_type == "assistant_message"
        return reply.content


def test_a_script_is_in_force_until_the_world_is_reset(mock: MockLetta, file: Path) -> None:
    result = run("script", str(file))

    assert (result.exit_code, result.output) == (0, f"{file}: 1 rule, otherwise echo\n")
    assert said(mock, "weather in Rome") == "It rains in Rome."
    assert run("faults").output == "agents.list: status=503 (applied to 0 of 0)\n"
    run("reset")
    assert said(mock, "weather in Rome") != "It rains in Rome."


def test_rules_that_were_added_stay_after_those_of_the_file(mock: MockLetta, file: Path) -> None:
    mock.when("hello").say("Hi!")

    assert run("script", str(file)).output == f"{file}: 2 rules, otherwise echo\n"
    assert said(mock, "hello") == "Hi!"


def test_the_world_of_a_key_is_meant_if_a_key_is_given(mock: MockLetta, file: Path) -> None:
    fork = mock.fork()

    run("script", "--key", fork.api_key, str(file))

    assert (mock.world.script.otherwise, fork.world.script.otherwise) == ("default", "echo")


def test_a_bad_script_is_told_by_line_and_changes_nothing(mock: MockLetta, file: Path) -> None:
    file.write_text("otherwise: echo\nreplies:\n  - {when: hello, repyl: Hi!}\n")

    result = run("script", str(file))

    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith(f"Error: {file}:3:19: error: replies.0.repyl: unknown key")
    assert mock.world.script.otherwise == "default"


def test_a_fault_of_a_script_that_is_none_is_told(mock: MockLetta, file: Path) -> None:
    file.write_text("otherwise: echo\nfaults: [{on: agents.lits, status: 503}]\n")

    result = run("script", str(file))

    assert (result.exit_code, "did you mean `agents.list`" in result.output) == (1, True)
    assert mock.world.script.otherwise == "default"


GOOD = "replies: [{when: hello, reply: [{say: Hi!}]}]\n"
BAD = "replies: [{when: hello, reply: [{sya: Hi!}]}]\n"


def test_good_files_have_no_problems(tmp_path: Path) -> None:
    file = tmp_path / "good.yaml"
    file.write_text(GOOD)

    result = run("check", str(file))

    assert (result.exit_code, result.output) == (0, f"{file}: no problems\n")


def test_one_bad_file_of_several_is_told_by_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(GOOD)
    bad.write_text(BAD)

    result = run("check", str(bad), str(good))

    assert result.exit_code == 1
    assert result.output.startswith(f"{bad}:1:")
    assert result.output.endswith(f"{bad}: 1 error\n{good}: no problems\n")


def test_a_fault_for_an_operation_that_there_is_not_is_told(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults: [{on: agents.lits, status: 500}, {on: agents.*, status: 500}]\n")

    result = run("check", str(file))

    said = "faults.0.on: no operation is called `agents.lits`; did you mean `agents.list`?"
    assert (result.exit_code, result.output) == (
        1,
        f"{file}:1:11: error: {said}\n{file}: 1 error\n",
    )


def test_there_must_be_a_file() -> None:
    assert run("check").exit_code == 2


def test_a_seed_is_checked_too(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("version: 1\nblocks: [{label: a, value: b}]\n")
    bad.write_text("version: 1\nagents: [{nam: a}]\n")
    assert run("check", str(good)).stdout == f"{good}: no problems\n"
    done = run("check", str(bad))
    assert (done.exit_code, "unknown key `nam`" in done.stdout) == (1, True)
