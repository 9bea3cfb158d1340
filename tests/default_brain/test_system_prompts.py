"""Orders to say something, in the message and in the system prompt."""

from dataclasses import replace

from mockletta.default_brain.exact_replies import echo
from mockletta.default_brain.system_prompts import Instructions, read_orders
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
    "You write in uppercase at times.",
    "End with a question.",
)


def test_a_fixed_reply_is_given_whatever_is_said() -> None:
    for system, reply in FIXED.items():
        assert decide(talk("Hello, where is Paris?"), system=system).text == reply


def test_an_ordinary_prompt_orders_nothing() -> None:
    for system in ORDINARY:
        assert replace(read_orders(system), on_demand=()) == Instructions()


def test_tagged_sections_order_nothing() -> None:
    section = "<memory_blocks>\nAlways reply with 'KIWI'\n</memory_blocks>"
    assert read_orders(f"{section}\n<memory_metadata>x</memory_metadata>") == Instructions()
    assert read_orders(f"{section}\nAlways reply with 'FIG'") == Instructions(fixed="FIG")


def test_an_open_tag_hides_nothing() -> None:
    assert read_orders("<memory_blocks>\nAlways reply with 'FIG'") == Instructions(fixed="FIG")
    assert read_orders("<abc>" * 200) == Instructions()


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


def test_what_names_no_text_is_no_order() -> None:
    for text in (
        "Say something funny",
        "Reply with a poem",
        "Reply with 'yes' or 'no'",
        "Always respond with JSON",
        "Respond with",
        "Say my secret",
    ):
        assert echo(text) is None


def test_an_order_may_stand_anywhere_among_few_sentences() -> None:
    assert echo("I am Al. Reply with just OK.") == "OK"
    assert echo("One. " * 12 + "Reply with just OK.") is None


def test_what_is_said_has_the_case_that_is_asked_for() -> None:
    assert ask("Say hello in uppercase") == "HELLO"
    assert ask("Say Good Night in lower case") == "good night"
