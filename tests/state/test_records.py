"""The size of a text in tokens."""

import pytest

from mockletta.state.records import count_tokens


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2)])
def test_a_token_is_four_characters_or_what_is_left_of_them(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens
