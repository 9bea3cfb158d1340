"""An agent's settings that are worked out: model, embedding, compaction and secrets."""

import re
from types import MappingProxyType
from zoneinfo import available_timezones

from mockletta.api.providers import own_providers
from mockletta.api.resource import with_change
from mockletta.catalogue.llm_configuration import Overrides, configure, override
from mockletta.catalogue.model_catalogue import AUTOMATIC, check_handle_format, embedding_config
from mockletta.errors import (
    ORGANIZATION_ID,
    BadRequest,
    InvalidArgument,
    NotFound,
    Unprocessable,
)
from mockletta.turns.system_prompt import SUMMARY_PROMPT
from mockletta.wire.agents import (
    AgentEnvironmentVariable,
    AgentFields,
    AgentState,
    CompactionSettings,
    CreateAgent,
    UpdateAgent,
)
from mockletta.wire.model_settings import ModelSettings
from mockletta.wire.models import EmbeddingConfig, LLMConfig
from mockletta.wire.providers import ProviderCategory
from mockletta.world.quirks import NO_DEFAULT_MODELS, UPDATED_CONFIGS
from mockletta.world.world import World

SUMMARY_MODEL = "openai/gpt-5-mini"
SUMMARY_MODELS = MappingProxyType({"anthropic": "anthropic/claude-haiku-4-5"})
"""By the provider of an agent's model: the model that writes its summaries."""
WORKED_OUT = (
    "llm_config",
    "model",
    "model_settings",
    "embedding",
    "embedding_config",
    "compaction_settings",
    "secrets",
    "tool_exec_environment_variables",
    "identity_ids",
    "message_ids",
)
"""The fields of a request that an agent does not store as they are given."""
_FIT_NAME = re.compile(r"[\w\s'-]*", re.UNICODE)


def new_model(world: World, body: CreateAgent) -> tuple[LLMConfig, ModelSettings]:
    if body.llm_config is not None:
        return configure(body.llm_config, body.agent_type, _overrides(body))
    model = default_model(world) if body.model is None else body.model
    if model:
        check_handle_format(model)
    refuse_automatic(world, model)
    return configure(model, body.agent_type, _overrides(body), own_providers(world))


def default_model(world: World) -> str:
    """Return the model of an agent that is created without one."""
    is_on = NO_DEFAULT_MODELS in world.quirks
    other = f"an agent with {AUTOMATIC[0]}" if is_on else "a 400"
    world.quirks.record(NO_DEFAULT_MODELS, "agents.create", other)
    if is_on:
        raise InvalidArgument("Must specify either model or llm_config in request")
    return AUTOMATIC[0]


def refuse_automatic(world: World, handle: str) -> None:
    """Refuse the hosted service's own choice of a model where there is no such service."""
    if handle in AUTOMATIC and NO_DEFAULT_MODELS in world.quirks:
        raise NotFound(f"NOT_FOUND: Handle {handle} not found, must be one of []")


def model_changes(world: World, agent: AgentState, body: UpdateAgent) -> dict[str, object]:
    overrides = _overrides(body)
    if body.llm_config is not None:
        _refuse_config(world)
    if body.model is not None:
        check_handle_format(body.model)
        refuse_automatic(world, body.model)
        llm, settings = configure(body.model, agent.agent_type, overrides, own_providers(world))
    elif body.llm_config is not None:
        llm, settings = configure(body.llm_config, agent.agent_type, overrides)
    elif overrides != Overrides():
        llm, settings = override(agent.llm_config, overrides)
    else:
        return {}
    return {"llm_config": llm, "model": llm.handle, "model_settings": settings}


def _refuse_config(world: World) -> None:
    is_on = UPDATED_CONFIGS in world.quirks
    other = "a 400" if is_on else "the agent with this `llm_config`"
    world.quirks.record(UPDATED_CONFIGS, "agents.update", other)
    if not is_on:
        raise BadRequest("llm_config cannot be updated: use model and model_settings instead")


def _overrides(body: AgentFields) -> Overrides:
    return Overrides(
        model_settings=body.model_settings,
        context_window_limit=body.context_window_limit,
        max_tokens=body.max_tokens,
        parallel_tool_calls=body.parallel_tool_calls,
        reasoning=body.reasoning,
        enable_reasoner=getattr(body, "enable_reasoner", None),
        max_reasoning_tokens=getattr(body, "max_reasoning_tokens", None),
        response_format=body.response_format,
    )


def embedding_of(world: World, body: AgentFields) -> EmbeddingConfig | None:
    """Return the embedding that a request names. A whole configuration wins over a handle."""
    config = body.embedding_config
    if config is None and body.embedding is not None:
        config = embedding_config(body.embedding, own_providers(world))
    size = getattr(body, "embedding_chunk_size", None)
    if config is not None and size is not None:
        config = config.changed({"embedding_chunk_size": size})
    return config


def embedding_changes(world: World, body: AgentFields) -> dict[str, object]:
    """Return what an update changes of an agent's embedding."""
    embedding = embedding_of(world, body)
    if embedding is None:
        return {}
    return {"embedding_config": embedding, "embedding": embedding.handle}


def new_compaction(body: CreateAgent, llm: LLMConfig) -> CompactionSettings:
    """Return the compaction settings of a new agent.

    A model of a provider of the user's own writes its summaries itself [78 agent with own handle].
    """
    is_own = llm.provider_category is ProviderCategory.byok
    model = llm.handle if is_own else SUMMARY_MODELS.get(llm.provider_name or "", SUMMARY_MODEL)
    usual = CompactionSettings(model=model, prompt=SUMMARY_PROMPT)
    return with_change(usual, body.compaction_settings)


def secrets_of(world: World, agent_id: str, body: AgentFields) -> dict[str, object]:
    """Secrets, also under their old name; a new set replaces the old [52]."""
    values = body.secrets if body.secrets is not None else body.tool_exec_environment_variables
    if values is None:
        return {}
    variables = [
        AgentEnvironmentVariable(
            id=world.ids.new("agent-env"),
            key=key,
            value=value,
            value_enc=value,
            organization_id=ORGANIZATION_ID,
            agent_id=agent_id,
        )
        for key, value in values.items()
    ]
    return {"secrets": variables, "tool_exec_environment_variables": variables}


def refuse_unfit_name(name: str | None) -> None:
    if name is not None and _FIT_NAME.fullmatch(name) is None:
        raise Unprocessable(
            f"Agent name '{name}' contains invalid characters. Only letters, digits, spaces, "
            "hyphens, underscores and apostrophes are allowed."
        )


def refuse_unknown_timezone(timezone: str | None) -> None:
    if timezone is not None and timezone not in available_timezones():
        raise Unprocessable(f"Unknown timezone '{timezone}'")
