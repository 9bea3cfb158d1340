"""The names of a provider's failures."""

import pytest

from mockletta.brain.provider_failures import FAILURES, failure_named


@pytest.mark.parametrize("name", FAILURES)
def test_every_name_is_a_failure_with_the_providers_own_error(name: str) -> None:
    failure = failure_named(name)

    assert failure.status == FAILURES[name].status
    assert failure.error["message"] == failure.message


def test_an_overflow_and_a_lost_connection_are_kinds_of_their_own() -> None:
    kinds = {name: failure_named(name).kind for name in FAILURES}

    assert {name: kind for name, kind in kinds.items() if kind != "status"} == {
        "context_overflow": "overflow",
        "unreachable": "unreachable",
    }
