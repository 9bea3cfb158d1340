"""The forms of sentences take no long time to be refused. A form that does hits the time limit."""

import pytest

from mockletta.brain.decisions import ChatMessage, ModelCall, ToolSchema
from mockletta.default_brain import DefaultBrain
from mockletta.language.words import FORMS, pattern

PIECES = (
    *(
        "a",
        "a ",
        "a.",
        "a-",
        "1",
        "1 ",
        " ",
        "\n",
        ", ",
        "and ",
        "a, and ",
        "and a ",
        "not ",
        "never ",
    ),
    *("since now ", "now ", "my ", "is ", "please ", "with ", "x=1 ", "(", '"', "'s ", "A B "),
)
LENGTH = 200
LONG = 20_000
ROOM = {"type": "object", "properties": {"room": {"type": "string"}}, "required": ["room"]}
LIGHTS = [
    ToolSchema(f"set_light_{number}", "Set the light of a room.", ROOM) for number in range(50)
]


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if "{" not in form])
def test_a_form_soon_refuses_what_repeats(name: str) -> None:
    for piece in PIECES:
        for start in ("", "never ", "my name "):
            pattern(name).search((start + piece * LENGTH)[:LENGTH] + "#")


@pytest.mark.parametrize("piece", [*PIECES, "set the light in the kitchen to 20, ", "99**", "(("])
def test_the_brain_soon_answers_what_repeats(piece: str) -> None:
    said = (
        ChatMessage("user", "What is my dog called?"),
        ChatMessage("assistant", "I don't know. What is it?"),
        ChatMessage("user", (piece * LONG)[:LONG] + "#"),
    )
    names = tuple(tool.name for tool in LIGHTS)
    call = ModelCall("reply", "m", "", said, tools=names, schemas=LIGHTS)
    assert DefaultBrain().decide(call).rule.startswith("brain: ")
