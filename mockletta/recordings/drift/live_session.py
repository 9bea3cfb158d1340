"""Plays a session against a live server, and deletes the objects that it created.

The answers become a scenario of their own, which is then compared with the mock.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Self

import httpx

from mockletta.documents.json_types import Json
from mockletta.errors import BadSettings
from mockletta.http.sse import DONE_TEXT
from mockletta.recordings.drift.answer_comparison import differences
from mockletta.recordings.drift.event_frames import BadFramingError, parse
from mockletta.recordings.drift.player import LiveAnswer, ScenarioPlayer
from mockletta.recordings.drift.scenario import (
    EventFrame,
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
    started_at,
)
from mockletta.recordings.drift.varying_values import IdBinding, UnboundError
from mockletta.recordings.learn.recorded_messages import json_of
from mockletta.recordings.operation_facts import created_kind

SECONDS_TO_DELETE = 10.0
MOST_REQUESTS = 200


def cost_of(scenario: Scenario) -> str:
    """Return what playing a session creates and does, to show beforehand."""
    requests = [one.request for one in scenario.exchanges]
    created = Counter(created_kind(one.method, one.path) for one in requests)
    made = [f"{count} {kind}" for kind, count in created.items() if kind]
    messages = sum(map(_is_message, requests))
    upserts = sum(one.method == "PUT" for one in requests)
    return (
        f"{len(requests)} requests, {messages} messages to a model; "
        f"creates {', '.join(made) or 'nothing'}"
        + (f"; {upserts} upserts, which stay" if upserts else "")
    )


def _is_message(request: ScenarioRequest) -> bool:
    return request.method == "POST" and "/messages" in request.path


def _may_create(request: ScenarioRequest) -> bool:
    is_import = request.method == "POST" and request.path.rstrip("/").endswith("/import")
    return is_import or bool(created_kind(request.method, request.path))


def _pause(is_interrupted: Callable[[], bool], seconds: float) -> None:
    if is_interrupted():
        raise BadSettings("interrupted; created objects are deleted")
    time.sleep(seconds)


class LiveSession:
    """A server at a URL, and the objects that were created there.

    Use it in a `with` block, which deletes them, also when it is interrupted. `report` is called
    with the objects that could not be deleted.
    """

    def __init__(self, url: str, api_key: str, report: Callable[[str], None]) -> None:
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._report = report
        self._created: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._delete_all()

    def play(
        self,
        scenario: Scenario,
        most_requests: int = MOST_REQUESTS,
        is_interrupted: Callable[[], bool] = lambda: False,
    ) -> Scenario:
        """Send the requests of a scenario one after the other. Return it with the present answers.

        Raises BadSettings if it has more requests than allowed, or when it is interrupted.
        """
        if len(scenario.exchanges) > most_requests:
            raise BadSettings(
                f"{scenario.name} has {len(scenario.exchanges)} requests, more than {most_requests}"
            )
        binding = IdBinding(scenario)
        played: list[ScenarioExchange] = []
        began = time.monotonic()
        pause = partial(_pause, is_interrupted)
        with ScenarioPlayer(self._url) as player:
            for exchange in scenario.exchanges:
                pause(0)
                started = time.monotonic() - began
                sent, answer = self._send(player, exchange, scenario, binding, pause)
                if sent is not None:
                    ended = time.monotonic() - began
                    played.append(
                        replace(
                            exchange,
                            index=len(played),
                            request=sent,
                            recorded=_answer(answer),
                            started=started,
                            ended=ended,
                        )
                    )
        return Scenario(scenario.name, played, started_at(played))

    def _send(
        self,
        player: ScenarioPlayer,
        exchange: ScenarioExchange,
        scenario: Scenario,
        binding: IdBinding,
        pause: Callable[[float], None],
    ) -> tuple[ScenarioRequest | None, LiveAnswer]:
        try:
            request = binding.request(exchange.request)
        except UnboundError:
            return None, LiveAnswer()
        with_key = replace(request, headers={**request.headers, **self._headers})
        # What is being created must be known, so that it can be deleted.
        wait = time.sleep if _may_create(request) else pause
        answer = player.start(with_key).result(wait, player.patience)
        self._add_created(request, answer)
        if exchange.recorded is not None:
            differences(scenario, exchange, answer, binding, joins_tokens=True)
        return request, answer

    def _add_created(self, request: ScenarioRequest, answer: LiveAnswer) -> None:
        if _may_create(request) and answer.failure:
            self._report(f"{request.path} gave no answer: its created objects are unknown")
        elif _may_create(request) and 200 <= answer.status < 300:
            self._created += created_paths(request, json_of(answer.text.encode()))
        elif request.method == "DELETE" and request.path in self._created:
            self._created.remove(request.path)

    def _delete_all(self) -> None:
        with httpx.Client(
            base_url=self._url, headers=self._headers, timeout=SECONDS_TO_DELETE
        ) as client:
            while self._created:
                path = self._created.pop()
                status = 0
                with suppress(httpx.HTTPError):
                    status = client.delete(path).status_code
                if status not in (200, 202, 204, 404):
                    self._report(f"{path} could not be deleted at {self._url}")


def created_paths(request: ScenarioRequest, body: Json) -> list[str]:
    """Return the paths that delete what a request created. Dependent objects come first, so that
    they are deleted last."""
    if isinstance(body, list):
        return [path for one in body for path in created_paths(request, one)]
    if not isinstance(body, dict):
        return []
    sent = request.content if isinstance(request.content, dict) else {}
    given = sent.get("block_ids") or []
    blocks = [block["id"] for block in body.get("blocks") or () if block["id"] not in given]
    agents = [f"/v1/agents/{agent_id}" for agent_id in body.get("agent_ids") or ()]
    own = [f"{request.path.rstrip('/')}/{body['id']}"] if "id" in body else []
    return [*(f"/v1/blocks/{block_id}" for block_id in blocks), *agents, *own]


def _answer(answer: LiveAnswer) -> ScenarioAnswer | None:
    if answer.failure or not answer.status:
        return None
    headers: Mapping[str, str] = dict(answer.headers or {})
    if "event-stream" in headers.get("content-type", ""):
        return ScenarioAnswer(answer.status, headers, frames=_frames(answer.text))
    try:
        body = json.loads(answer.text) if answer.text else None
    except (ValueError, RecursionError):
        return ScenarioAnswer(answer.status, headers, text=answer.text)
    return ScenarioAnswer(answer.status, headers, body=body)


def _frames(text: str) -> tuple[EventFrame, ...]:
    try:
        return parse(text)
    except BadFramingError:
        return (EventFrame(DONE_TEXT),)
