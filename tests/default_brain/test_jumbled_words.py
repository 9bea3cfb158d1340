"""Jumbled words: whatever stands behind what in a message or a block, there is a reply."""

import json
import random

import pytest

from mockletta.brain.decisions import ChatMessage, MemoryBlock, ModelCall, ToolCall
from mockletta.default_brain import DefaultBrain
from tests.default_brain.asking import MEMORY_TOOLS, said, user
from tests.default_brain.tools import tool
from tests.environment import amount

LINES = (
    "Name: Ann", "- milk", "- [ ] pay rent", "1. tea", "Likes tea and chess.", "Lives in Rome.",
    "Shopping: milk, eggs, bread", '{"name": "Ann", "age": 3}', "***", "…", "  ", "\t", "key=value",
    "My dog is called Rex.", "# Heading", "a | b | c", "喜欢茶", "12345", "A: ", "He left", "2) ",
    "I like tea.",
)  # fmt: skip
WORDS = (
    "remember that", "forget", "update", "change my city", "my plan", "to Rome", "add milk",
    "to my list", "eggs and tea", "remove", "the last item", "replace", "with", "clear", "undo",
    "put it back", "mark", "as done", "I no longer", "I moved to Oslo", "not tea but coffee",
    "my name is", "actually", "no, it's", "5", "call me", "what's on it?", "read it back",
    "what do you know about me?", "start a list called", "tent, stove", ":", ",", ".", "?", '"',
    "and", ";", "in the human block", "you are", "it", "how many", "sort", "as json with keys",
    "name, age", "if", "otherwise say", "what is", "3 + 4", "largest of 3, 9", "count the words:",
    "tomorrow", "at 5pm", "again", "!", "\n", "upgraded to", "used to", "rename", "restore",
    "which is", "bigger", "how do you know?", "what was the second one?", "total",
    "the weather", "in Paris", "in #", "to #", "turn on", "the light", "#1", "(", ")", "`code`",
    "@", "email Bo", "cancel it", "x@y.z", "-", "%", "A,",
    "I don't like tea.", "9" * 400, "1" + ",999" * 200, "minutes", "set a timer for",
)  # fmt: skip
TOOLS = (
    tool("get_weather", "Get the weather in a city.", city="string", days="integer"),
    tool("turn_on_light", "Turn on the light in a room.", room="string"),
    tool("send_email", "Send an email.", to="string", subject="string", body="string"),
    tool("cancel_order", "Cancel an order.", order_id="string"),
    tool("set_timer", "Set a timer.", minutes="integer"),
)
NAMES = (*MEMORY_TOOLS, *(one.name for one in TOOLS))


@pytest.mark.parametrize("seed", range(amount(8, nightly=400)))
def test_every_jumble_has_a_reply_and_changes_only_what_is_there(seed: int) -> None:
    jumble = random.Random(seed)
    for _ in range(20):
        blocks = {
            label: "\n".join(jumble.choices(LINES, k=jumble.randint(0, 5)))
            for label in ("human", "todo", "plans")
        }
        messages: list[ChatMessage] = []
        for _ in range(4):
            messages.append(user(" ".join(jumble.choices(WORDS, k=jumble.randint(1, 8)))))
            told = tuple(MemoryBlock(label, value) for label, value in blocks.items())
            call = ModelCall("reply", "mock", "", messages, told, NAMES)
            call.schemas = TOOLS
            decision = DefaultBrain().decide(call)
            assert decision.text or decision.tool_calls, messages[-1].text
            messages.append(said(decision.text or "Done."))
            for made in decision.tool_calls:
                _carry_out(made, blocks)


def _carry_out(call: ToolCall, blocks: dict[str, str]) -> None:
    given = json.loads(call.arguments)
    if call.name == "memory_replace":
        assert given["old_string"] in blocks[given["label"]]
        changed = blocks[given["label"]].replace(given["old_string"], given["new_string"], 1)
        blocks[given["label"]] = changed
    elif call.name == "memory_insert":
        blocks[given["label"]] += f"\n{given['new_string']}"
