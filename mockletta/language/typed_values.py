"""Typed values: the choices, switches, times and amounts in an order for a tool."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mockletta.language.order_reading import (
    BLANK,
    NUMBER_WORDS,
    PREPOSITIONS,
    Reading,
    RoleParameter,
)
from mockletta.language.words import (
    NUMBERS,
    SILENT,
    concept,
    concepts,
    lexicon,
    pattern,
    patterns,
    rewritten,
    rows,
    stem,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
SWITCHES = word_set("on in enabled enable active state value status power flag is has be are")
WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
DOING = word_set("send include show add use make do get with should want needs")
OPPOSITES = {word: one for one, line in rows("opposite").items() for word in line.split()}
Choice = tuple[int, int, str]


def read_typed(read: Reading) -> None:
    """Read everything that is not just text."""
    for parameter in read.open:
        if parameter.choices:
            _read_choices(parameter, read)
    for parameter in read.open:
        if parameter.look:
            _read_looks(parameter, read)
    for parameter in read.open:
        if parameter.kind == "boolean":
            _read_switch(parameter, read)
    _read_times(read)
    read_amounts(read)
    read_units(read)


@lru_cache(1024)
def _choice_form(choice: str) -> re.Pattern[str]:
    """Compile what stands for a choice: `in progress` for in_progress, `euros` for EUR."""
    if choice.lower() in PREPOSITIONS:
        return re.compile(rf"(?<=\d)\s*{re.escape(choice)}\b", re.IGNORECASE)
    endings = "(?:s|es|ed|ing|est|er|ly)?" if len(choice) > 3 else ""
    parts = [re.escape(part) for part in re.split(r"[\s_-]+", choice) if part]
    if choice[-1:] == "y":
        parts[-1] = f"{parts[-1][:-1]}(?:y|ies)"
    names = [r"[\s_-]*".join(parts) + endings]
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


def _read_choices(parameter: RoleParameter, read: Reading) -> None:
    """Read a choice, or several. The `png` of a file's name is none."""
    coded = [match.span() for match in ARGUMENT.coded.finditer(read.rest)]
    found = sorted(
        (match.start(), -match.end(), choice)
        for choice in parameter.choices
        for match in _choice_form(choice).finditer(read.rest)
        if not any(start <= match.start() and match.end() <= end for start, end in coded)
    )
    if found and parameter.kind == "array":
        spans = [(start, -end) for start, end, _ in found]
        read.take(parameter, list(dict.fromkeys(one for _, _, one in found)), *spans)
    elif found:
        first, *others = _joined(found, read) or [min(found, key=lambda one: one[0] + one[1])]
        read.take_labelled(parameter, first[2], (first[0], -first[1]))
        for start, end, choice in others:
            read.add(parameter, choice, (start, -end))


def _read_looks(parameter: RoleParameter, read: Reading) -> None:
    """Read what looks like a value, such as an e-mail address, and others for further calls."""
    for match in getattr(ARGUMENT, parameter.look).finditer(read.rest):
        if parameter.name not in read.arguments:
            read.take_labelled(parameter, match[0], match.span())
        elif read.rest[: match.start()].rstrip().endswith((f"{BLANK} and", f"{BLANK},")):
            read.add(parameter, match[0], match.span())


def _joined(found: list[Choice], read: Reading) -> list[Choice]:
    """Return the choices of a list: `to dev and to staging`; [] if there is none."""
    chain = found[:1]
    for one in found[1:]:
        if ARGUMENT.joint.fullmatch(read.rest, -chain[-1][1], one[0]) and one[2] != chain[-1][2]:
            chain.append(one)
        elif len(chain) == 1:
            chain = [one]
    return chain if len(chain) > 1 else []


@lru_cache(512)
def _stated_form(names: tuple[str, ...]) -> re.Pattern[str]:
    return pattern("argument.stated", names=names[0])


def _read_switch(parameter: RoleParameter, read: Reading) -> None:
    """Read a switch by its name, its opposite, or `on` and `off`."""
    if stated := _stated_form(tuple(parameter.names)).search(read.rest):
        read.take(parameter, stated["on"] is not None, stated.span())
        return
    parts = [one for one in parameter.parts if one not in SWITCHES]
    names = [one for one in parts if one not in DOING] or parts
    words = {match[0].lower(): match for match in reversed(list(WORD.finditer(read.rest)))}
    if not names:
        if switch := ARGUMENT.switched.search(read.rest):
            read.take(parameter, switch["on"] is not None)
        return
    if any(OPPOSITES.get(word) in (*names, *map(stem, names)) for word in words):
        read.take(parameter, False)
        return
    hits = [
        next(
            (m for word, m in words.items() if stem(word) == stem(one) or word.startswith(one)),
            None,
        )
        for one in names
    ]
    spans = [hit.span() for hit in hits if hit]
    if not spans and parameter in read.required and (switch := ARGUMENT.switched.search(read.rest)):
        read.take(parameter, switch["on"] is not None)
    if len(spans) == len(names):
        negated = ARGUMENT.negated.search(read.rest, 0, spans[0][0])
        read.take(parameter, negated is None, *spans, *([negated.span()] if negated else []))


def _read_times(read: Reading) -> None:
    """Read days and times of day; a day and a time for two parameters are kept apart."""
    timed = [one for one in read.open if one.is_timed]
    for match in read.times if timed else ():
        if BLANK in read.rest[slice(*match.span())]:
            continue
        day, clock = match["day"] or match["day_"], match["clock"] or match["clock_"]
        days = [one for one in timed if "date" in one.roles]
        clocks = [one for one in timed if "time" in one.roles]
        if day and clock and days and clocks and days[0] != clocks[0]:
            read.take_labelled(days[0], day, match.span())
            read.take(clocks[0], clock)
        elif fitting := (days if day and not clock else clocks) or timed:
            read.take_labelled(fitting[0], match[0], match.span())
        timed = [one for one in timed if one.name not in read.arguments]


AMOUNT = pattern("argument.amount", numbers=NUMBER_WORDS)
SPAN = pattern("argument.span", numbers=NUMBER_WORDS)
UNITS = {unit: measure for measure, line in rows("unit").items() for unit in line.split()}
SIZES = {
    unit: (key.partition(".")[0], float(key.partition(".")[2]))
    for key, line in rows("size").items()
    for unit in line.split()
}
MONEY = {word: code for code, line in rows("money").items() for word in line.split()}
LIMITING = word_set("top first last most to than max maximum limit best latest only")
LESS = frozenset({"under", "below", "most", "to", "than"})
MORE = frozenset({"over", "above", "least", "from", "than"})
MEASURED = -5
SCALES = lexicon("scales")


def with_whole_spans(text: str) -> str:
    """Write spans of time as one number: `an hour and a half` as `90 minutes`."""
    return SPAN.sub(_whole_span, rewritten(text, "spans"))


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
    is_article: bool


def _amounts(read: Reading) -> Iterator[Amount]:
    """Yield the numbers of a text, except those of dates, times of day and codes.

    What is used up is no number, but says what is counted: `5 horror films`.
    """
    text, rest = read.text, read.rest
    taken = [match.span() for match in read.times if match["day"] or match["clock_"]]
    taken += [match.span() for match in ARGUMENT.coded.finditer(text)]
    for match in AMOUNT.finditer(text):
        start, end = match.span()
        if rest[start] == BLANK or any(start < after and before < end for before, after in taken):
            continue
        unit = (match["unit"] or "").lower()
        if unit not in UNITS and unit not in MONEY and (unit in PREPOSITIONS or unit in SILENT):
            unit, end = "", match.start("gap") if unit else end
        end = match.start("gap") if unit and BLANK in rest[start:end] else end
        before = [word.lower() for word in tokens(text[max(0, start - 60) : start])[-3:]]
        measure = "money" if match["sign"] else _measure(unit, before)
        article = (match["worded"] or "").lower() in ("a", "an")
        yield Amount(start, end, _number(match), unit, measure, before, article)


def _number(match: re.Match[str]) -> float:
    if match["digits"]:
        digits = match["digits"].replace(",", "")
        return float(digits) if "." in digits else int(digits)
    return 0.5 if match["worded"][:4].lower() == "half" else NUMBERS.get(match["worded"].lower(), 1)


def _measure(unit: str, before: list[str]) -> str:
    if unit in MONEY or unit in UNITS:
        return "money" if unit in MONEY else UNITS[unit]
    if before and before[-1] in LIMITING:
        return "limit"
    return "count" if unit else ""


def read_amounts(read: Reading) -> None:
    lasting = [one for one in read.open if one.is_text and not one.roles]
    takers = [one for one in lasting if "duration" in one.measures]
    takers += [one for one in read.open if one.is_number]
    amounts = list(_amounts(read)) if takers else []
    alone = len(takers) == 1 and not read.required
    scored = sorted(
        (-score, place, index)
        for index, parameter in enumerate(takers)
        for place, amount in enumerate(amounts)
        if (score := _amount_score(parameter, amount, read.rest)) > 0
        if score >= (1 if parameter in read.required or alone else 5)
    )
    used: set[int] = set()
    for score, place, index in scored:
        if takers[index] in read.open and place not in used:
            series = (
                _series(place, amounts, read) if len(read.required) < 2 else range(place, place + 1)
            )
            used.update(series)
            read.measured |= score < MEASURED
            _take_amounts(takers[index], [amounts[one] for one in series], read)


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


def _amount_score(parameter: RoleParameter, amount: Amount, text: str) -> int:
    """Return how well a number fits a parameter: 9 by its unit's name, 0 not at all."""
    behind = tokens(text[amount.end : amount.end + 40])[:1]
    if parameter.kind == "integer" and _sized(parameter, amount) % 1:
        return 0
    if amount.unit and concept(amount.unit) in parameter.words:
        score = 9
    elif ("year" in parameter.parts and 1800 < amount.value < 2200) or parameter.words.intersection(
        concepts([*amount.before[-2:], *behind])
    ):
        score = 8
    elif any(
        limit in parameter.parts and not words.isdisjoint(amount.before)
        for limit, words in (("max", LESS), ("min", MORE))
    ):
        score = 7
    elif amount.measure in parameter.measures or _is_same_unit(parameter, amount):
        score = 6
    else:
        exact = amount.unit in SIZES or amount.measure in ("money", "percent", "degrees")
        limits = amount.measure == "count" and "limit" in parameter.measures
        score = 5 if limits else 0 if exact and parameter.measures else 2
    return score - 5 * amount.is_article


def _take_amounts(parameter: RoleParameter, amounts: list[Amount], read: Reading) -> None:
    """Take a number, and the others of its list for further calls."""
    _take_amount(parameter, amounts[0], read)
    unit = amounts[-1].unit
    for amount in amounts[1:]:
        value = _sized(parameter, amount._replace(unit=unit))
        read.add(parameter, value, (amount.start, amount.end))


def _take_amount(parameter: RoleParameter, amount: Amount, read: Reading) -> None:
    start, end = amount.start, amount.end
    if parameter.is_text:
        read.take_labelled(parameter, read.text[start:end], (start, end))
        return
    apart = amount.measure == "money" or amount.unit in SIZES
    apart = apart and any(one.is_text and _takes_unit(one, read) for one in read.open)
    named = amount.unit in {*UNITS, *MONEY, *SIZES} or concept(amount.unit) in parameter.words
    of = re.match(r"\s+of\s+", read.rest[end:]) if amount.unit else None
    if (apart or not (named or of)) and BLANK not in read.rest[start:end]:
        end -= len(amount.unit) * read.text[start:end].lower().endswith(amount.unit)
    elif of:
        end += of.end()
    start += apart and not read.rest[start].isalnum()
    read.take_labelled(parameter, _sized(parameter, amount), (start, end))


def _size(parameter: RoleParameter) -> tuple[str, float]:
    """Return what a parameter measures and in what unit: `minutes` time in units of 60 seconds."""
    words = (*parameter.parts, *parameter.described)
    return next((SIZES[one] for one in words if one in SIZES), ("", 1))


def _is_same_unit(parameter: RoleParameter, amount: Amount) -> bool:
    return amount.unit in SIZES and SIZES[amount.unit][0] == _size(parameter)[0]


def _sized(parameter: RoleParameter, amount: Amount) -> float:
    """Return a number in the unit of its parameter: two hours are 120 minutes."""
    kind, unit = _size(parameter)
    measured, size = SIZES.get(amount.unit, ("", 1))
    value = round(amount.value * size / unit, 6) if kind and kind == measured else amount.value
    return int(value) if value == int(value) else value


def read_units(read: Reading) -> None:
    """Read currencies and units: `50 euros to yen` is from EUR to JPY. A currency without an amount
    keeps its name unless its parameter asks for a code."""
    has_amount = any(one.kind in ("integer", "number") for one in read.every)
    left = [one for one in read.open if one.is_text and _takes_unit(one, read)]
    taken: tuple[RoleParameter, int] | None = None
    for match in ARGUMENT.unit.finditer(read.rest) if left else ():
        word = match["name"].lower()
        code = MONEY.get(word) or match["code"]
        is_unit = word in SCALES or word in SIZES
        fitting = [one for one in left if (is_unit if "unit" in one.roles else code)]
        target = [one for one in fitting if ("to" in one.roles) == (match["to"] is not None)]
        for parameter in (target or fitting)[:1]:
            as_code = code and has_amount and "unit" not in parameter.roles
            read.take(parameter, code if as_code else match["name"], match.span("name"))
            left.remove(parameter)
            taken = parameter, match.end("name")
        if (
            not fitting
            and taken
            and code
            and ARGUMENT.joint.fullmatch(read.rest, taken[1], match.start())
        ):
            read.add(taken[0], code if has_amount else match["name"], match.span("name"))


def _takes_unit(parameter: RoleParameter, read: Reading) -> bool:
    ends = not parameter.roles.isdisjoint(("from", "to"))
    named = not parameter.roles.isdisjoint(("currency", "unit"))
    return named or (ends and "currency" in read.known)
