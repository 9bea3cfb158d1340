"""Every example of the README runs, and its tables and links are right."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from mockletta import MockLetta
from mockletta.commands.options import OF_PROCESS, OF_SERVER

from . import tables
from .readme import README, ROOT, Example, commands, examples

URL = "http://localhost:8283"
OPTIONS = ROOT / "docs" / "command-line.md"
RUN_HERE = {"make", "mockletta"}
RUN_ELSEWHERE = {"pip": "test_packaging.py"}


def named(program: str) -> list[Example]:
    return [one for one in commands() if one.source.startswith(program)]


def line_of(example: Example) -> str:
    return f"line {example.line}"


def run(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_every_example_is_of_a_kind_that_is_tested() -> None:
    assert {one.language for one in examples()} == {"python", "sh", "ts"}
    programs = {shlex.split(one.source)[0] for one in commands()}
    assert programs == RUN_HERE | RUN_ELSEWHERE.keys()
    assert all((Path(__file__).parent / file).exists() for file in RUN_ELSEWHERE.values())


@pytest.mark.parametrize("example", named("make"), ids=line_of)
def test_make_knows_the_target_and_hands_the_options_on(example: Example) -> None:
    words = shlex.split(example.source, comments=True)
    steps = run([*words, "--dry-run", "--always-make"])
    given = [word.removeprefix("ARGS=") for word in words if word.startswith("ARGS=")]
    assert all(options in steps for options in given)


def test_the_seed_example_loads(tmp_path: Path) -> None:
    (example,) = examples("yaml", page=ROOT / "docs" / "seeds.md")
    file = tmp_path / "seed.yaml"
    file.write_text(example.source)
    world = MockLetta(seed=str(file)).world
    assert "conv-00000000-0000-4000-8000-000000000009" in world.store.conversations


def test_the_readme_fits_on_a_few_screens() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 250


def test_the_options_are_those_of_the_command_line() -> None:
    rows = re.findall(
        r"^\| `(--.*?)` \| `(.*?)` \|(?: `(.*?)`)? \|", OPTIONS.read_text(), re.MULTILINE
    )
    assert sorted(rows) == sorted(
        (one.option, one.variable, "" if one.default is None else str(one.default))
        for one in (*OF_SERVER, *OF_PROCESS)
    )


@pytest.mark.parametrize("page", tables.PAGES, ids=lambda page: page.stem)
def test_the_generated_tables_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert tables.with_tables(text) == text, "run python -m tests.tables"
