"""The forms of sentences soon refuse what repeats, and so does the brain that reads with them."""

import re
from time import process_time

import pytest

from mockletta.brain.decisions import ChatMessage, ModelCall, ToolSchema
from mockletta.default_brain import DefaultBrain
from mockletta.language.words import FORMS, pattern, read_data, rewrites

GIVEN = {
    "names": "room|name of the room",
}
GROUPS = dict.fromkeys(re.findall(r"^([a-z_]+): ", read_data("rewrites"), re.MULTILINE))
COMPILED = {name: pattern(name, **GIVEN) for name in FORMS} | {
    f"{group} {place}": form for group in GROUPS for place, (form, _) in enumerate(rewrites(group))
}
PIECES = (
    "a",
    "a ",
    "a.",
    "a-",
    "1 ",
    " ",
    "\n",
    ", ",
    "and ",
    "a, and ",
    "my ",
    "(",
    '"',
    "'s ",
    "A B ",
)
STARTS = ("", "never ")
WORD = re.compile(r"(?<![\\?<\w])[a-z]{2,}(?!\w*>)")
MOST_WORDS = 4
LENGTH = 200
LONG = 20_000
SLOW = 0.002
CUBIC = 64
"""How much longer a search takes in a text four times as long if its time grows cubically."""
ROOM = {"type": "object", "properties": {"room": {"type": "string"}}, "required": ["room"]}
LIGHTS = [
    ToolSchema(f"set_light_{number}", "Set the light of a room.", ROOM) for number in range(50)
]


def seconds(form: re.Pattern[str], start: str, piece: str, length: int = LENGTH) -> float:
    """The processor time of a search in a text that repeats a piece."""
    text = (start + piece * length)[:length] + "#"
    begin = process_time()
    form.search(text)
    return process_time() - begin


def growth(form: re.Pattern[str], start: str, piece: str) -> float:
    """How much longer a search takes in a text four times as long, by the best of three."""
    short, long = (
        min(seconds(form, start, piece, length) for _ in range(3))
        for length in (LENGTH, 4 * LENGTH)
    )
    return long / short


@pytest.mark.parametrize("name", COMPILED)
def test_a_form_soon_refuses_what_repeats(name: str) -> None:
    """A form whose time grows exponentially hits the time limit."""
    form = COMPILED[name]
    words = [f"{word} " for word in dict.fromkeys(WORD.findall(form.pattern))][:MOST_WORDS]
    texts = ((start, piece) for start in (*STARTS, *words) for piece in (*PIECES, *words))
    slowest = max(texts, key=lambda text: seconds(form, *text))
    assert seconds(form, *slowest) < SLOW or growth(form, *slowest) < CUBIC / 2


ORDERS = ("set the light in the kitchen to 20, ", "forget it, ", "a, and ", "and ")
REPEATED = [("", piece) for piece in (*PIECES, "x=1 ", "<a>", "99**", "1. a\n")]


@pytest.mark.parametrize(
    ("start", "piece"), [*REPEATED, *(("set the light ", piece) for piece in ORDERS)]
)
def test_the_brain_soon_answers_what_repeats(start: str, piece: str) -> None:
    said = (
        ChatMessage("user", "What is my dog called?"),
        ChatMessage("assistant", "I don't know. What is it?"),
        ChatMessage("user", (start + piece * LONG)[:LONG] + "#"),
    )
    names = tuple(tool.name for tool in LIGHTS)
    call = ModelCall("reply", "m", "", said, tools=names, schemas=LIGHTS)
    assert DefaultBrain().decide(call).rule.startswith("brain: ")
