"""Faults in a script: a wrong one is found when the script is read, where it stands."""

from pathlib import Path

import pytest

from mockletta.script.script_files import check_script, load_script

GOOD = """
replies:
  - reply: [x, {fault: truncate=1}]
  - {when: y, reply: [y, {fault: {reset: {in_frame: 2}}}]}
faults:
  - {on: agents.*, status: 429, times: 2}
"""


def found_in(path: Path, text: str) -> list[str]:
    path.write_text(text)
    return [f"{one.line}:{one.column} {one.message}" for one in check_script(str(path))]


def test_a_good_fault_stays_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(GOOD)

    assert load_script(str(file)).plain()["faults"] == [
        {"on": "agents.*", "status": 429, "times": 2}
    ]


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("replies: [{reply: [x, {fault: trunkate=1}]}]", "1:24", "truncate"),
        ("replies: [{reply: [x, {fault: {status: 700}}]}]", "1:32", "from 400 to 599"),
        ("replies: [{reply: [x, {fault: {status: 500, on: a.b}}]}]", "1:45", "only a planned"),
        ("faults: [{on: agents.list, status: 700}]", "1:28", "from 400 to 599"),
        ("faults: [{status: 500}]", "1:10", "on: missing"),
    ],
)
def test_a_wrong_fault_is_found_where_it_stands(
    tmp_path: Path, text: str, place: str, told: str
) -> None:
    (found,) = found_in(tmp_path / "s.yaml", text)

    assert found.startswith(f"{place} ")
    assert told in found
