"""Questions, and the facts that answer them."""

from tests.default_brain.asking import ask

TOLD = (
    "Hi! I'm Carol and I work as a nurse in Oslo.",
    "I have a dog named Rex. My cat is called Luna.",
    "My birthday is on May 5 and I am 34 years old.",
    "My sister Anna lives in Rome. Her favorite color is red.",
    "I moved to Berlin last year.",
    "My favorite movie is Inception, I play the violin and I drive a Tesla.",
    "The meeting with the board is on Tuesday at 3pm in room 12.",
    "I don't like mushrooms. I enjoy hiking.",
    "My wife's name is Nora; I'm allergic to peanuts.",
    "Our project is called Falcon; the budget is $5,000.",
    "My email is carol@example.com and my phone number is 555-0199.",
    "We flew to Lima in 2019. I was born in Lyon.",
)
ANSWERS = {
    "What's my name?": "You are Carol.",
    "Who am I?": "You are Carol.",
    "whats my name": "You are Carol.",
    "What do I do for a living?": "You work as a nurse in Oslo.",
    "What is my dog called?": "You have a dog named Rex.",
    "What's the name of my cat?": "Your cat is called Luna.",
    "When is my birthday?": "Your birthday is on May 5.",
    "How old am I?": "You are 34 years old.",
    "Where does my sister live?": "Your sister Anna lives in Rome.",
    "What is my sister's name?": "Your sister Anna lives in Rome.",
    "Which city do I live in?": "You moved to Berlin last year.",
    "What's my favorite film?": "Your favorite movie is Inception.",
    "What instrument do I play?": "You play the violin.",
    "What car do I drive?": "You drive a Tesla.",
    "What time is the meeting?": "The meeting with the board is on Tuesday at 3pm in room 12.",
    "What don't I like?": "You do not like mushrooms.",
    "What's my hobby?": "You enjoy hiking.",
    "Who is my wife?": "Your wife's name is Nora.",
    "What am I allergic to?": "You are allergic to peanuts.",
    "What is our budget?": "The budget is $5,000.",
    "What's my email address?": "Your email is carol@example.com.",
    "When did we fly to Lima?": "You flew to Lima in 2019.",
    "Where was I born?": "You were born in Lyon.",
    "How many dogs do I have?": "You have a dog named Rex.",
    "Do I have a cat?": "Yes, your cat is called Luna.",
    "I forgot my wife's name. What is it?": "Your wife's name is Nora.",
}


def test_each_question_finds_its_fact_among_many() -> None:
    for asked, answer in ANSWERS.items():
        assert ask(*TOLD, asked) == answer


def test_what_none_of_them_tells_is_not_known() -> None:
    for asked in (
        "What is my brother's name?",
        "What is my favorite drink?",
        "What is my favorite color?",
        "What is the launch code?",
        "When does my train leave?",
        "Who is the president?",
    ):
        assert ask(*TOLD, asked).startswith("I don't know")


def test_a_negation_gives_way_to_a_statement() -> None:
    reply = ask(
        "The meeting is on Monday.", "The meeting is not on Tuesday.", "When is the meeting?"
    )
    assert reply == "The meeting is on Monday."


def test_a_question_for_a_time_needs_a_time() -> None:
    assert ask("My flight is long.", "When is my flight?").startswith("I don't know")
    assert ask("My flight is in June.", "Where is my flight?").startswith("I don't know")


def test_a_question_for_a_reason_needs_a_reason() -> None:
    assert ask("I moved.", "Why did I move?").startswith("I don't know")
    assert ask("I moved because of work.", "Why did I move?") == "You moved because of work."
