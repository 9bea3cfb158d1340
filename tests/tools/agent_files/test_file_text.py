"""Numbered lines of files."""

import pytest

from mockletta.tools.agent_files.file_text import lines_of, view


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
