"""A script in force in worlds: laid down whole or not at all, and in all of them."""

import re
from pathlib import Path

import pytest

from mockletta import MockLetta
from mockletta.api.own_models import own_models
from mockletta.errors import BadSettings
from mockletta.faults.parsing import BadFault
from mockletta.files.script_replacement import SharedScript, replace_script
from mockletta.files.snapshots import reset
from mockletta.script.script_files import Reloader, as_script
from mockletta.script.script_models import ScriptFile
from mockletta.settings.settings import Settings
from mockletta.testing.mock_letta import make_world, make_worlds
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

HELLO = as_script({"replies": [{"name": "hello", "when": "hello", "reply": [{"say": "Hi!"}]}]})
BYE = as_script({"replies": [{"name": "bye", "when": "bye", "reply": [{"say": "See you!"}]}]})


def rules(world: World) -> list[str]:
    return [rule.label for rule in world.script.rules]


def test_a_script_with_a_fault_that_is_none_changes_nothing() -> None:
    world = make_world(Settings())
    good, bad = {"on": "agents.list", "status": 503}, {"on": "agents.lits", "status": 503}

    with pytest.raises(BadFault):
        replace_script(world, as_script({**HELLO.plain(), "faults": [good, bad]}))

    assert (rules(world), list(world.faults)) == ([], [])


def test_a_script_of_all_worlds_is_there_after_a_reset_and_in_new_worlds() -> None:
    worlds = make_worlds(Settings(tenancy="key", script=HELLO.plain()))
    old = worlds.of("old")

    SharedScript(worlds).replace(BYE)
    reset(worlds.main)

    assert [rules(world) for world in (worlds.main, old, worlds.of("new"))] == [["bye"]] * 3


def faults(world: World) -> list[str]:
    return [one.fault.operations[0] for one in world.faults]


def with_fault(on: str) -> ScriptFile:
    return as_script({**BYE.plain(), "faults": [{"on": on, "status": 503}]})


def test_the_faults_of_a_script_go_when_another_comes() -> None:
    world = make_world(Settings())
    world.faults.add("agents.create", status=500)
    for on in ("agents.list", "blocks.list"):
        replace_script(world, with_fault(on))

    assert faults(world) == ["blocks.list", "agents.create"]


def test_the_faults_of_a_script_of_all_worlds_change_with_its_rules() -> None:
    worlds = make_worlds(Settings(tenancy="key", script=with_fault("agents.list").plain()))
    worlds.main.faults.add("agents.create", status=500)
    old = worlds.of("old")

    SharedScript(worlds).replace(with_fault("blocks.list"))

    assert faults(worlds.main) == ["blocks.list", "agents.create"]
    reset(worlds.main)
    assert [faults(one) for one in (worlds.main, old, worlds.of("new"))] == [["blocks.list"]] * 3


def test_a_script_of_all_worlds_with_a_wrong_fault_changes_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = with_fault("agents.list").plain()
    worlds = make_worlds(Settings(tenancy="key", script=first))
    worlds.of("old")
    file = tmp_path / "replies.yaml"
    file.write_text("")
    reloader = Reloader(str(file), SharedScript(worlds))

    file.write_text("faults: [{on: nope.nope, status: 500}]")

    assert not reloader.check()
    assert caplog.messages[0].endswith(f"{file}: the old rules stay active")
    assert [(rules(one), faults(one)) for one in worlds] == [(["bye"], ["agents.list"])] * 2


def test_a_world_that_never_was_ready_has_no_start_to_change() -> None:
    worlds = Worlds(World())

    SharedScript(worlds).replace(HELLO)

    assert rules(worlds.main) == ["hello"]


def test_a_script_declares_models_and_providers() -> None:
    provider = {"name": "ours", "provider_type": "openai"}
    declared = {"models": ["acme/large"], "providers": [provider]}
    with MockLetta(script=declared, models="strict") as mock, mock.client() as client:
        handles = {one.handle for one in client.models.list()}
        agents = [client.agents.create(model=one) for one in ("acme/large", "ours/gpt-4o-mini")]

    assert {"acme/large", "ours/gpt-4o-mini"} <= handles
    assert [agent.model for agent in agents] == ["acme/large", "ours/gpt-4o-mini"]


def test_declared_models_go_with_their_script_and_providers_are_kept_once() -> None:
    provider = {"name": "ours", "provider_type": "openai"}
    world = make_world(Settings())
    replace_script(world, as_script({"models": ["acme/large"], "providers": [provider]}))
    replace_script(world, as_script({"providers": [provider]}))

    assert own_models(world).declared == []
    assert [row.name for row in world.store.providers] == ["ours"]


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"models": ["gpt-4o"]}, "expected a handle such as `openai/gpt-4o`, got 'gpt-4o'"),
        ({"providers": [{"name": "a", "type": "openai"}]}, "unknown key `type`"),
        ({"providers": [{"name": "openai", "provider_type": "openai"}]}, "expected another name"),
    ],
)
def test_a_wrong_declaration_is_refused(declared: dict[str, object], problem: str) -> None:
    with pytest.raises(BadSettings, match=re.escape(problem)):
        as_script(declared)
