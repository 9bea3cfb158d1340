"""Which key gets which world."""

import pytest

from mockletta.world.world import World
from mockletta.world.worlds import TooManyWorlds, Worlds


def test_keys_share_the_main_world() -> None:
    main = World()
    worlds = Worlds(main)

    assert worlds.of("a") is worlds.of(None) is main


def test_a_key_can_be_given_a_world_of_its_own() -> None:
    main, own = World(), World()
    worlds = Worlds(main)
    worlds.add("a", own)

    assert (worlds.of("a"), worlds.of("b")) == (own, main)
    assert list(worlds) == [main, own]


def test_a_world_can_be_taken_away_again() -> None:
    worlds = Worlds(World())
    worlds.add("a", World())
    worlds.remove("a")

    assert worlds.of("a") is worlds.main


def test_with_tenancy_each_new_key_gets_a_world() -> None:
    worlds = Worlds(World(), make=World)

    assert worlds.of("a") is worlds.of("a")
    assert len({worlds.main, worlds.of("a"), worlds.of("b"), worlds.of(None)}) == 4


def test_there_is_a_limit_to_the_number_of_worlds() -> None:
    worlds = Worlds(World(), make=World, limit=1)
    worlds.of("a")

    with pytest.raises(TooManyWorlds) as refused:
        worlds.of("b")

    assert refused.value.status == 429
    for said in ("there are 1 already", "close forks", "max_worlds=2"):
        assert said in str(refused.value)


def test_the_main_worlds_own_key_takes_no_room_and_cannot_be_lost() -> None:
    worlds = Worlds(World(), make=World, limit=1, own_key="own")
    other = worlds.of("other")

    assert (worlds.of("own"), list(worlds)) == (worlds.main, [worlds.main, other])
    assert [worlds.has(key) for key in ("own", "other", "new")] == [True, True, False]
    worlds.remove("other")
    assert worlds.of(None) not in (worlds.main, other)
