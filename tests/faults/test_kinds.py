"""Each kind of fault is one file, which the documentation describes."""

import subprocess
import sys

import pytest

from mockletta.faults.fault import PLANNING
from mockletta.faults.parsing import kind, kind_names
from tests.source import ROOT

DOCS = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", kind_names())
def test_the_documentation_names_a_kind_and_all_its_keys(name: str) -> None:
    row = next(line for line in DOCS.splitlines() if line.startswith(f"| `{name}: "))

    keys = kind(name).model_fields.keys() - PLANNING - {name}

    assert [key for key in sorted(keys) if f"`{key}" not in row and f"`{{{key}" not in row] == []


def test_the_documentation_names_the_keys_of_the_plan() -> None:
    assert [key for key in sorted(PLANNING) if f"`{key}`" not in DOCS] == []


def test_a_fault_loads_no_other_kinds_and_no_namespaces_but_that_of_its_operation() -> None:
    code = (
        "from mockletta import MockLetta; import sys; mock = MockLetta()\n"
        "mock.faults.add('tags.list', truncate=1)\n"
        "print(*(name for name in sys.modules if name.startswith('mockletta.')))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert [one for one in loaded if ".faults.kinds." in one] == ["mockletta.faults.kinds.truncate"]
    assert "mockletta.api.tags" in loaded
    assert "mockletta.api.agents.agents" not in loaded
