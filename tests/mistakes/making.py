"""Makes mistakes as people make them, and returns what they are told."""

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mockletta import MockLetta
from mockletta.testing.mock import Mock
from mockletta.testing.network_guard import RealHostReached, refuse_real_hosts
from tests.commands.running import run, serve

RAISED = (ValueError, OSError, AssertionError, RealHostReached)


def message(make: Callable[[], object]) -> str:
    """What is raised by a mistake in Python."""
    with pytest.raises(RAISED) as told:
        make()
    return str(told.value)


def setting(**settings: Any) -> str:  # noqa: ANN401 - wrong on purpose
    """What is said of a setting of MockLetta."""
    return message(lambda: MockLetta(**settings))


def seed(**content: object) -> str:
    """What is said of a seed."""
    return setting(seed={"version": 1, **content})


def mock(use: Callable[[Mock], object]) -> str:
    """What is said of a wrong use of a mock."""
    with MockLetta() as made:
        return message(lambda: use(made))


def command(*arguments: str, **environment: str) -> str:
    """What a command says of its arguments, in its last line."""
    output = run(*arguments, in_colour=False, **environment).output
    return output.splitlines()[-1].removeprefix("Error: ")


def served(*arguments: str) -> str:
    """What `mockletta serve` says of its arguments, in its last line."""
    return serve(*arguments).output.splitlines()[-1].removeprefix("Error: ")


def answer(method: str, path: str, body: object, **settings: Any) -> str:  # noqa: ANN401
    """What a request is answered, as the SDK shows it."""
    with MockLetta(**settings) as made, httpx.Client(base_url=made.base_url) as http:
        agent = http.post("/v1/agents/", json={"model": "openai/gpt-4o-mini"}).json()["id"]
        return str(http.request(method, path.format(agent=agent), json=body).json()["detail"])


def logged(*requests: tuple[str, str, dict[str, str]], body: object = None) -> Callable[[], None]:
    """Sends requests, of which the log says something."""

    def send() -> None:
        with MockLetta() as made, httpx.Client(base_url=made.base_url) as http:
            for method, path, headers in requests:
                http.request(method, path, headers=headers, json=body)

    return send


def speak_tls() -> None:
    """Begins an encrypted connection to a port that speaks plain HTTP."""
    with MockLetta() as made:
        url = httpx.URL(made.base_url)
        with socket.create_connection((url.host, url.port or 0)) as client:
            client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            client.recv(12)


def taken_port() -> str:
    """What is said of a port that another server has."""
    with MockLetta() as first:
        port = httpx.URL(first.base_url).port
        return message(lambda: MockLetta(port=port).start())


def real_host() -> str:
    """What is said of a client that reaches for Letta Cloud in a test with a mock."""
    with refuse_real_hosts([]):
        return message(lambda: httpx.get("https://api.letta.com/v1/agents/"))
