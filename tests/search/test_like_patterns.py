"""SQL's LIKE."""

import random
import re

import pytest

from mockletta.search.like_patterns import is_like


@pytest.mark.parametrize(
    ("term", "holds"),
    [
        ("", True),
        ("rip", True),
        ("Rip", False),
        ("t_ip%R", True),
        ("R%t", False),
        ("_" * 8, True),
        ("_" * 12, False),
        ("%_R_m%", True),
        ("e_", False),
        ("%%", True),
    ],
)
def test_wildcards_stand_for_any_text_and_any_character(term: str, *, holds: bool) -> None:
    assert is_like("trip Rom", term) is holds
    assert is_like(None, term) is False


def as_expression(term: str) -> str:
    return "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in term)


def test_it_finds_what_a_regular_expression_finds() -> None:
    choices = random.Random(1)
    for _ in range(500):
        text = "".join(choices.choices("ab", k=choices.randrange(12)))
        term = "".join(choices.choices("ab_%", k=choices.randrange(6)))
        assert is_like(text, term) == bool(re.search(as_expression(term), text)), (text, term)


def test_a_long_pattern_in_a_long_text_takes_no_long_time() -> None:
    text = "a" * 20_000 + "b"

    assert not is_like(text, "a_" * 4_000 + "b_")
    assert is_like(text, "a_" * 4_000 + "%b")
