"""Passages of files."""

import pytest

from mockletta.tools.agent_files.chunking import MOST_PASSAGES, cut_into_passages


def test_no_text_has_no_passages() -> None:
    assert cut_into_passages(" \n\n ", 300) == []


def test_a_short_text_is_one_passage() -> None:
    assert cut_into_passages(" One.\n\nTwo. ", 300) == ["One.\n\nTwo."]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("One two.\n\nThree four.", ["One two.", "Three four."]),
        ("One two\nthree four five", ["One two", "three four", "five"]),
        ("One two. Three four five.", ["One two.", "Three four", "five."]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijkl", "mnopqrstuvwx", "yz"]),
    ],
)
def test_a_long_text_is_cut_where_it_hurts_least(text: str, passages: list[str]) -> None:
    assert cut_into_passages(text, 3) == passages


def test_passages_have_all_words_of_a_text_once() -> None:
    text = "\n".join(f"Sentence {number}. Another one." for number in range(200))

    passages = cut_into_passages(text, 10)

    assert max(map(len, passages)) <= 40
    assert " ".join(passages).split() == text.split()


def test_a_text_has_a_bound_of_passages() -> None:
    assert len(cut_into_passages("ab " * 100_000, 1)) <= MOST_PASSAGES
