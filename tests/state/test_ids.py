"""Ids: a prefix and a lower-case uuid of version 4."""

import re
from uuid import UUID

from mockletta.state.ids import Ids, Jitter
from mockletta.wire.fields import UUID4, is_agent_id, is_run_id


def test_an_id_is_a_prefix_and_a_uuid_of_version_four() -> None:
    ids = Ids(seed=1)

    assert all(re.fullmatch(f"agent-{UUID4}", ids.new("agent")) for _ in range(100))
    assert {UUID(ids.uuid()).version for _ in range(100)} == {4}


def test_a_seed_fixes_all_ids() -> None:
    first, again, other = Ids(seed=1), Ids(seed=1), Ids(seed=2)
    made = [first.new("run") for _ in range(3)]

    assert [again.new("run") for _ in range(3)] == made
    assert other.new("run") not in made


def test_without_a_seed_no_two_worlds_share_ids() -> None:
    assert Ids().uuid() != Ids().uuid()


def test_ids_are_told_apart_by_their_prefix() -> None:
    agent, run = Ids().new("agent"), Ids().new("run")

    assert (is_agent_id(agent), is_agent_id(run)) == (True, False)
    assert (is_run_id(agent), is_run_id(run)) == (False, True)
    assert not is_run_id(f"{run}\n")


def test_with_a_seed_a_copy_makes_the_same_ids() -> None:
    ids = Ids(seed=1)
    ids.uuid()

    copy = ids.copy()

    assert (copy.seed, copy.uuid(), copy.copy().uuid()) == (ids.seed, ids.uuid(), ids.uuid())


def test_without_a_seed_a_copy_makes_other_ids() -> None:
    ids = Ids()

    assert (ids.state, ids.copy().seed) == (None, None)
    assert ids.copy().uuid() != ids.uuid()


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
