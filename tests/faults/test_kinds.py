"""Each kind of fault is one file, which is loaded when it is used."""

import subprocess
import sys


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
