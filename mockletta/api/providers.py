"""Providers that a user has a key for, which older SDKs call client.providers. None is called."""

from mockletta.api.lists import ListQuery
from mockletta.api.path_ids import ProviderId
from mockletta.api.resource import Resource, given, message
from mockletta.errors import ConstraintViolated, NotFound
from mockletta.wire.providers import (
    CheckProvider,
    CreateProvider,
    Provider,
    ProviderFields,
    ProviderType,
)
from mockletta.world.world import World

providers = Resource[Provider]("providers", "/v1/providers", Provider, provider_id=ProviderId)
routes = providers.routes


class ProvidersQuery(ListQuery):
    name: str | None = None
    provider_type: ProviderType | None = None


providers.lists(ProvidersQuery)


@providers.creates
def create_provider(world: World, body: CreateProvider) -> Provider:
    if any(provider.name == body.name for provider in world.store.providers):
        raise ConstraintViolated(
            f"A unique constraint was violated: there is a provider '{body.name}' already"
        )
    now = world.clock.now()
    values = {**given(body, Provider), **_encrypted(body), "updated_at": now, "last_synced": now}
    return world.store.providers.add(Provider.trusted(id=world.ids.new("provider"), **values))


@routes.post("/check", "providers.check_key")
def check(world: World, body: CheckProvider) -> dict[str, str]:  # noqa: ARG001
    """Accept any key: no provider is asked."""
    return _valid(body.provider_type)


def _unknown(provider_id: str) -> NotFound:
    return NotFound(f"Provider not found with id='{provider_id}'")


providers.retrieves(_unknown)


@providers.updates
def update_provider(world: World, provider: Provider, body: ProviderFields) -> Provider:
    return providers.change(world, provider, body, **_encrypted(body))


providers.deletes(message("Provider"))


@routes.post("/{provider_id}/check", "providers.check")
def check_existing(world: World, provider_id: ProviderId) -> dict[str, str]:
    return _valid(world.store.providers.get(provider_id).provider_type)


@routes.patch("/{provider_id}/refresh", "providers.refresh")
def refresh(world: World, provider_id: ProviderId) -> Provider:
    provider = world.store.providers.get(provider_id)
    return world.store.providers.replace(provider.changed({"last_synced": world.clock.now()}))


def _encrypted(body: ProviderFields) -> dict[str, object]:
    """Return the keys under their newer names."""
    keys = {"api_key_enc": body.api_key, "access_key_enc": body.access_key}
    return {name: key for name, key in keys.items() if key is not None}


def _valid(kind: ProviderType) -> dict[str, str]:
    return {"message": f"Valid api key for provider_type={kind.value}"}
