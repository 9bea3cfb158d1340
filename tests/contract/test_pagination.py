"""Every list is reached item by item: by the guide's loop and by the SDK's own auto-pagination.

A `Listing` is one of the SDK's lists over a small world: what it holds, oldest first, and a call
that asks for a page.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from letta_client import AsyncLetta, Letta, NotFoundError, UnprocessableEntityError
from letta_client.types import Conversation

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import MODEL, Connect, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import agent_with_memory, context_of, conversation_of, ids_of, reply, say
from tests.contract.undeclared import checked

COUNT = 7
ABSURD = 2**63


@dataclass(frozen=True)
class Listing:
    """Ids of all there is to list, oldest first, and the SDK's method with its first arguments."""

    ids: list[str]
    page: Callable[..., Any]
    most: int = ABSURD - 1


Make = Callable[[Letta], Listing]


def conversation_messages(client: Letta) -> Listing:
    conversation = conversation_of(client, agent_with_memory(client))
    for number in range(COUNT // 2):
        say(client, conversation, f"Hello {number}!")
    ids = context_of(client, conversation)
    return Listing(ids, _bound(client.conversations.messages.list, conversation))


def agent_messages(client: Letta) -> Listing:
    agent = agent_with_memory(client)
    for number in range(COUNT // 2):
        client.agents.messages.create(agent, input=f"Hello {number}!")
    ids = client.agents.retrieve(agent).message_ids or []
    return Listing(ids, _bound(client.agents.messages.list, agent))


def agents(client: Letta) -> Listing:
    made = [client.agents.create(model=MODEL).id for _ in range(COUNT)]
    return Listing(made, client.agents.list)


def blocks(client: Letta) -> Listing:
    made = [client.blocks.create(label="human", value=str(number)).id for number in range(COUNT)]
    return Listing(made, client.blocks.list)


def runs(client: Letta) -> Listing:
    conversation = conversation_of(client, agent_with_memory(client))
    replies = [reply(client, conversation, input="Hello!") for _ in range(COUNT)]
    return Listing([str(one.messages[0].run_id) for one in replies], client.runs.list, most=1_000)


def steps(client: Letta) -> Listing:
    conversation = conversation_of(client, agent_with_memory(client))
    replies = [reply(client, conversation, input="Hello!") for _ in range(COUNT)]
    return Listing([str(one.messages[0].step_id) for one in replies], client.steps.list)


LISTS = [
    pytest.param(conversation_messages, marks=needs("conversations.messages.list", "order")),
    agent_messages,
    agents,
    blocks,
    runs,
    steps,
]
both_orders = pytest.mark.parametrize("order", ["asc", "desc"])


@pytest.fixture(scope="module", params=LISTS)
def listing(request: pytest.FixtureRequest) -> Iterator[Listing]:
    """Each of the lists, over a world that no test here changes."""
    make: Make = request.param
    with MockLetta() as mock, sync_client(mock) as client:
        yield make(client)


@both_orders
def test_the_guides_loop_reaches_everything_once(listing: Listing, order: str) -> None:
    found: list[str] = []
    batch = checked(listing.page(limit=2, order=order)).items
    while batch:
        found += ids_of(batch)
        batch = checked(listing.page(limit=2, order=order, after=batch[-1].id)).items
    assert found == _in(order, listing.ids)


@both_orders
@pytest.mark.parametrize("limit", [1, 3, COUNT])
def test_auto_pagination_reaches_everything_once(listing: Listing, order: str, limit: int) -> None:
    assert ids_of(listing.page(limit=limit, order=order)) == _in(order, listing.ids)


@both_orders
def test_auto_pagination_from_a_cursor_goes_on_after_it(listing: Listing, order: str) -> None:
    ids = _in(order, listing.ids)
    assert ids_of(listing.page(limit=2, order=order, after=ids[1])) == ids[2:]


@both_orders
def test_auto_pagination_before_a_cursor_goes_back_to_the_start(
    listing: Listing, order: str
) -> None:
    ids = _in(order, listing.ids)
    pages = listing.page(limit=2, order=order, before=ids[5]).iter_pages()
    assert [ids_of(page.items) for page in pages if page.items] == [ids[3:5], ids[1:3], ids[:1]]


@both_orders
def test_between_two_cursors_there_is_what_is_between(listing: Listing, order: str) -> None:
    ids = _in(order, listing.ids)
    assert ids_of(listing.page(order=order, after=ids[1], before=ids[4]).items) == ids[2:4]
    assert listing.page(order=order, after=ids[4], before=ids[1]).items == []


def test_nothing_comes_after_the_last_nor_before_the_first(listing: Listing) -> None:
    assert listing.page(order="asc", after=listing.ids[-1]).items == []
    assert listing.page(order="asc", before=listing.ids[0]).items == []


@pytest.mark.parametrize("limit", [-1, -ABSURD, ABSURD])
def test_negative_and_absurd_limits_are_refused(listing: Listing, limit: int) -> None:
    with pytest.raises(UnprocessableEntityError, match="'limit'"):
        listing.page(limit=limit)


def test_the_largest_limit_is_everything(listing: Listing) -> None:
    assert ids_of(listing.page(limit=listing.most, order="asc").items) == listing.ids
    with pytest.raises(UnprocessableEntityError, match="'limit'"):
        listing.page(limit=listing.most + 1)


def test_conversations_are_reached_by_the_guides_loop(client: Letta) -> None:
    agent = agent_with_memory(client)
    made = [conversation_of(client, agent) for _ in range(COUNT)]
    found: list[str] = []
    batch = client.conversations.list(agent_id=agent, limit=3)
    while batch:
        found += ids_of(checked(batch))
        batch = client.conversations.list(agent_id=agent, limit=3, after=batch[-1].id)
    assert found == made[::-1]


@pytest.mark.parametrize("limit", [-1, ABSURD])
def test_limits_of_conversations_are_refused_likewise(client: Letta, limit: int) -> None:
    with pytest.raises(UnprocessableEntityError):
        client.conversations.list(agent_id=agent_with_memory(client), limit=limit)


@both_orders
@needs("conversations.list", "order_by")
def test_conversations_by_last_message_are_reached_with_those_that_have_none(
    client: Letta, order: Literal["asc", "desc"]
) -> None:
    agent = agent_with_memory(client)
    made = [conversation_of(client, agent) for _ in range(5)]
    for conversation in (made[3], made[1]):
        say(client, conversation, "Hello!")
    found: list[str] = []
    while batch := client.conversations.list(
        agent_id=agent,
        limit=2,
        order=order,
        order_by="last_message_at",
        after=found[-1] if found else None,
    ):
        found += ids_of(checked(batch))
    assert found[:2] == _in(order, [made[3], made[1]])
    assert sorted(found[2:]) == sorted([made[0], made[2], made[4]])


@both_orders
@needs("conversations.messages.list", "order")
@needs("conversations.fork")
def test_a_forks_messages_are_reached_once_though_they_are_shared(
    client: Letta, conversation: Conversation, order: Literal["asc", "desc"]
) -> None:
    say(client, conversation.id, "Hello!")
    fork = client.conversations.fork(conversation.id).id
    say(client, conversation.id, "Only here!")
    say(client, fork, "Only there!")
    ids = context_of(client, fork)
    assert len(ids) == 5
    assert ids_of(client.conversations.messages.list(fork, limit=1, order=order)) == _in(order, ids)


@both_orders
@needs("conversations.messages.list", "order")
@needs("conversations.messages.compact")
def test_a_compacted_history_is_reached_once_whole(
    client: Letta, conversation: Conversation, order: Literal["asc", "desc"]
) -> None:
    for number in range(5):
        say(client, conversation.id, f"Hello {number}!")
    before = context_of(client, conversation.id)
    client.conversations.messages.compact(conversation.id)
    say(client, conversation.id, "Hello again!")
    whole = ids_of(client.conversations.messages.list(conversation.id, order="asc").items)
    assert set(whole) == {*before, *context_of(client, conversation.id)}
    paged = client.conversations.messages.list(conversation.id, limit=2, order=order)
    assert ids_of(paged) == _in(order, whole)


@needs("conversations.messages.list", "order")
def test_with_the_recorded_quirk_cursors_go_by_time_whatever_the_order(connect: Connect) -> None:
    client = connect(quirks=["chronological-message-cursors"])
    listing = conversation_messages(client)
    ids = listing.ids
    newer = listing.page(order="desc", after=ids[3], limit=2).items
    older = listing.page(order="desc", before=ids[3], limit=2).items
    assert (ids_of(newer), ids_of(older)) == ([ids[6], ids[5]], [ids[2], ids[1]])


@both_orders
@needs("conversations.messages.list", "order")
def test_messages_that_come_while_paging_make_no_gaps(
    client: Letta, conversation: Conversation, order: Literal["asc", "desc"]
) -> None:
    for number in range(3):
        say(client, conversation.id, f"Hello {number}!")
    before = context_of(client, conversation.id)
    pages = client.conversations.messages.list(
        conversation.id,
        limit=2,
        order=order,
    ).iter_pages()
    found = ids_of(next(pages).items)
    reply(client, conversation.id, input="One more!")
    found += [item.id for page in pages for item in page.items]
    after = context_of(client, conversation.id)
    assert found == (after if order == "asc" else before[::-1])


def test_agents_that_go_while_paging_take_nobody_with_them(client: Letta) -> None:
    made = [client.agents.create(model=MODEL).id for _ in range(4)]
    pages = client.agents.list(limit=2, order="asc").iter_pages()
    found = ids_of(next(pages).items)
    client.agents.delete(made[0])
    found += [agent.id for page in pages for agent in page.items]
    assert found == made


@both_orders
@needs("conversations.messages.list", "order")
def test_a_page_counts_stored_messages_and_never_parts_them(
    scripted: Letta, order: Literal["asc", "desc"]
) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    for number in range(2):
        say(scripted, conversation, f"<<reason why {number}>> tell me")
    ids = context_of(scripted, conversation)
    pages = scripted.conversations.messages.list(
        conversation,
        limit=1,
        order=order,
    ).iter_pages()
    found = [ids_of(page.items) for page in pages if page.items]
    parts = {True: 1, False: 2}
    answers = set(ids[2::2])
    assert found == [[one] * parts[one not in answers] for one in _in(order, ids)]


@needs("conversations.messages.list", "order")
def test_cursors_of_messages_that_are_not_there_are_no_bounds(
    client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "Hello!")
    nowhere = "message-00000000-0000-4000-8000-000000000000"
    everything = client.conversations.messages.list(conversation.id).items
    for cursors in ({"after": nowhere}, {"before": nowhere}):
        page = client.conversations.messages.list(conversation.id, extra_query=cursors)
        assert page.items == everything


def test_cursors_of_an_agents_messages_must_be_there(client: Letta) -> None:
    agent = agent_with_memory(client)
    nowhere = "message-00000000-0000-4000-8000-000000000000"
    with pytest.raises(NotFoundError) as refused:
        client.agents.messages.list(agent, after=nowhere)
    assert refused.value.body == {
        "detail": f"No message found with id '{nowhere}' for agent '{agent}'."
    }


@pytest.mark.parametrize("make", [agents, blocks, runs, steps])
def test_unknown_cursors_elsewhere_are_no_bounds(client: Letta, make: Make) -> None:
    listing = make(client)
    unknown = listing.ids[0].split("-")[0] + "-00000000-0000-4000-8000-000000000000"
    for cursors in ({"after": unknown}, {"before": unknown}):
        assert ids_of(listing.page(**cursors, order="asc").items) == listing.ids


def test_a_limit_of_zero_is_nothing_or_no_limit_as_recorded(client: Letta) -> None:
    agent = agent_with_memory(client)
    conversation = conversation_of(client, agent)
    assert list(client.conversations.messages.list(conversation, limit=0)) == []
    assert client.conversations.list(agent_id=agent, limit=0) == []
    assert client.agents.messages.list(agent, limit=0).items == []
    assert ids_of(client.agents.list(limit=0).items) == [agent]
    assert len(client.blocks.list(limit=0).items) == 1
    with pytest.raises(UnprocessableEntityError):
        client.runs.list(limit=0)


@both_orders
@needs("conversations.messages.list", "order")
@pytest.mark.anyio
async def test_asynchronous_auto_pagination_reaches_everything_once(
    async_client: AsyncLetta, client: Letta, order: Literal["asc", "desc"]
) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    for number in range(3):
        say(client, conversation, f"Hello {number}!")
    ids = context_of(client, conversation)
    pages = async_client.conversations.messages.list(
        conversation,
        limit=2,
        order=order,
    )
    assert [message.id async for message in pages] == _in(order, ids)


def _bound(method: Callable[..., Any], subject: str) -> Callable[..., Any]:
    return lambda **query: method(subject, **query)


def _in(order: str, oldest_first: Iterable[str]) -> list[str]:
    ids = list(oldest_first)
    return ids if order == "asc" else ids[::-1]
