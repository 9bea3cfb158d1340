"""Requests to the control API of worlds, in this process."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from mockletta.hosting.application import create_app
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.http.exchanges import chunks, exchange


class Control:
    """A client of the control API of some worlds, and of their API."""

    def __init__(self, worlds: Worlds | None = None) -> None:
        self.worlds = worlds or Worlds(World())
        self.app: ASGIApp = create_app(self.worlds)

    @property
    def world(self) -> World:
        """The main world."""
        return self.worlds.main

    def ask(
        self, method: str, target: str, body: object = None, *, key: str | None = None
    ) -> tuple[int | None, Any]:
        """Status and JSON value of an answer; `target` is a path of the API or of /_mockletta."""
        status, text = self.text(method, target, body, key=key)
        return status, json.loads(text) if text else None

    def text(
        self, method: str, target: str, body: object = None, *, key: str | None = None
    ) -> tuple[int | None, str]:
        """Status and text of an answer."""
        is_whole = target.startswith(("/v1/", "/metrics"))
        path = target if is_whole else f"/_mockletta{target}"
        headers: Mapping[str, str] = {} if key is None else {"authorization": f"Bearer {key}"}
        sent = b"" if body is None else json.dumps(body).encode()
        answer = exchange(self.app, method, path, body=chunks(sent), headers=dict(headers))
        return answer.status, answer.body.decode()

    def get(self, target: str, *, key: str | None = None) -> Any:  # noqa: ANN401
        """The JSON value of what is there."""
        status, value = self.ask("GET", target, key=key)
        assert status == 200, value
        return value
