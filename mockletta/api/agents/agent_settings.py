"""An agent's derived settings: model, embedding, compaction and secrets."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from mockletta.api.own_models import own_models
from mockletta.catalogue.llm_configuration import (
    Overrides,
    configure,
    default_model_settings,
    override,
)
from mockletta.catalogue.model_catalogue import (
    AUTOMATIC,
    check_handle_format,
    embedding_config,
    llm_config,
)
from mockletta.errors import (
    ORGANIZATION_ID,
    BadRequest,
    InvalidArgument,
    Unprocessable,
)
from mockletta.state.clock import time_zone
from mockletta.turns.context.system_prompt import SUMMARY_PROMPTS
from mockletta.wire.agents import (
    AgentEnvironmentVariable,
    AgentFields,
    AgentState,
    CompactionSettings,
    CompactionSettingsChange,
    CreateAgent,
    UpdateAgent,
)
from mockletta.wire.models import EmbeddingConfig, LLMConfig
from mockletta.wire.provider_types import ProviderCategory
from mockletta.world.quirks import (
    DERIVED_SETTINGS,
    NO_DEFAULT_MODELS,
    UNSENT_FORMATS,
    UPDATED_CONFIGS,
)
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.model_settings import ModelSettings
    from mockletta.wire.response_formats import ResponseFormat

SUMMARY_MODEL = "openai/gpt-5-mini"
SUMMARY_MODELS = MappingProxyType(
    {
        "anthropic": "anthropic/claude-haiku-4-5",
        "google_ai": "google_ai/gemini-2.5-flash",
        "letta": "letta/auto",
    }
)
"""The model that writes summaries, by the provider of an agent's model [75]."""
NULLABLE = frozenset({"model", "prompt", "clip_chars"})
"""The compaction settings for which null is a value. A new agent always has a model [75]."""
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
"""The fields of a request that an agent stores in another form."""
NO_HANDLE = "Argument handle does not match type <class 'str'>; is None of type <class 'NoneType'>"
_FIT_NAME = re.compile(r"[\w '-]*", re.UNICODE)


def new_model(world: World, body: CreateAgent) -> "tuple[LLMConfig, ModelSettings]":
    overrides = _overrides(world, body)
    if body.llm_config is not None:
        return configure(body.llm_config, body.agent_type, overrides)
    model = default_model(world) if body.model is None else body.model
    if model:
        check_handle_format(model)
    llm, settings = configure(model, body.agent_type, overrides, own_models(world))
    return llm, _shown_settings(world, llm, settings)


def default_model(world: World) -> str:
    """Return the default model of a new agent."""
    is_on = NO_DEFAULT_MODELS in world.quirks
    other = f"an agent with {AUTOMATIC[0]}" if is_on else "a 400"
    world.quirks.record(NO_DEFAULT_MODELS, "agents.create", other)
    if is_on:
        raise InvalidArgument("Must specify either model or llm_config in request")
    return AUTOMATIC[0]


def model_changes(world: World, agent: AgentState, body: UpdateAgent) -> dict[str, object]:
    overrides = _overrides(world, body)
    if body.llm_config is not None:
        llm, settings = override(body.llm_config, overrides)
    elif _rebuilds(body):
        llm, settings = override(_rebuilt(world, agent, body), overrides)
    elif overrides != Overrides():
        llm, settings = override(agent.llm_config, overrides)
    else:
        return {}
    return {
        "llm_config": llm,
        "model": llm.handle,
        "model_settings": _shown_settings(world, llm, settings),
    }


def _rebuilds(body: UpdateAgent) -> bool:
    """Return whether an update starts from the model's defaults [74 PATCH max_tokens, model]."""
    given = body.model is not None or body.context_window_limit is not None
    return given or "max_tokens" in body.model_fields_set


def _rebuilt(world: World, agent: AgentState, body: UpdateAgent) -> LLMConfig:
    """Return the model of a handle. A limit of null is no limit [74 PATCH max_tokens null]."""
    handle = agent.llm_config.handle if body.model is None else body.model
    if handle is None:
        raise BadRequest(NO_HANDLE)
    config = llm_config(handle, own_models(world))
    lifted = body.max_tokens is None and "max_tokens" in body.model_fields_set
    return config.changed({"max_tokens": None}) if lifted else config


def _sent_format(world: World, body: AgentFields) -> "ResponseFormat | None":
    """Return the response format that a request sets for a model outside of its settings."""
    if body.response_format is None:
        return None
    is_on = UNSENT_FORMATS in world.quirks
    other = "a model that is sent it" if is_on else "a model that is not sent it"
    world.quirks.record(UNSENT_FORMATS, "agents", other)
    return None if is_on else body.response_format


def _shown_settings(world: World, llm: LLMConfig, settings: "ModelSettings") -> "ModelSettings":
    """Return the settings that an agent shows."""
    derived = default_model_settings(llm.changed({"response_format": None}))
    if derived == settings:
        return settings
    is_on = DERIVED_SETTINGS in world.quirks
    other = "the settings as given" if is_on else "settings derived from `llm_config`"
    world.quirks.record(DERIVED_SETTINGS, "agents", other)
    return derived if is_on else settings


def refuse_config(world: World, body: UpdateAgent) -> None:
    """Refuse a whole llm_config in an update, unless a quirk is on."""
    if body.llm_config is None:
        return
    is_on = UPDATED_CONFIGS in world.quirks
    other = "a 400" if is_on else "the agent with this `llm_config`"
    world.quirks.record(UPDATED_CONFIGS, "agents.update", other)
    if not is_on:
        raise BadRequest("llm_config cannot be updated: use model and model_settings instead")


def _overrides(world: World, body: AgentFields) -> Overrides:
    return Overrides(
        model_settings=body.model_settings,
        context_window_limit=body.context_window_limit,
        max_tokens=body.max_tokens,
        parallel_tool_calls=body.parallel_tool_calls,
        reasoning=body.reasoning,
        enable_reasoner=getattr(body, "enable_reasoner", None),
        max_reasoning_tokens=getattr(body, "max_reasoning_tokens", None),
        response_format=_sent_format(world, body),
    )


def embedding_of(world: World, body: AgentFields) -> EmbeddingConfig | None:
    """Return the embedding of a request. A whole configuration takes precedence over a handle."""
    config = body.embedding_config
    if config is None and body.embedding is not None:
        config = embedding_config(body.embedding, own_models(world))
    size = getattr(body, "embedding_chunk_size", None)
    if config is not None and size is not None:
        config = config.changed({"embedding_chunk_size": size})
    return config


def refuse_wide_files(body: AgentFields) -> None:
    """Refuse limits of files that are too large for any agent [74 PATCH max_files_open]."""
    for name, most in (("max_files_open", 1_000), ("per_file_view_window_char_limit", 2**31 - 1)):
        value = getattr(body, name)
        if value is not None and value > most:
            raise InvalidArgument(f"{name} cannot exceed {most}. Got: {value}")


def embedding_changes(world: World, body: AgentFields) -> dict[str, object]:
    """Return what an update changes of an agent's embedding. Unlike in a new agent, a handle wins
    over a whole configuration [74 PATCH embedding, embedding_config]."""
    if body.embedding is None:
        embedding = embedding_of(world, body)
    else:
        embedding = embedding_config(body.embedding, own_models(world))
    if embedding is None:
        return {}
    return {"embedding_config": embedding, "embedding": embedding.handle}


def new_compaction(body: CreateAgent, llm: LLMConfig) -> CompactionSettings:
    """Return the compaction settings of a new agent."""
    usual = usual_compaction(llm)
    settings = with_compaction(usual, body.compaction_settings)
    settings = settings.changed({"model": settings.model or usual.model})
    given = body.compaction_settings
    if given is None or "prompt" not in given.model_fields_set:
        return settings
    usual_prompt = SUMMARY_PROMPTS[settings.mode]
    return settings.changed({"prompt": usual_prompt if given.prompt is None else given.prompt})


def usual_compaction(llm: LLMConfig) -> CompactionSettings:
    """Return the default compaction settings of an agent."""
    return CompactionSettings(model=_summary_model(llm), prompt=SUMMARY_PROMPTS["sliding_window"])


def _summary_model(llm: LLMConfig) -> str | None:
    """Return the model that writes summaries. A model of a user's own provider writes them itself
    [78 agent with own handle]."""
    is_own = llm.provider_category is ProviderCategory.byok
    return llm.handle if is_own else SUMMARY_MODELS.get(llm.provider_name or "", SUMMARY_MODEL)


def compaction_changes(
    agent: AgentState, body: UpdateAgent, changes: Mapping[str, object]
) -> dict[str, object]:
    """Return an update's changes of an agent's compaction; `changes` are those of its model, which
    the default model of summaries follows [85x PATCH llm_config]."""
    settings = agent.compaction_settings or CompactionSettings()
    llm = changes.get("llm_config", agent.llm_config)
    if isinstance(llm, LLMConfig) and settings.model == _summary_model(agent.llm_config):
        settings = settings.changed({"model": _summary_model(llm)})
    return {"compaction_settings": with_compaction(settings, body.compaction_settings)}


def with_compaction(
    settings: CompactionSettings, change: CompactionSettingsChange | None
) -> CompactionSettings:
    """Change compaction settings field by field.

    A new mode sets its own prompt, even if the request has one [74 PATCH mode, prompt]. Null is a
    value of a prompt and of a limit of characters.
    """
    if change is None:
        return settings
    given = {name: getattr(change, name) for name in change.model_fields_set}
    values = {name: value for name, value in given.items() if value is not None or name in NULLABLE}
    if values.get("mode", settings.mode) != settings.mode:
        values["prompt"] = SUMMARY_PROMPTS[change.mode]
    return settings.changed(values)


def secrets_of(world: World, agent_id: str, body: AgentFields) -> dict[str, object]:
    """Return the secrets, also those in the older field. A new set replaces the old one [52]."""
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


def helper_name(agent: AgentState) -> str:
    return f"{agent.name}-sleeptime"


def refuse_unfit_name(name: str | None) -> None:
    if name is not None and _FIT_NAME.fullmatch(name) is None:
        raise Unprocessable(
            f"Agent name '{name}' contains invalid characters. Only letters, digits, spaces, "
            "hyphens, underscores and apostrophes are allowed."
        )


def refuse_unknown_timezone(timezone: str | None) -> None:
    """Refuse a time zone that the agent's prompt could not show. The recorded server stores it, and
    then cannot compile a prompt [74 PATCH timezone]."""
    try:
        time_zone(timezone)
    except KeyError:
        raise Unprocessable(f"Unknown timezone '{timezone}'") from None
