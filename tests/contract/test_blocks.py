"""client.blocks: memory blocks, attached or not."""

import inspect
from collections.abc import Iterator

import pytest
from letta_client import (
    AsyncLetta,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, BlockResponse

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

UNKNOWN = "block-00000000-0000-4000-8000-000000000000"

DEFAULTS: dict[str, object] = {
    "base_template_id": None,
    "created_by_id": None,
    "deployment_id": None,
    "description": None,
    "entity_id": None,
    "hidden": None,
    "is_template": False,
    "last_updated_by_id": None,
    "limit": 100_000,
    "metadata": {},
    "preserve_on_migration": False,
    "project_id": None,
    "read_only": False,
    "tags": [],
    "template_id": None,
    "template_name": None,
}
EVERYTHING: dict[str, object] = {
    "base_template_id": "base",
    "deployment_id": "deployment",
    "description": "About the project",
    "entity_id": "entity",
    "hidden": True,
    "is_template": True,
    "label": "project",
    "limit": 500,
    "metadata": {"k": {"l": 1}},
    "preserve_on_migration": True,
    "project_id": "p1",
    "read_only": True,
    "tags": ["red", "blue"],
    "template_id": "template",
    "template_name": "name",
    "value": "Secret project",
}


@pytest.fixture(scope="module")
def several() -> Iterator[Letta]:
    """A client of a server with three blocks, of one, two and no agents, and a template."""
    with MockLetta() as mock, sync_client(mock) as client:
        one = client.blocks.create(label="a/b", value="One", tags=["red"], project_id="p")
        two = client.blocks.create(
            label="two",
            value="Two",
            description="second",
            tags=["red", "blue"],
            template_name="name",
        )
        client.blocks.create(label="t", value="Template", is_template=True, template_name="name")
        client.blocks.create(label="three", value="Three", tags=["blue"])
        client.agents.create(model=MODEL, block_ids=[one.id, two.id])
        client.agents.create(model=MODEL, block_ids=[two.id])
        yield client


def values(client: Letta, **query: object) -> list[str]:
    page = client.blocks.list(**query)  # type: ignore[arg-type]
    return [block.value for block in checked(page.items)]


def make(client: Letta, *chosen: str) -> list[BlockResponse]:
    return [client.blocks.create(label="x", value=value) for value in chosen]


def test_only_the_answer_shows_what_a_new_block_does_not_keep(client: Letta) -> None:
    block = client.blocks.create(label="human", value="H", tags=["red", "red"])
    kept = client.blocks.retrieve(block.id)

    assert (block.description is None, block.tags) == (False, ["red", "red"])
    assert (kept.description, kept.tags) == (None, ["red"])


def test_a_search_knows_wildcards_and_an_empty_name_is_no_filter(client: Letta) -> None:
    client.agents.create(model=MODEL, name="Ada_L")

    assert len(list(client.agents.list(query_text="a%_l"))) == 1
    assert list(client.agents.list(query_text="ada%%x")) == []
    assert len(list(client.agents.list(name=""))) == 1


def test_a_block_is_made_of_defaults(client: Letta) -> None:
    block = checked(client.blocks.create(label="pets", value="H"))

    assert block.to_dict() == {**DEFAULTS, "id": block.id, "label": "pets", "value": "H"}
    assert client.blocks.retrieve(block.id) == block


@needs("blocks.create", "tags")
def test_a_block_is_made_of_all_that_can_be_said_of_it(client: Letta) -> None:
    block = checked(client.blocks.create(**EVERYTHING))  # type: ignore[arg-type]

    owners = {"id": block.id, "created_by_id": None, "last_updated_by_id": None}
    assert block.to_dict() == {**EVERYTHING, **owners}
    assert checked(client.blocks.retrieve(block.id)) == block


@needs("blocks.update", "tags")
def test_all_that_can_be_said_of_a_block_can_be_changed(client: Letta) -> None:
    block = client.blocks.create(label="human", value="H")

    changed = checked(client.blocks.update(block.id, **EVERYTHING))  # type: ignore[arg-type]

    assert changed.to_dict() == {**block.to_dict(), **EVERYTHING}
    assert client.blocks.retrieve(block.id) == changed


@pytest.mark.parametrize("body", [{}, {"value": None}])
def test_a_block_without_a_value_is_empty(client: Letta, body: dict[str, object]) -> None:
    block = client.post("/v1/blocks/", body={"label": "x", **body}, cast_to=BlockResponse)

    assert checked(block).value == ""


@pytest.mark.parametrize("label", ["my label!", "system/human", "", "ü"])
def test_a_label_can_be_anything(client: Letta, label: str) -> None:
    assert client.blocks.create(label=label, value="").label == label


def test_a_limit_is_kept_but_not_enforced(client: Letta) -> None:
    block = client.blocks.create(label="x", value="12345", limit=3)

    changed = client.blocks.update(block.id, value="x" * 100_001, limit=-1)

    assert (block.value, block.limit) == ("12345", 3)
    assert (len(changed.value), changed.limit) == (100_001, -1)


@needs("blocks.create", "tags")
def test_null_leaves_a_block_as_it_is(client: Letta) -> None:
    block = client.blocks.create(**EVERYTHING)  # type: ignore[arg-type]
    names = set(inspect.signature(client.blocks.update).parameters)
    nothing = dict.fromkeys(names & EVERYTHING.keys() - {"is_template", "read_only"})

    assert checked(client.blocks.update(block.id, **nothing)) == block  # type: ignore[arg-type]
    assert client.blocks.update(block.id, extra_body={"foo": 1}) == block


@pytest.mark.parametrize("flag", ["is_template", "read_only"])
def test_a_flag_cannot_be_null(client: Letta, flag: str) -> None:
    (block,) = make(client, "v")

    with pytest.raises(UnprocessableEntityError, match="Input should be a valid boolean"):
        client.patch(f"/v1/blocks/{block.id}", body={flag: None}, cast_to=object)
    assert client.blocks.retrieve(block.id) == block


@needs("blocks.create", "tags")
def test_empty_values_are_changes(client: Letta) -> None:
    block = client.blocks.create(**EVERYTHING)  # type: ignore[arg-type]
    empty: dict[str, object] = {"value": "", "tags": [], "metadata": {}, "read_only": False}

    changed = checked(client.blocks.update(block.id, **empty))  # type: ignore[arg-type]

    assert changed.to_dict() == {**block.to_dict(), **empty}


def test_the_api_may_change_what_is_read_only(client: Letta) -> None:
    block = client.blocks.create(label="x", value="old", read_only=True)

    assert client.blocks.update(block.id, value="new").value == "new"


def test_a_label_that_an_agent_has_already_is_refused(client: Letta) -> None:
    labels = ["human", "persona"]
    agent = client.agents.create(
        model=MODEL, memory_blocks=[{"label": label, "value": label} for label in labels]
    )
    human = client.agents.blocks.retrieve("human", agent_id=agent.id)

    with pytest.raises(ConflictError):
        client.blocks.update(str(human.id), label="persona", value="changed")

    assert values(client) == labels
    assert client.blocks.update(str(human.id), label="human").label == "human"


def test_a_deleted_block_is_gone(client: Letta) -> None:
    [block] = make(client, "A")

    assert client.blocks.delete(block.id) is None

    assert values(client) == []
    for operation in (client.blocks.retrieve, client.blocks.update, client.blocks.delete):
        with pytest.raises(NotFoundError):
            operation(block.id)


def test_a_deleted_block_leaves_its_agents(client: Letta) -> None:
    [block] = make(client, "A")
    agent = client.agents.create(model=MODEL, block_ids=[block.id])

    client.blocks.delete(block.id)

    assert list(client.agents.blocks.list(agent.id)) == []


def test_blocks_are_listed_oldest_first(client: Letta) -> None:
    make(client, "A", "B", "C")

    assert values(client) == ["A", "B", "C"]
    assert values(client, order="desc", order_by="created_at") == ["C", "B", "A"]


def test_blocks_are_paged_by_cursors_in_the_requested_order(client: Letta) -> None:
    a, b, c = (block.id for block in make(client, "A", "B", "C"))

    assert (values(client, after=b), values(client, before=b)) == (["C"], ["A"])
    assert values(client, order="desc", after=c, limit=1) == ["B"]
    assert values(client, order="desc", before=a, limit=1) == ["B"]
    assert values(client, after=UNKNOWN) == values(client, before="nope") == ["A", "B", "C"]


def test_every_page_of_blocks_is_reached_once(client: Letta) -> None:
    make(client, *"ABCDEFG")

    assert [block.value for block in client.blocks.list(limit=3)] == [*"ABCDEFG"]


def test_a_list_of_blocks_has_fifty_unless_a_limit_says_otherwise(client: Letta) -> None:
    make(client, *("A" * 51))

    assert len(values(client)) == 50
    assert [len(values(client, limit=limit)) for limit in (0, 1, 100)] == [51, 1, 51]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"label": "a/b"}, ["One"]),
        ({"label": "A/b"}, []),
        ({"label_search": "A"}, ["One"]),
        ({"value_search": "TW"}, ["Two"]),
        ({"description_search": "sEc"}, ["Two"]),
        ({"value_search": ""}, ["One", "Two", "Three"]),
        ({"tags": ["red"]}, ["One", "Two"]),
        ({"tags": ["red", "blue"]}, ["One", "Two", "Three"]),
        ({"tags": ["red", "blue"], "match_all_tags": True}, ["Two"]),
        ({"templates_only": True}, ["Template"]),
        ({"name": "name"}, ["Two"]),
        ({"name": "name", "templates_only": True}, ["Template"]),
        ({"project_id": "p"}, ["One"]),
        ({"identity_id": "identity-00000000-0000-4000-8000-000000000000"}, []),
        ({"identifier_keys": ["key"]}, []),
        ({"connected_to_agents_count_gt": 0}, ["One", "Two"]),
        ({"connected_to_agents_count_lt": 2}, ["One", "Three"]),
        ({"connected_to_agents_count_eq": [0, 2]}, ["Two", "Three"]),
        ({"connected_to_agents_count_gt": 0, "connected_to_agents_count_lt": 2}, ["One"]),
    ],
)
@needs("blocks.create", "tags")
def test_blocks_are_filtered(several: Letta, query: dict[str, object], found: list[str]) -> None:
    assert values(several, **query) == found


@pytest.mark.parametrize(
    "query",
    [
        {"label": "a b!"},
        {"order_by": "label"},
        {"order": "up"},
        {"limit": -1},
        {"limit": 2**63},
        {"limit": "x"},
        {"templates_only": "maybe"},
        {"identity_id": "identity-1"},
    ],
)
def test_a_list_that_cannot_be_is_refused(client: Letta, query: dict[str, object]) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        client.blocks.list(extra_query=query)

    assert isinstance(refused.value.body, dict)
    assert f"'loc': ('query', '{next(iter(query))}')" in refused.value.body["detail"]


def test_the_agents_of_a_block_are_listed_newest_first(client: Letta) -> None:
    [block] = make(client, "A")
    first, second = (client.agents.create(model=MODEL, block_ids=[block.id]) for _ in range(2))
    client.agents.create(model=MODEL)

    listed = checked(client.blocks.agents.list(block.id))

    assert [agent.id for agent in listed] == [second.id, first.id]
    assert [agent.blocks for agent in listed] == [[], []]
    assert [agent.id for agent in client.blocks.agents.list(block.id, order="asc")] == [
        first.id,
        second.id,
    ]


def test_the_agents_of_a_block_are_listed_by_their_creation_not_their_attachment(
    client: Letta,
) -> None:
    [block] = make(client, "A")
    first, second = (client.agents.create(model=MODEL).id for _ in range(2))
    for agent_id in (second, first):
        client.agents.blocks.attach(block.id, agent_id=agent_id)

    assert [agent.id for agent in client.blocks.agents.list(block.id)] == [second, first]


def test_the_agents_of_a_block_are_paged(client: Letta) -> None:
    [block] = make(client, "A")
    made = [client.agents.create(model=MODEL, block_ids=[block.id]).id for _ in range(3)]

    def ids(**query: object) -> list[str]:
        page = client.blocks.agents.list(block.id, order="asc", **query)  # type: ignore[arg-type]
        return [agent.id for agent in page.items]

    assert (ids(limit=1), ids(after=made[0]), ids(before=made[1])) == (made[:1], made[1:], made[:1])
    assert [agent.id for agent in client.blocks.agents.list(block.id, limit=1)] == made[::-1]


@pytest.mark.parametrize(
    "asked", [{"include": ["agent.blocks"]}, {"include_relationships": ["memory"]}]
)
def test_the_agents_of_a_block_can_be_shown_with_their_blocks(
    client: Letta, asked: dict[str, list[str]]
) -> None:
    [block] = make(client, "A")
    client.agents.create(model=MODEL, block_ids=[block.id])

    [agent] = checked(client.blocks.agents.list(block.id, **asked)).items  # type: ignore[arg-type]

    assert [shown.to_dict() for shown in agent.blocks] == [block.to_dict()]


def test_a_block_without_agents_has_none(client: Letta, agent: AgentState) -> None:
    [block] = make(client, "A")

    assert list(client.blocks.agents.list(block.id)) == []


def test_the_agents_of_an_unknown_block_are_not_found(client: Letta, connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        client.blocks.agents.list(UNKNOWN)

    as_recorded = connect(quirks=["unknown-blocks-without-agents"])
    assert list(as_recorded.blocks.agents.list(UNKNOWN)) == []


@pytest.mark.anyio
async def test_a_block_lives_through_the_async_client(async_client: AsyncLetta) -> None:
    blocks = async_client.blocks
    made = checked(await blocks.create(label="human", value="H"))
    changed = checked(await blocks.update(made.id, value="new"))
    shown = checked(await blocks.retrieve(made.id))
    listed = [block async for block in await blocks.list(limit=1)]
    agents = [agent async for agent in await blocks.agents.list(made.id)]
    await blocks.delete(made.id)

    assert (changed.value, shown, listed, agents) == ("new", changed, [changed], [])
    assert [block async for block in await blocks.list()] == []
