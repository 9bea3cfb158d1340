"""Requests to process messages, for conversations and agents."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AliasChoices, Discriminator, Field, Tag, model_validator

from mockletta.wire.base import Body
from mockletta.wire.input_messages import ContentPart, ImagePart, MessageCreate, TextPart
from mockletta.wire.messages import MessageType


class ApprovalAnswer(Body):
    """The approval or denial of a call."""

    type: Literal["approval"]
    tool_call_id: str
    approve: bool
    reason: str | None = None


class ToolAnswer(Body):
    """The return of a tool that the client ran."""

    type: Literal["tool"]
    tool_call_id: str
    tool_return: str | list[Annotated[TextPart | ImagePart, Field(discriminator="type")]]
    status: Literal["success", "error"]
    stdout: list[str] | None = None
    stderr: list[str] | None = None


class PlainToolAnswer(ToolAnswer):
    """A tool return in a list that has no other items."""

    type: Literal["tool"] = "tool"


Answer = Annotated[ApprovalAnswer | ToolAnswer, Field(discriminator="type")]


class ApprovalCreate(Body):
    """Answers to an approval request. The fields after `approvals` are the older form, which names
    the request instead of a call.
    """

    type: Literal["approval"] = "approval"
    otid: str | None = None
    approvals: list[Answer] | None = None
    approve: bool | None = None
    approval_request_id: str | None = None
    reason: str | None = None

    @property
    def answers(self) -> Sequence[ApprovalAnswer | ToolAnswer]:
        if self.approvals is None and self.approve is not None and self.approval_request_id:
            return [
                ApprovalAnswer(
                    type="approval",
                    tool_call_id=self.approval_request_id,
                    approve=self.approve,
                    reason=self.reason,
                )
            ]
        return self.approvals or []


class ToolReturnCreate(Body):
    """Returns of tools that the client ran."""

    type: Literal["tool_return"]
    otid: str | None = None
    tool_returns: list[PlainToolAnswer]

    @property
    def answers(self) -> Sequence[ToolAnswer]:
        return self.tool_returns


def _kind(value: object) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    if kind is not None:
        return str(kind)
    is_answer = isinstance(value, dict) and "role" not in value and "approve" in value
    return "approval" if is_answer else "message"


IncomingMessage = Annotated[
    Annotated[MessageCreate, Tag("message")]
    | Annotated[ApprovalCreate, Tag("approval")]
    | Annotated[ToolReturnCreate, Tag("tool_return")],
    Discriminator(_kind),
]


class ClientTool(Body):
    """A tool that the client runs; `parameters` is a JSON schema."""

    name: str
    description: str | None = None
    parameters: dict[str, object] | None = None


class ClientSkill(Body):
    name: str
    description: str
    location: str


class MessageRequest(Body):
    """The common fields of requests to process messages."""

    messages: list[IncomingMessage] | None = None
    input: str | list[ContentPart] | None = None
    max_steps: int = 50
    use_assistant_message: bool = True
    assistant_message_tool_name: str = "send_message"
    assistant_message_tool_kwarg: str = "message"
    include_return_message_types: list[MessageType] | None = None
    enable_thinking: str | None = None
    client_tools: list[ClientTool] | None = None
    client_skills: list[ClientSkill] | None = None
    override_model: str | None = None
    include_compaction_messages: bool = False
    return_logprobs: bool = False
    top_logprobs: int | None = None
    return_token_ids: bool = False
    override_system: str | None = Field(
        default=None, validation_alias=AliasChoices("override_system", "system")
    )
    streaming: bool = False
    stream_tokens: bool = False
    include_pings: bool = True
    background: bool = False

    @model_validator(mode="after")
    def _one_kind_of_input(self) -> "MessageRequest":
        if self.input is not None and self.messages is not None:
            raise ValueError("Cannot specify both 'input' and 'messages'. Use one or the other.")
        if self.input is None and self.messages is None:
            raise ValueError("Must specify either 'input' or 'messages'.")
        return self

    @property
    def incoming(self) -> list[IncomingMessage]:
        """The messages. `input` is one message of the user."""
        if self.messages is not None:
            return self.messages
        assert self.input is not None
        return [MessageCreate(role="user", content=self.input)]

    @property
    def otids(self) -> tuple[str | None, ...]:
        """The client's own ids of the messages, in order."""
        return tuple(message.otid for message in self.incoming)


class ConversationMessageRequest(MessageRequest):
    """A request to a conversation. It streams by default."""

    agent_id: str | None = None
    streaming: bool = True


class AsyncMessageRequest(MessageRequest):
    """A request that is processed in the background."""

    callback_url: str | None = None


class ResumeRequest(Body):
    """The run to follow, and the last `seq_id` that was seen (`starting_after`)."""

    agent_id: str | None = None
    run_id: str | None = None
    otid: str | None = None
    starting_after: int = 0
    include_pings: bool | None = True
    poll_interval: float | None = 0.1
    batch_size: int | None = Field(default=100, ge=1)
