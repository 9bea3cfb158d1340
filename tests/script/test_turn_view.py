"""A turn as rules and functions see it."""

from mockletta.brain.decisions import ChatMessage, ToolCall
from mockletta.script.turn_view import LastReturn, TurnView
from tests.script.asking import NOW, a_call, blocks, envelope, user

CALLED = ChatMessage("assistant", "", (ToolCall("c1", "a", "{}"), ToolCall("c2", "b", "{}")))
ALERT = user('{"type": "system_alert", "message": "Compacted."}')


def test_the_text_is_the_users_newest_message() -> None:
    view = TurnView(a_call("old", ChatMessage("assistant", "yes"), "new"))

    assert (view.text, view.role) == ("new", "user")


def test_the_text_is_the_users_even_where_a_system_message_follows() -> None:
    view = TurnView(a_call("hi", ChatMessage("system", "It is noon.")))

    assert (view.text, view.role) == ("hi", "system")


def test_a_message_of_another_role_is_the_text_where_the_user_says_nothing() -> None:
    said = ChatMessage("assistant", "answered")

    assert TurnView(a_call("old", said, ChatMessage("system", "new"))).text == "new"
    assert TurnView(a_call("old", said)).text == "answered"
    assert TurnView(a_call()).text == ""


def test_the_text_of_a_message_in_an_envelope_is_what_is_in_it() -> None:
    packed = user('{"type": "user_message", "message": "hi", "time": "now"}')

    assert TurnView(a_call(packed)).text == "hi"


def test_within_a_turn_the_text_is_what_it_began_with() -> None:
    returned = ChatMessage("tool", envelope("x"), tool_call_id="c1")

    assert TurnView(a_call("go", CALLED, returned, step=2)).text == "go"
    assert TurnView(a_call("go", CALLED, returned, ALERT, step=2)).text == "go"


def test_what_a_tool_returned_is_opened() -> None:
    def returned(text: str, tool_call_id: str | None = "c1") -> LastReturn | None:
        message = ChatMessage("tool", text, tool_call_id=tool_call_id)
        return TurnView(a_call("go", CALLED, message, step=2)).returned

    both = ("a", "b")
    assert returned(envelope("18")) == LastReturn("a", "18", "success", both)
    assert returned(envelope({"t": 18}), "c2") == LastReturn("b", '{"t": 18}', "success", both)
    assert returned(envelope("no", "Failed"), None) == LastReturn("b", "no", "error", both)
    assert returned("18") == LastReturn("a", "18", "success", both)
    assert returned("plain") == LastReturn("a", "plain", "success", both)
    assert TurnView(a_call("go")).returned is None
    assert TurnView(a_call(ChatMessage("tool", "x"))).returned == LastReturn("", "x", "success", ())


def test_everything_else_is_there_by_its_name() -> None:
    call = a_call(
        user("hi", images=2),
        agent_tags=("vip",),
        tools=("t",),
        due=("t",),
        blocks=blocks(human="H"),
        turn=3,
    )
    view = TurnView(call)

    assert (str(view.agent), view.agent.tags, view.conversation) == ("support", ("vip",), "conv-1")
    assert (view.turn, view.step, view.images, view.now) == (3, 1, 2, NOW)
    assert (view.tools, view.blocks, view.model) == (("t",), {"human": "H"}, "openai/gpt-4o-mini")
    assert view.due == ("t",)
    assert ([one.text for one in view.history], view.system, view.groups) == (["hi"], "", {})
    assert TurnView(a_call("x", conversation_id=None)).conversation == "default"
