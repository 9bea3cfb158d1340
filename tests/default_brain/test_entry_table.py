"""The table of what the default brain understands."""

import json
from datetime import UTC, datetime

import pytest

from mockletta.brain.decisions import Decision, MemoryBlock, ModelCall, ToolSchema
from mockletta.default_brain.default_brain import DefaultBrain
from mockletta.default_brain.entry_table import TABLE, Example, TableEntry
from tests.default_brain.asking import ask, talk
from tests.default_brain.tools import tool

BLOCKS = (MemoryBlock("human", "Test user."), MemoryBlock("persona", "I am Sam."))
TOOLS = (
    ToolSchema("memory_insert", is_base=True),
    ToolSchema("memory_replace", is_base=True),
    tool("get_weather", "Get the current weather for a city.", city="string"),
)
SYSTEM = "If you are asked for the magic word, say 'xyzzy'."
EXAMPLES = [(entry, example) for entry in TABLE for example in entry.examples]


def decided(*said: str, without: tuple[str, ...] = ()) -> Decision:
    """What the last of these messages leads to."""
    call = ModelCall(
        "reply", "mock", SYSTEM, talk(*said), BLOCKS, tuple(one.name for one in TOOLS),
        agent_name="Sam", schemas=TOOLS, now=datetime(2026, 1, 1, 9, 30, tzinfo=UTC),
    )  # fmt: skip
    return DefaultBrain(without=without).decide(call)


def spelled(decision: Decision) -> str:
    """A decision as examples spell it: its text, or the call as in Python."""
    for call in decision.tool_calls:
        given = json.loads(call.arguments).items()
        return f"{call.name}({', '.join(f'{key}={json.dumps(one)}' for key, one in given)})"
    return decision.text


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[e.said[-1] for _, e in EXAMPLES])
def test_every_example_is_answered_as_it_says_by_its_entry(
    entry: TableEntry, example: Example
) -> None:
    decision = decided(*example.said)
    assert spelled(decision) == example.reply
    assert decision.rule == f"brain: {entry.name}"


def test_an_entry_can_be_switched_off() -> None:
    for entry in TABLE:
        said = entry.examples[0].said
        assert decided(*said, without=(entry.name,)).rule != f"brain: {entry.name}"


def test_with_every_entry_switched_off_it_says_ok() -> None:
    assert decided("Hm", without=tuple(entry.name for entry in TABLE)).text == "OK."


def test_an_unknown_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="the default brain has no 'poetry': it has memory, "):
        DefaultBrain(without=["poetry"])


def test_the_first_step_of_a_greeting_goes_before_the_table() -> None:
    assert ask("Hello!") == "Hello! I am Sam. How can I help?"
