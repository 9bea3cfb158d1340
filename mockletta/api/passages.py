"""client.passages: searching the passages of all archives."""

from mockletta.http.routing import Routes
from mockletta.resources.searches import find_passages
from mockletta.wire.searches import PassageMatch, PassageSearch
from mockletta.world.world import World

routes = Routes("/v1/passages")


@routes.post("/search", "passages.search")
def search(world: World, body: PassageSearch) -> list[PassageMatch]:
    return find_passages(world, body)
