"""Docstrings in the styles that there are."""

from inspect import cleandoc

import pytest

from mockletta.tools.schemas.docstrings import Docstring, read_docstring

GOOGLE = """
    Find something.

    Args:
        query (str): What to look for,
            in your own words: all of them.
        limit: At most so many.
        not an argument

    Returns:
        list: what was found
"""
NUMPY = """
    Find something.

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
"""
FIELDS = """
    Find something.

    :param str query: What to look for,
        in your own words: all of them.
    :param limit: At most so many.
    :type limit: int
    :return: what was found
"""
EPYTEXT = """
    Find something.

    @param query: What to look for,
        in your own words: all of them.
    @type query: str
    @param limit: At most so many.
    @return: what was found
"""


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, FIELDS, EPYTEXT])
def test_every_usual_style_is_read(text: str) -> None:
    said = read_docstring(cleandoc(text))

    assert said.description == "Find something."
    assert {name: said.arguments[name] for name in ("query", "limit")} == {
        "query": "What to look for, in your own words: all of them.",
        "limit": "At most so many.",
    }


def test_several_arguments_can_share_a_description() -> None:
    text = "Add.\n\nParameters\n----------\nx, *y : int\n    Numbers.\n"

    assert read_docstring(text).arguments == {"x": "Numbers.", "y": "Numbers."}


def test_sections_beside_fields_are_read_too() -> None:
    text = "Add.\n\nArgs:\n    x: A number.\n\n:param y: Another.\n:raises: nothing\n:param: none"

    assert read_docstring(text) == Docstring("Add.", {"y": "Another.", "x": "A number."})


def test_what_is_no_section_belongs_to_the_description() -> None:
    text = "Add.\n\nWarning: slow.\n\nTable\n---\nParameters\n\nEnd."

    assert read_docstring(text) == Docstring(text, {})
