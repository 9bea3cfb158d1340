"""Small talk, and what the default brain says of itself and cannot do."""

from mockletta.brain.decisions import MemoryBlock, ModelCall, Skill
from mockletta.default_brain import DefaultBrain
from mockletta.language.small_talk import small_talk
from tests.default_brain.asking import BLOCKS, ask, decide, talk
from tests.default_brain.tools import tool


def test_a_greeting_is_answered_with_one() -> None:
    for text in ("Hello!", "hi", "Hey there \U0001f44b", "Good morning, Sam!", "Hello, world"):
        assert ask(text) == "Hello! I am Sam. How can I help?"


def test_a_nameless_agent_greets_too() -> None:
    assert decide(talk("Hi"), agent_name="").text == "Hello! How can I help?"


def test_a_greeting_may_open_a_statement() -> None:
    assert ask("Hello, my name is Alice.") == "Hello! Got it: your name is Alice."


def test_noise_is_no_fact() -> None:
    assert ask("asdfgh", "oops. Her name is Pixel by the way.") == "Got it: her name is Pixel."


def test_long_talk_is_not_small() -> None:
    assert small_talk("thanks " * 40) is None


def test_offered_skills_are_named() -> None:
    skills = (Skill("pdf", "Reads PDFs"), Skill("x"))
    for asked in ("What skills do you have?", "Which skills are available?"):
        reply = decide(talk(asked), skills=skills).text
        assert reply == "I have these skills:\n- pdf: Reads PDFs\n- x"


def test_no_skills_are_admitted() -> None:
    assert ask("Do you have any skills?") == (
        "I have no skills: none were offered with this request."
    )


def test_the_users_skills_are_another_matter() -> None:
    assert (
        ask("What are my skills?")
        == "I don't know your skills. You haven't told me in this conversation."
    )


def test_tools_are_named() -> None:
    assert decide(talk("What tools do you have?"), tools=("a", "b")).text == "My tools: a, b."
    assert decide(talk("Which tools do you have?"), tools=()).text == "I have no tools."


def test_an_agent_says_what_it_is_and_has_when_asked_what_it_can_do() -> None:
    weather, system = tool("get_weather", city="string"), "You are Juno, a coach."
    call = ModelCall("reply", "m", system, talk("What can you do?"), schemas=(weather,))
    assert DefaultBrain().decide(call).text.endswith(" I am Juno, a coach. My tools: get_weather.")


def test_a_block_is_shown() -> None:
    for asked in ("What is in your human block?", "Show me the human block"):
        assert ask(asked, blocks=BLOCKS) == "human: Test user"
    assert ask("what's in your persona?", blocks=BLOCKS) == "persona: I am Sam."
    assert ask("Describe yourself!", blocks=BLOCKS) == "I am Sam."


def test_all_blocks_are_shown() -> None:
    for asked in ("List your memory blocks", "How many blocks do you have?"):
        assert ask(asked, blocks=BLOCKS) == "human: Test user\npersona: I am Sam."


def test_no_blocks_are_admitted() -> None:
    assert ask("List your memory blocks") == "I have no memory blocks."
    assert ask("What is in your memory?") == "I have no memory blocks."


def test_an_empty_block_is_said_to_be_empty() -> None:
    blocks = (MemoryBlock("to_do", ""),)
    assert ask("What is in your to do block?", blocks=blocks) == "to_do is empty."
