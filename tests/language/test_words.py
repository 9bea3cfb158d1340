"""Words made comparable, and what one side says told back by the other."""

from mockletta.language.retelling import about_the_agent, about_the_user, to_second_person
from mockletta.language.sentences import as_clause
from mockletta.language.words import as_sentence, expand, remembered, stem


def test_contractions_are_written_out() -> None:
    for short, long in (
        ("I'm", "I am"),
        ("whats my dog's name", "what is my dog's name"),
        ("im Al", "I am Al"),
        ("I can't and won't, don't", "I cannot and will not, do not"),
        ("they\u2019ve", "they have"),
    ):
        assert expand(short) == long


def test_inflections_have_one_stem() -> None:
    for words in (
        "live lives lived living",
        "plan plans planned planning",
        "party parties",
        "box boxes",
        "dish dishes",
        "class classes",
    ):
        assert len({stem(word) for word in words.split()}) == 1


def test_the_first_person_becomes_the_second() -> None:
    for said, told in (
        ("I am Al", "you are Al"),
        ("I was there and my dog too", "you were there and your dog too"),
        ("I'm sure it is mine", "you are sure it is yours"),
        ("We love our cat", "You love your cat"),
        ("The US is big", "The US is big"),
        ("I like tea. I hate rain.", "you like tea. You hate rain."),
    ):
        assert to_second_person(said) == told


def test_the_second_person_becomes_the_first() -> None:
    for said, told in (
        ("you are nice", "I am nice"),
        ("I told you", "you told me"),
        ("your name", "my name"),
        ("Are you sure", "Are I sure"),
    ):
        assert to_second_person(said) == told


def test_what_stands_in_quotes_is_left_alone() -> None:
    assert to_second_person('My motto is "I am"') == 'Your motto is "I am"'


def test_the_user_of_a_note_is_addressed() -> None:
    for note, told in (
        ("The user's dog is old", "your dog is old"),
        ("The user has a cat", "you have a cat"),
        ("The user watches birds", "you watch birds"),
        ("She lives here", "you live here"),
        ("Ask the user", "Ask you"),
        ("The user misses home", "you miss home"),
    ):
        assert about_the_user(note) == told


def test_a_persona_speaks_of_itself() -> None:
    assert about_the_agent("You are Sam and I like you") == "I am Sam and I like me"


def test_a_clause_becomes_a_sentence_and_back() -> None:
    assert as_sentence("your name is Al") == "Your name is Al."
    assert as_sentence("") == ""
    assert as_clause("Your name is Al.") == "your name is Al"
    assert as_clause("Alice is here.") == "Alice is here"
    assert as_clause("I am here.") == "I am here"


def test_results_are_kept_for_short_texts_and_only_so_many() -> None:
    read: list[str] = []

    def length(text: str) -> int:
        read.append(text)
        return len(text)

    kept = remembered(length, longest=3, most=2)

    for text in ("a", "ab", "a", "long", "long", "abc", "a"):
        assert kept(text) == len(text)

    assert read == ["a", "ab", "long", "long", "abc", "a"]
