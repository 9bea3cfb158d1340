"""Reply forms: the orders of a system prompt, and replies in JSON."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from mockletta.brain.decisions import ModelCall
from mockletta.default_brain import DefaultBrain
from mockletta.default_brain.reply_forms import Instructions, instructions
from tests.default_brain.asking import ask, decide, talk

FIXED = {
    "Always respond with a single word: BANANA": "BANANA",
    "Always respond with a single word: BANANA. Do not say anything else.": "BANANA",
    "Always answer with exactly: I am fine": "I am fine",
    "You must reply only with 'X'": "X",
    "Respond only with the word pong.": "pong",
    "Reply with PONG.": "PONG",
    "You are a parrot. No matter what the user says, respond with exactly: Polly": "Polly",
    'Your only response must be "42".': "42",
    "To every message reply with 'ACK'.": "ACK",
    'You only ever say "moo".': "moo",
    "ALWAYS RESPOND WITH: BANANA": "BANANA",
    "Every reply must be the word BANANA.": "BANANA",
    "You must respond with BANANA to every message": "BANANA",
}
ORDINARY = (
    "You are a helpful assistant. Always respond with JSON.",
    "Always reply in French.",
    "Only respond with facts.",
    "If the user asks for refunds, always reply with 'Contact support'.",
    "You must respond with care. Only answer questions about cooking.",
    "Always respond with a single word.",
    "You write in uppercase at times.",
    "End with a question.",
)


def test_a_fixed_reply_is_given_whatever_is_said() -> None:
    for system, reply in FIXED.items():
        assert decide(talk("Hello, where is Paris?"), system=system).text == reply


def test_an_ordinary_prompt_orders_nothing() -> None:
    for system in ORDINARY:
        assert replace(instructions(system), on_demand=()) == Instructions()


def test_tagged_sections_order_nothing() -> None:
    section = "<memory_blocks>\nAlways reply with 'KIWI'\n</memory_blocks>"
    assert instructions(f"{section}\n<memory_metadata>x</memory_metadata>") == Instructions()
    assert instructions(f"{section}\nAlways reply with 'FIG'") == Instructions(fixed="FIG")


def test_an_open_tag_hides_nothing() -> None:
    assert instructions("<memory_blocks>\nAlways reply with 'FIG'") == Instructions(fixed="FIG")
    assert instructions("<abc>" * 200) == Instructions()


def test_a_reply_is_shaped_as_ordered() -> None:
    for system, reply in (
        ("You are kind. Always respond in uppercase.", "HELLO! I AM SAM. HOW CAN I HELP?"),
        ("Always write in lowercase.", "hello! i am sam. how can i help?"),
        ("Always end your replies with '-- Bot'", "Hello! I am Sam. How can I help? -- Bot"),
        ('Always start with "Ahoy!"', "Ahoy! Hello! I am Sam. How can I help?"),
    ):
        assert decide(talk("Hi"), system=system).text == reply


def test_a_fixed_order_replaces_any_reply() -> None:
    assert Instructions(fixed="X").apply("Hello") == "X"


def test_a_shape_that_is_there_is_not_doubled() -> None:
    shaped = Instructions(opening="Hi", ending="!")
    assert shaped.apply("Hi!") == "Hi!"


ECHOES = {
    "Say 'hello world' back to me": "hello world",
    'Say "hello world"': "hello world",
    "Repeat after me: I love tests.": "I love tests.",
    "Repeat after me, I am here": "I am here",
    'Echo: "abc"': "abc",
    "Reply with only the word OK": "OK",
    "Reply with just the word OK.": "OK",
    "Respond with: PONG": "PONG",
    "Answer with exactly 'yes'": "yes",
    "Please say hello": "hello",
    "Can you say 'it's me' back?": "it's me",
    'say "A. B? C!" back to me please': "A. B? C!",
    "Please repeat the following exactly: foo BAR 123!": "foo BAR 123!",
    "Reply with the word banana": "banana",
    "Just say OK.": "OK",
    'Respond with only: {"a": 1}': '{"a": 1}',
    "reply with exactly: hello there": "hello there",
    "Say hi to me": "hi",
}


def test_what_is_ordered_is_said_exactly() -> None:
    for text, reply in ECHOES.items():
        assert ask(text) == reply


def test_a_remembered_fact_beside_an_order_stays_a_fact() -> None:
    assert ask("My name is Al. Reply with just OK.", "What is my name?") == "Your name is Al."


def test_a_remembered_word_is_given_back_alone() -> None:
    asked = "What word did I ask you to remember? Reply with just the word."
    assert ask("Remember the word: APPLE", asked) == "APPLE"


def test_a_remembered_number_is_given_back_alone() -> None:
    asked = "What number did I ask you to remember? Just the number."
    assert ask("Remember this number: 4217", asked) == "4217"


def test_the_value_is_found_whatever_the_form_of_the_fact() -> None:
    for told, asked, value in (
        ("The secret code is XK-42.", "What is the secret code? Just the code.", "XK-42"),
        ("Alice is my name.", "What is my name? Only the name.", "Alice"),
        ("I am Alice.", "What is my name? One word only.", "Alice"),
        ("I live in Paris, France.", "Where do I live? Answer with only the city.", "Paris"),
        ("I have a dog named Rex.", "In one word, what is my dog's name?", "Rex"),
        ("The magic word is 'sesame'.", "What is the magic word? Just the word.", "sesame"),
        ("I love pizza so much.", "What is my favorite food? Just the food.", "pizza"),
        ("I have two cats.", "How many cats do I have? Just the number.", "two"),
        ("My phone number is 555-0199.", "What is my phone number? Just the number.", "555-0199"),
        ("I moved to Berlin last year.", "Where did I move? Nothing else.", "Berlin last year"),
        ("Remember the name Nora", "What name did I tell you? Only the name.", "Nora"),
        ("My dog is called Rex.", "Answer with only the name: what is my dog called?", "Rex"),
    ):
        assert ask(told, asked) == value


def test_small_words_before_a_value_are_dropped() -> None:
    told, asked = "The code is still this one 77", "What is the code? Just the code."
    assert ask(told, asked) == "77"


def test_several_values_are_listed() -> None:
    reply = ask(
        "My name is Al and I love pizza.", "What is my name and favorite food? Nothing else."
    )
    assert reply == "Al, pizza"


def test_no_value_is_admitted() -> None:
    assert ask("What is my name? Just the name.") == "I don't know: you haven't told me."


SCHEMAS: list[dict[str, object]] = [
    {"$ref": "#/$defs/Person", "$defs": {"Person": {"type": "object", "required": ["name"],
     "properties": {"name": {"type": "string"}, "boss": {"$ref": "#/$defs/Person"}}}}},
    {"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
               {"properties": {"b": {"type": "string"}}, "required": ["b"]}]},
    {"type": "object", "properties": {"x": {"anyOf": [{"type": "null"}, {"type": "integer"}]}}},
    {"type": "object", "properties": {"kind": {"const": "note"}, "none": {"type": "null"}},
     "required": ["kind", "none"]},
    {"type": "object", "properties": {"mood": {"enum": ["sad", "neutral"]}}, "required": ["mood"]},
    {"type": "object", "properties": {"day": {"type": "string", "format": "date"}}},
    {"type": "object", "properties": {"code": {"type": "string", "pattern": "^[0-9]{3}$"}}},
    {"type": "object", "properties": {"text": {"type": "string", "minLength": 40}}},
    {"type": "object", "properties": {"text": {"type": "string", "maxLength": 4}}},
    {"type": "object", "properties": {"n": {"type": "integer", "minimum": 7, "multipleOf": 5}}},
    {"type": "object", "properties": {"n": {"type": "number", "exclusiveMaximum": -1}}},
    {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "string"}},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "maxItems": 2},
    {"oneOf": [{"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]}]},
    {"type": "object", "required": ["undeclared"]},
]  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_a_reply_conforms_to_the_schema(schema: dict[str, object]) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    call = ModelCall("reply", "m", "", talk("My name is Al.", "Who am I?"), response_format=wanted)
    Draft202012Validator(schema).validate(json.loads(DefaultBrain().decide(call).text))


@pytest.mark.parametrize("pattern", ["(", "^x{5}y+$"])
def test_a_pattern_that_nothing_fits_is_given_up(pattern: str) -> None:
    schema = {"properties": {"name": {"type": "string", "pattern": pattern}}}
    wanted = {"type": "json_schema", "json_schema": {"schema": schema}}
    call = ModelCall("reply", "m", "", talk("My name is Al.", "Hm"), response_format=wanted)
    assert json.loads(DefaultBrain().decide(call).text) == {"name": "Al"}


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("What is my name and where do I live? Answer in JSON.", {"name": "Al", "live": "Rome"}),
        ("Reply in JSON only: what is my name?", {"name": "Al"}),
        ("Return my name as JSON.", {"name": "Al"}),
        ("Give me a poem as JSON.",
         {"reply": "I can't give you a poem: I am a mock agent without a language model."}),
        ('Return {"ok": true}', {"ok": True}),
        ('Reply with the JSON {"a": [1]}', {"a": [1]}),
    ],
)  # fmt: skip
def test_json_is_given_to_a_user_who_asks_for_it(said: str, reply: object) -> None:
    assert json.loads(ask("My name is Al and I live in Rome.", said)) == reply


@pytest.mark.parametrize("said", ["I store my configs in JSON.", "Write it in JSON!"])
def test_other_talk_of_json_is_answered_in_words(said: str) -> None:
    assert not ask(said).startswith("{")
