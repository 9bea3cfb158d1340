"""`mockletta check`: several files, and an exit code for scripts of shells."""

from pathlib import Path

from tests.commands.running import run

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
