"""Keeping what a world was, and going back to it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from mockletta.files.snapshots import NoOrigin, fork, reset, restore, snapshot
from mockletta.script.builder import When
from mockletta.script.reply_functions import callable_brain
from mockletta.settings.settings import Settings
from mockletta.state.event_log import each
from mockletta.state.ids import Ids
from mockletta.testing.mock_letta import make_world
from mockletta.turns.events import DONE
from mockletta.world.pace import Pace
from mockletta.world.quirks import ALL, Quirks
from mockletta.world.world import COPIED, FILLED, World
from tests.script.asking import a_call
from tests.worlds import make_agent, make_conversation, say, told

FOR_EVER = Pace(ttft=600)
LIMITS = {"mcp_hosts", "models", "webhooks"}
SHARED = {"_brain", "_lazy_store", "keepalive", "name", "pace", "timekeeper", *LIMITS}
UNSET = {"_script", "origin", "on_change", "before_restore", "restored", "timetable"}
FRESH = {"lock", "active", "block_history", "busy", "tasks", "journal", "quirks", "kept", *UNSET}
SEED = "version: 1\nagents: [{name: Seeded, model: openai/gpt-4o-mini}]"


def test_it_is_settled_for_every_member_of_a_world_what_a_copy_gets() -> None:
    world = World()
    assert len(world.store.tools) > 0

    assert vars(world).keys() == {"store", *COPIED, *FILLED, *SHARED, *FRESH}
    copy = vars(world.copy())
    for name, value in vars(world).items():
        assert (copy[name] is value) == (name in SHARED | UNSET), name


def test_a_copied_world_has_the_same_quirks_and_keepalive() -> None:
    copy = World(quirks=Quirks(frozenset(ALL)), keepalive=3.5).copy()

    assert (copy.quirks.on, copy.keepalive) == (frozenset(ALL), 3.5)


def test_a_restored_world_is_as_it_was() -> None:
    world = World()
    agent = make_agent(world)
    say(world, agent.id, "Hello!")
    before = told(world, agent.id)
    taken = snapshot(world)

    say(world, agent.id, "And hello again!")
    make_agent(world, "Bea")
    restore(world, taken)

    assert [row.name for row in world.store.agents] == ["Ada"]
    assert told(world, agent.id) == before
    assert world.store.agents.get(agent.id) == taken.parked.store.agents.get(agent.id)


def test_a_snapshot_can_be_restored_again_and_again() -> None:
    world = World()
    taken = snapshot(world)

    for name in ("Ada", "Bea"):
        make_agent(world, name)
        restore(world, taken)
        assert len(world.store.agents) == 0


def test_a_snapshot_can_be_restored_in_another_world() -> None:
    world, other = World(), World()
    agent = make_agent(world)
    make_agent(other, "Bea")

    restore(other, snapshot(world))
    say(other, agent.id, "Hello!")

    assert [row.name for row in other.store.agents] == ["Ada"]
    assert (len(told(other, agent.id)), len(told(world, agent.id))) == (2, 0)


def test_a_snapshot_of_another_world_has_its_rules_and_not_its_brain() -> None:
    world, other = World(brain=callable_brain(lambda _: "mine")), World()
    When(other.script, "a").say("ruled")

    restore(world, snapshot(other))

    answers = [world.brain.decide(a_call(text)).text for text in ("a", "b")]
    assert answers == ["ruled", "mine"]


def test_what_a_test_holds_of_a_world_is_still_the_worlds_own_when_it_is_restored() -> None:
    world = World()
    taken = snapshot(world)
    clock, faults, script = world.clock, world.faults, world.script
    clock.freeze("2026-01-01T00:00:00Z")
    faults.add("agents.list", status=500)
    When(script, "a").say("ruled")

    restore(world, taken)

    assert (clock, faults, script) == (world.clock, world.faults, world.script)
    assert (clock.frozen, len(faults), faults.pending, script.rules) == (False, 0, False, ())


def test_a_rule_in_the_making_is_in_force_again_when_it_goes_on_after_a_reset() -> None:
    world = World()
    taken = snapshot(world)
    rule = When(world.script, "a").say("one")

    restore(world, taken)
    When(world.script, "b").say("other")
    rule.call("tool")

    assert [use.label for use in world.script.rules] == ['rule 1 (text "b")', 'rule 2 (text "a")']
    assert world.brain.decide(a_call("b")).text == "other"


def test_a_rule_in_the_making_goes_on_where_a_snapshot_has_its_beginning() -> None:
    world = World()
    rule = When(world.script, "a").say("one")
    taken = snapshot(world)
    rule.then().say("two")

    restore(world, taken)
    rule.then().say("three")

    (use,) = world.script.rules
    assert len(use.rule.replies) == 3


def test_a_rule_in_the_making_leaves_the_rules_of_another_world_alone() -> None:
    world, other = World(), World()
    rule = When(world.script, "a").say("mine")
    When(other.script, "b").say("theirs")

    restore(world, snapshot(other))
    rule.then().say("mine again")

    answers = [world.brain.decide(a_call(text)).text for text in ("a", "b")]
    assert answers == ["mine", "theirs"]


def test_a_world_is_reset_to_how_it_was_when_its_seed_was_loaded(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_text(SEED)
    world = make_world(Settings(seed=str(file)))
    make_agent(world)

    reset(world)

    assert [row.name for row in world.store.agents] == ["Seeded"]


def test_a_world_that_nobody_said_was_ready_cannot_be_reset() -> None:
    with pytest.raises(NoOrigin, match=r"world\.origin = snapshot"):
        reset(World())


def test_a_fork_starts_as_a_copy_and_goes_its_own_way() -> None:
    world = World()
    agent = make_agent(world)
    forked = fork(world)

    say(forked, agent.id, "Hello!")
    make_agent(world, "Bea")

    assert [row.name for row in forked.store.agents] == ["Ada"]
    assert (len(told(forked, agent.id)), len(told(world, agent.id))) == (2, 0)
    reset(forked)
    assert told(forked, agent.id) == []


def test_with_a_seed_the_ids_go_back_too() -> None:
    world = World(ids=Ids(7))
    taken = snapshot(world)
    first, forked = make_agent(world), fork(world)

    restore(world, taken)

    assert make_agent(world).id == first.id
    assert make_agent(world, "Bea").id == make_agent(forked, "Bea").id


def test_without_a_seed_no_id_comes_twice() -> None:
    world = World()
    taken = snapshot(world)
    first = make_agent(world)

    restore(world, taken)

    assert make_agent(world).id != first.id


def in_a_loop(story: Callable[[World, str], None]) -> None:
    """Tell a story of a world whose turns never end, with a conversation in it."""

    async def begin() -> None:
        world = World(pace=FOR_EVER)
        story(world, make_conversation(world, make_agent(world)).id)

    asyncio.run(begin())


def test_restoring_cancels_the_turns_under_way() -> None:
    def story(world: World, conversation: str) -> None:
        taken = snapshot(world)
        sent = say(world, conversation, "Hello!")

        restore(world, taken)

        assert sent.log.finished
        assert b'"stop_reason":"cancelled"' in list(each(sent.log.events))[-1].json
        assert (world.active, world.busy, sent.run_id in world.store.runs) == ({}, {}, False)

    in_a_loop(story)


def test_in_a_snapshot_a_turn_under_way_is_cancelled_and_in_the_world_it_goes_on() -> None:
    def story(world: World, conversation: str) -> None:
        sent = say(world, conversation, "Hello!", background=True)
        taken = snapshot(world)

        assert (world.store.runs.get(sent.run_id).status, sent.log.finished) == ("running", False)
        restored = World()
        restore(restored, taken)
        log = restored.logs.by_run[sent.run_id]
        assert (restored.store.runs.get(sent.run_id).status, log.finished) == ("cancelled", True)
        assert log.events[: len(sent.log.events)] == sent.log.events
        assert log.events[-1] == DONE
        assert restored.logs.by_otid == {"Hello!": sent.run_id}
        assert told(restored, conversation) == []
        restore(world, taken)

    in_a_loop(story)


def test_a_conversation_is_free_in_a_fork_while_it_is_busy_in_the_world() -> None:
    def story(world: World, conversation: str) -> None:
        say(world, conversation, "Hello!")
        forked = fork(world)
        forked.pace = Pace()

        assert say(forked, conversation, "Hello?").log.finished
        assert (list(world.busy), list(forked.busy)) == ([conversation], [])
        restore(world, snapshot(world))

    in_a_loop(story)


def test_a_turn_goes_on_in_a_world_that_was_copied_meanwhile() -> None:
    async def story() -> None:
        world = World(pace=Pace(ttft=0.001))
        agent = make_agent(world)
        sent = say(world, agent.id, "Hello!")
        taken = snapshot(world)

        while not sent.log.finished:
            await sent.log.more()

        assert len(told(world, agent.id)) == 2
        assert taken.parked.store.thread(agent.id).turns == 0

    asyncio.run(story())
