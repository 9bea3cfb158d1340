"""The SDK under another Python gets what it gets under this one: see `make pythons`."""

import os
import subprocess
import sys
from pathlib import Path

from mockletta import MockLetta

SESSION = Path(__file__).parent / "session.py"
PYTHON = os.environ.get("CLIENT_PYTHON", sys.executable)
PRINTED = """\
agent support ['Ann']
stream ping one two three stop_reason usage_statistics
stream ping one  two  three stop_reason usage_statistics
messages system_message user_message assistant_message user_message assistant_message
memory Ann
The deadline is Friday.
passages The moon is grey.
error 404 {'detail': 'Agent with ID agent-00000000-0000-4000-8000-00000000ffff not found'}
limit 7
async ping assistant_message stop_reason usage_statistics
runs completed completed completed completed
"""


def test_a_program_of_another_python_gets_what_it_asks_for() -> None:
    with MockLetta() as mock:
        done = subprocess.run(
            [PYTHON, str(SESSION), mock.base_url], capture_output=True, text=True, check=False
        )

    assert (done.stdout, done.stderr) == (PRINTED, "")
