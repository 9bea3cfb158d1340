"""client.tags: the tags of agents and blocks."""

from typing import Annotated, Literal

from mockletta.api.lists import ListQuery, Meets, page_of
from mockletta.http.routing import Routes
from mockletta.search.like_patterns import is_like
from mockletta.search.slices import Sliced
from mockletta.state.paging import Order, Page, SortedNames, find_page
from mockletta.wire.agents import AgentState
from mockletta.wire.memory import Block
from mockletta.world.request_context import RequestContext

routes = Routes("/v1/tags")


def _contains(tag: str, part: str) -> bool:
    return is_like(tag.lower(), part.lower())


def _has_tags(row: AgentState | Block) -> bool:
    return bool(row.tags)


class TagsQuery(ListQuery):
    """In alphabetical order. A name is a part of a tag, in any case [51 tags by name]."""

    order: Order = "asc"
    order_by: Literal["name"] = "name"  # type: ignore[assignment]
    name: Annotated[str | None, Meets(_contains)] = None
    query_text: Annotated[str | None, Meets(_contains)] = None


@routes.get("/", "tags.list")
def list_tags(context: RequestContext, query: TagsQuery) -> Sliced[list[str]]:
    store = context.world.store
    agents = yield from find_page(store.agents.view(), Page(), _has_tags)
    blocks = yield from find_page(store.blocks.view(), Page(), _has_tags)
    tags = {tag for one in agents for tag in one.tags}
    tags.update(tag for one in blocks for tag in one.tags or ())
    return page_of(context, SortedNames(tags), query)
