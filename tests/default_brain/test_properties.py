"""What holds for every message: nothing added is quoted, nothing is made up, memory is exact."""

import json
import re
import subprocess
import sys

import pytest

from mockletta.brain.decisions import ChatMessage, MemoryBlock, ModelCall
from mockletta.default_brain import DefaultBrain
from mockletta.errors import BadSettings
from mockletta.testing.mock_letta import MockLetta
from tests.default_brain.asking import BLOCKS, decide, summarize, talk, user
from tests.default_brain.chatting import chats
from tests.source import ROOT

SAID = [
    turn["say"]
    for chat in chats("told.yaml", "done.yaml")
    for turn in chat["turns"]
    if "say" in turn and "<" not in turn["say"]
][::4]
SECTION = "<system-reminder>\nThe zebra sleeps. Remember that zebras sleep?\n</system-reminder>"
ORDERS = (
    "Remember that I like tea.", "Save my address: 18 Birch Lane.", "Update my drink to cocoa.",
    "Replace user with tester in your memory.", "Forget the test user.", "Clear your memory.",
    "Forget my hat.", "Change my name to Zoe.", "Replace nothing with something in your memory.",
    "Note that down.", "Wipe the human block.", "Remember that I am Sam.",
)  # fmt: skip


@pytest.mark.parametrize("place", [0, 1])
def test_what_the_client_added_is_never_quoted_nor_obeyed(place: int) -> None:
    for said in SAID:
        text = "\n".join([SECTION, said] if place else [said, SECTION])
        decision = decide([user(text)], blocks=BLOCKS)
        told = decision.text + "".join(call.arguments for call in decision.tool_calls)
        assert "zebra" not in told.lower()
        assert "system-reminder" not in told
        assert decision == decide([user(said)], blocks=BLOCKS)
    assert "zebra" not in summarize([user(f"{SECTION}\n{said}") for said in SAID])


STORIES = [[said for said, _ in story["turns"]] for story in chats("everyday.yaml")]
OWN_WORDS = (
    "I I'd I'll I'm Got English German Spanish French JSON That Here You Your My The OK Sam Test "
    "Yes No Not Sorry Goodbye Hello Great All What Why It"
)
CLAIM = re.compile(r"\d[\w.:]*\w|\d|(?<=[a-z,] )[A-Z][\w-]+")


@pytest.mark.parametrize("story", STORIES, ids=[story[0] for story in STORIES])
def test_no_reply_claims_what_stands_nowhere(story: list[str]) -> None:
    """Each name and number of a reply was said before, stands in a block, or is worked out."""
    for count in range(1, len(story) + 1):
        decision = decide(talk(*story[:count]), blocks=BLOCKS)
        counts = decision.text.startswith("There are ")
        if counts or decision.rule in ("brain: count", "brain: recap", "brain: conversion"):
            continue
        known = " ".join([*story[:count], *(block.value for block in BLOCKS), OWN_WORDS]).lower()
        claims = [claim for claim in CLAIM.findall(decision.text) if claim.lower() not in known]
        assert claims == [], decision.text


def test_a_memory_order_makes_one_call_or_says_why_not() -> None:
    for order in ORDERS:
        decision = decide(talk("I wear a hat.", order), blocks=BLOCKS)
        assert decision.rule == "brain: memory", order
        assert (len(decision.tool_calls) == 1) != bool(decision.text), order
        for call in decision.tool_calls:
            assert json.loads(call.arguments)["label"] in {"human", "persona"}


def test_a_text_that_stands_twice_is_changed_everywhere_in_its_block() -> None:
    blocks = (MemoryBlock("human", "Likes tea.\nBrews tea."),)
    call = decide(talk("Replace tea with mate in your memory."), blocks=blocks).tool_calls[0]
    assert json.loads(call.arguments)["new_string"] == "Likes mate.\nBrews mate."
    rethink = decide(talk("Forget tea."), blocks=blocks, tools=("memory_rethink",)).tool_calls[0]
    assert json.loads(rethink.arguments) == {"label": "human", "new_memory": ""}


@pytest.mark.parametrize(
    "order", ["Forget my hat.", "Clear your memory.", "Replace a with b in your memory."]
)
def test_without_a_tool_nothing_is_promised(order: str) -> None:
    blocks = (MemoryBlock("human", "A hat. a"),)
    assert (
        "I have not been given a memory tool" in decide([user(order)], blocks=blocks, tools=()).text
    )


SCRIPT = """
from tests.default_brain.asking import BLOCKS, decide, talk
from tests.default_brain.test_properties import SAID
print([repr(decide(talk("I am Al.", said), blocks=BLOCKS)) for said in SAID])
"""


def test_the_same_requests_have_the_same_texts_on_every_hash_seed() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True,
        ).stdout
        for seed in ("0", "42")
    }  # fmt: skip
    assert len(told) == 1


def test_entries_are_switched_off_in_the_settings() -> None:
    with MockLetta(port=None, brain_without=["small-talk"]) as mock:
        call = ModelCall("reply", "m", "", [ChatMessage("user", "Thanks!")])
        assert mock.world.brain.decide(call).rule != "brain: small-talk"
    with pytest.raises(BadSettings, match="the default brain has no entry 'poetry'"):
        MockLetta(port=None, brain_without=["poetry"])


def test_an_agent_that_answers_by_a_tool_says_it_there() -> None:
    call = ModelCall(
        "reply", "m", "", [user("Say 'hi'")], tools=("send_message",), due=("send_message",)
    )
    (made,) = DefaultBrain().decide(call).tool_calls
    assert (made.name, made.arguments) == ("send_message", '{"message": "hi"}')
