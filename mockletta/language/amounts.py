"""Amounts: the numbers, currencies and units in an order for a tool."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from mockletta.language.order_readings import ARGUMENT, BLANK, Reading, Span
from mockletta.language.parameter_roles import PREPOSITIONS, SIZES, RoleParameter
from mockletta.language.words import (
    NUMBERS,
    SILENT,
    concept,
    concepts,
    lexicon,
    remembered,
    rewritten,
    rows,
    tokens,
    word_set,
)

UNITS = {unit: measure for measure, line in rows("unit").items() for unit in line.split()}
MONEY = {word: code for code, line in rows("money").items() for word in line.split()}
EXACT = {*UNITS, *MONEY, *SIZES}
SCALES = lexicon("scales")
LIMITING = lexicon("limiting")
LIMITS = {part: word_set(line) for part, line in rows("limits").items()}
PLURAL = re.compile(r"[^s]s$")
STOP = re.compile(r"[,;:.!?]\s")
MEASURED = 6


@remembered
def with_whole_spans(text: str) -> str:
    """Write spans of time as one number: `an hour and a half` as `90 minutes`."""
    return ARGUMENT.span.sub(_whole_span, rewritten(text, "spans"))


def _whole_span(match: re.Match[str]) -> str:
    size = _seconds(match["unit"])
    seconds = _plain(match["many"]) * size
    if match["half"] or match["and_half"]:
        seconds += size / 2
    elif match["more"] and _seconds(match["small"]) < size:
        seconds += _plain(match["more"]) * _seconds(match["small"])
    else:
        return match[0]
    return f"{seconds / 60:g} minutes" if seconds % 60 == 0 else f"{seconds:g} seconds"


def _seconds(unit: str) -> float:
    return 60 if unit.lower() == "m" else SIZES[unit.lower()][1]


def _plain(word: str) -> float:
    return float(word) if word[0].isdigit() else NUMBERS.get(word.lower(), 1)


class Amount(NamedTuple):
    """A number, its place, and what it counts or measures."""

    start: int
    end: int
    value: float
    unit: str
    measure: str
    before: list[str]
    behind: list[str]
    is_article: bool


def _amounts(read: Reading) -> Iterator[Amount]:
    """Yield the numbers of a text, except those of dates, times of day and codes.

    What is used up is no number, but says what is counted: `5 horror films`.
    """
    text, rest = read.text, read.rest
    taken = _numbered(text)
    for match in ARGUMENT.amount.finditer(text):
        start, end = match.span()
        gap = match.start("gap") if match["unit"] else end
        if rest[start] == BLANK or any(start < after and before < gap for before, after in taken):
            continue
        is_apart = any(before < end and gap < after for before, after in taken)
        unit = "" if is_apart else (match["unit"] or "").lower()
        end = gap if is_apart else end
        behind = [word.lower() for word in tokens(STOP.split(text[gap : gap + 40])[0])[:2]]
        if unit not in UNITS and unit not in MONEY and (unit in PREPOSITIONS or unit in SILENT):
            unit, end = "", gap
        end = gap if unit and BLANK in rest[start:end] else end
        before = [word.lower() for word in tokens(text[max(0, start - 60) : start])[-3:]]
        measure = "money" if match["sign"] else _measure(unit, before)
        article = (match["worded"] or "").lower() in ("a", "an") and unit not in SIZES
        yield Amount(start, end, _number(match), unit, measure, before, behind, article)


@remembered
def _numbered(text: str) -> list[Span]:
    """Return the places of dates, times of day and codes, whose numbers are no amounts."""
    coded = (*ARGUMENT.coded.finditer(text), *ARGUMENT.plate.finditer(text))
    codes = [one.span() for one in coded if one[0][:3] not in MONEY.values()]
    times = ARGUMENT.when.finditer(text)
    return codes + [one.span() for one in times if one["day"] or one["clock_"]]


def _number(match: re.Match[str]) -> float:
    if match["digits"]:
        digits = match["digits"].replace(",", "")
        return float(digits) if "." in digits else int(digits)
    return 0.5 if match["worded"][:4].lower() == "half" else NUMBERS.get(match["worded"].lower(), 1)


def _measure(unit: str, before: list[str]) -> str:
    if unit in MONEY or unit in UNITS:
        return "money" if unit in MONEY else UNITS[unit]
    if before and (before[-1] in LIMITING or (before[-2:] == ["give", "me"] and not unit)):
        return "limit"
    return "count" if unit else "people" if before[-1:] == ["for"] else ""


def read_amounts(read: Reading) -> None:
    """Give each number to the parameter that it fits best. One list is for several calls."""
    takers = [
        one for one in read.open if one.is_text and not one.roles and "duration" in one.measures
    ]
    takers += [one for one in read.open if one.counts]
    amounts = list(_amounts(read)) if takers else []
    alone = len(takers) == 1 and not read.required
    scored = sorted(
        (-score, amount.start >= read.own, place, index)
        for index, parameter in enumerate(takers)
        for place, amount in enumerate(amounts)
        if (score := _amount_score(parameter, amount, read)) > 0
        if score >= (1 if parameter in read.required or alone else 5)
    )
    used: set[int] = set()
    for score, _, place, index in scored:
        parameter = takers[index]
        if parameter in read.open and place not in used:
            several = len(read.required or read.optional) == 1 or parameter.kind == "array"
            series = _series(place, amounts, read) if several else range(place, place + 1)
            used.update(series)
            _take_amounts(parameter, [amounts[one] for one in series], -score, read)


def _series(place: int, amounts: list[Amount], read: Reading) -> range:
    """Return the numbers of a list with this one: `5, 10 and 15 minutes`."""
    first, last = place, place
    joined = [
        one.unit in ("", other.unit)
        and ARGUMENT.joint.fullmatch(read.rest[one.end : other.start]) is not None
        for one, other in pairwise(amounts)
    ]
    while first and joined[first - 1]:
        first -= 1
    while last < len(joined) and joined[last]:
        last += 1
    return range(first, last + 1)


def _amount_score(parameter: RoleParameter, amount: Amount, read: Reading) -> int:
    """Return how well a number fits a parameter: 9 by its unit's name, 0 not at all."""
    whole = parameter.kind == "integer" or parameter.items == "integer"
    if whole and _sized(parameter, amount) % 1:
        return 0
    if amount.unit and concept(amount.unit) in parameter.words:
        score = 9
    elif ("year" in parameter.parts and 1800 < amount.value < 2200) or parameter.words.intersection(
        concepts([*amount.before[-2:], *amount.behind])
    ):
        score = 8
    elif any(
        limit in parameter.parts and not words.isdisjoint(amount.before)
        for limit, words in LIMITS.items()
    ):
        score = 7
    elif (
        amount.measure in parameter.measures
        or SIZES.get(amount.unit, ("",))[0] == (parameter.size[0] or None)
        or any(concept(one) in parameter.hints for one in amount.before[-1:])
    ):
        score = MEASURED
    else:
        known = amount.unit and concept(amount.unit) in read.known - parameter.hints
        measures = parameter.size[0] or parameter.measures or "year" in parameter.hints
        if known and measures and parameter.measures.isdisjoint(("count", "limit", "people")):
            return 0
        exact = amount.unit in SIZES or amount.measure in ("money", "percent", "degrees")
        limits = (
            amount.measure == "count"
            and any(map(PLURAL.search, amount.behind))
            and "limit" in parameter.measures
        )
        score = 5 if limits else 0 if exact and parameter.measures else 2
    return score - MEASURED * amount.is_article


def _take_amounts(
    parameter: RoleParameter, amounts: list[Amount], score: int, read: Reading
) -> None:
    """Take a number, and the others of its list for further calls or in one list."""
    unit = amounts[-1].unit
    values: list[object] = [_sized(parameter, one._replace(unit=unit)) for one in amounts]
    if parameter.is_text:
        values = [read.text[one.start : one.end] for one in amounts]
    if parameter.kind == "array":
        values = [values]
    for place, amount in enumerate(amounts):
        start, end = _amount_span(parameter, amount, read)
        start = read.label_start(parameter, start) if not place else start
        if place < len(values):
            read.take(parameter, values[place], (start, end), sure=score >= MEASURED)
        else:
            read.blank(start, end)


def _amount_span(parameter: RoleParameter, amount: Amount, read: Reading) -> Span:
    """Return the place of a number with its unit, if that tells no more than the number's unit."""
    start, end = amount.start, amount.end
    apart = amount.measure == "money" or amount.unit in SIZES
    apart = apart and any(one.is_text and _takes_unit(one, read) for one in read.open)
    named = amount.unit in EXACT or concept(amount.unit) in parameter.words
    of = re.match(r"\s+of\s+", read.rest[end:]) if amount.unit else None
    if (apart or not (named or of)) and BLANK not in read.rest[start:end]:
        end -= len(amount.unit) * read.text[start:end].lower().endswith(amount.unit)
    elif of:
        end += of.end()
    return start + (apart and not read.rest[start].isalnum()), end


def _sized(parameter: RoleParameter, amount: Amount) -> float:
    """Return a number in the unit of its parameter: two hours are 120 minutes."""
    kind, unit = parameter.size
    measured, size = SIZES.get(amount.unit, ("", 1))
    value = round(amount.value * size / unit, 6) if kind and kind == measured else amount.value
    return int(value) if value == int(value) else value


def read_units(read: Reading) -> None:
    """Read currencies and units: `50 euros to yen` is from EUR to JPY. A currency without an amount
    keeps its name unless its parameter asks for a code."""
    has_amount = any(one.is_number for one in read.every)
    left = [one for one in read.open if one.is_text and _takes_unit(one, read)]
    taken: tuple[RoleParameter, int] | None = None
    for match in ARGUMENT.unit.finditer(read.rest) if left else ():
        word = match["name"].lower()
        code = MONEY.get(word) or match["code"]
        before = read.rest[: match.start()].rstrip(" -")[-1:]
        counted = before == BLANK or before.isdecimal()
        is_unit = word in SCALES or (word in SIZES and (match["to"] or counted))
        fitting = [one for one in left if (is_unit if "unit" in one.roles else code)]
        target = [one for one in fitting if ("to" in one.roles) == (match["to"] is not None)]
        again = taken and code and ARGUMENT.joint.fullmatch(read.rest, taken[1], match.start())
        for parameter in (target or fitting)[:1] or ([taken[0]] if taken and again else []):
            as_code = has_amount or ARGUMENT.wants_code.search(parameter.description)
            coded = code and as_code and "unit" not in parameter.roles and not match["of"]
            value = code if coded else f"{match['of'] or ''}{match['name']}"
            read.take(parameter, value, match.span("name"), sure=True)
            left = [one for one in left if one != parameter]
            taken = parameter, match.end("name")


def _takes_unit(parameter: RoleParameter, read: Reading) -> bool:
    ends = not parameter.roles.isdisjoint(("from", "to"))
    named = not parameter.roles.isdisjoint(("currency", "unit"))
    return named or (ends and "currency" in read.known)
