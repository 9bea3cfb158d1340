"""Stored messages: their size in tokens, and that they survive as JSON."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from mockletta.state.message_records import MessageRecord, SuspendedTurn
from mockletta.state.token_counting import count_tokens
from mockletta.wire.message_content import (
    ApprovalReturn,
    TextContent,
    ToolCall,
    ToolReturn,
    UserContent,
)


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2)])
def test_a_token_is_four_characters_or_what_is_left_of_them(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_what_a_turn_waits_for_survives_as_json() -> None:
    call = ToolCall(name="double", arguments="{}", tool_call_id="call-1")
    parts: list[UserContent] = [TextContent(text="one"), TextContent(text="two")]
    returned = ToolReturn(tool_return=parts, status="success", tool_call_id="call-1")
    record = MessageRecord(
        id="message-1",
        role="approval",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        agent_id="agent-1",
        conversation_id=None,
        content="",
        tokens=0,
        tool_calls=(call,),
        waiting=SuspendedTurn("run-1", 1, (call,), (returned,)),
        approvals=(ApprovalReturn(tool_call_id="call-1", approve=False, reason="no"), returned),
    )
    records = TypeAdapter(MessageRecord)

    assert records.validate_json(records.dump_json(record)) == record
