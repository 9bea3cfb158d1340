"""Summaries that facts can be read out of."""

from tests.default_brain.asking import alert, decide, summarize, talk, user


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


def test_facts_survive_a_summary_of_a_summary() -> None:
    first = alert(summarize(talk("My name is Al.", "I like tea.")))
    second = alert(summarize([first, user("I live in Rome.")]))
    assert decide([second, user("What is my name?")]).text == "Your name is Al."


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
