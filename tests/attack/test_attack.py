"""A short attack with a fixed seed. `make attack` runs longer ones with other seeds."""

from pathlib import Path
from random import Random

import pytest

from mockletta.testing.mock_letta import MockLetta
from tests.attack.connections import attack_connections
from tests.attack.files import attack_files
from tests.attack.operations import attack_operations
from tests.attack.patterns import attack_patterns
from tests.environment import amount


def test_random_requests_and_bytes_break_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with MockLetta() as mock:
        failures = attack_operations(mock.base_url, Random(1), amount(100, nightly=1_000))
        failures += attack_connections(mock.base_url, Random(1), 15)

    assert failures == []
    assert "Traceback" not in caplog.text


def test_mutated_files_are_loaded_or_refused(tmp_path: Path) -> None:
    assert attack_files(Random(1), amount(50, nightly=500), tmp_path) == []


def test_random_patterns_are_refused_or_done_soon() -> None:
    assert attack_patterns(Random(1), amount(30, nightly=300)) == []
