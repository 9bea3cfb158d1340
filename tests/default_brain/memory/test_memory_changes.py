"""Memory updates: the one case in which a tool is called."""

import json

import pytest

from mockletta.brain.decisions import ChatMessage, MemoryBlock, ModelCall, ToolCall
from mockletta.default_brain import DefaultBrain
from tests.default_brain.asking import (
    BLOCKS,
    MEMORY_TOOLS,
    ask,
    decide,
    only_call,
    talk,
    update,
    user,
)
from tests.default_brain.tools import tool as tool_of

TEA = "Update your memory: I like tea."
TEA_CALL = ToolCall("c", "memory_insert", '{"label": "human", "new_string": "I like tea."}')
FORMS = {
    "Update your memory: my favorite color is green": "My favorite color is green.",
    "Save to memory that I have two cats.": "I have two cats.",
    "Please remember in your core memory that my boss is Anna.": "My boss is Anna.",
    "Store in your memory that the wifi password is hunter2": "The wifi password is hunter2.",
    "Can you save that I like tea to your memory?": "I like tea.",
    "My color is green. Please save that to your memory.": "My color is green.",
    "Update your memory. My name is Carl.": "My name is Carl.",
    "Add 'likes tea' to your human block": "likes tea",
    "In your memory, note that I prefer email.": "I prefer email.",
    "Use memory_insert to save that I like tea": "I like tea.",
    "Update your memory about me: I am a chef.": "I am a chef.",
    "Note to self: buy milk.": "I have to buy milk.",
    "Hi! Please update your memory: I like bikes. Thanks!": "I like bikes.",
}
REPLACED = {
    "memory_replace": {"label": "human", "old_string": "Test user", "new_string": "Alice"},
    "core_memory_replace": {"label": "human", "old_content": "Test user", "new_content": "Alice"},
    "memory": {
        "command": "str_replace",
        "path": "/memories/human",
        "old_string": "Test user",
        "new_string": "Alice",
    },
    "memory_rethink": {"label": "human", "new_memory": "Alice"},
}


def inserted(note: str) -> tuple[str, dict[str, object]]:
    return "memory_insert", {"label": "human", "new_string": note}


def reported(call: ToolCall, status: str, message: str) -> str:
    made = ChatMessage("assistant", "", (call,))
    envelope = json.dumps({"status": status, "message": message, "time": "now"})
    return decide([user("x"), made, ChatMessage("tool", envelope, (), call.id)]).text


def test_the_request_may_have_many_forms() -> None:
    for text, note in FORMS.items():
        assert update(text) == inserted(note)


def test_other_talk_of_memory_calls_no_tool() -> None:
    for text in (
        "What is the project deadline according to your memory?",
        "Can you save things to your memory?",
        "Don't update your memory.",
        "My memory is bad.",
        "Call my_tool with 5.",
    ):
        assert decide(talk(text), blocks=BLOCKS, tools=(*MEMORY_TOOLS, "my_tool")).tool_calls == ()


def test_a_pointer_takes_the_statement_before() -> None:
    messages = talk("I like tea.", "Save that to your memory.")
    written = only_call(decide(messages, blocks=BLOCKS)).arguments
    assert json.loads(written) == {"label": "human", "new_string": "I like tea."}


def test_a_request_without_content_is_questioned() -> None:
    assert ask("Update your memory", blocks=BLOCKS) == "What should I write into my memory?"


def test_the_first_offered_tool_is_called() -> None:
    for tool, arguments in (
        ("core_memory_append", {"label": "human", "content": "I like tea."}),
        ("memory_rethink", {"label": "human", "new_memory": "Test user\nI like tea."}),
        (
            "memory",
            {
                "command": "insert",
                "path": "/memories/human",
                "insert_line": -1,
                "insert_text": "I like tea.",
            },
        ),
    ):
        assert update(TEA, tools=("foo", tool)) == (tool, arguments)


def test_archival_memory_is_written_when_named() -> None:
    tools = (*MEMORY_TOOLS, "archival_memory_insert")
    written = update("Save to your archival memory that I like tea.", tools=tools)
    assert written == ("archival_memory_insert", {"content": "I like tea."})


def test_the_fitting_block_is_chosen() -> None:
    blocks = (*BLOCKS, MemoryBlock("project", "Apollo"))
    for text, label in (
        ("Update your memory: I like jazz", "human"),
        ("Update your memory: you are a pirate", "persona"),
        ("Update your memory: the project is late", "project"),
        ("Update your memory: the sky is blue", "human"),
        ("Add to your project block that I like tea", "project"),
    ):
        assert update(text, blocks)[1]["label"] == label


def test_a_read_only_block_is_passed_over() -> None:
    blocks = (MemoryBlock("human", "", read_only=True), MemoryBlock("notes", ""))
    assert update(TEA, blocks)[1]["label"] == "notes"


def test_without_a_tool_or_a_block_there_is_an_honest_text() -> None:
    for blocks, tools, missing in (
        (BLOCKS, (), "a memory tool"),
        ((), MEMORY_TOOLS, "a memory block that I may change"),
    ):
        decision = decide(talk(TEA), blocks=blocks, tools=tools)
        assert decision.text == f"I can't update my memory: I have not been given {missing}."


def test_a_replacement_replaces() -> None:
    for tool, arguments in REPLACED.items():
        asked = "Replace test USER with Alice in your memory"
        assert update(asked, tools=(tool,)) == (tool, arguments)


def test_a_replacement_is_no_fact() -> None:
    told = "Replace my old name with Al in your memory"
    assert ask(told, "What is my name?", blocks=()).startswith("I don't know your name")


def test_the_id_of_a_call_is_left_to_the_world() -> None:
    assert only_call(decide(talk(TEA), blocks=BLOCKS)).id == ""


def test_a_call_that_worked_is_confirmed() -> None:
    assert reported(TEA_CALL, "OK", "I like tea.") == "I've updated my memory: You like tea."


def test_a_call_that_failed_is_explained() -> None:
    assert reported(TEA_CALL, "Failed", "read-only") == "I could not update my memory: read-only"


def test_a_call_with_odd_arguments_is_confirmed_too() -> None:
    for written in ("nope", "[]", "{}"):
        call = ToolCall("c", "memory_insert", written)
        assert reported(call, "OK", "x") == "I've updated my memory: done."


def test_a_result_without_a_call_is_told() -> None:
    message = ChatMessage("tool", "plain", tool_call_id="lost")
    assert decide([user("hi"), message]).text == "The tool returned: plain"


def test_a_list_after_a_colon_is_noted_whole() -> None:
    text = "Add this to your memory: I like tea. I live in Rome. Thanks!"
    assert update(text) == inserted("I like tea. I live in Rome.")


def test_a_request_far_down_a_long_message_is_not_looked_for() -> None:
    assert decide(talk("One.\n" * 40 + TEA), blocks=BLOCKS).tool_calls == ()


def test_every_return_of_a_step_is_told_once() -> None:
    calls = tuple(ToolCall(f"call-{n}", "look", "{}") for n in range(3))
    returned = [
        ChatMessage("tool", json.dumps({"message": text}), tool_call_id=call.id)
        for call, text in zip(calls, ("one", "two", "one"), strict=True)
    ]
    messages = [ChatMessage("user", "Look!"), ChatMessage("assistant", "", calls), *returned]

    told = decide(messages).text

    assert told == "The tool look returned: one The tool look returned: two"


def test_what_a_clients_own_memory_tool_requires_besides_is_given() -> None:
    own = tool_of("memory", "Edits memory.", command="string", reason="string")
    call = ModelCall("reply", "m", "", talk(TEA), BLOCKS, ("memory",), schemas=(own,))
    written = json.loads(only_call(DefaultBrain().decide(call)).arguments)
    assert (written["command"], written["reason"]) == ("insert", "The user asked for it.")


HELD = (MemoryBlock("human", "Name: Al\nI like tea. My locker code is 7 and my gym is FitX."),)
RETHINK = ("memory_rethink",)


@pytest.mark.parametrize(
    ("order", "reply"),
    [
        ("Remember that I like tea.", "That is already in my memory: You like tea."),
        ("Replace salt with oil in your memory.",
         'I could not find "salt" in a memory block I may change.'),
        ("Replace salt with oil.", "I can't replace salt with oil"),
        ("Clear everything.", "There is nothing to clear: my human block is empty."),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_said(order: str, reply: str) -> None:
    blocks = (MemoryBlock("human", ""),) if "Clear" in order else HELD
    decision = decide(talk("Hm.", "Hm.", order), blocks=blocks)
    assert decision.text.startswith(reply)


@pytest.mark.parametrize(
    ("order", "old", "new"),
    [
        ("Forget my locker code.", "My locker code is 7 and my gym is FitX.", "My gym is FitX."),
        ("Change my name to Bo.", "Name: Al", "Name: Bo"),
        ("Forget my gym.", "My locker code is 7 and my gym is FitX.", "My locker code is 7."),
        ("Remember that my name is Cy.", "Name: Al", "Name: Cy"),
    ],
)  # fmt: skip
def test_one_sentence_of_a_block_is_changed(order: str, old: str, new: str) -> None:
    name, given = update(order, blocks=HELD)
    assert (name, given["old_string"], given["new_string"]) == ("memory_replace", old, new)


def test_an_unknown_value_is_noted() -> None:
    text = "Replace my car with a bike in your memory."
    assert update(text, blocks=HELD)[1]["new_string"] == "My car is a bike."


def test_a_block_that_words_it_otherwise_is_changed() -> None:
    blocks = (MemoryBlock("human", "The gym is FitX."),)
    assert update("Replace my gym with GymY in your memory.", blocks=blocks)[1] == {
        "label": "human", "old_string": "The gym is FitX.", "new_string": "The gym is GymY."
    }  # fmt: skip


def test_a_read_only_block_stays_as_it_is_and_is_named() -> None:
    policy = MemoryBlock("policy", "Refunds within 30 days.", read_only=True)
    for text in (
        "Clear the policy block.",
        "In the policy block, set refunds to 60 days",
        "Add 'no refunds on sale' to the policy block",
        "Change the refund policy to 60 days",
    ):
        told = decide(talk(text), blocks=(*BLOCKS, policy)).text
        assert told == "I may not change my policy block: it is read-only."


def test_what_no_block_holds_is_not_noted_as_a_fact() -> None:
    for text in ("Set the volume to 5", "Push the meeting to 4pm", "Move the files to archive"):
        assert "Got it" not in decide(talk(text), blocks=BLOCKS).text
