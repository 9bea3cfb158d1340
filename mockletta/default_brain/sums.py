"""Sums in digits or words, and which of two is more."""

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence
from itertools import islice
from statistics import mean

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import said
from mockletta.default_brain.memory.answers import lookup, value
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.language.questions import query
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import ITEMS, as_clause, plain
from mockletta.language.typed_values import SIZES
from mockletta.language.words import (
    NUMBERS,
    as_sentence,
    expand,
    number,
    patterns,
    remembered,
    rewritten,
    tokens,
)

SUM = patterns("sum")
PLEASE = patterns("talk").please
LONGEST_SUM = 200
COMPARISONS = {
    "older": ("old", 1), "oldest": ("old", 1), "younger": ("old", -1), "youngest": ("old", -1),
    "taller": ("tall", 1), "tallest": ("tall", 1), "shorter": ("tall", -1),
    "heavier": ("heavy", 1), "lighter": ("heavy", -1), "longer": ("long", 1),
    "bigger": ("big", 1), "smaller": ("big", -1),
}  # fmt: skip
DIGITS_ONLY = re.compile(r"[\d\s.+*/%()-]*\d\s*(?:[+*/%-]|\*\*)[\d\s.+*/%()-]*")
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
OVER_LIST: dict[str, Callable[[Sequence[float]], float]] = {
    "average": mean, "mean": mean, "product": math.prod, "sum": math.fsum, "total": math.fsum,
}  # fmt: skip
LARGEST = 1e15
LARGEST_RESULT, MOST_BITS = 10**100, 400


@remembered
def calculate(text: str) -> str | None:
    """Return the results of the sums a message asks for; None for any other message."""
    core = PLEASE.sub("", expand(plain(text[: LONGEST_SUM + 1]))).strip(" .?!=")
    if len(core) > LONGEST_SUM or not SUM.hints.search(core):
        return None
    return _over_list(core) or _worked_out(core)


def _worked_out(core: str) -> str | None:
    """Return the results of one or several sums in words or digits."""
    parts = [core]
    if _expression(core) is None:
        parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", core)
    sums = [found for part in parts if (found := _expression(part))]
    if len(sums) < len(parts):
        return None
    try:
        results = [_result(ast.parse(one, mode="eval").body) for one in sums]
    except ZeroDivisionError:
        return "I can't divide by zero."
    except OverflowError:
        return "That number is too large for me."
    except (SyntaxError, TypeError):
        return None
    return f"That is {' and '.join(map(_written, results))}."


def reckoned_on(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return the result of a sum that goes on from the last one: `times 4`, `and 20%?`."""
    core = PLEASE.sub("", expand(plain(text[: LONGEST_SUM + 1]))).strip(" .?!=")
    if len(core) > LONGEST_SUM or not SUM.goes_on.match(core):
        return None
    replies = (one.text for one in reversed(messages) if one.role == "assistant" and one.text)
    result = SUM.result.match(next(replies, ""))
    own = islice((said(one) for one in reversed(messages) if one.role == "user"), 1, 2)
    if result is None:
        return None
    if percent := SUM.percent.fullmatch(core):
        return calculate(SUM.percent.sub(percent[0], next(own, "")))
    return calculate(re.sub(r"\bit\b", result[1], rewritten(core, "goes_on")))


def converted(text: str) -> str | None:
    """Return an amount in another unit: `how many minutes are in 3 hours`."""
    match = SUM.convert.match(expand(plain(text[:LONGEST_SUM])).strip(" .?!").lower())
    if match is None:
        return None
    amount = match["amount"] or match["much"] or "1"
    unit, to = match["unit"] or match["part"], match["to"] or match["parts"]
    (kind, size), (wanted, part) = (SIZES.get(one, (one, 0.0)) for one in (unit, to))
    if kind != wanted or not part:
        return None
    exact = float(number(amount) or 0) if amount.isalpha() else float(amount)
    return f"That is {_written(round(exact * size / part, 4))} {to}."


def _over_list(core: str) -> str | None:
    """Return the sum, average and so on of several numbers."""
    match = SUM.over_list.match(core)
    values = [float(one) for one in ITEMS.split(match["values"])] if match else []
    if match is None or len(values) < 2:
        return None
    reckon = OVER_LIST.get(match["what"].lower(), max if match["most"] else min)
    return f"That is {_written(reckon(values))}."


def _expression(text: str) -> str | None:
    """Write a sum in digits and signs; None where words remain or nothing is to be reckoned."""
    text = SUM.asked_sum.sub("", text, count=1).strip(" ?=")
    for word in (one for one in tokens(text) if one.lower() in NUMBERS):
        text = re.sub(rf"\b{word}\b", str(NUMBERS[word.lower()]), text, count=1)
    text = rewritten(text, "sum")
    return text.strip() if DIGITS_ONLY.fullmatch(text) else None


def _result(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_result(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            a, b = _result(left), _result(right)
            if isinstance(op, ast.Pow) and (_is_large(a, b) or (a <= 0 and b != int(b))):
                raise OverflowError
            result = OPERATORS[type(op)](a, b)
            if abs(result) > LARGEST_RESULT:
                raise OverflowError
            return result
    raise TypeError


def _is_large(base_: float, power: float) -> bool:
    """Return whether a power is too large to work out."""
    return math.log2(abs(base_) + 1) * abs(power) > MOST_BITS


def _written(value: float) -> str:
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < LARGEST)
    return str(int(value)) if whole else f"{value:.10g}"


def compared(text: str, sources: Sources) -> str | None:
    """Say which of two is older, taller and so on, if both numbers are known."""
    match = SUM.compared.match(expand(plain(text[:LONGEST_SUM])).strip(" ?!."))
    if match is None:
        return None
    quality, order = COMPARISONS[match["more"].lower()]
    names = (match["one"], match["other"])
    (first, one), (second, other) = (_measured(name, quality, sources) for name in names)
    if first is None or second is None:
        return None
    told = " and ".join(map(as_clause, dict.fromkeys([one, other])))
    if first == second:
        return f"Neither: {told}."
    chosen = to_second_person(names[order * second > order * first])
    verb = "are" if chosen.lower() == "you" else "is"
    return as_sentence(f"{chosen} {verb} {match['the'] or ''}{match['more']}: {told}")


def _measured(name: str, quality: str, sources: Sources) -> tuple[float | None, str]:
    """Return how old or tall somebody is, and the sentence that says so."""
    asked_for = query(f"How {quality} {'am' if name.lower() == 'i' else 'is'} {name}?")
    fact = next(iter(lookup(asked_for, sources)[-1:]), None)
    found = re.search(r"\d+(?:\.\d+)?", value(asked_for, fact, "number")) if fact else None
    return (float(found[0]), fact.retold()) if fact and found else (None, "")
