"""Docstrings in every style that the recorded server reads."""

import pytest

from mockletta.tools.schemas.docstrings import Docstring, read_docstring

GOOGLE = """Find something.

    Args:
        query (str): What to look for,
            in your own words: all of them.
        limit: At most so many.

    Returns:
        list: what was found
    """
NUMPY = """Find something.

    Parameters
    ----------
    query : str
        What to look for,
        in your own words: all of them.
    limit : int, optional
        At most so many.
    nothing : int

    Returns
    -------
    list
        What was found.

    Notes
    -----
    None.
    """
REST = """Find something.

    :param str query: What to look for,
        in your own words: all of them.
    :param limit: At most so many.
    :type limit: int
    :rtype: list
    """
EPYDOC = """Find something.

    @param query: What to look for,
        in your own words: all of them.
    @type query: str
    @param limit: At most so many.
    @return: what was found
    @raise ValueError: if there is nothing
    """


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, REST, EPYDOC])
def test_every_style_is_read(text: str) -> None:
    docstring = read_docstring(text)

    assert docstring.description == "Find something."
    assert {name: docstring.parameters[name] for name in ("query", "limit")} == {
        "query": "What to look for,\nin your own words: all of them.",
        "limit": "At most so many.",
    }


def test_notes_before_the_sections_belong_to_the_description() -> None:
    text = "Add.\n\nNote:\n    careful\n\nArgs:\n    x: A number.\n\nRaises:\n    E: no"

    assert read_docstring(text) == Docstring("Add.\n\nNote:\n    careful", {"x": "A number."})


def test_examples_keep_their_indentation() -> None:
    text = "Add.\n\n    Args:\n        x: It.\n\n    Examples:\n        >>> f(1)\n        'x'\n    "

    assert read_docstring(text).description == "Add.\n\nExamples:\n        >>> f(1)\n        'x'"


def test_examples_end_at_the_next_title_without_indentation() -> None:
    assert read_docstring("Add.\n\nExamples:\n    f(1)\n\nReturns:\n    x").description == (
        "Add.\n\nExamples:\n    f(1)"
    )


def test_examples_of_a_style_without_them_stay_where_they_are() -> None:
    text = "Add.\n\nExamples:\n    f(1)\n\n:param x: It."

    assert read_docstring(text) == Docstring("Add.\n\nExamples:\n    f(1)", {"x": "It."})


def test_text_after_a_section_is_dropped() -> None:
    assert read_docstring("Add.\n\nArgs:\n    x: It.\nMore: of it.") == Docstring(
        "Add.", {"x": "It."}
    )


def test_the_style_with_most_entries_wins() -> None:
    text = "Add.\n\nArgs:\n    x: A number.\n\n:param y: Another.\n:raises E: no"

    assert read_docstring(text).parameters == {"y": "Another."}


def test_several_names_of_one_description_are_one_name() -> None:
    text = "Add.\n\nParameters\n----------\nx, y : int\n    Numbers.\n"

    assert read_docstring(text).parameters == {"x, y": "Numbers."}


@pytest.mark.parametrize(
    "text",
    [
        "Args:\n    no colon",
        "Args:\n",
        ":param: nothing",
        ":: nothing",
        ":returns a b: nothing",
        ":param a",
        "@param a b: nothing",
        "@: nothing",
    ],
)
def test_a_section_that_cannot_be_read_describes_nothing(text: str) -> None:
    assert read_docstring(f"Add.\n\n{text}").parameters == {}
