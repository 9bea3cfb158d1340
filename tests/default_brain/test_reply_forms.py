"""Forms of replies: capitals, points, and yes or no alone."""

from mockletta.default_brain.reply_forms import read_form, shaped
from tests.default_brain.asking import ask, decide, user
from tests.default_brain.asking import said as said_before

BIKE = "I have a bike."
CAKE = "I need eggs, flour and butter for the cake."
FORMED = {
    "Say 'all systems go' in capital letters.": "ALL SYSTEMS GO",
    "Write HELLO in lower case": "hello",
    "Convert 'Hello' to uppercase": "HELLO",
    "Respond in all caps: hello": "HELLO",
    "Count from 1 to 3 as a list": "- 1\n- 2\n- 3",
    "Write this in uppercase: be quiet": "BE QUIET",
    "Write code that sums a list": (
        "I can't write code that sums a list: I am a mock agent without a language model."
    ),
    "Make a bulleted list out of these: tent, stove, map": "- tent\n- stove\n- map",
    "My code is in uppercase.": "Got it: your code is in uppercase.",
    "say it louder": "I have not said anything before.",
}
AGAIN = {
    (CAKE, "Give me that as a bulleted list."): "- eggs\n- flour\n- butter",
    (CAKE, "as a numbered list please"): "1. eggs\n2. flour\n3. butter",
    ("The steps are wash and dry.", "The steps? Use bullet points."): "- wash\n- dry",
    (BIKE, "Do I have a bike? Answer only with yes or no."): "Yes.",
    (BIKE, "Yes or no: do I have a bike?"): "Yes.",
}


def test_a_reply_has_the_form_that_a_message_orders() -> None:
    assert {said: ask(said) for said in FORMED} == FORMED


def test_what_was_told_is_listed_again() -> None:
    for (told, said), reply in AGAIN.items():
        history = [user(told), said_before(f"Got it: {told}"), user(said)]
        assert decide(history).text == reply


def test_a_recap_is_listed_by_its_facts() -> None:
    told = "We met Bo on Monday. The budget is 20k."
    points = "- We met Bo on Monday\n- The budget is 20k"
    assert ask(told, "Summarize this in bullet points") == points.replace("We", "You")


def test_the_last_reply_is_said_in_another_form() -> None:
    assert ask("What is 6 times 7?", "now say it in capital letters") == "FINE."


def test_a_reply_without_parts_is_no_list() -> None:
    assert shaped("bullets", "You live in Rome.") == "You live in Rome."
    assert shaped("yes_no", "You live in Rome.") == "You live in Rome."


def test_a_memory_order_keeps_its_words() -> None:
    order = "Remember that I write in lowercase"
    assert read_form(order) == (order, "")


def test_a_form_is_ordered_at_the_end_or_the_start_of_a_message() -> None:
    long = "just " * 300 + "list"
    assert read_form(long) == (long, "")
    assert read_form("x" * 2001 + " in caps") == ("x" * 2001 + " in caps", "")
