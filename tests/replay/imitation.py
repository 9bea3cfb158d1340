"""Which exchanges count: what mockletta does not imitate (yet) is skipped, not failed."""

import json
import re

from mockletta.recordings.drift.player import LiveAnswer
from mockletta.recordings.drift.scenario import ScenarioExchange, ScenarioRequest

# Operations that must be imitated: here a 501 or an unknown route is a difference.
_ID = "[^/]+"
_CONVERSATION = f"/v1/conversations/{_ID}"
_AGENT = f"/v1/agents/(?!count|import|search|messages){_ID}"
_TOOL = f"/v1/tools/(?!count|search|run|add-base-tools|generate-schema|mcp){_ID}"
_BLOCK = f"/v1/blocks/(?!count){_ID}"
_REQUIRED = [
    ("POST|GET", "/v1/conversations/"),
    ("GET|PATCH|DELETE", _CONVERSATION),
    ("POST", f"{_CONVERSATION}/(fork|cancel|recompile|compact|messages|stream)"),
    ("GET", f"{_CONVERSATION}/messages"),
    ("POST|GET", "/v1/agents/"),
    ("GET|PATCH|DELETE", _AGENT),
    ("POST", f"{_AGENT}/recompile"),
    ("POST", f"{_AGENT}/messages(/stream|/async|/cancel)?"),
    ("POST", f"{_AGENT}/summarize"),
    ("GET", f"{_AGENT}/messages"),
    ("PATCH", f"{_AGENT}/reset-messages"),
    ("GET", f"{_AGENT}/core-memory/blocks"),
    ("GET|PATCH", f"{_AGENT}/core-memory/blocks/{_ID}"),
    ("PATCH", f"{_AGENT}/core-memory/blocks/(attach|detach)/{_ID}"),
    ("GET", f"{_AGENT}/tools"),
    ("PATCH", f"{_AGENT}/tools/(attach|detach|approval)/{_ID}"),
    ("POST", f"{_AGENT}/tools/{_ID}/run"),
    ("POST|GET|PUT", "/v1/tools/"),
    ("POST", "/v1/tools/search"),
    ("GET|PATCH|DELETE", _TOOL),
    ("POST|GET", "/v1/blocks/"),
    ("GET|PATCH|DELETE", _BLOCK),
    ("GET", f"{_BLOCK}/agents"),
    ("POST|GET", "/v1/archives/"),
    ("GET|PATCH|DELETE", f"/v1/archives/{_ID}"),
    ("GET", f"/v1/archives/{_ID}/agents"),
    ("POST", f"/v1/archives/{_ID}/passages(/batch)?"),
    ("DELETE", f"/v1/archives/{_ID}/passages/{_ID}"),
    ("PATCH", f"{_AGENT}/archives/(attach|detach)/{_ID}"),
    ("GET|POST", f"{_AGENT}/archival-memory"),
    ("GET", f"{_AGENT}/archival-memory/search"),
    ("DELETE", f"{_AGENT}/archival-memory/{_ID}"),
    ("POST|GET", "/v1/(folders|sources)/"),
    ("GET|PATCH|DELETE", f"/v1/(folders|sources)/{_ID}"),
    ("GET", f"/v1/folders/{_ID}/(files|passages|agents)"),
    ("GET", f"/v1/folders/(name|{_ID}/files)/{_ID}"),
    ("POST", f"/v1/folders/{_ID}/upload"),
    ("DELETE", f"/v1/folders/{_ID}/{_ID}"),
    ("GET", f"{_AGENT}/(folders|sources|files)"),
    ("PATCH", f"{_AGENT}/(folders|sources)/(attach|detach)/{_ID}"),
    ("PATCH", f"{_AGENT}/files/({_ID}/open|{_ID}/close|close-all)"),
    ("GET", "/v1/jobs/(active)?"),
    ("GET|DELETE", f"/v1/jobs/{_ID}"),
    ("GET", "/v1/runs/"),
    ("GET", f"/v1/runs/(?!active){_ID}(/messages|/usage|/steps|/trace|/metrics)?"),
    ("GET", "/v1/runs/active"),
    ("DELETE", f"/v1/runs/{_ID}"),
    ("POST", f"/v1/runs/{_ID}/stream"),
    ("GET", "/v1/steps/"),
    ("GET", f"/v1/steps/{_ID}(/metrics|/trace|/messages)?"),
    ("PATCH", f"/v1/steps/{_ID}/feedback"),
    ("GET", f"/v1/telemetry/{_ID}"),
    ("POST|GET", "/v1/mcp-servers/"),
    ("GET|PATCH|DELETE", f"/v1/mcp-servers/{_ID}"),
    ("GET", f"/v1/mcp-servers/{_ID}/tools(/{_ID})?"),
    ("POST", f"/v1/mcp-servers/{_ID}/tools/{_ID}/run"),
    ("PATCH", f"/v1/mcp-servers/{_ID}/refresh"),
    ("POST", "/v1/passages/search"),
    ("POST", "/v1/agents/messages/search"),
    ("GET", "/v1/messages/(message-.*)?"),
    ("PATCH", f"{_AGENT}/messages/{_ID}"),
    ("GET", "/v1/tags/"),
    ("GET", "/v1/models/(embedding)?"),
    ("GET", "/v1/health/"),
]
_NO_ROUTE = {404: {"detail": "Not Found"}, 405: {"detail": "Method Not Allowed"}}


def is_imitated(exchange: ScenarioExchange, answer: LiveAnswer) -> bool:
    """Whether the exchange is to be compared: a 501, or no such route, means not imitated."""
    if _is_required(exchange.request):
        return True
    assert exchange.recorded is not None
    if _has_no_route(answer):
        return bool(exchange.recorded.body == _NO_ROUTE[answer.status])
    return answer.status != 501 and not _is_taken(exchange, answer)


def _is_required(request: ScenarioRequest) -> bool:
    return any(
        re.fullmatch(methods, request.method) and re.fullmatch(path, request.path)
        for methods, path in _REQUIRED
    )


def _is_taken(exchange: ScenarioExchange, answer: LiveAnswer) -> bool:
    """Whether another route took the request: /v1/agents/count is no agent's id."""
    assert exchange.recorded is not None
    return exchange.recorded.status < 300 and answer.status in (400, 422)


def _has_no_route(answer: LiveAnswer) -> bool:
    try:
        return bool(json.loads(answer.text) == _NO_ROUTE.get(answer.status, ...))
    except ValueError:
        return False
