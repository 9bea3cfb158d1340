"""Parts of runs and steps: what a run keeps of its request, its state, and the times of a step."""

from datetime import datetime
from typing import Literal, NamedTuple

from mockletta.wire.base import Wire
from mockletta.wire.message_requests import ClientSkill, ClientTool
from mockletta.wire.messages import MessageType

RunStatus = Literal["created", "running", "completed", "failed", "cancelled"]


class StepTimes(NamedTuple):
    """When a step began, when the model's first and last words came, and when the step's tools were
    done."""

    begun: datetime
    heard: datetime
    answered: datetime
    ended: datetime


class RequestConfig(Wire):
    """The options with which a run was requested [05 runs after cancel]."""

    use_assistant_message: bool = True
    assistant_message_tool_name: str = "send_message"
    assistant_message_tool_kwarg: str = "message"
    include_return_message_types: list[MessageType] | None = None


class RequestedPrompt(Wire):
    """What a request changes for itself in what its model is sent."""

    override_system: str | None = None
    client_skills: list[ClientSkill] | None = None
    client_tools: list[ClientTool] | None = None
