"""A load test of an app that talks to Letta: each user has a key, an agent and a conversation.

    pip install locust
    locust -f deploy/locust/locustfile.py --host http://localhost:8283

Replace `talk` by requests to your own app, which reaches the fleet by its base URL.
"""

from uuid import uuid4

from locust import HttpUser, between, events, task

MODEL = "openai/gpt-4o-mini"
PACE = "ttft=0.5, tokens_per_second=20"
"""How fast a real model replies, about."""


class Talker(HttpUser):
    """Somebody who reads a streamed reply and thinks for a while."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        """Create the agent and the conversation of this user."""
        self.client.headers["authorization"] = f"Bearer {uuid4()}"
        agent = self.client.post("/v1/agents/", json={"model": MODEL}).json()["id"]
        path = "/v1/conversations/"
        conversation = self.client.post(path, params={"agent_id": agent}, json={}, name=path).json()
        self.path = f"/v1/conversations/{conversation['id']}/messages"

    @task
    def talk(self) -> None:
        """Send a message, and read the reply to its end."""
        body = {
            "messages": [{"role": "user", "content": "Count from 1 to 30."}],
            "stream_tokens": True,
        }
        with self.client.post(
            self.path,
            json=body,
            headers={"X-Mockletta-Pace": PACE},
            name="send a message",
            stream=True,
            catch_response=True,
        ) as response:
            lines = [line for line in response.iter_lines() if line]
            if not lines or lines[-1] != b"data: [DONE]":
                response.failure("the stream ended early")
            else:
                seconds = response.elapsed.total_seconds()
                events.request.fire(
                    request_type="SSE",
                    name="first event",
                    response_time=seconds * 1000,
                    response_length=0,
                )
