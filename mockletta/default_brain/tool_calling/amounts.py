"""Amounts: the numbers, currencies and units in an order for a tool."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mockletta.default_brain.tool_calling.order_readings import (
    PASSING,
    STOPS,
    Reading,
    is_numeral,
)
from mockletta.default_brain.tool_calling.parameter_roles import (
    MONEY,
    PREPOSITIONS,
    SIZES,
    RoleParameter,
)
from mockletta.default_brain.tool_calling.typed_values import JOINING
from mockletta.language.words import (
    NUMBERS,
    SILENT,
    concept,
    concepts,
    is_verb,
    lexicon,
    rows,
    tokens,
    word_set,
)

UNITS = {unit: measure for measure, line in rows("unit").items() for unit in line.split()}
BOUNDS = {part: word_set(line) for part, line in rows("limits").items()}
SCALES, LIMITING = lexicon("scales"), lexicon("limiting")
GLUED = re.compile(r"(-?\d+(?:\.\d+)?)-?(%|°?[a-z]+)", re.IGNORECASE)
PAIR = re.compile(r"(\d+)[x\u00d7/](\d+)")
ONE_MORE = word_set("a an another further additional extra")
PARTS = {"half": 0.5, "quarter": 0.25}
NO_SIZE = ("", 1.0)
MEASURED = 6
LONGEST = 30
"""The most characters of a number: a longer one is a code."""


class Amount(NamedTuple):
    """A number with its unit, the place of the number alone, and what it counts or measures."""

    start: int
    end: int
    first: int
    last: int
    value: float
    unit: str = ""
    measure: str = ""


def _amounts(read: Reading) -> list[Amount]:
    """Return the numbers of an order; spans of time such as `an hour and a half` are one."""
    found: list[Amount] = []
    place = 0
    while place < len(read.tokens):
        many = _amounts_at(place, read)
        place = many[-1].end if many else place + 1
        whole = _span(found[-1], many[0], read) if found and many else None
        found = [*found[:-1], whole] if whole else found + many
    return found


def _span(before: Amount, one: Amount, read: Reading) -> Amount | None:
    """Return `1 hour` and `20 minutes` as 80 minutes; None if they are not one span."""
    one = one._replace(unit="min") if one.unit == "m" else one
    (kind, larger), (other, smaller) = SIZES.get(before.unit, NO_SIZE), SIZES.get(one.unit, NO_SIZE)
    between = [read.low(place) for place in range(before.end, one.start)]
    if not kind == other == "time" or between not in ([], ["and"], [","]) or smaller >= larger:
        return None
    value = (before.value * larger + one.value * smaller) / smaller
    return one._replace(start=before.start, first=before.first, value=value)


def _amounts_at(place: int, read: Reading) -> list[Amount]:
    """Return the number that begins at a token, or the two of `300x200`; [] if none does."""
    low = read.low(place).lstrip("#")
    if not low or len(low) > LONGEST or read.tokens[place].kind in ("quoted", "when", "relative"):
        return []
    alone = place, place + 1, place, place + 1
    if pair := PAIR.fullmatch(low):
        return [Amount(*alone, int(one)) for one in pair.groups()]
    glued = GLUED.fullmatch(low)
    if glued and (glued[2] in UNITS or glued[2] in SIZES):
        return [_measured(Amount(*alone, float(glued[1]), glued[2]), read)]
    signed = low in MONEY and not low.isalpha()
    value, last = _number_at(place + signed, read)
    if value is None or signed:
        return [] if value is None else [Amount(place, last, place + 1, last, value, "", "money")]
    value, last = _with_half(value, last, read)
    of_a = read.words(last, 2) in ("of a", "of an") and value < 1
    at = last + (2 if of_a else read.low(last) == "-")
    unit = read.tokens[at].low if at < len(read.tokens) else ""
    known = unit in UNITS or unit in MONEY or unit in SIZES
    if read.low(last - 1) in ONE_MORE and unit not in SIZES:
        return []
    if not known and (not unit[:1].isalpha() or unit in PREPOSITIONS or unit in SILENT):
        unit = ""
    value, end = _with_half(value, at + 1 if unit and read.low(at) else last, read)
    return [_measured(Amount(place, end, place, last, value, unit), read)]


def _with_half(value: float, place: int, read: Reading) -> tuple[float, int]:
    half = read.words(place, 3) == "and a half"
    return (value + 0.5, place + 3) if half else (value, place)


def _number_at(place: int, read: Reading) -> tuple[float | None, int]:
    """Return the number that begins at a token, and where it ends."""
    digits = read.low(place).replace(",", "").lstrip("#")
    if digits in ONE_MORE:
        more, end = _number_at(place + 1, read)
        return (more, end) if more is not None else (1, place + 1)
    if digits in PARTS:
        return PARTS[digits], place + 1 + (read.low(place + 1) in ("a", "an"))
    if len(digits) > LONGEST or not is_numeral(digits.removeprefix("-")):
        return None, place
    value = NUMBERS.get(digits) or (float(digits) if "." in digits else int(digits))
    quarters = read.low(place + 1) in ("quarter", "quarters")
    return (value / 4, place + 2) if quarters else (value, place + 1)


def _measured(amount: Amount, read: Reading) -> Amount:
    before = [one.low for one in read.tokens[max(0, amount.start - 2) : amount.start]]
    unit = amount.unit
    measure = "money" if unit in MONEY else UNITS.get(unit, "count" if unit else "")
    if not measure and before:
        limiting = before[-1] in LIMITING or before == ["give", "me"]
        measure = "limit" if limiting else "people" if before[-1] == "for" else ""
    return amount._replace(measure=measure)


def read_amounts(read: Reading) -> None:
    """Give each number to the parameter that it fits best. One list is for several calls."""
    spans = [one for one in read.open if one.is_text and not one.roles]
    takers = [one for one in spans if "duration" in one.measures]
    takers += [one for one in read.open if one.counts]
    amounts = _amounts(read) if takers else []
    alone = len(takers) == 1 and not read.takes.required
    claims = [
        (-score, amounts[place].start >= read.own, place, index)
        for index, parameter in enumerate(takers)
        for place in range(len(amounts))
        if (score := _score(parameter, amounts[place], read))
        >= (1 if parameter in read.takes.required or alone else 5)
    ]
    used: set[int] = set()
    for score, _, place, index in sorted(claims):
        parameter = takers[index]
        if parameter in read.open and place not in used:
            several = len(read.takes.required or read.takes.every) == 1 or parameter.kind == "array"
            series = _series(place, amounts, read) if several else [place]
            used.update(series)
            _take(parameter, [amounts[one] for one in series], -score, read)
    _read_units(read)


def _series(place: int, amounts: Sequence[Amount], read: Reading) -> list[int]:
    """Return the numbers of a list with this one: `5, 10 and 15 minutes`."""
    series = [0]
    for index, (one, other) in enumerate(pairwise(amounts), start=1):
        between = {read.low(at) for at in range(one.end, other.start)}
        joined = one.unit in ("", other.unit) and between & {",", "and"} and between <= JOINING
        if not joined and place < index:
            break
        series = [*series, index] if joined else [index]
    return series


def _score(parameter: RoleParameter, amount: Amount, read: Reading) -> int:
    """Return how well a number fits a parameter: 9 by its unit's name, 0 not at all."""
    before = [one.low for one in read.tokens[max(0, amount.start - 3) : amount.start]]
    behind = [one.low for one in read.tokens[amount.last : amount.last + 2]]
    behind = [] if behind[:1] and behind[0] in STOPS else behind
    near = concepts(tokens(" ".join([*before[-2:], *behind])))
    whole = "integer" in (parameter.kind, parameter.items)
    year = "year" in parameter.parts and 1800 < amount.value < 2200
    bounds = (words for part, words in BOUNDS.items() if part in parameter.parts)
    sized = SIZES.get(amount.unit, NO_SIZE)[0] == (parameter.size[0] or None)
    hinted = bool(before) and concept(before[-1]) in parameter.hints
    word = before[-1] if before and before[-1].isalpha() else "top"
    named = not (word in PASSING or is_verb(word) or concept(word) is None)  # of `vite 5`
    limits = amount.measure == "count" and "limit" in parameter.measures
    exact = amount.unit in SIZES or amount.measure in ("money", "percent", "degrees")
    levels = (
        (0, whole and _sized(parameter, amount) % 1),
        (9, amount.unit and concept(amount.unit) in parameter.words),
        (8, year or not parameter.words.isdisjoint(near)),
        (7, any(not words.isdisjoint(before) for words in bounds)),
        (MEASURED, sized or hinted or amount.measure in parameter.measures),
        (0, limits and named),
        (5, limits and any(one.endswith("s") for one in behind)),
        (0, exact and parameter.measures and not limits),
    )
    return next((level for level, is_met in levels if is_met), 2)


def _take(parameter: RoleParameter, amounts: Sequence[Amount], score: int, read: Reading) -> None:
    """Take a number, and the others of its list for further calls or in one list."""
    unit = amounts[-1].unit
    values: list[object] = [_sized(parameter, one._replace(unit=unit)) for one in amounts]
    if parameter.is_text:
        values = [read.span(one.start, one.end) for one in amounts]
    places = [_place(parameter, one, read) for one in amounts]
    if parameter.kind == "array":
        values, places = [values], [(places[0][0], places[-1][1])]
    for value, (start, end) in zip(values, places, strict=True):
        read.take(parameter, value, read.label_start(parameter, start), end, score >= MEASURED)


def _place(parameter: RoleParameter, amount: Amount, read: Reading) -> tuple[int, int]:
    """Return the place of a number with its unit, if that tells no more than the number's unit."""
    unit, of = amount.unit, read.low(amount.end) == "of"
    is_money = amount.measure == "money"
    apart = (is_money or unit in SIZES) and any(_takes_unit(one, read) for one in read.open)
    exact = is_money or unit in UNITS or unit in SIZES or concept(unit) in parameter.words
    if apart or not (exact or of):
        return amount.first, amount.last
    return amount.start, amount.end + of


def _sized(parameter: RoleParameter, amount: Amount) -> float:
    """Return a number in the unit of its parameter: two hours are 120 minutes."""
    kind, unit = parameter.size
    measured, size = SIZES.get(amount.unit, NO_SIZE)
    value = round(amount.value * size / unit, 6) if kind and kind == measured else amount.value
    return int(value) if value == int(value) else value


def _read_units(read: Reading) -> None:
    """Read currencies and units: `50 euros to yen` is from EUR to JPY. A currency without an amount
    keeps its name unless its parameter asks for a code."""
    has_amount = any(one.is_number for one in read.takes.every)
    left = [one for one in read.open if _takes_unit(one, read)]
    last: tuple[RoleParameter, int] | None = None
    for place, token in enumerate(read.tokens) if left else ():
        word, to = read.low(place), read.low(place - 1) in ("to", "in", "into", "many", "much")
        code = MONEY.get(word) or (token.text if token.text.isupper() and len(word) == 3 else "")
        is_unit = word in SCALES or (word in SIZES and (to or read.is_counted(place)))
        fitting = [one for one in left if (is_unit if "unit" in one.roles else word and code)]
        target = [one for one in fitting if ("to" in one.roles) == to]
        between = {read.low(at) for at in range(last[1], place)} if last else set()
        again = [last[0]] if last and code and word and between <= JOINING else []
        for parameter in ((target or fitting) or again)[:1]:
            coded = code and has_amount and "unit" not in parameter.roles
            read.take(parameter, code if coded else token.text, place, place + 1, sure=1)
            left = [one for one in left if one != parameter]
            last = parameter, place + 1


def _takes_unit(parameter: RoleParameter, read: Reading) -> bool:
    ends = not parameter.roles.isdisjoint(("from", "to")) and "currency" in read.takes.known
    return parameter.is_text and (ends or not parameter.roles.isdisjoint(("currency", "unit")))
