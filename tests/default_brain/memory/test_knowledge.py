"""What was told, and how newer words change it."""

import pytest

from tests.default_brain.asking import ask

STORIES = [
    ("Create a shopping list", "Add milk", "What is on my shopping list?",
     "Your shopping list: milk."),
    ("Start a list called errands with bank, gym", "Add bread to errands", "What's on errands?",
     "Your errands list: bank, gym, bread."),
    ("My name is Al.", "What's on errands?",
     "I don't know what is on errands, as far as I understood what I was told."),
    ("My to-do list: pay rent, call mom", "pay rent is done", "what is left?",
     "Your to-do list: call mom."),
    ("My list: tea, figs", "Show me figs", "Your list: tea, figs."),
    ("I used to work at IBM but since May I've been at Figma", "Where do I work?",
     "Since May you work at Figma."),
    ("I work at IBM", "I left IBM, I'm at Figma now", "Where do I work?",
     "You work at Figma now."),
    ("My name is Dana.", "Write my name in uppercase", "YOUR NAME IS DANA."),
    ("I have a list: tea", "Add milk and figs to my list.", "What is on my list?",
     "You have a list: tea, milk, figs."),
    ("Add tofu to my grocery list.", "What is on my grocery list?", "Your grocery list: tofu."),
    ("My bag list: tent, rope, map", "Remove the tent from my bag list.",
     "Take rope off my bag list.",
     "What is on my bag list?", "Your bag list: map."),
    ("My bag list: rope", "Remove rope from my bag list.", "What is on my bag list?",
     "Your bag list: nothing."),
    ("My bag list: rope, tent", "How many items are on my bag list?", "There are 2: rope, tent."),
    ("My guest list: Ann, Bob", "How many guests are there?", "There are 2: Ann, Bob."),
    ("The limit is 30 seconds.", "Make it 45.", "What is the limit?", "The limit is 45 seconds."),
    ("The call is on Monday.", "Change it to Tuesday.", "When is the call?",
     "The call is on Tuesday."),
    ("I work at IBM.", "I just joined SAP.", "Where do I work?", "You just joined SAP."),
    ("Our team uses Redis.", "We moved to Valkey.", "What does our team use?",
     "Your team uses Valkey."),
    ("Our team uses Redis.", "Bob moved to Valkey.", "What does our team use?",
     "Your team uses Redis."),
    ("The app uses Flask.", "We switched from Django to Rails.", "What does the app use?",
     "The app uses Flask."),
    ("My flight leaves at 18:40.", "It's delayed to 19:30.", "When does it leave?",
     "Your flight leaves at 19:30."),
    ("My dog Rex is ill.", "What is his name?", "Your dog Rex is ill."),
    ("It's A-2207.", "Who am I?",
     "I don't know who you are, as far as I understood what I was told."),
    ("I'm married to Helena.", "What is my wife called?", "You are married to Helena."),
    ("My wife Jane is here.", "What is my husband called?",
     ('I don\'t know the answer to "what is my husband called", as far as I understood what I '
      "was told.")),
    ("I hate tabs.", "I use spaces.", "Tabs or spaces?", "You use spaces."),
    ("I prefer tea over coffee.", "Do I prefer coffee?",
     "Not as far as I know: you prefer tea over coffee."),
    ("My cat is Bo.", "No, it is Bo.", "What is my cat called?", "Your cat is Bo."),
    ("I am Al.", "No, it is me.", "What is my name?", "You are Al."),
    ("I quit smoking.", "Do I smoke?", "No, you quit smoking."),
    ("I have 3 sons: Tim (8), Jon (5) and little Max.", "How old is Jon?", "And Tim?", "Tim is 8."),
    ("The gala is on the 9th at the town hall, 40 guests are coming.",
     "Scratch that, only 30 guests are coming.", "Where is the gala?",
     "The gala is on the 9th at the town hall."),
    ("We're flying to Malta for ten days in May.", "Where are we going on holiday?",
     "For how long?", "You are flying to Malta for ten days in May."),
    ("Her name is Lin. She is 30.", "How old is Lin?", "Lin is 30."),
    ("My wife's car is red. She drives it to Ulm.", "Where does my wife drive?",
     "Your wife drives it to Ulm."),
    ("My son Udo is a baker.", "Who is Udo?", "What does he do?", "Your son Udo is a baker."),
    ("My favorite fruit is figs. My son prefers plums.", "What is my son's favorite fruit?",
     "And mine?", "Your favorite fruit is figs."),
    ("I adopted a kitten!! his name is Pip", "he's eight weeks old", "How old is Pip?",
     "Your kitten is eight weeks old."),
    ("My aunt's name is Ida, my uncle's is Olaf.", "What is my aunt's name?", "And my uncle's?",
     "Your uncle's name is Olaf."),
    ("My favorite song is Help and my car is red.", "What is my favorite song?",
     "Actually I think it's Yesterday.", "So what is my favorite song?",
     "Your favorite song is Yesterday."),
    ("Choir nights are Tuesday and Thursday.", "Which nights do I go to choir?",
     "Choir nights are Tuesday and Thursday."),
    ("I take my tea with milk.", "How do I like my tea?", "You take your tea with milk."),
    ("My aunt has a drone, it's noisy.", "What does my aunt have?", "Your aunt has a drone."),
    ("painted the fence and the shed", "What did I paint?", "You painted the fence and the shed."),
    ("**Name:** Olga\n**Role:** lead", "What is my role?", "Your role is lead."),
    ("My name is Al. 2+2", "Wait, that is wrong: it is not so easy to say what it is, my friend.",
     "What is my name?", "Your name is Al."),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=[story[-2] for story in STORIES])
def test_the_newest_words_count(story: tuple[str, ...]) -> None:
    *said, reply = story
    assert ask(*said).partition(" You haven't")[0] == reply.partition(" You haven't")[0]


@pytest.mark.parametrize("denial", ["Not blue.", "No, not blue.", "It is not blue."])
def test_a_denial_without_a_new_value_can_be_answered(denial: str) -> None:
    assert "color" in ask("My favorite color is blue.", denial, "What is my favorite color?")


def test_a_fact_that_several_things_mean_is_forgotten_once() -> None:
    told = ("My cat is called Tom and is 3.", "Forget the name, the cat and the age.")
    assert ask(*told, "How old is my cat?").startswith("I don't know")
    assert ask("I like tea.", "Forget zebras, tea and tea.", "Do I like tea?").startswith("I don't")
