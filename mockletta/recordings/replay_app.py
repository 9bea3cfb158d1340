"""Answers requests from a recording, at the recorded pace or faster."""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockletta.hosting.application import create_router
from mockletta.http.connection_resets import close, reset
from mockletta.recordings.asgi_messages import (
    asked_in,
    body_message,
    received_again,
    start_message,
    whole_body,
)
from mockletta.recordings.overrides.overrides import load_overrides
from mockletta.recordings.overrides.overrides_app import OverridesApp
from mockletta.recordings.recording import (
    COMPLETE,
    NO_ANSWER,
    Exchange,
    Pairs,
    Piece,
    header,
)
from mockletta.recordings.recording_reader import load_recording
from mockletta.recordings.replayer import Refusal, Replayer
from mockletta.settings.settings import Settings

CONTROL = "/_mockletta"
ALWAYS_ANSWERED = ("/v1/health", "/v1/ready")
"""Paths that are not refused: they only check whether the server is up."""
AT_ONCE = 0.0
Change = Callable[[Exchange], Exchange]


def around(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap an application in the overrides and the recording of some settings."""
    if settings.overrides is not None:
        operations = create_router().endpoints
        app = OverridesApp(app, load_overrides(settings.overrides, operations))
    return app if settings.replay is None else with_replay(app, settings)


def with_replay(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap an application in a recording, which answers first. Raises BadSettings if it cannot be
    read.

    The application answers the control API and, with `fill`, requests that the recording does not
    hold.
    """
    assert settings.replay is not None
    recording = load_recording(Path(settings.replay), settings.max_age)
    replayer = Replayer(recording, settings.replay)
    otherwise = app if settings.unrecorded == "fill" else None
    return ReplayApp(replayer, settings.replay_speed, beside=app, otherwise=otherwise)


class ReplayApp:
    """An ASGI application that answers from a recording.

    `speed` is a factor of the recorded speed; AT_ONCE does not wait at all. `beside` answers the
    control API and health checks. `otherwise` answers requests that the recording does not hold;
    without it they are refused. `masked` masks a request like the recorded ones.
    """

    def __init__(
        self,
        replayer: Replayer,
        speed: float = AT_ONCE,
        beside: ASGIApp | None = None,
        otherwise: ASGIApp | None = None,
        masked: Change | None = None,
    ) -> None:
        self.replayer = replayer
        self._speed = speed
        self._beside = beside
        self._otherwise = otherwise
        self._masked = masked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(CONTROL) and self._beside is not None:
            await self._beside(scope, receive, send)
            return
        body = await whole_body(receive)
        if body is None:
            return
        asked = asked_in(scope, body)
        found = self.replayer.find(self._masked(asked) if self._masked else asked)
        if isinstance(found, Exchange) and not found.is_cut:
            with suppress(ConnectionResetError):
                await self._answer(found, scope, receive, send)
            return
        app = self._app_for(scope, found)
        await app(scope, received_again(body, receive), send)

    def _app_for(self, scope: Scope, found: Exchange | Refusal) -> ASGIApp:
        if self._otherwise is not None:
            return self._otherwise
        if self._beside is not None and scope["path"].startswith(ALWAYS_ANSWERED):
            return self._beside
        return _Refusing(found.text if isinstance(found, Refusal) else _cut(found))

    async def _answer(self, found: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        if found.ending == NO_ANSWER:
            await reset(scope, receive)
        pieces = found.pieces
        began = asyncio.get_running_loop().time()
        await self._wait_until(began, pieces[0][0] if pieces else found.ended)
        await send(_start(found, pieces))
        for at, data in pieces:
            await self._wait_until(began, at)
            await send(body_message(data, more=True))
        await self._wait_until(began, found.ended)
        if found.ending == COMPLETE:
            await send(body_message(b""))
        else:
            await close(scope, receive)

    async def _wait_until(self, began: float, at: float) -> None:
        if self._speed != AT_ONCE:
            due = began + at / self._speed
            await asyncio.sleep(max(due - asyncio.get_running_loop().time(), 0))


class _Refusing:
    """Refuses a request in Letta's shape. The SDK does not retry it."""

    def __init__(self, reason: str) -> None:
        self._body = json.dumps({"detail": reason}, ensure_ascii=False).encode()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(self._body))),
            ("x-should-retry", "false"),
        ]
        status = HTTPStatus.NOT_IMPLEMENTED.value
        await send(start_message(status, headers))
        await send(body_message(self._body))


def _cut(found: Exchange) -> str:
    return (
        f"request {found.number} was recorded without the end of its response, which has "
        f"{found.whole_size} bytes: record it again with a larger --max-body"
    )


def _start(found: Exchange, pieces: Sequence[Piece]) -> Message:
    headers: Pairs = found.response_headers
    if not found.is_stream and found.ending == COMPLETE and not header(headers, "content-length"):
        length = sum(len(data) for _, data in pieces)
        if found.status >= 200 and found.status not in (204, 304):
            headers = [*headers, ("content-length", str(length))]
    return start_message(found.status, headers)
