"""Asks an agent's model outside of any conversation. Nothing is stored [57 generate]."""

import json
from collections.abc import Awaitable, Mapping
from typing import cast

from mockletta.api.own_models import own_models
from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ModelFailure, SlowBrain
from mockletta.catalogue.model_catalogue import llm_config
from mockletta.errors import NotFound, ProviderError
from mockletta.state.token_counting import count_tokens
from mockletta.turns.model_failures import provider_text
from mockletta.wire.agents import AgentState
from mockletta.wire.completions import GenerateRequest, GenerateResponse
from mockletta.wire.messages import UsageStatistics
from mockletta.wire.models import LLMConfig
from mockletta.world.world import World


def generate(
    world: World, agent: AgentState, request: GenerateRequest
) -> GenerateResponse | Awaitable[GenerateResponse]:
    """Return the model's text, or an awaitable of it for a slow brain. Raises NotFound for an
    unknown model, and ProviderError if the model fails."""
    llm = agent.llm_config
    if request.override_model:
        llm = _named(world, request.override_model)
    call = ModelCall(
        purpose="reply",
        model=llm.handle or llm.model,
        system=request.system_prompt or "",
        messages=(ChatMessage(role="user", text=request.prompt),),
        agent_name=agent.name,
        agent_id=agent.id,
        agent_tags=tuple(agent.tags),
        now=world.clock.now(),
    )
    brain = world.brain
    if getattr(brain, "consult", None) is not None:
        return _waited(cast("SlowBrain", brain), call, llm, request)
    try:
        return _response(brain.decide(call), llm, request)
    except ModelFailure as failure:
        raise _failed(failure) from failure


def _failed(failure: ModelFailure) -> ProviderError:
    return ProviderError(provider_text(failure))


def _named(world: World, handle: str) -> LLMConfig:
    try:
        return llm_config(handle, own_models(world))
    except NotFound as error:
        raise NotFound(f"Model '{handle}' not found or not accessible") from error


async def _waited(
    brain: SlowBrain, call: ModelCall, llm: LLMConfig, request: GenerateRequest
) -> GenerateResponse:
    try:
        return _response(await brain.consult(call), llm, request)
    except ModelFailure as failure:
        raise _failed(failure) from failure


def _response(decision: Decision, llm: LLMConfig, request: GenerateRequest) -> GenerateResponse:
    content = _in_schema(decision.text, request.response_schema)
    asked = count_tokens((request.system_prompt or "") + request.prompt)
    prompt = asked if decision.prompt_tokens is None else decision.prompt_tokens
    completion = decision.completion_tokens
    completion = count_tokens(content) if completion is None else completion
    usage = UsageStatistics(
        completion_tokens=completion,
        prompt_tokens=prompt,
        total_tokens=prompt + completion,
        cache_write_tokens=None,
        reasoning_tokens=decision.reasoning_tokens,
    )
    return GenerateResponse(content=content, model=llm.model, usage=usage)


def _in_schema(text: str, schema: dict[str, object] | None) -> str:
    """Return the text. If the request has a schema and the text is not JSON, return a stand-in
    value of the schema."""
    if schema is None:
        return text
    try:
        json.loads(text)
    except ValueError:
        return json.dumps(value_of(schema, text), ensure_ascii=False)
    return text


DEEPEST = 20
PLAIN: Mapping[str, object] = {
    "boolean": False,
    "integer": 0,
    "number": 0,
    "null": None,
    "array": [],
}


def value_of(schema: object, text: str, depth: int = 0) -> object:
    """Return a small value of a schema: its default or first choice if it has one, all properties
    of an object, and the text for a string."""
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return None
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    for key in ("enum", "anyOf", "oneOf", "allOf"):
        choices = schema.get(key)
        if isinstance(choices, list) and choices:
            return choices[0] if key == "enum" else value_of(choices[0], text, depth + 1)
    kind = schema.get("type")
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        return {name: value_of(inner, text, depth + 1) for name, inner in properties.items()}
    if kind == "object":
        return {}
    return PLAIN.get(str(kind), text)
