"""How much room embeddings take, beyond the SDK."""

from mockletta.errors import InvalidArgument
from mockletta.http.client_headers import Client
from mockletta.http.routing import Routes
from mockletta.search.embeddings import MOST_DIMENSIONS
from mockletta.world.world import World

routes = Routes("/v1/embeddings")
BYTES_PER_NUMBER = 4
UNITS = ("B", "KB", "MB", "GB", "TB")


@routes.get("/total_storage_size", "embeddings.total_storage_size")
def total_storage_size(world: World, client: Client) -> float:
    """In the unit that the header `storage-unit` names, or else in gigabytes. A vector is kept at
    its greatest width, whatever its size."""
    if client.storage_unit not in UNITS:
        known = ", ".join(UNITS)
        raise InvalidArgument(f"Invalid storage unit: {client.storage_unit}. Known are {known}")
    vectors = sum(item.embedding_config is not None for item in world.store.passages)
    divisor: int = 1024 ** UNITS.index(client.storage_unit)
    return vectors * MOST_DIMENSIONS * BYTES_PER_NUMBER / divisor
