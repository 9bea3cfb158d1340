"""What the form of a clause gives away."""

from mockletta.language.clause_meaning import age_in, implied, is_given_name


def test_a_given_name_is_no_nation_and_may_be_in_lower_case() -> None:
    assert is_given_name("Mira")
    assert is_given_name("sam")
    assert not is_given_name("German")
    assert not is_given_name("table")


def test_an_age_is_a_number_that_ends_what_is_said_of_a_person() -> None:
    assert age_in(["i", "am", "30"]) == 2
    assert age_in(["i", "am", "30", "minutes", "late"]) is None


def test_who_drives_or_teaches_has_a_trade() -> None:
    assert "work" in implied(["I", "teach", "chess"], ["i", "teach", "chess"], "I teach chess")
