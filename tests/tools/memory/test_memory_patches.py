import re

import pytest

from mockletta.tools.memory.memory_patches import apply_patch


def test_a_hunk_replaces_the_lines_it_shows() -> None:
    patch = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
    assert apply_patch("zero\none\ntwo\nthree", patch) == "zero\none\n2\nthree"


def test_hunks_are_applied_one_after_the_other() -> None:
    patch = "@@\n-one\n+1\n@@\n-three\n+3\n\\ No newline at end of file"
    assert apply_patch("one\ntwo\nthree", patch) == "1\ntwo\n3"


def test_an_empty_line_of_a_patch_is_an_empty_line_of_the_text() -> None:
    assert apply_patch("one\n\ntwo", " one\n\n-two\n+2") == "one\n\n2"


def test_a_hunk_that_only_adds_goes_to_the_end() -> None:
    assert apply_patch("one", "+two\n+three") == "one\ntwo\nthree"


def test_an_empty_text_gets_the_added_lines_alone() -> None:
    assert apply_patch("", "+one") == "one"


def test_lines_that_are_not_there_are_refused() -> None:
    wanted = "No patch was applied, `one\nthree` did not appear verbatim."
    with pytest.raises(ValueError, match=re.escape(wanted)):
        apply_patch("one\ntwo\nthree", " one\n-three")


def test_lines_that_are_there_twice_are_refused() -> None:
    wanted = (
        "No patch was applied. Multiple occurrences of `one` at lines [1, 3]. "
        "Please add context to make it unique."
    )
    with pytest.raises(ValueError, match=re.escape(wanted)):
        apply_patch("one\ntwo\none", "-one\n+1")


def test_a_line_that_is_not_a_diffs_is_refused() -> None:
    wanted = "Invalid patch line `*** Begin Patch`: a line begins with a space, `-`, `+` or `@@`."
    with pytest.raises(ValueError, match=re.escape(wanted)):
        apply_patch("one", "*** Begin Patch\n-one")


@pytest.mark.parametrize("patch", ["", "\n", " one", "@@ -1 +1 @@"])
def test_a_patch_without_a_change_is_refused(patch: str) -> None:
    with pytest.raises(ValueError, match=re.escape("The patch changes nothing.")):
        apply_patch("one", patch)
