"""What the form of a clause gives away, and values that take the place of others."""

import pytest

from mockletta.default_brain.clause_meaning import age_in, is_given_name, with_value


@pytest.mark.parametrize(
    ("text", "value", "changed"),
    [
        ("My standup is at 9:15", "10", "My standup is at 10"),
        ("I live in Porto", "Lisbon", "I live in Lisbon"),
        ("The server is 10.0.0.7 on port 80", "10.0.0.9", "The server is 10.0.0.9 on port 80"),
        ("We meet on Friday at noon", "Monday", "We meet on Monday at noon"),
        ("I have two kids", "three kids", "I have three kids"),
        ("My cat is called Bo", "Mo", "My cat is called Mo"),
    ],
)
def test_a_value_takes_the_place_of_one_of_its_kind(text: str, value: str, changed: str) -> None:
    assert with_value(text, value) == changed


def test_a_given_name_is_no_nation_and_may_be_in_lower_case() -> None:
    assert is_given_name("Mira")
    assert is_given_name("sam")
    assert not is_given_name("German")
    assert not is_given_name("table")


def test_an_age_is_a_number_that_ends_what_is_said_of_a_person() -> None:
    assert age_in(["i", "am", "30"]) == 2
    assert age_in(["i", "am", "30", "minutes", "late"]) is None
