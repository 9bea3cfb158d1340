"""Providers that a user has a key for, which older SDKs call client.providers. None is called."""

from mockletta.api.lists import ListQuery, page_of
from mockletta.errors import ConstraintViolated, NotFound
from mockletta.http.path_ids import ProviderId
from mockletta.http.routing import Routes
from mockletta.wire.providers import (
    CheckProvider,
    CreateProvider,
    Provider,
    ProviderFields,
    ProviderType,
)
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/providers")


class ProvidersQuery(ListQuery):
    """Newest first by default."""

    name: str | None = None
    provider_type: ProviderType | None = None

    def accepts(self, provider: Provider) -> bool:
        return self.name in (None, provider.name) and self.provider_type in (
            None,
            provider.provider_type,
        )


@routes.get("/", "providers.list")
def list_providers(context: RequestContext, world: World, query: ProvidersQuery) -> list[Provider]:
    return page_of(
        world.store.providers.view(),
        query.page(),
        context=context,
        keep=query.accepts,
    )


@routes.post("/", "providers.create")
def create(world: World, body: CreateProvider) -> Provider:
    if any(provider.name == body.name for provider in world.store.providers):
        raise ConstraintViolated(
            f"A unique constraint was violated: there is a provider '{body.name}' already"
        )
    now = world.clock.now()
    plain = Provider(
        id=world.ids.new("provider"),
        name=body.name,
        provider_type=body.provider_type,
        last_synced=now,
    )
    return world.store.providers.add(plain.changed({**_kept(body), "updated_at": now}))


@routes.post("/check", "providers.check_key")
def check(world: World, body: CheckProvider) -> dict[str, str]:  # noqa: ARG001
    """Any key is valid: nobody is asked."""
    return _valid(body.provider_type)


@routes.get("/{provider_id}", "providers.retrieve")
def retrieve(world: World, provider_id: ProviderId) -> Provider:
    provider = world.store.providers.find(provider_id)
    if provider is None:
        raise NotFound(f"Provider not found with id='{provider_id}'")
    return provider


@routes.patch("/{provider_id}", "providers.update")
def update(world: World, provider_id: ProviderId, body: ProviderFields) -> Provider:
    provider = world.store.providers.get(provider_id)
    changes = {**_kept(body), "updated_at": world.clock.now()}
    return world.store.providers.replace(provider.changed(changes))


@routes.delete("/{provider_id}", "providers.delete")
def delete(world: World, provider_id: ProviderId) -> dict[str, str]:
    world.store.providers.remove(provider_id)
    return {"message": f"Provider id={provider_id} successfully deleted"}


@routes.post("/{provider_id}/check", "providers.check")
def check_existing(world: World, provider_id: ProviderId) -> dict[str, str]:
    return _valid(world.store.providers.get(provider_id).provider_type)


@routes.patch("/{provider_id}/refresh", "providers.refresh")
def refresh(world: World, provider_id: ProviderId) -> Provider:
    provider = world.store.providers.get(provider_id)
    return world.store.providers.replace(provider.changed({"last_synced": world.clock.now()}))


def _kept(body: ProviderFields) -> dict[str, object]:
    """What a request says of a provider; keys are kept under their newer names, too."""
    given = {name: getattr(body, name) for name in ProviderFields.model_fields}
    told = {name: value for name, value in given.items() if value is not None}
    secrets = {f"{name}_enc": told[name] for name in ("api_key", "access_key") if name in told}
    return {**told, **secrets}


def _valid(kind: ProviderType) -> dict[str, str]:
    return {"message": f"Valid api key for provider_type={kind.value}"}
