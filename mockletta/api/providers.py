"""The user's own model providers, client.providers of older SDKs.

No provider is contacted: every key is valid, and a provider has the listed models of its kind.
"""

from typing import ClassVar

from mockletta.api.lists import Keep, ListQuery
from mockletta.api.path_ids import ProviderId
from mockletta.api.resource import Resource, given, new_id
from mockletta.catalogue.model_catalogue import endpoint_of, is_base_provider
from mockletta.errors import BadRequest, ConstraintViolated, NotFound, NotText, RowNotFound
from mockletta.wire.provider_types import ProviderType
from mockletta.wire.providers import CheckProvider, CreateProvider, Provider, UpdateProvider
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

providers = Resource[Provider]("providers", "/v1/providers", Provider, provider_id=ProviderId)
routes = providers.routes


class ProvidersQuery(ListQuery):
    """Newest first. The server's own providers are not listed [78 list at first]."""

    unknown_cursor: ClassVar[str] = "Provider"

    name: str | None = None
    provider_type: ProviderType | None = None

    def keeps(self, world: World) -> Keep:
        keep = super().keeps(world)
        return lambda row: not row.is_deleted and (keep is None or keep(row))


providers.lists(ProvidersQuery)


@providers.creates
def create_provider(world: World, body: CreateProvider) -> Provider:
    """Create a provider. It is synced at once, which the answer does not show yet [78 create].

    Creating a provider with the name of a deleted one restores that one [78 create the name again].
    """
    if not body.name:
        raise NotText("Provider", "name")
    if is_base_provider(body.name):
        raise BadRequest(
            f"Provider name '{body.name}' conflicts with an existing base provider. "
            "Please choose a different name."
        )
    known = next((row for row in world.store.providers if row.name == body.name), None)
    if known is not None and not known.is_deleted:
        raise ConstraintViolated(
            "A unique constraint was violated for Provider. Check your input for duplicates: "
            f"there is a provider '{body.name}' already"
        )
    now = world.clock.now()
    values = {**given(body, Provider), **_keys(body), "updated_at": now, "is_deleted": False}
    if body.base_url is None and body.provider_type == ProviderType.openai:
        values["base_url"] = endpoint_of(body.provider_type)  # [70x provider]
    if known is not None:
        return world.store.providers.replace(known.changed(values))
    provider = Provider.trusted(id=new_id(world, body, "provider"), **values)
    world.store.providers.add(provider.changed({"last_synced": now}))
    return provider


@routes.post("/check", "providers.check_key")
def check(world: World, body: CheckProvider) -> dict[str, str]:  # noqa: ARG001
    """Accept any key but an empty one."""
    if not body.api_key:
        raise BadRequest("API key is required!")
    return _valid(body.provider_type)


def _unknown(provider_id: str) -> NotFound:
    return NotFound(f"Provider not found with id='{provider_id}'")


providers.retrieves(_unknown)


@providers.updates
def update_provider(world: World, provider: Provider, body: UpdateProvider) -> Provider:
    """Update a provider. Agents keep the address that they were created with."""
    _refuse_deleted(provider)
    return providers.change(world, provider, body, **_keys(body))


@providers.below("DELETE", "", "delete")
def delete(context: RequestContext, provider: Provider) -> dict[str, str]:
    """Delete a provider and its models. It can still be retrieved, without its keys."""
    _refuse_deleted(provider)
    gone = {
        "is_deleted": True,
        "api_key_enc": None,
        "access_key_enc": None,
        "updated_at": context.world.clock.now(),
    }
    context.world.store.providers.replace(provider.changed(gone))
    return {"message": f"Provider id={provider.id} successfully deleted"}


@routes.post("/{provider_id}/check", "providers.check")
def check_existing(world: World, provider_id: ProviderId) -> dict[str, str]:
    return _valid(_existing(world, provider_id).provider_type)


@routes.patch("/{provider_id}/refresh", "providers.refresh")
def refresh(world: World, provider_id: ProviderId) -> Provider:
    provider = _existing(world, provider_id)
    return world.store.providers.replace(provider.changed({"last_synced": world.clock.now()}))


def _existing(world: World, provider_id: str) -> Provider:
    provider = world.store.providers.find(provider_id)
    if provider is None or provider.is_deleted:
        raise _unknown(provider_id)
    return provider


def _refuse_deleted(provider: Provider) -> None:
    if provider.is_deleted:
        raise RowNotFound("Provider", provider.id)


def _keys(body: CreateProvider | UpdateProvider) -> dict[str, object]:
    """Return the keys in their stored form: never under the names in the request. A new provider
    has no empty key, but an update can empty one [78]."""
    keys = {"api_key_enc": body.api_key, "access_key_enc": body.access_key}
    is_new = isinstance(body, CreateProvider)
    kept = {name: key for name, key in keys.items() if key or (key == "" and not is_new)}
    return {"api_key": None, "access_key": None, **kept}


def _valid(kind: ProviderType) -> dict[str, str]:
    return {"message": f"Valid api key for provider_type={kind.value}"}
