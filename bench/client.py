"""A small blocking client for everything outside the measured time."""

import http.client
import json
import time
from typing import Any, Self

from bench.answers import ADDED_BY_THE_SERVER, Answer, Request
from bench.load import Address

MODEL = "openai/gpt-4o-mini"


class Client:
    """Creates the world of a measurement and captures answers, over one keep-alive connection."""

    def __init__(self, address: Address) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()

    def create_agent(self) -> str:
        """Create an agent with the defaults and return its id."""
        return str(self._ask(Request("POST", "/v1/agents/", {"model": MODEL}))["id"])

    def create_conversation(self, agent_id: str) -> str:
        """Create an empty conversation and return its id."""
        return str(self._ask(creation(agent_id))["id"])

    def first_bytes(self, request: Request) -> float:
        """Send one request. Returns the seconds until its body begins, once it has come whole."""
        body = json.dumps(request.body)
        started = time.perf_counter()
        self._connection.request(
            request.method, request.path, body, {"content-type": "application/json"}
        )
        response = self._connection.getresponse()
        response.read1(1)
        seconds = time.perf_counter() - started
        response.read()
        return seconds

    def capture(self, request: Request) -> Answer:
        """Send one request and return the whole answer."""
        body = None if request.body is None else json.dumps(request.body)
        headers = {"content-type": "application/json"}
        self._connection.request(request.method, request.path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        kept = [(k, v) for k, v in response.getheaders() if k.lower() not in ADDED_BY_THE_SERVER]
        return Answer(request.method, request.path, response.status, kept, content)

    def _ask(self, request: Request) -> Any:  # noqa: ANN401 - JSON is anything
        answer = self.capture(request)
        if answer.status != http.client.OK:
            raise RuntimeError(f"{request.method} {request.path}: {answer.status} {answer.body!r}")
        return json.loads(answer.body)


def creation(agent_id: str) -> Request:
    """Return the request that creates an empty conversation."""
    return Request("POST", f"/v1/conversations/?agent_id={agent_id}", {})
