"""A secret that a client sends is shown nowhere but in the answers of the API."""

import re
from collections.abc import Iterator
from typing import get_type_hints

import httpx
import pytest
from letta_client import Letta
from pydantic import BaseModel

from mockletta.hosting.application import create_router
from mockletta.http.redaction import Shapes, fields_of, reachable, secrecy_of
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.failure_report import sections
from tests.contract.conftest import MODEL

PLANTED = "planted-secret-1234567890"
SHOWN = ("journal?whole=true&limit=1000", "verdict", "agents", "snapshots", "unmet", "worlds")
SUSPECT = re.compile(r"secret|api_key|access_key|password|_enc$|^env(_vars)?$|custom_headers")
INNOCENT = {"Provider.api_key", "Provider.access_key", "Environment.api_key_owner"}
"""Fields that only sound secret: two are always null, one is the name of a user."""
PARAMETER = re.compile(r"\{\w+\}")


def planted(shapes: Shapes, depth: int = 4) -> dict[str, object]:
    """Return a body with a secret in every secret field."""
    body: dict[str, object] = {}
    for shape in shapes if depth else ():
        for name, (is_secret, inner) in fields_of(shape).items():
            if is_secret:
                body[name] = {PLANTED[:7]: PLANTED}
            elif inside := planted(inner, depth - 1):
                body[name] = inside
    return body


def requests_with_secrets() -> Iterator[tuple[str, str, dict[str, object]]]:
    router = create_router()
    for method, path in router.endpoints.values():
        match = router.match(method, PARAMETER.sub("x", path))
        assert match is not None
        if match.endpoint.body_model is not None:
            body = planted((match.endpoint.body_model,))
            if body:
                yield method, PARAMETER.sub("x", path), body


def everything_shown(mock: MockLetta, http: httpx.Client) -> str:
    shown = [http.get(f"{mock.base_url}/_mockletta/{path}").text for path in SHOWN]
    entries = "\n".join(repr(entry.to_dict(whole=True)) for entry in mock.world.journal)
    return "\n".join([*shown, entries, str(sections(mock.world))])


def test_no_secret_field_of_any_operation_is_shown(
    mock: MockLetta, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with httpx.Client(base_url=mock.base_url) as http, caplog.at_level("DEBUG"):
        tried = list(requests_with_secrets())
        echoed = [http.request(method, path, json=body).text for method, path, body in tried]
        shown = everything_shown(mock, http)

    assert len(tried) > 12
    assert any(PLANTED in text for text in echoed)  # the API itself quotes what is invalid
    assert shown.count("plan…") + shown.count("plan\\u2026") > len(tried)
    assert PLANTED not in shown
    assert PLANTED not in caplog.text + str(capfd.readouterr())


def test_no_secret_of_a_valid_request_is_shown(mock: MockLetta, client: Letta) -> None:
    agent = client.agents.create(model=MODEL, secrets={"TOKEN": PLANTED})
    client.agents.retrieve(agent.id, include=["agent.secrets"])
    provider = {"name": "mine", "provider_type": "openai", "api_key": PLANTED}
    config = {"mcp_server_type": "stdio", "command": "x", "args": [], "env": {"TOKEN": PLANTED}}
    with httpx.Client(base_url=mock.base_url) as http:
        http.post("/v1/providers/", json=provider).raise_for_status()
        http.get("/v1/providers/").raise_for_status()
        http.post("/v1/mcp-servers/", json={"server_name": "s", "config": config})
        assert PLANTED in http.get("/v1/mcp-servers/").text

        assert PLANTED not in everything_shown(mock, http)


def test_secrets_of_an_agent_file_are_not_shown(mock: MockLetta, client: Letta) -> None:
    agent = client.agents.create(model=MODEL, secrets={"TOKEN": ""})
    exported = client.agents.export_file(agent.id).replace('"TOKEN": ""', f'"TOKEN": "{PLANTED}"')
    client.agents.import_file(file=exported.encode(), secrets=f'{{"TOKEN": "{PLANTED}"}}')

    with httpx.Client(base_url=mock.base_url) as http:
        assert PLANTED in exported
        assert PLANTED not in everything_shown(mock, http)


def shapes_of_the_api() -> Iterator[type[BaseModel]]:
    for _, _, _, handler in create_router().routes:
        hints = get_type_hints(handler, include_extras=True)
        yield from reachable(tuple(one for hint in hints.values() for one in secrecy_of(hint)[1]))


def test_every_field_that_sounds_secret_is_marked() -> None:
    unmarked = {
        f"{shape.__name__}.{name}"
        for shape in shapes_of_the_api()
        for name, (is_secret, inner) in fields_of(shape).items()
        if SUSPECT.search(name) and not is_secret and not planted(inner)
    }
    assert unmarked == INNOCENT
