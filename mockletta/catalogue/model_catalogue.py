"""The models that this server knows, and how their handles are read.

A handle is `provider/model-name`. The catalogue lists models. Another model is accepted too if its
provider is known and its name matches a family, so that applications can use newer models. A strict
world refuses it.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mockletta.documents.packaged_data import DATA
from mockletta.errors import InvalidArgument, NotFound
from mockletta.wire.models import (
    EmbeddingConfig,
    EmbeddingEndpointType,
    LLMConfig,
    ModelEndpointType,
    ReasoningEffort,
    Verbosity,
    is_handle,
)
from mockletta.wire.provider_types import ProviderCategory, ProviderType

if TYPE_CHECKING:
    from mockletta.wire.listed_models import EmbeddingModel, Model
    from mockletta.wire.providers import Provider


def _ignore(_handle: str) -> None:
    """Ignore a model that is not listed."""


class OwnModels(NamedTuple):
    """The user's own providers, and the models that the test author has declared.

    With `strict` all other models that the catalogue does not list are refused. Without it those of
    known providers are accepted, and `accepted` is called with the handle of each. `chooses` says
    whether the server itself chooses a model for a handle of AUTOMATIC.
    """

    providers: "Sequence[Provider]" = ()
    declared: Sequence[str] = ()
    strict: bool = False
    accepted: Callable[[str], None] = _ignore
    chooses: Callable[[str], bool] = bool


NO_OWN_MODELS = OwnModels()


WIDEST_CONTEXT = 128_000
"""The default context window in tokens, also of models with a larger one [13 create agent]."""

DECLARED_TOKENS = 16_384
"""The most tokens of a reply of a declared model that no family describes."""

AUTOMATIC = ("letta/auto", "letta/auto-fast")
"""The handles for which the hosted service itself chooses a model."""


class ModelProvider(NamedTuple):
    """Where a provider's models are served, and in which dialect."""

    name: str
    endpoint_type: ModelEndpointType
    endpoint: str | None = None
    embedding_endpoint_type: EmbeddingEndpointType | None = None
    category: ProviderCategory = ProviderCategory.base


class Family(NamedTuple):
    """Models whose names match a pattern, and their common facts; sizes are in tokens.

    A family with a `reasoning_effort` or `max_reasoning_tokens` reasons by default; these are the
    defaults of an agent.
    """

    pattern: str
    context_window: int
    max_tokens: int
    reasoning_effort: ReasoningEffort | None = None
    max_reasoning_tokens: int = 0
    verbosity: Verbosity | None = None

    @property
    def reasons(self) -> bool:
        return self.reasoning_effort is not None or self.max_reasoning_tokens > 0


class EmbeddingFamily(NamedTuple):
    pattern: str
    dimensions: int


AnyFamily = TypeVar("AnyFamily", Family, EmbeddingFamily)


class _Catalogue(NamedTuple):
    providers: tuple[ModelProvider, ...]
    families: tuple[Family, ...]
    models: tuple[str, ...]
    embedding_families: tuple[EmbeddingFamily, ...]
    embedding_models: tuple[str, ...]


@cache
def _catalogue() -> _Catalogue:
    kinds = json.loads((DATA / "models.json").read_bytes())
    return _Catalogue(
        providers=tuple(ModelProvider(**one) for one in kinds["providers"]),
        families=tuple(Family(**one) for one in kinds["families"]),
        models=tuple(kinds["models"]),
        embedding_families=tuple(EmbeddingFamily(**one) for one in kinds["embedding_families"]),
        embedding_models=tuple(kinds["embedding_models"]),
    )


def check_handle_format(handle: str) -> None:
    """Raise InvalidArgument unless a handle is `provider/model-name`.

    An empty handle is accepted: the server does not check it here [01 model empty string].
    """
    if handle and not is_handle(handle):
        raise InvalidArgument("The model handle should be in the format provider/model-name")


def is_base_provider(name: str) -> bool:
    """Return whether the server itself has a provider of this name."""
    return any(provider.name == name for provider in _catalogue().providers)


def endpoint_of(kind: ProviderType) -> str | None:
    """Return where the models of a kind of provider are served, if all are at one address."""
    provider = _base_provider(kind.value)
    return provider.endpoint if provider else None


def llm_config(handle: str, own: OwnModels = NO_OWN_MODELS) -> LLMConfig:
    """Return the model of a handle, as an agent has it. Raises NotFound if there is none."""
    if handle in AUTOMATIC and not own.chooses(handle):
        raise _unknown(handle)
    provider, name, family = _find_model(handle, own)
    if handle not in _llm_handles(own):
        if own.strict:
            raise _unknown(handle)
        own.accepted(handle)
    return LLMConfig(
        model=name,
        model_endpoint_type=provider.endpoint_type,
        model_endpoint=provider.endpoint,
        provider_name=provider.name,
        provider_category=provider.category,
        context_window=min(family.context_window, WIDEST_CONTEXT),
        handle=handle,
        max_tokens=family.max_tokens,
        verbosity=family.verbosity,
    )


def embedding_config(handle: str, own: OwnModels = NO_OWN_MODELS) -> EmbeddingConfig:
    """Return the embedding model of a handle. Raises InvalidArgument if there is none."""
    model = _embedding_model(handle, own)
    is_listed = handle in _embedding_handles(own)
    if model is None or (own.strict and not is_listed):
        raise InvalidArgument(f"Embedding model {handle} not found")
    if not is_listed:
        own.accepted(handle)
    return EmbeddingConfig(
        embedding_endpoint_type=model.embedding_endpoint_type,
        embedding_endpoint=model.embedding_endpoint,
        embedding_model=model.embedding_model,
        embedding_dim=model.embedding_dim,
        handle=handle,
    )


def list_models(
    own: OwnModels = NO_OWN_MODELS,
    provider_category: Collection[ProviderCategory] | None = None,
    provider_name: str | None = None,
    provider_type: ProviderType | None = None,
) -> "list[Model]":
    """List the models by handle, then those of the user's own providers.

    A filter that is None accepts everything, and so does an empty name.
    """
    return [
        model
        for model in (_model(handle, own) for handle in _llm_handles(own))
        if provider_category is None or model.provider_category in provider_category
        if not provider_name or model.provider_name == provider_name
        if provider_type is None or model.provider_type == provider_type
    ]


def list_embedding_models(own: OwnModels = NO_OWN_MODELS) -> "list[EmbeddingModel]":
    """List the embedding models by handle, then those of the user's own providers."""
    models = (_embedding_model(handle, own) for handle in _embedding_handles(own))
    return [model for model in models if model is not None]


def family_of(name: str) -> Family | None:
    """Return the first family whose pattern matches the last segment of a model name."""
    return _first_fitting(_catalogue().families, name)


def _first_fitting(families: Iterable[AnyFamily], name: str) -> AnyFamily | None:
    last = name.rpartition("/")[2].lower()
    return next((family for family in families if re.search(family.pattern, last)), None)


def _llm_handles(own: OwnModels) -> list[str]:
    """Return the handles that models.list has."""
    known = _catalogue().models
    declared = [handle for handle in own.declared if not _embeds(handle)]
    return list(dict.fromkeys([*known, *declared, *_handles_of(own, known)]))


def _embedding_handles(own: OwnModels) -> list[str]:
    """Return the handles that models.embeddings.list has."""
    known = _catalogue().embedding_models
    declared = filter(_embeds, own.declared)
    return list(dict.fromkeys([*known, *declared, *_handles_of(own, known)]))


def _embeds(handle: str) -> bool:
    """Return whether a declared model is an embedding model."""
    return _first_fitting(_catalogue().embedding_families, handle) is not None


def _handles_of(own: OwnModels, known: Iterable[str]) -> Iterator[str]:
    """Return the handles of the user's own providers: the models of their kind."""
    for provider in own.providers:
        kind = f"{provider.provider_type.value}/"
        names = (handle.removeprefix(kind) for handle in known if handle.startswith(kind))
        yield from (f"{provider.name}/{name}" for name in names)


def _base_provider(name: str) -> ModelProvider | None:
    return next((one for one in _catalogue().providers if one.name == name), None)


def _provider_and_name(handle: str, own: OwnModels) -> tuple[ModelProvider | None, str]:
    for provider in own.providers:
        kind = _base_provider(provider.provider_type.value)
        if kind is not None and handle.startswith(f"{provider.name}/"):
            served = kind._replace(
                name=provider.name,
                endpoint=provider.base_url or kind.endpoint,
                category=ProviderCategory.byok,
            )
            return served, handle.removeprefix(f"{provider.name}/")
    name, _, model = handle.partition("/")
    known = _base_provider(name)
    if known is None and handle in own.declared:
        known = ModelProvider(name, "openai", embedding_endpoint_type="openai")
    return known, model


def _find_model(handle: str, own: OwnModels) -> tuple[ModelProvider, str, Family]:
    provider, name = _provider_and_name(handle, own)
    family = family_of(name)
    if family is None and handle in own.declared:
        family = Family(pattern="", context_window=WIDEST_CONTEXT, max_tokens=DECLARED_TOKENS)
    if provider is None or family is None:
        raise _unknown(handle)
    return provider, name, family


def _unknown(handle: str) -> NotFound:
    return NotFound(f"NOT_FOUND: Handle {handle} not found, must be one of []")


def _model(handle: str, own: OwnModels) -> "Model":
    provider, name, family = _find_model(handle, own)
    from mockletta.wire.listed_models import Model  # noqa: PLC0415 - only lists have them

    return Model(
        handle=handle,
        name=name,
        display_name=name,
        provider_type=ProviderType(provider.endpoint_type),
        provider_name=provider.name,
        model=name,
        model_endpoint_type=provider.endpoint_type,
        model_endpoint=provider.endpoint,
        provider_category=provider.category,
        context_window=family.context_window,
        max_tokens=family.max_tokens,
        verbosity=family.verbosity,
        max_context_window=family.context_window,
    )


def _embedding_model(handle: str, own: OwnModels) -> "EmbeddingModel | None":
    provider, name = _provider_and_name(handle, own)
    family = _first_fitting(_catalogue().embedding_families, name)
    if provider is None or provider.embedding_endpoint_type is None or family is None:
        return None
    # The provider is named by its dialect, so letta's counts as openai's [00 embedding models].
    from mockletta.wire.listed_models import EmbeddingModel  # noqa: PLC0415 - few agents have one

    return EmbeddingModel(
        handle=handle,
        name=name,
        display_name=name,
        provider_type=ProviderType(provider.embedding_endpoint_type),
        provider_name=provider.embedding_endpoint_type,
        embedding_endpoint_type=provider.embedding_endpoint_type,
        embedding_endpoint=provider.endpoint,
        embedding_model=name,
        embedding_dim=family.dimensions,
    )
