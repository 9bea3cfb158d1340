"""Loading, checking and reloading script files."""

import json
import logging
from pathlib import Path
from threading import Lock

import pytest

from mockletta.documents import text_files, yaml_places
from mockletta.script.engine import Script
from mockletta.script.kinds.say_item import SAID
from mockletta.script.script_files import (
    MOST_FINDINGS,
    BadScript,
    Reloader,
    check_report,
    check_script,
    load_script,
)
from mockletta.script.script_models import ScriptFile
from tests.script.asking import Fallback, file_of, say

GOOD = "replies:\n  - {when: hello, reply: hi}\n"


def written(path: Path, text: str, name: str = "replies.yaml") -> str:
    file = path / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def problems(path: Path, text: str, name: str = "replies.yaml") -> list[str]:
    """What is found in a file, without its name."""
    file = written(path, text, name)
    return [str(finding).removeprefix(f"{file}:") for finding in check_script(file)]


def test_a_file_is_loaded(tmp_path: Path) -> None:
    assert load_script(written(tmp_path, GOOD)) == file_of(GOOD)
    assert load_script(written(tmp_path, f"\ufeff{GOOD}")) == file_of(GOOD)
    assert problems(tmp_path, GOOD) == []


def test_json_is_loaded_with_all_its_escapes_and_tabs(tmp_path: Path) -> None:
    plain = {"replies": [{"when": "a/b", "reply": "\U0001f600 \u00e9 \x7f"}]}
    text = json.dumps(plain, indent="\t").replace("a/b", "a\\/b")

    assert load_script(written(tmp_path, text, "replies.json")) == ScriptFile.model_validate(plain)


def test_only_true_and_false_are_truths_and_a_date_is_a_text(tmp_path: Path) -> None:
    file = written(
        tmp_path, "replies: [{reply: {call: t, with: {on: 2026-01-02, x: no, y: true}}}]"
    )

    assert "{'on': '2026-01-02', 'x': 'no', 'y': True}" in str(load_script(file).plain())


def test_every_problem_is_told_with_its_place(tmp_path: Path) -> None:
    text = """\
replies:
  - when: {text: weather, agnet: x}
    reply: hi
  - when: hello
    repyl: [{say: x}]
  - when: [/(/, 5]
    reply:
      - think: x
      - say: a
      - say: b
otherwise: strickt
"""
    assert problems(tmp_path, text) == [
        "2:27: error: replies.0.when.agnet: unknown key `agnet`; did you mean `agent`?",
        "5:5: error: replies.1.repyl: unknown key `repyl`; did you mean `reply`?",
        "6:12: error: replies.2.when.0: /(/ is not a regular expression: missing ) at position 1",
        "6:17: error: replies.2.when.1: expected a text, got 5; put quotes around it",
        f"10:9: error: replies.2.reply.2: {SAID}",
        "11:12: error: otherwise: expected 'default', 'echo' or 'strict', got \"strickt\"",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: error: expected a mapping, got nothing"),
        ("- a", "1:1: error: expected a mapping, got a list"),
        ("replies: [", "2:1: error: did not find expected node content"),
        ("replies: []\nreplies: []", "2:1: error: the key `replies` is repeated here"),
        (
            "replies: {{ x }}",
            "1:11: error: a key that is not a text; {{ ... }} needs quotes around",
        ),
        ("replies: &a [*a]", "1:10: error: an alias within itself"),
        ("[\n" * 300_000, "101:1: error: nested deeper than 100 levels"),
        ("[" * 300_000, "1:10"),  # it depends on the version of PyYAML how far it reads ahead
        ("replies: !!python/name:os.system x", "1:10: error: could not determine a constructor"),
        ("replies: !!int x", "1:1: error: a value that cannot be read: invalid literal for int()"),
        ("replies: 0x" + "f" * 6_000, "1:10: error: a number longer than 1000 characters"),
        ("replies: [1" + ":59" * 400 + "]", "1:11: error: a number longer than 1000 characters"),
        ("version: " + "1" * 1_001 + ".5", "1:10: error: a number longer than 1000 characters"),
        ("version: 1.0e+999", "1:10: error: version: expected 1, got inf"),
        ("version: \x01", "1:10: error: control characters are not allowed"),
        ("version: 2", "1:10: error: version: expected 1, got 2"),
        ("a: 1\n? [b]\n: c", "2:3: error: a key that is not a text"),
    ],
)
def test_what_is_no_script_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    [problem] = problems(tmp_path, text)

    assert problem.startswith(told)


def test_a_file_that_aliases_blow_up_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_places, "MOST_VALUES", 200_000)
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    [problem] = problems(tmp_path, "\n".join(lines))

    assert problem == "6:5: error: more than 200000 values"


def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "LARGEST", 10)
    assert problems(tmp_path, "x" * 11) == [" error: the file is larger than 10 bytes"]
    assert [str(one) for one in check_script("nowhere.yaml")] == [
        "nowhere.yaml: error: No such file or directory"
    ]


def test_many_problems_are_told_in_part(tmp_path: Path) -> None:
    text = "replies:\n" + "  - {reply: 5}\n" * 100

    assert len(problems(tmp_path, text)) == MOST_FINDINGS


def test_loading_says_all_that_is_wrong(tmp_path: Path) -> None:
    file = written(tmp_path, "replies: [{reply: 5}, {reply: 6}]")

    with pytest.raises(BadScript) as refused:
        load_script(file)

    assert str(refused.value).splitlines() == [
        f"{file}:1:19: error: replies.0.reply: expected a list, got 5",
        f"{file}:1:31: error: replies.1.reply: expected a list, got 6",
    ]


def test_a_check_says_how_it_went(tmp_path: Path) -> None:
    good = written(tmp_path, GOOD)
    assert check_report(good) == (f"{good}: no problems", 0)

    doubtful = written(tmp_path, "replies: [{reply: x}, {reply: y}, {reply: z}]")
    text, code = check_report(doubtful)
    assert (text.splitlines()[-1], code) == (f"{doubtful}: 2 warnings", 0)

    bad = written(tmp_path, "replies: 5")
    text, code = check_report(bad)
    assert (text.splitlines()[-1], code) == (f"{bad}: 1 error", 1)


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
