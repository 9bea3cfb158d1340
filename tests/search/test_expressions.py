"""Regular expressions from outside are bounded before they are compiled."""

import pytest

from mockletta.search.expressions import (
    BadExpression,
    Budget,
    Expression,
    ExpressionTooLarge,
    ExpressionTooSlow,
)

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@pytest.mark.parametrize(
    "source",
    [
        "(?:(?:a{100}){100}){1000}",
        "((((a{20}){20}){20}){20})",
        "(?:a{3}" * 12 + "){3}" * 12,
        "a{99999999999999999999}",
        "[]{](?:ab){4000}",
        "(?x) # [\n (?:a{100}){100} # ]",
        "(?#[)(?:a{100}){100}(?#])",
        "(?V1)[[a]](?:a{100}){100}",
        "a" * 5_001,
        "a{9}" * 5_000,
    ],
)
def test_an_expression_that_would_be_large_is_not_compiled(source: str) -> None:
    with pytest.raises(ExpressionTooLarge, match="it is too large: more than 5000 steps"):
        Expression(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f"^{UUID} {UUID}$", "01234567-89ab-cdef-0123-456789abcdef " * 2),
        (r"(?x) \d{4} - \d{2}  # a month", "2026-11"),
        (r"[^]{](?<year>\d{2,4})\}?", "a2026}"),
        ("a{0,99999}b{,9}(c)", "c"),
        (r"\p{L}{2}\(", "ab("),
    ],
)
def test_an_ordinary_expression_finds_its_text(source: str, text: str) -> None:
    assert Expression(source).search(text.strip()) is not None


@pytest.mark.parametrize(
    ("source", "reason"),
    [("(", "missing "), (")", "unbalanced"), ("(" * 900 + ")" * 900, "nested too deeply")],
)
def test_what_is_no_expression_is_refused(source: str, reason: str) -> None:
    with pytest.raises(BadExpression, match=reason):
        Expression(source)


def test_searches_share_the_time_of_their_budget() -> None:
    budget = Budget(0.01)
    slow = Expression("^(a|aa)+$")

    with pytest.raises(ExpressionTooSlow, match=r"took longer than 0\.01 s"):
        slow.search("a" * 100 + "b", budget)

    assert budget.left < 0
    with pytest.raises(ExpressionTooSlow):
        slow.search("a" * 100 + "b", budget)
