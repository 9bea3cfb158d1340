"""Applies overrides to the answers of an application."""

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockletta.documents.json_types import Json
from mockletta.http.sse import data_frame, frame_data, frames_in
from mockletta.recordings.asgi_messages import (
    body_message,
    received_again,
    start_message,
    whole_body,
)
from mockletta.recordings.operation_facts import operation_of
from mockletta.recordings.overrides.overrides import Override, OverridesFile
from mockletta.recordings.recording import EVENT_STREAM

JSON = b"application/json"


class OverridesApp:
    """An ASGI application that applies overrides to the answers of another one."""

    def __init__(self, app: ASGIApp, overrides: OverridesFile) -> None:
        self._app = app
        self._overrides = overrides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = operation_of(scope["method"], scope["path"])
        if operation not in self._overrides.operations:
            await self._app(scope, receive, send)
            return
        body = await whole_body(receive)
        if body is None:
            return
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        found = self._overrides.of(operation, query, _json(body))
        refusal = next((one for one in found if one.status is not None), None)
        if refusal is not None:
            await _refuse(refusal, send)
            return
        await self._app(scope, received_again(body, receive), _Changed(found, send).send)


async def _refuse(override: Override, send: Send) -> None:
    assert override.status is not None
    data = json.dumps(override.body).encode()
    headers = [("content-type", "application/json"), ("content-length", str(len(data)))]
    await send(start_message(override.status, headers))
    await send(body_message(data))


class _Changed:
    """Sends an answer with overrides: JSON as a whole, a stream frame by frame."""

    def __init__(self, overrides: Sequence[Override], send: Send) -> None:
        self._answers = [one for one in overrides if one.event is None]
        self._events = [one for one in overrides if one.event is not None]
        self._send = send
        self._start: Message | None = None
        self._kind = b""
        self._rest = b""

    async def send(self, message: Message) -> None:
        """Take a message of the application, and send what is ready."""
        if message["type"] == "http.response.start":
            self._kind = dict(message["headers"]).get(b"content-type", b"")
            is_error = message["status"] >= 400
            self._answers = [one for one in self._answers if one.errors == is_error]
            for override in self._answers:
                message = {**message, "headers": override.with_headers(message["headers"])}
            self._start = message
            if EVENT_STREAM.encode() in self._kind:
                await self._send(_without_length(message))
            elif JSON not in self._kind:
                await self._send(message)
        elif JSON in self._kind:
            await self._send_json(message)
        elif EVENT_STREAM.encode() in self._kind:
            await self._send_frames(message)
        else:
            await self._send(message)

    async def _send_json(self, message: Message) -> None:
        self._rest += message.get("body", b"")
        if message.get("more_body"):
            return
        assert self._start is not None
        value = _json(self._rest)
        for override in self._answers:
            value = override.apply(value)
        data = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        start = _without_length(self._start)
        start["headers"].append((b"content-length", b"%d" % len(data)))
        await self._send(start)
        await self._send(body_message(data))

    async def _send_frames(self, message: Message) -> None:
        more = message.get("more_body", False)
        frames = frames_in(self._rest + message.get("body", b""))
        self._rest = frames.pop() if more and frames and not _is_whole(frames[-1]) else b""
        data = b"".join(map(self._frame, frames))
        if data or not more:
            await self._send(body_message(data, more=more))

    def _frame(self, frame: bytes) -> bytes:
        data = frame_data(frame)
        value = _json(data) if data is not None else None
        if not isinstance(value, dict):
            return frame
        mine = [one for one in self._events if one.event == value.get("message_type")]
        for override in mine:
            value = override.apply(value)
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        return data_frame(text.encode()) if mine else frame


def _without_length(start: Message) -> Message:
    headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
    return {**start, "headers": headers}


def _is_whole(frame: bytes) -> bool:
    return len(frames_in(frame + b"x")) > 1


def _json(data: bytes) -> Json:
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError):
        return None
