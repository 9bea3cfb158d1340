"""Numbered lines of files."""

import pytest

from mockletta.tools.agent_files.file_text import MOST_PASSAGES, cut_into_passages, lines_of, view


@pytest.mark.parametrize("name", ["docs/a.py", "a.YAML", "x/y.html", "b.tsx"])
def test_lines_of_code_keep_their_indentation(name: str) -> None:
    assert lines_of("a:\n\n  b \n\t\nc", name) == ["a:", "  b", "c"]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a", "py", "a.py.txt"])
def test_other_lines_lose_the_space_around_them(name: str) -> None:
    assert lines_of("a:\r\n\r\n  b \n", name) == ["a:", "b"]


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [
        (None, None, "[Viewing file start (out of 3 lines)]\n1: a\n2: b\n3: c"),
        (1, None, "[Viewing lines 2 to end (out of 3 lines)]\n2: b\n3: c"),
        (1, 2, "[Viewing lines 2 to 2 (out of 3 lines)]\n2: b"),
    ],
)
def test_a_view_says_which_lines_it_shows(start: int | None, end: int | None, seen: str) -> None:
    assert view(["a", "b", "c"], start, end) == seen


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
