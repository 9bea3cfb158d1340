"""Tool orders, by a tool's name and by what the tool does."""

import json
from dataclasses import replace

import pytest

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ToolCall, ToolSchema
from mockletta.default_brain import DefaultBrain
from tests.default_brain.asking import only_call
from tests.default_brain.test_default_brain import ODD
from tests.default_brain.tools import TOOLS, call_to, called, replied, tool


@pytest.mark.parametrize(
    "text",
    [
        'Call the tool double with {"x": 4}',
        'call tool double with {"x": 4}.',
        'Please use the double tool with the arguments {"x": 4} and tell me what it says.',
        'Thanks! Could you please call the function `double` with: {"x": 4}?',
        'I have a number.\nUse Double with the following JSON:\n```json\n{"x": 4}\n```',
        "Run double(x=4)",
        "Invoke double with x = 4, please",
        "Call double with 4.",
        "Use the double tool on 4",
        "Now use double for the number four",
        "IMPORTANT: call double now, with x=4!",
        "Call double with x=4 and be quick",
        "double(x=4)",
        "I want to use the double tool with x=4",
        "Look at the number and then call double with x=4",
    ],
)
def test_an_order_is_a_call(text: str) -> None:
    assert called(text) == ("double", {"x": 4})


@pytest.mark.parametrize(
    "text",
    [
        'Call flights with {"origin": "New York", "destination": "Rome"}',
        "Call flights with origin=New York, destination=Rome.",
        "call flights with origin='New York' and destination=\"Rome\"!",
        "Use the flights tool to get from New York to Rome",
    ],
)
def test_texts_can_be_given_with_quotes_and_without(text: str) -> None:
    assert called(text) == ("flights", {"origin": "New York", "destination": "Rome"})


def test_values_are_what_json_or_python_makes_of_them_unless_they_are_to_be_texts() -> None:
    text = "Use the tool order_status with order_id=77, a=1.5, b=[1, 2], c=True, d=None, e=x, f=NaN"

    assert called(text) == (
        "order_status",
        {"order_id": "77", "a": 1.5, "b": [1, 2], "c": True, "d": None, "e": "x", "f": "NaN"},
    )


def test_arguments_are_handed_on_whether_they_fit_or_not() -> None:
    assert called('Call the tool double with {"y": [{"z": "}"}]}') == (
        "double",
        {"y": [{"z": "}"}]},
    )


def test_a_tool_without_parameters_needs_none() -> None:
    for text in ("Call getTime", "Use the gettime tool now!", "run `getTime` please"):
        assert called(text) == ("getTime", {})


def test_base_tools_can_be_ordered_as_well() -> None:
    arguments = '{"label": "human", "new_string": "x"}'
    assert called(f"Call memory_insert with {arguments}")[0] == "memory_insert"


def test_what_is_missing_is_said() -> None:
    assert replied("Call get_weather") == "To call get_weather I need: city."
    assert replied("How is the weather?") == "To call get_weather I need: city."
    assert replied("Use the length tool for 5") == "To call length I need: amount, unit."


@pytest.mark.parametrize(
    "arguments",
    ["{", '{"x": ', "{x: 4}", '{"x": NaN}', '{"x": "\\ud800"}', '{"x": ' + "[" * 5000],
)
def test_arguments_that_cannot_be_read_are_said_to_be_so(arguments: str) -> None:
    assert replied(f"Call the tool double with {arguments}") == (
        "I can't read the arguments for double: please write them as a JSON object, or as in "
        'a=1, b="x".'
    )


def test_a_text_that_cannot_be_written_is_taken_as_it_stands() -> None:
    assert called('Call double with x="\\ud800"') == ("double", {"x": '"\\ud800"'})


def test_a_tool_that_there_is_not_is_said_to_be_missing() -> None:
    tools = (tool("double"),)
    assert replied("Call the tool treble with {}", tools=tools) == (
        'I have no tool "treble". My tools: double.'
    )
    assert replied("Use the `treble` tool with {}", tools=()) == (
        'I have no tool "treble". I have no tools.'
    )


@pytest.mark.parametrize(
    "text",
    [
        "Use double entry bookkeeping.",
        "I call double with pleasure.",
        "Call me Al.",
        "Use the tool to do it.",
        "Call treble with {}",
    ],
)
def test_other_words_are_no_order(text: str) -> None:
    assert not replied(text).startswith(("I can't read", "To call", "I have no"))


def test_rule_three_goes_before() -> None:
    assert called("Use memory_insert to save that I like tea") == (
        "memory_insert",
        {"label": "human", "new_string": "I like tea."},
    )


def test_it_can_be_switched_off() -> None:
    for text in ('Call the tool double with {"x": 4}', "What is the weather in Paris?"):
        call = call_to(text)
        assert DefaultBrain().decide(call).tool_calls
        assert not DefaultBrain(without=("tool-order", "tool")).decide(call).tool_calls


def test_the_order_of_a_system_prompt_binds() -> None:
    call = call_to("Call getTime", system="Always respond with: No")
    assert DefaultBrain().decide(call).text == "No"


@pytest.mark.parametrize(("status", "words"), [("OK", "returned: 8"), ("Failed", "failed: 8")])
def test_what_was_returned_is_reported(status: str, words: str) -> None:
    made = ToolCall("call-1", "double", '{"x": 4}')
    messages = [
        ChatMessage("user", 'Call the tool double with {"x": 4}'),
        ChatMessage("assistant", "", (made,)),
        ChatMessage("tool", f'{{"status": "{status}", "message": "8"}}', tool_call_id="call-1"),
    ]
    call = ModelCall("reply", "mock", "", messages, step=2, schemas=TOOLS)

    assert DefaultBrain().decide(call).text == f"The tool double {words}"


def test_several_returns_are_all_reported() -> None:
    calls = tuple(ToolCall(f"call-{one}", "double", f'{{"x": {one}}}') for one in (1, 2))
    messages = [
        ChatMessage("user", "Go!"),
        ChatMessage("assistant", "", calls),
        ChatMessage("tool", '{"status": "OK", "message": "2"}', tool_call_id="call-1"),
        ChatMessage("tool", '{"status": "Failed", "message": "4"}', tool_call_id="call-2"),
    ]

    said = DefaultBrain().decide(ModelCall("reply", "mock", "", messages, step=2)).text

    assert said == "The tool double returned: 2 The tool double failed: 4"


def test_no_later_step_calls_again() -> None:
    for text in ("Call getTime", "What is the weather in Paris?"):
        assert DefaultBrain().decide(call_to(text, step=2)).tool_calls == ()


def test_odd_input_never_fails() -> None:
    for piece in ODD:
        for start in ("call double with ", "use the tool double ", "call get_weather with city="):
            for text in (start + piece, start + piece * 60, f"{piece}? {start}{{{piece}}}"):
                decision = DefaultBrain().decide(call_to(text))
                assert decision.text or decision.tool_calls


EVERY_KIND = tool(
    "odd",
    "",
    flag="boolean",
    list="array",
    thing={"type": "object"},
    colour={"enum": ["red", "blue"], "type": "string"},
    many="integer",
    note="string",
    strange={"type": ["x"]},
)


def demanded(text: str, *due: str, step: int = 1) -> tuple[str, object]:
    call = replace(call_to(text, tools=(*TOOLS, EVERY_KIND), step=step), due=due)
    made = only_call(DefaultBrain(without=("tool-order", "tool")).decide(call))
    return made.name, json.loads(made.arguments)


@pytest.mark.parametrize("step", [1, 2])
def test_what_is_demanded_is_called_whatever_the_message_says(step: int) -> None:
    assert demanded("Hello!", "getTime", "double", step=step) == ("getTime", {})
    assert demanded("Twice 4 is?", "double") == ("double", {"x": 4})


def test_what_a_message_does_not_hold_is_made_up() -> None:
    assert demanded("Hello!", "get_weather") == ("get_weather", {"city": "Hello!"})
    assert demanded("Hello!", "odd") == (
        "odd",
        {
            "flag": False,
            "list": [],
            "thing": {},
            "colour": "red",
            "many": 0,
            "note": "Hello!",
            "strange": None,
        },
    )
    assert demanded("Use blue.", "odd")[1] != demanded("Hello!", "odd")[1]


def test_a_tool_without_a_schema_is_called_without_arguments() -> None:
    assert demanded("Hello!", "unknown") == ("unknown", {})
    required = ToolSchema("bare", "", {"required": ["x"]})
    call = replace(call_to("Hi", tools=(required,)), due=("bare",))
    assert only_call(DefaultBrain().decide(call)).arguments == '{"x": null}'


def test_an_order_of_the_system_prompt_waits_until_it_was_called() -> None:
    call = call_to("Hi", system="Always respond with: Yes.")

    assert DefaultBrain().decide(call).text == "Yes"
    assert only_call(DefaultBrain().decide(replace(call, due=("getTime",)))).name == "getTime"


def after(status: str, name: str = "getTime") -> Decision:
    """What is decided once a tool has returned, when `getTime` is demanded."""
    returned = json.dumps({"status": status, "message": "Noon."})
    made = ChatMessage("assistant", "", (ToolCall("call-1", name, "{}"),))
    call = call_to("Hi", step=2)
    messages = [*call.messages, made, ChatMessage("tool", returned, tool_call_id="call-1")]
    return DefaultBrain().decide(replace(call, messages=messages, due=("getTime",)))


def test_what_has_just_failed_is_not_called_again_at_once() -> None:
    assert after("Failed").text == "The tool getTime failed: Noon."
    assert only_call(after("OK")).name == "getTime"
    assert only_call(after("Failed", "double")).name == "getTime"


def every_call(text: str, *more: ToolSchema) -> list[str]:
    """The arguments of all calls that a message leads to."""
    made = DefaultBrain().decide(call_to(text, tools=(*TOOLS, *more))).tool_calls
    return [call.arguments for call in made]


def test_a_tool_may_be_named_at_the_end() -> None:
    assert every_call("Look up Oslo with the get_weather tool.") == ['{"city": "Oslo"}']


def test_a_broken_object_behind_a_sound_one_is_left_out() -> None:
    assert every_call('Call double with {"x": 1} and {"x": ') == ['{"x": 1}']


def test_a_tool_that_takes_a_count_is_called_once() -> None:
    ring = tool("ring_bell", "Ring the bell.", times="integer")
    assert every_call("Call ring_bell 3 times", ring) == ['{"times": 3}']


def test_several_arguments_are_no_list_of_values() -> None:
    trip = tool("find_trip", "", origin="string", destination="string")
    found = every_call("Call find_trip twice with Rome and Oslo", trip)
    assert found == ['{"origin": "Rome", "destination": "Oslo"}'] * 2


def test_an_unknown_key_ends_the_arguments() -> None:
    assert every_call("Call get_weather with city: Rome, as: soon") == ['{"city": "Rome"}']


def test_an_array_is_written_as_a_list() -> None:
    assert every_call("Call plan with days=Monday and Tuesday") == [
        '{"days": ["Monday", "Tuesday"]}'
    ]


def test_a_value_that_a_description_names_is_found() -> None:
    ticket = ToolSchema("create_ticket", "Create a ticket.", {"properties": {
        "title": {"type": "string"},
        "priority": {"type": "string", "description": "low, medium or high."},
    }, "required": ["title"]})  # fmt: skip
    found = every_call("Create a ticket titled 'Down' with high priority", ticket)
    assert found == ['{"title": "Down", "priority": "high"}']


@pytest.mark.parametrize(
    ("said", "name"),
    [("Use the calculator tool to add 2.", "calculator"), ("Call drop_all now", "drop_all")],
)
def test_a_tool_that_does_not_exist_is_named(said: str, name: str) -> None:
    assert replied(said).startswith(f'I have no tool "{name}".')


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("What is the weather in Paris?", "get_weather", {"city": "Paris"}),
        ("whats the weather like in san francisco today", "get_weather", {"city": "san francisco"}),
        ("Tell me the weather for New York City.", "get_weather", {"city": "New York City"}),
        ("I live in Rome. What's the weather?", "get_weather", {"city": "Rome"}),
        ("Hello! Do you know what the time is?", "getTime", {}),
        ("What is the double of 21?", "double", {"x": 21}),
        ("Can you double twelve, please?", "double", {"x": 12}),
        ("What is the share of 7.5 percent of 1,200?", "share", {"percent": 7.5, "sum": 1200}),
        ("What do the docs say about caching?", "search_docs", {"query": "caching"}),
        ("How do the docs describe it?", "search_docs", {"query": "describe it"}),
        ("What is the status of order 77?", "order_status", {"order_id": "77"}),
        ("Can you delete the user Bob?", "delete_user", {"name": "Bob"}),
        (
            "Which flights are there from Paris to Rome?",
            "flights",
            {"origin": "Paris", "destination": "Rome"},
        ),
        ("What length is 5 km?", "length", {"amount": 5, "unit": "km"}),
    ],
)
def test_a_tool_that_clearly_answers_is_called(
    text: str, name: str, arguments: dict[str, object]
) -> None:
    assert called(text) == (name, arguments)


@pytest.mark.parametrize(
    "text",
    [
        "What is the name of the weather presenter on TV?",
        "Who is the user Bob?",
        "What is the plan?",
        "According to your memory, what is the weather in Paris?",
        "What did I say about the weather in Paris?",
        "What is my name?",
    ],
)
def test_no_tool_is_called_where_that_is_not_clear(text: str) -> None:
    assert replied(text).startswith("I don't know")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("What tools do you have to get the weather in Paris?", "My tools:"),
        ("Say 'What is the weather in Paris?'", "What is the weather in Paris?"),
        ("How are you?", "I'm doing well"),
        ("What is the time? What do you know about me?", "Here is what I know"),
    ],
)
def test_other_rules_go_before(text: str, start: str) -> None:
    assert replied(text).startswith(start)


def test_what_was_told_goes_before() -> None:
    told = "The weather in Paris is rainy."
    assert replied(told, "What is the weather in Paris?") == told


def test_base_tools_are_not_called_by_questions() -> None:
    question = "What does the conversation search say about the history?"
    assert replied(question, tools=TOOLS[:2]).startswith("I don't know")


def test_two_tools_that_fit_as_well_are_not_clear() -> None:
    twins = (tool("east_weather"), tool("west_weather"))
    assert replied("How is the weather?", tools=twins).startswith("I don't know")
    assert called("How is the weather?", tools=(*twins, tool("weather"))) == ("weather", {})


@pytest.mark.parametrize(
    "parameters",
    [
        {"required": "x"},
        {"required": ["x"]},
        {"required": [{}], "properties": []},
        {"required": ["x"], "properties": {"x": 5, 6: {}}},
        {"required": ["x"], "properties": {"x": {"type": {}, "anyOf": "x", "enum": 5}}},
        {"required": ["x"], "properties": {"x": {"anyOf": [1, {"type": "string"}, {}]}}},
        {"required": ["x"], "properties": {"x": {"type": "string", "enum": ["", 1, "("]}}},
        {"required": ["", "_"], "properties": {"": {"type": "string"}, "_": {"type": "number"}}},
    ],
)
def test_odd_schemas_and_odd_input_never_fail(parameters: dict[str, object]) -> None:
    tools = (*TOOLS, ToolSchema("odd", "The oddity", parameters))
    for piece in ODD:
        for text in (f"What is the odd oddity of {piece}?", f"odd oddity? {piece * 40}"):
            decision = DefaultBrain().decide(call_to(text, tools=tools))
            assert decision.text or decision.tool_calls
