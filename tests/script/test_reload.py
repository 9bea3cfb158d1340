"""Reloading: new rules from a changed file, the old ones from a bad one."""

import logging
from pathlib import Path
from threading import Lock

import pytest

from mockletta.script.engine import Script
from mockletta.script.reload import Reloader
from mockletta.script.script_files import load_script
from tests.script.asking import Fallback, say


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "replies.yaml"
    file.write_text("replies: [{reply: old}]")
    return file


@pytest.fixture
def script(file: Path) -> Script:
    return Script(load_script(str(file)), Fallback)


def test_a_changed_file_is_loaded(
    file: Path, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    reloader = Reloader(str(file), script, lock=Lock())
    assert not reloader.check()

    file.write_text("replies: [{reply: brand new}]")

    assert reloader.check()
    assert not reloader.check()
    assert say(script, "x") == "brand new"
    assert caplog.messages == [f"{file}: 1 rules are active now"]


def test_faults_are_in_force_too(
    file: Path, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    reloader = Reloader(str(file), script)

    file.write_text("faults: [{on: agents.list, status: 500}]")

    assert reloader.check()
    assert caplog.messages == [f"{file}: 0 rules and 1 faults are active now"]


def test_a_bad_edit_keeps_the_old_rules_and_says_so(
    file: Path, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    reloader = Reloader(str(file), script)

    file.write_text("replies: [{repyl: new}]")
    assert not reloader.check()
    file.unlink()
    assert not reloader.check()

    assert say(script, "x") == "old"
    told = "1:12: error: replies.0.repyl: unknown key `repyl`; did you mean `reply`?"
    assert caplog.messages == [
        f"{file}:{told}\n{file}: the old rules stay active",
        f"{file}: error: No such file or directory\n{file}: the old rules stay active",
    ]


def test_a_thread_looks_until_it_is_stopped(file: Path, script: Script) -> None:
    with Reloader(str(file), script, interval=0.001):
        file.write_text("replies: [{reply: brand new}]")
        while say(script, "x") == "old":
            pass

    file.write_text("replies: [{reply: even newer than that}]")
    assert say(script, "x") == "brand new"
