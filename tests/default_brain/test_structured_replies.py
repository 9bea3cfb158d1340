"""Structured replies: bare answers, and JSON."""

import json

import pytest
from jsonschema import Draft202012Validator

from mockletta.brain.decisions import ModelCall
from mockletta.default_brain import DefaultBrain
from tests.default_brain.asking import ask, talk


def test_a_remembered_fact_beside_an_order_stays_a_fact() -> None:
    assert ask("My name is Al. Reply with just OK.", "What is my name?") == "Your name is Al."


def test_a_remembered_word_is_given_back_alone() -> None:
    asked = "What word did I ask you to remember? Reply with just the word."
    assert ask("Remember the word: APPLE", asked) == "APPLE"


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


def test_several_values_are_listed() -> None:
    reply = ask(
        "My name is Al and I love pizza.", "What is my name and favorite food? Nothing else."
    )
    assert reply == "Al, pizza"


def test_a_value_is_told_alone_beside_what_tells_it() -> None:
    assert ask("I live in Bonn and I teach. Reply with just the city.") == "Bonn"


def test_no_value_is_admitted() -> None:
    assert ask("What is my name? Just the name.") == "I don't know."


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
        ("Return this as JSON: city Lund, zip 21119", {"city": "Lund", "zip": 21119}),
        ("Give me plan: pro and seats: 4 as JSON", {"plan": "pro", "seats": 4}),
        ('Return {"ok": true}', {"ok": True}),
        ('Reply with the JSON {"a": [1]}', {"a": [1]}),
    ],
)  # fmt: skip
def test_json_is_given_to_a_user_who_asks_for_it(said: str, reply: object) -> None:
    assert json.loads(ask("My name is Al and I live in Rome.", said)) == reply


@pytest.mark.parametrize("said", ["I store my configs in JSON.", "Write it in JSON!"])
def test_other_talk_of_json_is_answered_in_words(said: str) -> None:
    assert not ask(said).startswith("{")


def test_a_schema_is_filled_from_the_message_itself() -> None:
    texts = {"type": "array", "items": {"type": "string"}}
    properties = {"city": {"type": "string"}, "degrees": {"type": "number"}, "tags": texts}
    asked = {"json_schema": {"schema": {"type": "object", "properties": properties}}}
    said = talk("It is 21.5 degrees in Lyon.")
    call = ModelCall("reply", "mock", "", said, (), (), (), "Sam", response_format=asked)
    filled = json.loads(DefaultBrain().decide(call).text)
    assert filled == {"city": "Lyon", "degrees": 21.5, "tags": []}


def test_keys_that_a_message_names_are_filled() -> None:
    order = "Reply with a JSON object with the keys name and age: I'm Rosa and I'm 29."
    assert json.loads(ask(order)) == {"name": "Rosa", "age": 29}


def test_values_that_a_message_gives_for_its_keys_are_taken() -> None:
    order = 'Give me JSON with the keys name, age and fit and values "Bo", 7 and true.'
    assert json.loads(ask(order)) == {"name": "Bo", "age": 7, "fit": True}
    order = 'Reply with JSON with the keys state and code, where state is "ok" and code is 200.'
    assert json.loads(ask(order)) == {"state": "ok", "code": 200}
    assert json.loads(ask("Reply in JSON with keys a and b, values ok")) == dict.fromkeys(
        ("a", "b"), "unknown"
    )


@pytest.mark.parametrize("items", [{"$ref": "#"}, {"type": "string"}])
def test_a_schema_without_end_is_filled_in_part(items: dict[str, str]) -> None:
    schema = {"type": "array", "minItems": 10**9, "items": items}
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    call = ModelCall("reply", "m", "", talk("My name is Al.", "Hm"), response_format=wanted)
    assert 0 < len(json.loads(DefaultBrain().decide(call).text)) <= 2000


def test_a_number_without_end_is_a_huge_one() -> None:
    said = f"I am 1{',999' * 200} years old. Give me that as json with the keys age and city"
    assert json.loads(ask(said)) == {"age": 10**9, "city": "unknown"}
