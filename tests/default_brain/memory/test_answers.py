"""Answers to questions, recaps and summaries."""

import pytest

from mockletta.brain.decisions import MemoryBlock
from tests.default_brain.asking import alert, ask, decide, said, summarize, talk, user

ALICE = "My name is Alice and I love pizza."


def test_two_things_told_in_one_sentence_answer_two_questions() -> None:
    assert ask(ALICE, "What's my name and favorite food?") == (
        "Your name is Alice and you love pizza."
    )


def test_two_user_messages_in_a_row_are_a_fact_and_a_question() -> None:
    messages = [user("My name is Zoe."), user("What is my name?")]
    assert decide(messages).text == "Your name is Zoe."


def test_the_known_half_of_a_question_is_answered() -> None:
    assert ask(ALICE, "What is my name and what is my age?") == (
        "Your name is Alice. I don't know your age, as far as I understood what I was told."
    )


def test_the_closest_fact_is_offered_as_just_that() -> None:
    told = "My favorite color is blue."
    assert ask(told, "What is my sister's favorite color?") == (
        "I don't know your sister's favorite color. "
        "What I have on that: your favorite color is blue."
    )


def test_the_assistants_words_are_no_facts() -> None:
    messages = [user("Hi"), said("My name is Sam."), user("What is my name?")]
    assert (
        decide(messages).text == "I don't know your name. You haven't told me in this conversation."
    )


def test_the_history_comes_before_the_blocks() -> None:
    blocks = (MemoryBlock("human", "Name: Dora"),)
    assert ask(ALICE, "What is my name?", blocks=blocks) == "Your name is Alice."


def test_the_system_prompt_answers_last() -> None:
    decision = decide(talk("What is the magic word?"), system="The magic word is tulip.")
    assert decision.text == "The magic word is tulip."


def test_a_question_about_a_topic_lists_what_is_known_of_it() -> None:
    assert ask("Rex is my dog.", "My dog is brown.", "Tell me about my dog.") == (
        "Rex is your dog and your dog is brown."
    )


def test_a_question_may_follow_an_opening() -> None:
    for asked in ("Quick question: what is my name?", "Answer: what is my name?"):
        assert ask(ALICE, asked) == "Your name is Alice."


def test_everything_known_is_listed() -> None:
    blocks = (MemoryBlock("human", "Likes tea."), MemoryBlock("persona", "I am Sam."))
    assert ask(ALICE, "What do you know about me?", blocks=blocks) == (
        "Here is what I know: your name is Alice; you love pizza; you like tea."
    )


def test_small_talk_is_nothing_that_was_told() -> None:
    assert ask("ping", "What do you know about me?") == (
        "I don't know anything about you yet. You haven't told me in this conversation."
    )


def test_what_would_be_is_no_answer_to_what_is() -> None:
    told = "If I were rich I would buy a boat."
    assert ask(told, "Am I rich?").startswith("I don't know")
    assert ask(told, "What would I buy if I were rich?") == "If you were rich you would buy a boat."


def test_the_first_message_is_quoted() -> None:
    assert ask("I am Al.", "Hm.", "What was my first message?") == 'You said: "I am Al."'


def test_a_summary_lists_what_the_user_told() -> None:
    messages = talk("My name is Al.", "What is 1+1?", "I like tea.", "Bye")
    assert summarize(messages) == (
        "Summary of the earlier conversation.\nThe user said:\n"
        "- My name is Al.\n- I like tea.\n- Bye"
    )


def test_facts_survive_a_summary() -> None:
    summary = alert(summarize(talk("My name is Al.", "Remember the word: FIG", "Hi")))
    assert decide([summary, user("What is my name?")]).text == "Your name is Al."
    asked = "What word did I ask you to remember? Just the word."
    assert decide([summary, user(asked)]).text == "FIG"


def test_a_summary_has_at_most_a_thousand_characters() -> None:
    messages = talk("My name is Al.", *(f"The number {n} is {'x' * 90}." for n in range(99)))
    summary = summarize(messages)
    assert len(summary) <= 1000
    assert "My name is Al." in summary


def test_an_empty_conversation_has_a_summary() -> None:
    assert summarize([]) == "Summary of the earlier conversation. The user has not told anything."


def test_a_message_swallowed_by_a_summary_is_still_answered() -> None:
    summary = alert(summarize(talk("My name is Al.", "What is my name?")))
    assert decide([summary]).text == "Your name is Al."


def test_an_alert_is_not_the_users_newest_message() -> None:
    assert decide([user("My name is Al."), alert("Something.")]).text == "Got it: your name is Al."


def test_the_agents_own_words_are_quoted() -> None:
    assert ask("Hm.", "What did you just say?") == 'I said: "Fine."'
    assert ask("Please repeat that.") == "I have not said anything before."


def test_the_client_answers_for_itself() -> None:
    told = "<context>\nThe sky is green.\nPlan: gold\n</context>\n"
    assert ask(f"{told}Is the sky green?") == "According to your client: The sky is green."
    assert ask(f"{told}What is my plan?") == "According to your client: Plan: gold."


DEVICE = """<system-reminder>
- **Agent name**: Coder
- **Current working directory**: /srv/atlas
- pdf (bundled): Guide for files. Use when a git repository has files in it.
?? notes.md
</system-reminder>
"""


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("What is the current directory?", "According to your client: Current working directory: "),
        ("What's my name?", "I don't know your name"),
        ("Where do I live?", "I don't know where you live"),
        ("Is this a git repository?", "I don't know whether this is a git repository"),
        ("What's in notes.md?", "I don't know what is in notes.md"),
    ],
)  # fmt: skip
def test_the_client_answers_only_what_it_names(question: str, reply: str) -> None:
    assert ask(f"{DEVICE}{question}").startswith(reply)


def test_a_guide_for_the_agent_is_no_fact_about_the_user() -> None:
    guide = "Learn through the work.\nWhat are they building?\nWatch what they skip.\nGoals.\n"
    blocks = (
        MemoryBlock("human", f"{guide}Keep what helps.\nI prefer pnpm."),
        MemoryBlock("persona", "I like calm. Ask when the answer changes the next move."),
    )
    assert (
        ask("What do you know about me?", blocks=blocks) == "Here is what I know: you prefer pnpm."
    )
    assert ask("Where do I live?", blocks=blocks).startswith("I don't know where you live")
    assert ask("What changed?", blocks=blocks).startswith("I don't know")
    assert ask("What do I prefer?", blocks=blocks) == "You prefer pnpm."
    persona = MemoryBlock("persona", "I set the pace, and what done looks like.")
    assert ask("What do I prefer?", blocks=(persona,)).startswith("I don't know what you prefer.")


def test_a_manual_for_the_agent_answers_no_question() -> None:
    manual = "You delegate work. Delegation protects your budget. Be brief. " * 7
    asked = [user("What did I say about the budget?")]
    assert decide(asked, system=manual).text.startswith("I don't know anything about the budget")
    assert decide(asked, system="The budget is 40 euros.").text == "The budget is 40 euros."


def test_that_something_never_came_up_is_said_only_if_nothing_names_it() -> None:
    order = "Invite these people to the party: Ann, Bo"
    assert "You haven't told me" in ask(order, "What is my name?")
    assert ask(order, "Who is invited to the party?").endswith(f': you said "{order}".')
    assert "I understood" in ask("Yo, Tomas here, cook at Bo's", "What is my name?")
    assert "I understood" in ask("Write a poem about the sea.", "How deep is the sea?")
