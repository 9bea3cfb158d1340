"""The time limit of every test."""

import pytest

from tests.conftest import SECONDS


def test_a_test_has_a_time_limit(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("timeout")

    assert marker is not None
    assert marker.args == (SECONDS,)


def test_a_test_that_hangs_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import threading, pytest

        @pytest.mark.timeout(0.2)
        def test_lost_wake_up():
            threading.Event().wait()

        def test_next():
            pass
    """)

    pytester.runpytest().assert_outcomes(failed=1, passed=1)
