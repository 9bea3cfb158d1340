"""A script in force in worlds: laid down whole or not at all, and in all of them."""

import pytest

from mockletta.faults.parsing import BadFault
from mockletta.script.files import as_script
from mockletta.scripts import ScriptOfAll, lay_down
from mockletta.server import make_world, make_worlds
from mockletta.settings import Settings
from mockletta.snapshots import reset
from mockletta.world import World
from mockletta.worlds import Worlds

HELLO = as_script({"replies": [{"name": "hello", "when": "hello", "reply": [{"say": "Hi!"}]}]})
BYE = as_script({"replies": [{"name": "bye", "when": "bye", "reply": [{"say": "See you!"}]}]})


def rules(world: World) -> list[str]:
    return [rule.label for rule in world.script.rules]


def test_a_script_with_a_fault_that_is_none_changes_nothing() -> None:
    world = make_world(Settings())
    good, bad = {"on": "agents.list", "status": 503}, {"on": "agents.lits", "status": 503}

    with pytest.raises(BadFault):
        lay_down(world, as_script({**HELLO.plain(), "faults": [good, bad]}))

    assert (rules(world), list(world.faults)) == ([], [])


def test_a_script_of_all_worlds_is_there_after_a_reset_and_in_new_worlds() -> None:
    worlds = make_worlds(Settings(tenancy="key", script=HELLO.plain()))
    old = worlds.of("old")

    ScriptOfAll(worlds).replace(BYE)
    reset(worlds.main)

    assert [rules(world) for world in (worlds.main, old, worlds.of("new"))] == [["bye"]] * 3


def test_a_world_that_never_was_ready_has_no_start_to_change() -> None:
    worlds = Worlds(World())

    ScriptOfAll(worlds).replace(HELLO)

    assert rules(worlds.main) == ["hello"]
