"""What was said in a request, told from the entry's JSON values."""

from typing import Any

from mockletta.journal.turn_story import StoryLine, story_of


def document(
    body: object, *, messages: list[Any] | None = None, events: list[Any] | None = None
) -> dict[str, Any]:
    told = [{"data": data} for data in events or []]
    return {"body": body, "events": told, "response": None if told else {"messages": messages}}


def test_a_reply_without_streaming_is_told_message_by_message() -> None:
    body = {"messages": [{"role": "user", "content": [{"type": "text", "text": "Weather\n?"}]}]}
    call = {"name": "get_weather", "arguments": '{"city": "Rome"}'}
    told = document(
        body,
        messages=[
            {"message_type": "reasoning_message", "reasoning": "Hm."},
            {"message_type": "tool_call_message", "tool_call": call},
            {"message_type": "tool_return_message", "tool_return": "18 degrees"},
            {"message_type": "assistant_message", "content": "It is 18 degrees."},
        ],
    )
    assert story_of(told) == [
        StoryLine("user", "Weather ?"),
        StoryLine("tool", 'calls get_weather {"city": "Rome"}'),
        StoryLine("tool", "returned 18 degrees"),
        StoryLine("agent", "It is 18 degrees."),
    ]


def test_chunks_of_a_token_stream_are_one_message() -> None:
    events: list[Any] = [
        {"message_type": "assistant_message", "id": "m1", "content": "One "},
        {"message_type": "assistant_message", "id": "m1", "content": "two."},
        {
            "message_type": "tool_call_message",
            "id": "m2",
            "tool_call": {"name": "f", "arguments": None},
        },
        {"message_type": "tool_call_message", "id": "m2", "tool_call": {"arguments": "{}"}},
        {"message_type": "error_message", "message": "It failed.", "detail": None},
        "[DONE]",
    ]
    told = story_of(document({"input": "Count"}, events=events))
    assert told == [
        StoryLine("user", "Count"),
        StoryLine("agent", "One two."),
        StoryLine("tool", "calls f {}"),
        StoryLine("error", "It failed."),
    ]


def test_approvals_and_their_answers_are_told() -> None:
    answers = [
        {"type": "approval", "tool_call_id": "call-1", "approve": True},
        {"type": "approval", "tool_call_id": "call-2", "approve": False, "reason": "No."},
        {"type": "tool", "tool_call_id": "call-3", "tool_return": "done"},
    ]
    asked = {"message_type": "approval_request_message", "tool_calls": [{"name": "rm"}, 3]}
    told = story_of(
        document({"messages": [{"type": "approval", "approvals": answers}]}, messages=[asked])
    )
    assert told == [
        StoryLine("user", "approves call-1"),
        StoryLine("user", "denies call-2 No."),
        StoryLine("user", "returns done"),
        StoryLine("approval", "waits for approval of rm"),
    ]


def test_other_requests_have_no_story() -> None:
    assert story_of(document({"name": "support"}, messages=None)) == []
    assert story_of(document(None)) == []


def test_a_tool_call_of_another_shape_is_told_as_it_is() -> None:
    told = document({}, messages=[{"message_type": "tool_call_message", "tool_call": [1]}])

    assert story_of(told) == [StoryLine("tool", "calls [1]")]


def test_the_user_is_told_in_their_own_words() -> None:
    note = "<system-reminder>\nThe branch is main.\n</system-reminder>"
    told = [{"role": "user", "content": f"{note}\nHello"}, {"role": "user", "content": note}]
    assert story_of(document({"messages": told}, messages=[])) == [
        StoryLine("user", "Hello"),
        StoryLine("user", "<system-reminder> The branch is main. </system-reminder>"),
    ]
    assert story_of(document({"input": f"{note}\nHello"}, messages=[])) == [
        StoryLine("user", "Hello")
    ]
