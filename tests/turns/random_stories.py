"""Random stories: requests of all kinds to one small world, and what is checked after each."""

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

import httpx

from mockletta.state.message_records import MessageRecord
from mockletta.testing.mock_letta import MockLetta
from tests.contract.steps import DOUBLE
from tests.turns.invariants import check, content
from tests.turns.random_brain import HANG, Planned, PlannedBrain, SlowPlannedBrain
from tests.worlds import whole

MODEL = "openai/gpt-4o-mini"
LOOK = {"name": "look", "description": "Looks.", "parameters": {}}
URL = "http://mock/v1"
PARALLEL = {"provider_type": "openai", "parallel_tool_calls": True}
REFUSED = {400, 404, 409, 422}
Way = Literal["json", "steps", "tokens", "background", "agent", "later"]
How = Literal["approve", "deny", "mixed", "return", "wrong", "some", "none", "request", "refused"]
Deed = Literal["cancel", "compact", "reset", "edit", "recompile", "fork", "gated", "free", "hang"]


@dataclass(frozen=True)
class Send:
    """A message to one of the threads, by one of the ways there are."""

    to: int
    way: Way
    offers: bool = False
    max_steps: int = 4


@dataclass(frozen=True)
class Answer:
    """An answer to what waits in a thread, right or wrong, perhaps with a message beside it."""

    to: int
    way: Way
    how: How
    beside: bool = False


@dataclass(frozen=True)
class Do:
    """Something else that is done to a thread or to the agent."""

    to: int
    deed: Deed


@dataclass(frozen=True)
class Keep:
    """The world is written down and read again."""

    in_file: bool


Action = Send | Answer | Do | Keep


@dataclass
class Story:
    """One world and what has been told of it so far: status and body of every answer."""

    mock: MockLetta
    brain: PlannedBrain
    http: httpx.Client
    folder: Path
    agent: str = ""
    threads: list[str] = field(default_factory=list)
    told: list[tuple[int, bytes]] = field(default_factory=list)
    logs: dict[str, bytes] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=count)

    def begin(self) -> None:
        guarded = DOUBLE.replace("double", "guarded")
        tools = [
            self.ask("POST", "/tools/", source_code=DOUBLE)["id"],
            self.ask("POST", "/tools/", source_code=guarded, default_requires_approval=True)["id"],
        ]
        blocks = [{"label": "human", "value": "H"}]
        agent = self.ask(
            "POST",
            "/agents/",
            model=MODEL,
            memory_blocks=blocks,
            tool_ids=tools,
            model_settings=PARALLEL,
        )
        self.agent = agent["id"]
        conversation = self.ask("POST", f"/conversations/?agent_id={self.agent}")
        self.threads = [conversation["id"], self.agent]

    def play(self, action: Action) -> None:
        """Do one thing and check the world afterwards."""
        before, decided = content(self.mock.world), self.brain.decided
        already = len(self.told)
        match action:
            case Send():
                offered = {"client_tools": [LOOK]} if action.offers else {}
                self.send(action, [self.user()], max_steps=action.max_steps, **offered)
            case Answer():
                beside = [self.user()] if action.beside else []
                self.send(action, [*self.answer(action), *beside], max_steps=4)
            case Do():
                self.do(action)
            case Keep():
                self.keep(action)
        self.mock.wait_for(self.settled())
        check(self.mock.world)
        if any(_failed(*one) for one in self.told[already:]) and self.brain.decided == decided:
            accepted = isinstance(action, Answer) and self.told[-1][0] not in REFUSED
            denied = isinstance(action, Do) and action.deed == "cancel"
            assert accepted or denied or content(self.mock.world) == before, action

    def send(self, action: Send | Answer, messages: list[Any], **body: object) -> None:
        path = f"/conversations/{self.reference(action)}/messages"
        sent: dict[str, Any] = {"messages": messages, **body}
        match action.way:
            case "json":
                self.ask("POST", path, **sent, streaming=False)
            case "agent":
                self.ask("POST", f"/agents/{self.agent}/messages", **sent)
            case "later":
                self.ask("POST", f"/agents/{self.agent}/messages/async", **sent)
            case "steps":
                self.ask("POST", path, **sent)
            case "tokens":
                self.ask("POST", path, **sent, stream_tokens=True)
            case "background":
                self.ask("POST", path, **sent, background=True)
                self.keep_log()

    def keep_log(self) -> None:
        """A log that is read again reads the same, from the start and from any place."""
        status, body = self.told[-1]
        if status != 200:
            return
        run_id = json.loads(body.split(b"\n")[0].removeprefix(b"data: "))["run_id"]
        self.logs[run_id] = body
        for after, rest in _suffixes(body):
            assert self.log(run_id, after) == rest

    def log(self, run_id: str, after: int = 0) -> bytes:
        answer = self.http.post(f"{URL}/runs/{run_id}/stream", json={"starting_after": after})
        assert answer.status_code == 200
        return answer.content

    def answer(self, action: Answer) -> list[Any]:
        """The messages that answer what waits; something all the same if nothing does."""
        request = self.pending(self.reference(action))
        ids = [call.tool_call_id for call in request.tool_calls] if request else ["call-none"]
        if action.how in ("request", "refused"):
            named = request.id if request else "message-none"
            return [{"approve": action.how == "request", "approval_request_id": named}]
        return [{"type": "approval", "approvals": list(_answers(action.how, ids))}]

    def reference(self, action: Send | Answer) -> str:
        """The thread that is meant; an answer goes where something waits, if anything does."""
        if action.way in ("agent", "later"):
            return self.agent
        threads = self.threads
        if isinstance(action, Answer):
            threads = [one for one in threads if self.pending(one)] or threads
        return threads[action.to % len(threads)]

    def pending(self, reference: str) -> MessageRecord | None:
        return self.mock.world.store.thread(reference).pending_request

    def do(self, action: Do) -> None:
        if action.deed == "hang" and not isinstance(self.brain, SlowPlannedBrain):
            return
        for method, path, body in self.requests(action):
            self.ask(method, path, **body)
        if action.deed == "fork" and self.told[-1][0] == 200 and len(self.threads) < 4:
            self.threads.append(json.loads(self.told[-1][1])["id"])

    def requests(self, action: Do) -> Iterator[tuple[str, str, dict[str, object]]]:
        """What is asked of the server to do something."""
        conversation = f"/conversations/{self.threads[action.to % len(self.threads)]}"
        agent = f"/agents/{self.agent}"
        mode = "all" if action.to else "sliding_window"
        hanging = {"role": "user", "content": HANG}
        value = f"Edit {next(self.number)}"
        approval: dict[str, object] = {"requires_approval": action.deed == "gated"}
        deeds: dict[Deed, tuple[str, str, dict[str, object]]] = {
            "cancel": ("POST", f"{conversation}/cancel", {}),
            "compact": ("POST", f"{conversation}/compact", {"compaction_settings": {"mode": mode}}),
            "reset": ("PATCH", f"{agent}/reset-messages", {}),
            "edit": ("PATCH", f"{agent}/core-memory/blocks/human", {"value": value}),
            "recompile": ("POST", f"{conversation}/recompile", {}),
            "fork": ("POST", f"/conversations/{self.threads[0]}/fork", {}),
            "gated": ("PATCH", f"{agent}/tools/approval/double", approval),
            "free": ("PATCH", f"{agent}/tools/approval/double", approval),
            "hang": ("POST", f"{agent}/messages/async", {"messages": [hanging]}),
        }
        yield deeds[action.deed]
        if action.deed == "cancel":
            yield "POST", f"{agent}/messages/cancel", {}

    def keep(self, action: Keep) -> None:
        """Write the world down and read it again; a turn that is under way could not be kept."""
        if self.mock.world.active:
            return
        before = whole(self.mock.world)
        if action.in_file:
            file = self.folder / "world"
            self.mock.save(file)
            self.mock.load(file)
        else:
            self.mock.restore(self.mock.snapshot())
        assert whole(self.mock.world) == before

    async def settled(self) -> None:
        """Until all turns are over but those that hang."""
        while len(self.mock.world.active) > self.brain.hanging:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0)

    def user(self) -> dict[str, Any]:
        text = f"Message {next(self.number)}"
        return {"role": "user", "content": text, "otid": text}

    def ask(self, method: str, path: str, **body: object) -> Any:  # noqa: ANN401 - JSON
        answer = self.http.request(method, URL + path, json=body)
        self.told.append((answer.status_code, answer.content))
        is_json = answer.headers.get("content-type") == "application/json"
        return answer.json() if is_json else None


class Noted(logging.Handler):
    """What was logged."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))


@contextmanager
def story(plan: Sequence[Planned], folder: Path, *, slow: bool) -> Iterator[Story]:
    """A world that is ready; its faults of ours fail the test."""
    brain = (SlowPlannedBrain if slow else PlannedBrain)(tuple(plan))
    mock = MockLetta(brain=brain, port=None, deterministic=True)
    handler = Noted(logging.ERROR)
    logger = logging.getLogger("mockletta")
    logger.addHandler(handler)
    try:
        with mock, httpx.Client(transport=mock.transport()) as http:
            begun = Story(mock, brain, http, folder)
            begun.begin()
            yield begun
    finally:
        logger.removeHandler(handler)
    assert handler.told == []


def _answers(how: How, ids: list[str]) -> Iterator[dict[str, Any]]:
    given = {"wrong": ["call-wrong"], "some": ids[:-1], "none": []}.get(how, ids)
    for place, call_id in enumerate(given):
        if how == "return" or (how == "mixed" and place % 2):
            yield {
                "type": "tool",
                "tool_call_id": call_id,
                "tool_return": "seen",
                "status": "success",
            }
        else:
            yield {
                "type": "approval",
                "tool_call_id": call_id,
                "approve": how != "deny",
                "reason": "No.",
            }


def _failed(status: int, body: bytes) -> bool:
    return status >= 400 or b'"message_type":"error_message"' in body


def _suffixes(body: bytes) -> Iterator[tuple[int, bytes]]:
    """What is left of a stream after each of its numbered events, and all of it."""
    yield 0, body
    frames = body.split(b"\n\n")
    for place, frame in enumerate(frames):
        if b'"seq_id":' in frame:
            number = json.loads(frame.partition(b"data: ")[2])["seq_id"]
            yield number, b"\n\n".join(frames[place + 1 :])
