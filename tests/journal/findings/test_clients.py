"""What a client is and what it leans on."""

import ast
import json
from importlib.metadata import version
from pathlib import Path

import letta_client
import pytest

from mockletta.journal.entries import Dependence
from mockletta.journal.findings.clients import DEPRECATED_OPERATIONS, TESTED
from mockletta.journal.verdict import judge
from tests.journal.findings.judging import found
from tests.journal.making import an_entry, journal_of
from tests.source import ROOT

DEPRECATED, UNTESTED = "deprecated-operation", "untested-sdk-version"


def test_a_deprecated_operation_is_found() -> None:
    entries = [an_entry("agents.messages.stream"), an_entry(), an_entry("agents.messages.stream")]

    assert found(DEPRECATED, *entries) == [[1, 3]]


def test_other_operations_are_clean() -> None:
    assert found(DEPRECATED, an_entry("agents.messages.create"), an_entry(None)) == []


def test_the_table_of_deprecated_operations_is_the_installed_sdks() -> None:
    resources = Path(letta_client.__file__).parent / "resources"
    marked = {
        f"{'.'.join(_namespace(file.relative_to(resources)))}.{function.name}"
        for file in resources.rglob("*.py")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and _is_deprecated(function)
    }

    assert marked == {operation for operation, _ in DEPRECATED_OPERATIONS}


def _namespace(file: Path) -> list[str]:
    """The names that lead to a resource: `agents/agents.py` is `agents`."""
    *parents, name = file.with_suffix("").parts
    return parents if parents and parents[-1] == name else [*parents, name]


def _is_deprecated(function: ast.FunctionDef) -> bool:
    calls = [one.func for one in function.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(one, ast.Attribute) and one.attr == "deprecated" for one in calls)


def sdk(number: str, language: str = "python") -> dict[str, str]:
    return {"x-stainless-package-version": number, "x-stainless-lang": language}


@pytest.mark.parametrize("number", ["0.9.9", "0.1.0", "1.12.2", "2.0", "1.13.0-alpha.1", "new"])
def test_an_sdk_outside_the_tested_range_is_found(number: str) -> None:
    assert found(UNTESTED, an_entry(headers=sdk(number)), an_entry(headers=sdk(number))) == [[1, 2]]


@pytest.mark.parametrize("number", ["1.0.0", "1.10.0", "1.12.1"])
def test_an_sdk_of_the_tested_range_is_clean(number: str) -> None:
    assert found(UNTESTED, an_entry(headers=sdk(number))) == []


def test_sdks_before_1_0_are_found_by_their_own_headers() -> None:
    fern = {"x-fern-sdk-version": "0.1.324", "x-fern-language": "Python"}
    javascript = {"x-fern-sdk-version": "0.1.200", "x-fern-language": "JavaScript"}
    agent = {"user-agent": "letta-client/0.1.324"}
    entries = [an_entry(headers=headers) for headers in (fern, javascript, agent)]

    assert found(UNTESTED, *entries) == [[1, 3], [2]]


def test_clients_in_other_languages_have_versions_of_their_own() -> None:
    entries = [an_entry(headers=sdk(number, "js")) for number in ("1.0.0", TESTED["js"][-1])]

    assert found(UNTESTED, *entries) == [[1]]
    assert found(UNTESTED, an_entry(headers=sdk("9.9.9", "go")), an_entry()) == []


def test_the_newest_sdks_of_the_tested_range_are_what_the_project_installs() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    package = json.loads((ROOT / "tests/typescript/package.json").read_text(encoding="utf-8"))

    newest = TESTED["python"][-1]
    assert f'"letta-client=={newest}"' in project
    assert version("letta-client") == newest
    assert package["dependencies"] == {"@letta-ai/letta-client": TESTED["js"][-1]}


def test_the_readme_tells_the_tested_range() -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"Python SDK from {TESTED['python'][0]} to {TESTED['python'][-1]}" in readme
    assert f"TypeScript SDK from {TESTED['js'][0]} to {TESTED['js'][-1]}" in readme


def test_answers_that_depend_on_a_quirk_are_found() -> None:
    entries = [an_entry(), an_entry(), an_entry()]
    for entry in entries[1:]:
        entry.quirks = (Dependence("before-takes-first", "It differs.", in_passing=False),)

    assert found("depends-on-quirk", *entries) == [[2, 3]]


def test_answers_whose_details_depend_on_a_quirk_are_noted_only() -> None:
    entry = an_entry()
    entry.quirks = (Dependence("unfinished-json-runs", "It differs.", in_passing=True),)

    verdict = judge(journal_of(entry))

    assert verdict
    assert [(note.name, note.sentence, note.numbers) for note in verdict.notes] == [
        ("depends-on-quirk", "It differs.", [1])
    ]
