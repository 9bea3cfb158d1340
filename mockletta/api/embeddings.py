"""How much room embeddings take, beyond the SDK."""

from mockletta.http.routing import Routes
from mockletta.search.embeddings import MOST_DIMENSIONS
from mockletta.world import World

routes = Routes("/v1/embeddings")
BYTES_PER_NUMBER = 4
GIGABYTE = 1024**3


@routes.get("/total_storage_size", "embeddings.total_storage_size")
def total_storage_size(world: World) -> float:
    """In gigabytes: a vector is kept at its greatest width, whatever its size."""
    vectors = sum(item.embedding_config is not None for item in world.store.passages)
    return vectors * MOST_DIMENSIONS * BYTES_PER_NUMBER / GIGABYTE
