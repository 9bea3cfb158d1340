"""Brains of one's own, named in three ways."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from letta_client import Letta, UnprocessableEntityError

from mockletta import MockLetta
from mockletta.brain.decisions import Decision, ModelCall
from mockletta.errors import BadSettings
from mockletta.script.turn_view import TurnView
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import MODEL, conversation_of, reply, say


def a_conversation(client: Letta, name: str = "echo") -> str:
    return conversation_of(client, client.agents.create(name=name, model=MODEL).id)


class Parrot:
    def decide(self, call: ModelCall) -> Decision:
        return Decision(text=f"{call.messages[-1].text} Squawk!")


TURNS: list[dict[str, Any]] = []
"""What programs were given."""


class Program(BaseHTTPRequestHandler):
    """A program that replies with what it was told, in the format of a script."""

    def do_POST(self) -> None:
        turn = json.loads(self.rfile.read(int(self.headers["content-length"])))
        TURNS.append(turn)
        body = json.dumps([{"think": "Hm."}, {"say": f"{turn['text']} says the program"}]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def a_program() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Program) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_object_decides(connect: Connect) -> None:
    client = connect(brain=Parrot())

    assert say(client, a_conversation(client), "Hello!") == "Hello! Squawk!"


def test_a_function_replies(connect: Connect) -> None:
    def brain(turn: TurnView) -> str:
        return f"{turn.agent.name}, turn {turn.turn}: {turn.text.upper()}"

    client = connect(brain=brain)
    conversation = a_conversation(client)

    assert say(client, conversation, "Hi") == "echo, turn 1: HI"
    assert say(client, conversation, "Hi") == "echo, turn 2: HI"


def test_a_function_that_fails_is_told_to_the_client(connect: Connect) -> None:
    def brain(turn: TurnView) -> str:
        raise RuntimeError("out of words")

    client = connect(brain=brain)
    conversation = a_conversation(client)

    with pytest.raises(UnprocessableEntityError, match="brain raised RuntimeError: out of words"):
        reply(client, conversation, input="Hi")


def test_a_program_replies_over_http(connect: Connect) -> None:
    with a_program() as url:
        client = connect(brain=url)

        assert say(client, a_conversation(client), "Hi") == "Hi says the program"


NOTE = "<system-reminder>\nThe branch is main.\n</system-reminder>"
PIXEL = {"type": "base64", "media_type": "image/png", "data": "aGk="}
CONTENT: Any = [
    {"type": "text", "text": NOTE},
    {"type": "text", "text": "Hi"},
    {"type": "image", "source": PIXEL},
]
FORMAT: Any = {"type": "json_object"}
SKILL: Any = {"name": "pdf", "description": "Reads.", "location": "skills/pdf"}


def given_to_a_program(connect: Connect) -> dict[str, Any]:
    """Send a message with all there is to an agent whose brain is a program."""
    with a_program() as url:
        client = connect(brain=url)
        agent = client.agents.create(model=MODEL, system="Be kind.", response_format=FORMAT)
        thread = conversation_of(client, agent.id)
        say(client, thread, "First")
        reply(
            client, thread, messages=[{"role": "user", "content": CONTENT}], client_skills=[SKILL]
        )
    return TURNS[-1]


@needs("conversations.messages.create", "client_skills")
def test_a_program_is_given_all_that_a_model_is_given(connect: Connect) -> None:
    given = given_to_a_program(connect)
    assert (given["purpose"], given["role"], given["images"]) == ("reply", "user", 1)
    assert (given["text"], NOTE in given["raw_text"]) == ("Hi", True)
    assert given["skills"] == [{"name": "pdf", "description": "Reads."}]
    assert given["model"].endswith("gpt-4o-mini")
    assert given["system"].startswith("Be kind.")
    assert "memory_insert" in given["tools"]
    assert given["response_format"] == FORMAT
    assert [one["role"] for one in given["history"]] == ["user", "assistant", "user"]


def test_rules_come_before_a_program_and_it_is_asked_otherwise() -> None:
    with a_program() as url, MockLetta(brain=url) as mock, mock.client() as client:
        mock.when("first").say("From the rule.")
        conversation = a_conversation(client)

        assert say(client, conversation, "first") == "From the rule."
        assert say(client, conversation, "second") == "second says the program"


@pytest.mark.parametrize(
    ("brain", "reason"),
    [
        (5, "a function from a turn to its reply, or an object with a method `decide`, received 5"),
        ("localhost:80", "brain: expected a URL that begins with http:// or https://"),
    ],
)
def test_what_is_no_brain_is_refused(brain: object, reason: str) -> None:
    with pytest.raises(BadSettings, match=reason):
        MockLetta(brain=brain)  # type: ignore[arg-type]
