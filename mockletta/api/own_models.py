"""The models of a world beside the catalogue: of the user's own providers and the test author."""

from functools import partial

from mockletta.catalogue.model_catalogue import OwnModels
from mockletta.world.quirks import NO_DEFAULT_MODELS
from mockletta.world.world import World


def own_models(world: World) -> OwnModels:
    """Return the models that a world has beside the catalogue."""
    models = world.models
    return OwnModels(
        [provider for provider in world.store.providers if not provider.is_deleted],
        [*models.declared, *(world.script.models if world.has_script else ())],
        strict=models.strict,
        accepted=partial(models.name_unlisted, world.journal),
        chooses=partial(_chooses, world),
    )


def _chooses(world: World, handle: str) -> bool:
    """Return whether the imitated server itself chooses a model, like the hosted service."""
    is_on = NO_DEFAULT_MODELS in world.quirks
    other = f"with {handle}" if is_on else "a 404"
    world.quirks.record(NO_DEFAULT_MODELS, "a model's handle", other)
    return not is_on
