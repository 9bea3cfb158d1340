"""Regular expressions as conditions of a query over HTTP."""

from mockletta.errors import Unprocessable
from mockletta.search.expressions import BadExpression, Budget, Expression, ExpressionTooSlow


class BoundedPattern:
    """A regular expression as a condition, with the time that all conditions of a query share.

    Raises Unprocessable if the expression is invalid or takes too long.
    """

    def __init__(self, name: str, pattern: str, budget: Budget) -> None:
        self.name = name
        self.pattern = pattern
        self._budget = budget
        try:
            self._expression = Expression(pattern)
        except BadExpression as error:
            raise Unprocessable(f"The regular expression of {name} is invalid: {error}") from error

    def search(self, text: str) -> object:
        """Return the match, None if there is none."""
        try:
            return self._expression.search(text, self._budget)
        except ExpressionTooSlow as error:
            raise Unprocessable(
                f"The regular expression of {self.name} {error}: make it simpler"
            ) from error
