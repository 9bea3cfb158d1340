"""Jitter: chance that is the same in every run."""

from mockletta.state.jitter import Jitter


def test_each_turn_gets_numbers_of_its_own_the_same_in_every_run() -> None:
    jitter, again = Jitter(), Jitter(0)
    drawn = [jitter.generator().random() for _ in range(3)]

    assert len(set(drawn)) == 3
    assert [again.generator().random() for _ in range(3)] == drawn
    assert Jitter(1).generator().random() not in drawn


def test_a_copy_goes_on_alike() -> None:
    jitter = Jitter(5)
    jitter.generator()
    copy = jitter.copy()

    assert copy.generator().random() == jitter.generator().random()
