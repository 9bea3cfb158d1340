"""A long session of all sorts, chosen by chance from a seed: what it sends depends on its seed and
on the answers, and on nothing else."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import httpx

MODEL = "openai/gpt-4o-mini"
EMBEDDING = "openai/text-embedding-3-small"
NOBODY = "agent-99999999-9999-4999-8999-999999999999"
TEXTS = (
    "Hello!",
    "My name is Alice and I love pizza.",
    "What's my name and favorite food?",
    "Please update your core memory to note that the project deadline is Friday.",
    "Count from 1 to 40",
    "Say 'grüße 你好' back to me",
    "<<reason Let me think about it.>> go slowly",
    "<<error 429>>",
    "<<drop>> this one breaks off",
    '<<plan [{"tool": "memory_insert", "args": {"label": "human", "new_string": "x"}}]>>',
    "<<overflow once {n}>>",
)


class Exchange(NamedTuple):
    """What was asked and what came back: the status, the headers in their order, the body."""

    request: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Session:
    """Sends requests one after another and keeps what came back."""

    def __init__(self, http: httpx.Client, seed: int) -> None:
        self.exchanges: list[Exchange] = []
        self._http = http
        self._chance = Random(seed)
        self._agents: list[str] = []
        self._conversations: list[str] = []
        self._blocks: list[str] = []
        self._messages: list[str] = []
        self._runs: list[str] = []

    def run(self, count: int) -> list[Exchange]:
        """Send so many requests or a few more, of all kinds there are."""
        self._create_agent()
        self._create_conversation()
        self._create_block()
        self._talk()
        kinds: list[Callable[[], object]] = [
            *[self._create_agent, self._create_conversation, self._create_block] * 2,
            *[self._talk] * 8,
            *[self._talk_in_background, self._talk_later, self._talk_to_agent, self._page] * 3,
            *[self._keep, self._hand_on, self._search] * 2,
            *[self._look, self._change, self._fork, self._compact, self._fail, self._repeat],
            self._delete,
        ]
        while len(self.exchanges) < count:
            self._chance.choice(kinds)()
        return self.exchanges

    def _send(self, method: str, path: str, body: object = None, **query: object) -> Any:  # noqa: ANN401
        params = {name: str(value) for name, value in query.items()}
        response = self._http.request(method, path, json=body, params=params)
        request = f"{method} {path} {params} {json.dumps(body)}"
        headers = tuple(response.headers.raw)
        self.exchanges.append(Exchange(request, response.status_code, headers, response.content))
        is_json = response.headers.get("content-type") == "application/json"
        return response.json() if is_json and response.is_success else None

    def _any(self, known: list[str]) -> str:
        return self._chance.choice(known)

    def _text(self) -> str:
        return self._chance.choice(TEXTS).replace("{n}", str(len(self.exchanges)))

    def _create_agent(self) -> None:
        number = len(self._agents)
        named = {} if number % 2 else {"name": f"agent {number}", "tags": ["b", "a", "c"]}
        blocks = [{"label": label, "value": "Of old."} for label in ("human", "persona")]
        body = {"model": MODEL, "memory_blocks": blocks, **named}
        self._agents.append(self._send("POST", "/v1/agents/", body)["id"])

    def _create_conversation(self) -> None:
        made = self._send("POST", "/v1/conversations/", agent_id=self._any(self._agents))
        self._conversations.append(made["id"])

    def _create_block(self) -> None:
        label = f"notes{len(self._blocks)}"
        block = self._send("POST", "/v1/blocks/", {"label": label, "value": "Nothing."})["id"]
        self._blocks.append(block)
        self._send(
            "PATCH", f"/v1/agents/{self._any(self._agents)}/core-memory/blocks/attach/{block}"
        )

    def _talk(self) -> None:
        body = {
            "messages": [{"role": "user", "content": self._text()}],
            "streaming": self._chance.random() < 0.8,
        }
        if body["streaming"]:
            body["stream_tokens"] = self._chance.random() < 0.7
        self._send("POST", f"/v1/conversations/{self._any(self._conversations)}/messages", body)

    def _talk_in_background(self) -> None:
        conversation = self._any(self._conversations)
        otid = f"otid-{self._chance.randrange(40)}"
        message = {"role": "user", "content": self._text(), "otid": otid}
        body = {"messages": [message], "background": True, "stream_tokens": True}
        self._send("POST", f"/v1/conversations/{conversation}/messages", body)
        again = {"otid": otid, "starting_after": self._chance.randrange(9)}
        self._send("POST", f"/v1/conversations/{conversation}/stream", again)

    def _talk_later(self) -> None:
        path = f"/v1/agents/{self._any(self._agents)}/messages/async"
        run = self._send("POST", path, {"input": self._text()})["id"]
        self._runs.append(run)
        self._send("GET", f"/v1/runs/{run}")
        if self._chance.random() < 0.3:
            self._send("POST", path.replace("async", "cancel"), {"run_ids": [run]})

    def _talk_to_agent(self) -> None:
        ending = self._chance.choice(["", "/stream"])
        path = f"/v1/agents/{self._any(self._agents)}/messages{ending}"
        self._send("POST", path, {"input": self._text(), "include_pings": True})

    def _page(self) -> None:
        cursor = self._chance.choice(["after", "before"])
        of_agent = f"/v1/agents/{self._any(self._agents)}/messages"
        of_thread = f"/v1/conversations/{self._any(self._conversations)}/messages"
        query: dict[str, object] = {"limit": self._chance.randrange(1, 9)}
        query["order"] = self._chance.choice(["asc", "desc"])
        if self._messages and self._chance.random() < 0.5:
            query[cursor] = self._any(self._messages)
        listed = self._send("GET", self._chance.choice([of_agent, of_thread]), **query) or []
        self._messages.extend(message["id"] for message in listed)

    def _look(self) -> None:
        path = self._chance.choice(
            [
                "/v1/agents/",
                "/v1/blocks/",
                "/v1/runs/",
                "/v1/steps/",
                "/v1/models/",
                "/v1/agents/count",
                f"/v1/agents/{self._any(self._agents)}",
                f"/v1/conversations/{self._any(self._conversations)}",
                f"/v1/blocks/{self._any(self._blocks)}/agents",
                f"/v1/agents/{self._any(self._agents)}/core-memory/blocks",
            ]
        )
        self._send("GET", path)
        for run in self._runs[-2:]:
            for ending in ("/messages", "/steps", "/usage"):
                self._send("GET", f"/v1/runs/{run}{ending}")

    def _change(self) -> None:
        agent = self._any(self._agents)
        number = len(self.exchanges)
        self._send("PATCH", f"/v1/agents/{agent}", {"description": f"Changed {number}."})
        self._send("PATCH", f"/v1/blocks/{self._any(self._blocks)}", {"value": f"{number}"})
        self._send("PATCH", f"/v1/agents/{agent}/core-memory/blocks/human", {"value": f"{number}"})
        self._send("POST", f"/v1/conversations/{self._any(self._conversations)}/recompile")

    def _keep(self) -> None:
        """Write into an archive that an agent shares, and plan what to tell the agent."""
        agent, number = self._any(self._agents), len(self.exchanges)
        archive = self._send("POST", "/v1/archives/", {"name": f"archive {number}"})["id"]
        passage = {"text": f"{self._text()} {number}", "tags": ["y", "x"]}
        self._send("POST", f"/v1/archives/{archive}/passages", passage)
        self._send("PATCH", f"/v1/agents/{agent}/archives/attach/{archive}")
        self._send("POST", f"/v1/agents/{agent}/archival-memory", {"text": self._text()})
        schedule = {"type": "recurring", "cron_expression": "0 9 * * *"}
        messages = [{"role": "user", "content": self._text()}]
        path = f"/v1/agents/{agent}/schedule"
        self._send("POST", path, {"schedule": schedule, "messages": messages})
        self._send("GET", path)

    def _hand_on(self) -> None:
        """Give an agent a folder and somebody to talk to, and show it as a file."""
        agent, number = self._any(self._agents), len(self.exchanges)
        folder = self._send(
            "POST", "/v1/folders/", {"name": f"folder {number}", "embedding": EMBEDDING}
        )["id"]
        self._send("PATCH", f"/v1/agents/{agent}/folders/attach/{folder}")
        person = {"identifier_key": f"{number}", "name": "Ada", "identity_type": "user"}
        identity = self._send("POST", "/v1/identities/", person)["id"]
        self._send("PATCH", f"/v1/agents/{agent}/identities/attach/{identity}")
        self._send("GET", f"/v1/agents/{agent}/export")
        self._send("GET", f"/v1/agents/{agent}/context")

    def _search(self) -> None:
        self._send("POST", "/v1/passages/search", {"query": self._text()})
        self._send("POST", "/v1/messages/search", {"query": self._text()})
        self._send("POST", "/v1/tools/search", {"query": "memory"})
        self._send("GET", "/v1/tags/")

    def _fork(self) -> None:
        forked = self._send("POST", f"/v1/conversations/{self._any(self._conversations)}/fork")
        if forked is not None:
            self._conversations.append(forked["id"])

    def _compact(self) -> None:
        self._send("POST", f"/v1/conversations/{self._any(self._conversations)}/compact", {})
        self._send("POST", f"/v1/agents/{self._any(self._agents)}/summarize", {})

    def _fail(self) -> None:
        self._send("GET", f"/v1/agents/{NOBODY}")
        self._send("GET", "/v1/agents/nonsense")
        self._send("POST", "/v1/agents/", {"model": "no/such", "memory_blocks": [{"label": 1}]})
        self._send("POST", "/v1/blocks/", {"label": None, "limit": "many", "tags": 3})
        self._send("GET", "/v1/agents/", order="sideways", limit="few")
        self._send("PUT", f"/v1/agents/{NOBODY}")
        self._send("GET", "/v1/nowhere")
        self._send("GET", "/v1/messages/batches")

    def _repeat(self) -> None:
        names = {"name": "twin", "model": MODEL, "tags": ["x", "y"], "include_base_tools": True}
        for _ in range(2):
            self._agents.append(self._send("POST", "/v1/agents/", names)["id"])

    def _delete(self) -> None:
        if len(self._conversations) > 3:
            self._send("DELETE", f"/v1/conversations/{self._conversations.pop(0)}")
        self._send("DELETE", f"/v1/blocks/{self._any(self._blocks)}")


def session(base_url: str, *, seed: int, requests: int) -> list[Exchange]:
    """What a server answers to a session."""
    headers = {"origin": "http://localhost:3000"} if seed % 2 else {}
    with httpx.Client(base_url=base_url, headers=headers, timeout=60) as http:
        return Session(http, seed).run(requests)
