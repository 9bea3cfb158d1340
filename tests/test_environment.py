"""What the environment says of a run."""

import pytest

from tests import environment
from tests.environment import amount, needs_program


@pytest.mark.parametrize(("in_ci", "skips"), [(False, True), (True, False)])
def test_a_test_that_lacks_a_program_is_skipped_except_in_ci(
    monkeypatch: pytest.MonkeyPatch, in_ci: bool, skips: bool
) -> None:
    monkeypatch.setattr(environment, "IS_CI", in_ci)

    assert needs_program("no-such-program").args == (skips,)
    assert needs_program("python3").args == (False,)


def test_long_tests_do_more_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = []
    for is_nightly in (False, True):
        monkeypatch.setattr(environment, "IS_NIGHTLY", is_nightly)
        amounts.append(amount(3, nightly=40))

    assert amounts == [3, 40]
