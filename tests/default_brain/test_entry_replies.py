"""What the default brain cannot do, and what it says of itself and of others' moods."""

from tests.default_brain.asking import ask, decide, said, user

MOCK = "I am a mock agent without a language model"
KEEPS = "I keep what you tell me in this conversation, and in my memory blocks when you ask me to."
SHARES = (
    "Yes: what you ask me to remember goes into my memory blocks, which all my conversations share."
)
CONGRATULATED = {
    "I finished my first marathon!!!": "Congratulations! You finished your first marathon.",
    "We won the finals!": "Congratulations! You won the finals.",
    "My son graduated.": "Congratulations! Your son graduated.",
    "My bike was stolen.": "I'm sorry to hear that your bike was stolen.",
    "My grandmother passed away.": "I'm sorry to hear that your grandmother passed away.",
    "I'm so happy": "I'm glad to hear that you are so happy.",
    "I feel awful today": "I'm sorry to hear that you feel awful today.",
    "We had a lovely picnic!": "I'm glad to hear that you had a lovely picnic.",
    "We're going out for dinner tonight!": "Enjoy it!",
    "We are going to the park on 3 May.": "Got it: you are going to the park on 3 May.",
    "We just got a kitten!!": "Congratulations! You just got a kitten.",
    "I hate this!": "Got it: you hate this.",
    "I passed the ball to Bo.": "Got it: you passed the ball to Bo.",
    "ugh, I dropped my phone": "I'm sorry to hear that you dropped your phone.",
    "My build broke again, argh": "I'm sorry to hear that your build broke again.",
    "I spilled the beans.": "Got it: you spilled the beans.",
    "I broke the record!": "Got it: you broke the record.",
    "We finally launched it": "Congratulations! You finally launched it.",
    "I aced the interview!": "Congratulations! You aced the interview.",
    "My PR got merged!": "Congratulations! Your PR got merged.",
    "I finished my coffee.": "Got it: you finished your coffee.",
    "work is so stressful": "I'm sorry to hear that work is so stressful.",
    "I'm not feeling well": "I'm sorry to hear that you are not feeling well.",
    "I think I'm getting sick": "I'm sorry to hear that you think you are getting sick.",
    "our flight got cancelled": "I'm sorry to hear that your flight got cancelled.",
    "wow, I finally beat the boss": "Congratulations! You finally beat the boss.",
    "My best friend is Ann.": "Got it: your best friend is Ann.",
}
SMALL_TALK = {
    "Can you remember things between conversations?": SHARES,
    "Will you remember this tomorrow?": SHARES,
    "Do you keep track of what I tell you?": KEEPS,
    "Are you able to keep notes?": KEEPS,
    "Do you ever forget things?": KEEPS,
    "just burned my toast, ugh": "I'm sorry to hear that.",
    "yep, it stopped working lol": "I'm sorry to hear that.",
    "dropped my mug in the sink": "I'm sorry to hear that.",
    "nope, still broken": "I'm sorry to hear that.",
    "it won't start up anymore": "I'm sorry to hear that.",
    "the tests are finally green!": "Glad to hear that!",
    "slow day at work": "All right.",
    "so nervous though": "I'm sorry to hear that.",
    "just tested positive for covid :(": "I'm sorry to hear that.",
    "never mind, feeling better": "Glad to hear that!",
    "Sorry, I live in Rome": "Got it: you live in Rome.",
    "your jokes are really funny": "That's kind of you, thank you!",
    "this bot is awful": f"I'm sorry. {MOCK} and do what I can.",
    "that sounds like a lovely plan": "Glad to hear that!",
    "This is my sister Ann.": "Got it: this is your sister Ann.",
    "will have to buy a new one i guess": "All right.",
    "you know what i mean": "All right.",
    "I had a rough day at work": "I'm sorry to hear that you had a rough day at work.",
    "Nevermind, talk to you tomorrow": "Goodbye!",
    "u there?": "Yes, I'm here.",
    "What shall we talk about?": "I can remember what you tell me, answer questions about it, "
    "update memory blocks, repeat and count.",
    "oh and allergic to nuts": "Got it: you are allergic to nuts.",
    "I'm looking for a good plumber": "Got it: you are looking for a good plumber.",
    "one sec, someone's at the door": "All right.",
    "they rebooked me for tomorrow": "Got it: they rebooked you for tomorrow.",
    "stop being so formal": f"I can't stop being so formal: {MOCK}.",
    "are you human?": f"No, {MOCK}.",
    "so are you just a chatbot": f"Yes, {MOCK}.",
    "can I talk to a real person please": f"There is no human behind me: {MOCK}.",
    "i hope it stops raining": "I hope so too.",
    "any good movies lately?": f"I have no opinion on that: {MOCK}.",
    "mic check, 1 2": "It works: I received your test.",
    "nice, you're alive": "Great. What else can I do for you?",
    "it finally compiles": "Glad to hear that!",
    "so bored at home": "All right.",
    "lol fair point": "All right.",
    "Another joke!": "Why was the unit test so calm? Nothing that it met was real.",
    "Happy new year!": "Thank you, the same to you!",
    "haha that's great": "Great. What else can I do for you?",
    "Good night 😴": "Goodbye!",
    "You're really helpful, you know that?": "That's kind of you, thank you!",
    "sorry, that was rude of me": "No problem.",
    "Not much, just waiting for Bo.": "All right.",
    "Can you do math?": "Yes, go ahead.",
    "not really": "All right.",
    "cheers, that was really helpful": "You're welcome!",
    "Which bike should we get?": f"I have no opinion on that: {MOCK}.",
    "That's not true.": "I'm sorry. What should it be?",
    "Are you able to write poems?": f"I can't write poems: {MOCK}.",
    "Do you have access to the internet?": f"Not that I know: {MOCK}.",
    "When were you made?": f"I can't tell: {MOCK}.",
    "give me advice": f"I can't give you advice: {MOCK}.",
    "Summarize this text: The fox jumps.": f"I can't summarize this text: {MOCK}.",
    "Correct my grammar: he go home": f"I can't correct your grammar: {MOCK}.",
    "What would you do in my place?": f"I have no opinion on that: {MOCK}.",
}
UNKNOWN = {
    "What's the weather like in Boston?": "the weather in Boston",
    "What is Rome like?": "what Rome is like",
    "How much does it cost?": "how much it costs",
    "When does the study end?": "when the study ends",
    "Can you remember my name?": "your name",
    "how tall is Mount Everest?": "how tall Mount Everest is",
    "who wrote Moby Dick": "who wrote Moby Dick",
}


def test_news_are_taken_up_by_their_mood() -> None:
    assert {said: ask(said) for said in CONGRATULATED} == CONGRATULATED


def test_small_talk_is_answered() -> None:
    assert {said: ask(said) for said in SMALL_TALK} == SMALL_TALK


def test_who_asks_what_to_try_is_told_what_there_is() -> None:
    for asked in (
        "what can you do then?",
        "So what should I try first?",
        "how do I start?",
    ):
        assert ask(asked).startswith("I can remember what you tell me, ")


def test_a_remark_changes_no_fact() -> None:
    for text in ("that's not funny", "that is so lame"):
        assert ask("I'm bored", text, "What do you know about me?").endswith("you are bored.")


def test_what_is_not_known_is_named_in_a_clause() -> None:
    told = {said: ask(said) for said in UNKNOWN}
    assert told == {
        said: f"I don't know {it}. You haven't told me in this conversation."
        for said, it in UNKNOWN.items()
    }


def test_what_is_long_is_not_quoted() -> None:
    asked = f"If {'we meet at noon and ' * 5}eat, how many are left?"
    assert ask(asked) == "I don't know that. You haven't told me in this conversation."
    assert ask(f"Write a {'very ' * 30}long poem") == f"I can't do that: {MOCK}."


def test_a_refusal_goes_on() -> None:
    refused = said(f"I can't write a poem: {MOCK}.")
    for text in ("and in Rust?", "A haiku then?", "not even a short one?"):
        reply = decide([user("Write a poem"), refused, user(text)])
        assert (reply.text, reply.rule) == (
            f"No, I can't do that either: {MOCK}.",
            "brain: ability",
        )


def test_what_follows_no_refusal_is_not_refused() -> None:
    for text in ("and my name?", "A haiku then?"):
        assert "either" not in ask("I am Al.", text)


def test_a_fact_goes_on_after_a_refusal_and_after_what_was_not_understood() -> None:
    for before in (f"I can't write a poem: {MOCK}.", ask("flurb")):
        reply = decide([user("flurb"), said(before), user("and the rent is 900")])
        assert reply.text == "Got it: the rent is 900."


def test_an_order_after_a_state_is_refused_apart() -> None:
    for text, told, order in (
        ("it's cold, turn on the heating", "it is cold", "turn on the heating"),
        ("we're late, so call a taxi", "you are late", "call a taxi"),
        ("dinner is at 8, remind me at 7", "dinner is at 8", "remind you at 7"),
        ("Bo just finished page 2, mark it as done", "Bo just finished page 2", "mark it as done"),
        ("I pick up a key. Add it to my bag!", "you pick up a key", "add it to your bag"),
    ):
        assert ask(text) == f"Got it: {told}. I can't {order}: {MOCK}."


def test_what_is_told_beside_an_order_is_taken_up() -> None:
    order = "Suggest three names for my startup, we sell lunch boxes"
    assert (
        ask(order)
        == f"Got it: you sell lunch boxes. I can't suggest three names for your startup: {MOCK}."
    )


def test_a_log_is_met_as_code_is() -> None:
    log = "2024-05-02 10:11:03 ERROR worker-3 timed out"
    assert ask(log) == f"That looks like code, which I can neither run nor explain. {MOCK}."


def test_an_excuse_or_a_sigh_beside_no_fact_is_met() -> None:
    for text, reply in (
        ("sorry, cat on the keyboard", "No problem."),
        ("oops, my son was playing with the phone", "No problem."),
        ("ugh, what a long day. Three meetings and a broken laptop", "I hope it gets easier."),
        ("thanks for listening lol", "You're welcome!"),
    ):
        assert reply in ask(text)
    for text in ("sorry, write me a poem", "Sorry, the files are on my laptop."):
        assert "No problem" not in ask(text)


def test_a_comparison_by_taste_is_an_opinion() -> None:
    for text in ("Which do you think is better, React or Vue?", "Is React better than Vue?"):
        assert ask(text).startswith("I have no opinion")
