"""A chat service for many users: one agent, and a conversation for each user."""

import os
from collections.abc import AsyncIterator
from functools import cache

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
from letta_client import APIStatusError, AsyncLetta
from pydantic import BaseModel

app = FastAPI()
conversations: dict[str, str] = {}

PAGE = """<!doctype html>
<title>Chat</title>
<form id="form"><input id="text" autofocus> <button>Send</button></form>
<pre id="log"></pre>
<script>
  const user = crypto.randomUUID();
  document.getElementById("form").onsubmit = async (event) => {
    event.preventDefault();
    const log = document.getElementById("log"), text = document.getElementById("text");
    log.textContent += `you: ${text.value}\\nagent: `;
    const answer = await fetch(`/users/${user}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: text.value }),
    });
    text.value = "";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read())
      log.textContent += part.value;
    log.textContent += "\\n";
  };
</script>
"""


class Message(BaseModel):
    """What a user says."""

    text: str


@cache
def letta() -> AsyncLetta:
    """The client of Letta, or of its mock."""
    return AsyncLetta(
        base_url=os.environ["LETTA_BASE_URL"], api_key=os.environ["LETTA_API_KEY"], max_retries=0
    )


async def conversation_of(user: str) -> str:
    """The conversation of a user, created with the first message."""
    if user not in conversations:
        found = (await letta().agents.list(name="chat")).items
        agent = (
            found[0]
            if found
            else await letta().agents.create(
                name="chat",
                model="openai/gpt-4o-mini",
                memory_blocks=[{"label": "persona", "value": "I am friendly and brief."}],
            )
        )
        conversation = await letta().conversations.create(agent_id=agent.id)
        conversations[user] = conversation.id
    return conversations[user]


async def reply(conversation: str, text: str) -> AsyncIterator[str]:
    """The pieces of the reply, as they come."""
    try:
        stream = await letta().conversations.messages.create(
            conversation, input=text, stream_tokens=True
        )
        async for event in stream:
            if event.message_type == "assistant_message":
                yield str(event.content)
    except APIStatusError as error:
        yield "Please try again later." if error.status_code == 429 else "Something went wrong."


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    """The page for browsers."""
    return PAGE


@app.post("/users/{user}/messages")
async def send(user: str, message: Message) -> StreamingResponse:
    """Send a user's message, and stream the reply as text."""
    pieces = reply(await conversation_of(user), message.text)
    return StreamingResponse(pieces, media_type="text/plain")
