"""Files that do not hold together, and what becomes of them: nothing at all."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockletta.api.exports.exporting import export_agent
from mockletta.api.exports.import_checks import parse_file
from mockletta.api.exports.importing import ImportOptions, import_agents
from mockletta.errors import ApiError, BadRequest
from mockletta.world.world import World
from tests.environment import amount
from tests.worlds import make_agent, make_conversation, say, told, whole

File = dict[str, Any]
JUNK: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.sampled_from(
        ["agent-0", "message-1", "tool-0", "x" * 9_000, "2026-01-01", "a/b", "9" * 999]
    ),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"type": "text", "text": 1}),
)


def file_of(world: World) -> File:
    agent = make_agent(world)
    make_conversation(world, agent)
    say(world, agent.id, "Hello")
    file: File = json.loads(export_agent(world, agent).model_dump_json())
    return file


@pytest.fixture(scope="module")
def file() -> File:
    return file_of(World())


def bring_in(world: World, file: File) -> list[str]:
    return [agent.id for agent in import_agents(world, parse_file(file), ImportOptions())]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f["agents"][0].update(id="agent-x"), "Invalid ID format: 'agent-x'"),
        (lambda f: f["tools"][0].update(id="tool--1"), "Invalid ID format: 'tool--1'"),
        (lambda f: f["blocks"][0].update(id="tool-9"), "Invalid ID format: 'tool-9'"),
        (lambda f: f["tools"].append(f["tools"][0]), "Duplicate tools IDs found: {'tool-0'}"),
        (
            lambda f: f["agents"].append(f["agents"][0]),
            "Duplicate ID across entity types: message-0",
        ),
        (lambda f: f["agents"][0]["messages"].append(message(f)), "Duplicate message IDs"),
        (lambda f: f["tools"].clear(), "Import failed: 'tool-0'"),
        (lambda f: f["blocks"].clear(), "Import failed: 'block-0'"),
        (lambda f: f["agents"][0]["messages"].clear(), "Import failed: 'message-0'"),
        (lambda f: f["agents"][0].update(source_ids=["source-0"]), "Import failed: 'source-0'"),
        (lambda f: f["agents"][0].update(group_ids=["group-0"]), "Import failed: 'group-0'"),
        (lambda f: f["files"].append({"id": "file-0", "source_id": "source-7"}), "'source-7'"),
        (lambda f: f["groups"].append(group(agent_ids=["agent-7"])), "'agent-7'"),
        (lambda f: f["groups"].append(group(shared_block_ids=["block-7"])), "'block-7'"),
        (lambda f: f["blocks"].extend([{}] * 0 or many(f, 30)), "; and 9 more"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(
    file: File, spoil: Callable[[File], object], message: str
) -> None:
    spoiled, world = json.loads(json.dumps(file)), World()
    before = whole(world)
    spoil(spoiled)

    with pytest.raises(BadRequest) as refused:
        bring_in(world, spoiled)

    assert message in str(refused.value)
    assert whole(world) == before


def message(file: File) -> object:
    return file["agents"][0]["messages"][0]


def group(**values: object) -> File:
    return {"id": "group-0", "agent_ids": [], "description": "", **values}


def many(file: File, count: int) -> list[File]:
    return [{**file["blocks"][0], "id": f"block-x{number}"} for number in range(count - 1)]


def test_what_making_an_agent_is_refused_with_leaves_nothing_behind(file: File) -> None:
    world = World()
    before = whole(world)
    nothing: File = {"messages": [], "in_context_message_ids": []}
    second = {**file["agents"][0], **nothing, "id": "agent-1", "timezone": "Nowhere"}

    with pytest.raises(ApiError, match="Unknown timezone"):
        bring_in(world, {**file, "agents": [*file["agents"], second]})

    assert whole(world) == before


def test_messages_of_every_kind_come_in(file: File) -> None:
    image = {"type": "letta", "file_id": "file-1", "media_type": "image/png", "data": "aaaa"}
    parts = [{"type": "text", "text": "Look"}, {"type": "image", "source": image}]
    returned: File = {"tool_call_id": "c", "status": "success"}
    kept = {"func_response": "42"}
    approved = {"type": "approval", "tool_call_id": "c", "approve": True}
    messages: list[File] = [
        {"role": "user", "content": "plain"},
        {"role": "user", "content": parts},
        {
            "role": "assistant",
            "content": [{"type": "reasoning", "reasoning": "Hm", "is_native": 1}],
        },
        {"role": "assistant", "content": [{"type": "redacted_reasoning", "data": "x"}]},
        {"role": "tool", "content": [], "tool_returns": [{**returned, "func_response": parts}]},
        {"role": "tool", "content": [], "tool_returns": [{**returned, "func_response": "{bare"}]},
        {
            "role": "tool",
            "content": [],
            "tool_returns": [{**returned, "func_response": '{"a": 1}'}],
        },
        {"role": "tool", "content": [], "tool_returns": [returned]},
        {"role": "summary", "content": "So far"},
        {"role": "approval", "content": [], "approvals": [approved, {**returned, **kept}]},
    ]
    numbered = [{**one, "id": f"message-{number}"} for number, one in enumerate(messages)]
    seen = [one["id"] for one in numbered]
    agent = {**file["agents"][0], "messages": numbered, "in_context_message_ids": seen}
    world = World()

    (agent_id,) = bring_in(world, {**file, "agents": [agent]})

    thread = world.store.thread(agent_id)
    assert len(thread.context) == len(messages)
    returns = [
        one.tool_return
        for record in thread.scan(None, None, reverse=False)
        for one in record.tool_returns
    ]
    assert [returns[0][0].text, *returns[1:]] == ["Look", "{bare", '{"a": 1}', ""]  # type: ignore[union-attr]
    assert [kind for kind, _ in told(world, agent_id)] == [
        "user_message",
        "reasoning_message",
        "tool_return_message",
        "tool_return_message",
        "tool_return_message",
        "tool_return_message",
        "user_message",
        "approval_response_message",
    ]
    (again,) = export_agent(world, world.store.agents.get(agent_id)).agents
    assert [one.role for one in again.messages].count("tool") == 4
    assert [type(part).__name__ for part in again.messages[1].content] == [
        "TextContent",
        "ImageContent",
    ]
    assert again.messages[2].content[0].reasoning == "Hm"  # type: ignore[union-attr]
    assert len(again.messages[-1].approvals or []) == 2


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_times_that_no_clock_shows_are_refused(file: File, year: str) -> None:
    spoiled = json.loads(json.dumps(file))
    spoiled["agents"][0]["messages"][0]["created_at"] = f"{year}-01-01T00:00:00+14:00"

    with pytest.raises(ApiError, match="the year"):
        bring_in(World(), spoiled)


def test_times_without_a_zone_are_taken_as_utc(file: File) -> None:
    bare, world = json.loads(json.dumps(file)), World()
    bare["agents"][0]["messages"][0]["created_at"] = "2026-01-01T00:00:00"

    (agent_id,) = bring_in(world, bare)

    first = world.store.thread(agent_id).context[0]
    assert first.created_at.isoformat() == "2026-01-01T00:00:00+00:00"


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value but the whole of it."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


@settings(
    max_examples=amount(20, nightly=200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_is_wrong_with_a_file_nothing_is_half_made(
    file: File, data: st.DataObject
) -> None:
    spoiled, world = json.loads(json.dumps(file)), World()
    all_places = list(places(spoiled))
    before = whole(world)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(all_places))
        spot = spoiled
        try:
            for key in way:
                spot = spot[key]
            spot[last] = data.draw(JUNK)
        except (LookupError, TypeError):
            continue

    status, made = attempt(world, spoiled)

    assert 200 <= status < 500
    assert status == 200 or whole(world) == before
    for agent_id in made:
        agent = world.store.agents.get(agent_id)
        assert export_agent(world, agent).model_dump_json()
        say(world, agent_id, "Hello again")


def attempt(world: World, file: File) -> tuple[int, list[str]]:
    """How a file is answered, and the agents that it made."""
    try:
        return 200, bring_in(world, file)
    except ApiError as error:
        return error.status, []
