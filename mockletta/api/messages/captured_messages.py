"""Stores a dialogue of an app and a model that took place without the server.

No recording shows it. The messages are listed, but they are not in the agent's context. The agent's
sleeptime helpers read them.
"""

from mockletta.errors import Unprocessable
from mockletta.state.message_records import MessageRecord, Role
from mockletta.state.token_counting import count_tokens
from mockletta.turns.driver import start
from mockletta.turns.sleeptime_helpers import due_helpers
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body, Wire
from mockletta.world.world import World


class CapturedMessage(Body):
    """A message of the app's request to its model. Only messages of users are stored."""

    role: str
    content: object = None


class CapturedReply(Body):
    content: str


class CaptureRequest(Body):
    provider: str
    model: str
    request_messages: list[CapturedMessage]
    response_dict: CapturedReply


class Captured(Wire):
    """The number of stored messages, and the runs of the helpers that read them."""

    success: bool = True
    messages_created: int
    run_ids: list[str]


def capture(world: World, agent: AgentState, request: CaptureRequest) -> Captured:
    """Store the messages of users and the reply. Raises Unprocessable for one without a text."""
    said = [one.content for one in request.request_messages if one.role == "user"]
    texts = [text for text in said if isinstance(text, str)]
    if texts != said:
        raise Unprocessable("The content of a user's message must be a text")
    records = [_record(world, agent, "user", text) for text in texts]
    records.append(_record(world, agent, "assistant", request.response_dict.content))
    thread = world.store.thread(agent.id)
    for record in records:
        world.store.add_message(record, thread, in_context=False)
    helpers = due_helpers(world, agent, records) if agent.enable_sleeptime else []
    for helper in helpers:
        start(helper, later=True)
    run_ids = [helper.run_id for helper in helpers]
    return Captured(messages_created=len(records), run_ids=run_ids)


def _record(world: World, agent: AgentState, role: Role, text: str) -> MessageRecord:
    return MessageRecord(
        id=world.ids.new("message"),
        role=role,
        created_at=world.clock.now(),
        agent_id=agent.id,
        conversation_id=None,
        content=text,
        tokens=count_tokens(text),
        otid=world.ids.uuid() if role == "user" else None,
    )
