"""client.tags: the tags of agents and blocks."""

from typing import Literal

from mockletta.api.lists import Limit, page_of
from mockletta.http.routing import Routes
from mockletta.state.paging import Order, Page
from mockletta.state.short_views import SortedNames
from mockletta.wire.base import Body
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/tags")


class TagsQuery(Body):
    """By the alphabet; a name is part of a tag, whatever the letter case [51 tags by name]."""

    before: str | None = None
    after: str | None = None
    limit: Limit | None = 50
    order: Order = "asc"
    order_by: Literal["name"] = "name"
    name: str | None = None
    query_text: str | None = None

    def accepts(self, tag: str) -> bool:
        wanted = (self.name or "", self.query_text or "")
        return all(part.lower() in tag.lower() for part in wanted)


@routes.get("/", "tags.list")
def list_tags(context: RequestContext, world: World, query: TagsQuery) -> list[str]:
    store = world.store
    tagged = (*store.agents, *store.blocks)
    return page_of(
        SortedNames({tag for one in tagged for tag in one.tags or ()}),
        Page(query.limit, query.order, query.after or None, query.before or None),
        context=context,
        keep=query.accepts,
    )
