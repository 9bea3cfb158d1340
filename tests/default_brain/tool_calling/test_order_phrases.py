"""The phrases of orders."""

import pytest

from mockletta.default_brain.tool_calling.order_phrases import opening_end, phrases_of
from mockletta.default_brain.tool_calling.order_readings import ALONE, Reading, tokenized
from mockletta.default_brain.tool_calling.parameter_roles import roles_of
from tests.default_brain.tools import tool

WATER = tool("water_bed", "Water a bed of the garden.", bed="string", helper="string")


def cut(text: str) -> list[tuple[str, str]]:
    """The phrases of an order to water a bed, and what they stand behind."""
    words = tokenized(text)
    read = Reading(text, roles_of(WATER), ALONE, words, len(words))
    read.blank(range(opening_end(read)))
    found = phrases_of(read.open, read)
    return [(one.head, read.span(one.start, one.end)) for one in found]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("could you please water the roses with Ann", [("", "roses"), ("with", "Ann")]),
        ("water roses and tulips. It is dry", [("", "roses and tulips"), ("", "dry")]),
        ("water the roses when everyone has left", [("", "roses")]),
        ("water the roses, they are dry", [("", "roses"), ("", "dry")]),
    ],
)
def test_an_order_is_cut_at_prepositions_and_clauses(
    text: str, phrases: list[tuple[str, str]]
) -> None:
    assert cut(text) == phrases
