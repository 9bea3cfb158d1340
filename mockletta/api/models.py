"""client.models: language models, embedding models, and the storage size of embeddings."""

from mockletta.api.own_models import own_models
from mockletta.catalogue.model_catalogue import AUTOMATIC, list_embedding_models, list_models
from mockletta.errors import InvalidArgument
from mockletta.http.routing import Routes
from mockletta.search.embeddings import MOST_DIMENSIONS
from mockletta.wire.base import Body
from mockletta.wire.listed_models import EmbeddingModel, Model
from mockletta.wire.provider_types import ProviderCategory, ProviderType
from mockletta.world.client_headers import Client
from mockletta.world.quirks import NO_DEFAULT_MODELS
from mockletta.world.world import World

routes = Routes("/v1")


class ModelsQuery(Body):
    provider_category: list[ProviderCategory] | None = None
    provider_name: str | None = None
    provider_type: ProviderType | None = None


@routes.get("/models/", "models.list")
def list_all(world: World, query: ModelsQuery) -> list[Model]:
    own = own_models(world)
    models = list_models(own, query.provider_category, query.provider_name, query.provider_type)
    if NO_DEFAULT_MODELS not in world.quirks:
        return models
    return [model for model in models if model.handle not in AUTOMATIC]


@routes.get("/models/embedding", "models.embeddings.list")
def list_embeddings(world: World) -> list[EmbeddingModel]:
    return list_embedding_models(own_models(world))


BYTES_PER_NUMBER = 4
UNITS = ("B", "KB", "MB", "GB", "TB")


@routes.get("/embeddings/total_storage_size", "embeddings.total_storage_size")
def total_storage_size(world: World, client: Client) -> float:
    """Return the size in the unit of the header `storage-unit`, by default gigabytes. Every vector
    is stored at the greatest width."""
    if client.storage_unit not in UNITS:
        known = ", ".join(UNITS)
        raise InvalidArgument(f"Invalid storage unit: {client.storage_unit}. Known are {known}")
    vectors = sum(item.embedding_config is not None for item in world.store.passages)
    divisor: int = 1024 ** UNITS.index(client.storage_unit)
    return vectors * MOST_DIMENSIONS * BYTES_PER_NUMBER / divisor
