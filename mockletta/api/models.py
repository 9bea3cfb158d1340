"""client.models: the models a handle can name."""

from mockletta.http.routing import Routes
from mockletta.state.model_catalogue import list_embedding_models, list_models
from mockletta.wire.base import Body
from mockletta.wire.models import EmbeddingModel, Model
from mockletta.wire.providers import ProviderCategory, ProviderType
from mockletta.world.world import World

routes = Routes("/v1/models")


class ModelsQuery(Body):
    provider_category: list[ProviderCategory] | None = None
    provider_name: str | None = None
    provider_type: ProviderType | None = None


@routes.get("/", "models.list")
def list_all(world: World, query: ModelsQuery) -> list[Model]:  # noqa: ARG001
    return list_models(query.provider_category, query.provider_name, query.provider_type)


@routes.get("/embedding", "models.embeddings.list")
def list_embeddings(world: World) -> list[EmbeddingModel]:  # noqa: ARG001
    return list_embedding_models()
