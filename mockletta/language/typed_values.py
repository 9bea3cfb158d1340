"""Typed values: the choices, switches, times, numbers and currencies in an order for a tool."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mockletta.language.clause_meaning import RELATIVE_DAYS
from mockletta.language.parameter_roles import HEADS, RoleParameter, senses
from mockletta.language.words import (
    NUMBERS,
    SILENT,
    concept,
    concepts,
    lexicon,
    pattern,
    pattern_text,
    patterns,
    rows,
    stem,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
Span = tuple[int, int]
Recall = Callable[[str], str]
DIGITS = re.compile(pattern_text("argument.number"))
TIMELY = re.compile(
    r"\d|[dD]ay|[nN]ight|o[nr]row|[wW]eek|month|year|noon|hour|minute|second|in [a-z]"
)
NUMBER_WORDS = "|".join(one for one in NUMBERS if one != "one")
AMOUNT = pattern("argument.amount", numbers=NUMBER_WORDS)
WHEN = pattern(
    "argument.when",
    relative=pattern_text("argument.relative", numbers=NUMBER_WORDS),
)
SWITCHES = word_set("on in enabled enable active state value status power flag is has be are")
WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
BLANK = "\0"
PASSING = lexicon("passing") | frozenset(RELATIVE_DAYS)
PASSING_CONCEPTS = frozenset(concepts(PASSING))
UNITS = {unit: measure for measure, line in rows("unit").items() for unit in line.split()}
SIZES = {
    unit: (key.partition(".")[0], float(key.partition(".")[2]))
    for key, line in rows("size").items()
    for unit in line.split()
}
MONEY = {word: code for code, line in rows("money").items() for word in line.split()}
OPPOSITES = {word: one for one, line in rows("opposite").items() for word in line.split()}
LIMITING = word_set("top first last most to max maximum limit best latest only")
LESS = frozenset({"under", "below", "most", "to", "than"})
MORE = frozenset({"over", "above", "least", "from", "than"})
LETTERS = {"c": "celsius", "f": "fahrenheit"}
PREPOSITIONS = frozenset().union(*HEADS.values())


@dataclass(slots=True)
class Reading:
    """An order for a tool: its parameters, the arguments found so far, and the text that is left.

    `rest` is the text with blanks for what the arguments were made of. `known` are the concepts
    that the tool is about. `more` are other values of one argument, for further calls.
    """

    text: str
    known: frozenset[str]
    required: list[RoleParameter]
    optional: list[RoleParameter]
    recall: Recall
    rest: str = ""
    arguments: dict[str, object] = field(default_factory=dict)
    more: list[dict[str, object]] = field(default_factory=list)
    fitting: int = 0
    free: Span | None = None
    times: list[re.Match[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rest = self.text
        self.times = list(WHEN.finditer(self.text)) if TIMELY.search(self.text) else []

    @property
    def open(self) -> list[RoleParameter]:
        """The parameters without an argument."""
        return [one for one in self.every if one.name not in self.arguments]

    @property
    def every(self) -> list[RoleParameter]:
        return [*self.required, *self.optional]

    @property
    def missing(self) -> list[str]:
        return [one.name for one in self.required if one.name not in self.arguments]

    @property
    def unexplained(self) -> list[str]:
        """The concepts of the order that neither the tool is about nor an argument holds."""
        words = [word for word in tokens(self.rest) if not (word.isdecimal() or word == "s")]
        words = [word for word in words if word.lower() not in PASSING and not self.knows(word)]
        return [one for one in concepts(words) if one not in PASSING_CONCEPTS]

    def knows(self, word: str) -> bool:
        """Whether a word is about the tool: a `cab` about a taxi."""
        return concept(word) in self.known or not self.known.isdisjoint(senses(word))

    def blank(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + BLANK * (end - start) + self.rest[end:]

    def take(self, parameter: RoleParameter, value: object, *spans: Span) -> None:
        self.arguments[parameter.name] = value
        for span in spans:
            self.blank(*span)

    def add(self, parameter: RoleParameter, value: object, span: Span) -> None:
        """Take a further value for a call of its own."""
        self.more.append({parameter.name: value})
        self.blank(*span)


def read_typed(read: Reading) -> None:
    """Read everything that is not just text."""
    for parameter in read.open:
        if parameter.choices:
            _read_choices(parameter, read)
    for parameter in read.open:
        if parameter.kind == "boolean":
            _read_switch(parameter, read)
    _read_times(read)
    _read_amounts(read)
    _read_units(read)


@lru_cache(1024)
def _choice_form(choice: str) -> re.Pattern[str]:
    """Compile what stands for a choice: `in progress` for in_progress, `euros` for EUR."""
    if choice.lower() in PREPOSITIONS:
        return re.compile(rf"(?<=\d)\s*{re.escape(choice)}\b", re.IGNORECASE)
    endings = "(?:s|es|ed|ing|est|er|ly)?" if len(choice) > 3 else ""
    parts = [re.escape(part) for part in re.split(r"[\s_-]+", choice) if part]
    if choice.endswith("ing") and len(choice) > 5:
        parts[-1] = f"(?:{parts[-1]}|{stem(choice.lower())})"
    if choice[-1:] == "y":
        parts[-1] = f"{parts[-1][:-1]}(?:y|ies)"
    parts = [re.sub(r"nt$", "n['\u2019]?t", part) for part in parts]
    names = [r"[\s_-]*".join(parts) + endings]
    names += [re.escape(word) for word, code in MONEY.items() if code == choice.upper()]
    if len(choice) == 1:
        names = [f"(?-i:{names[0]})", LETTERS.get(choice.lower(), names[0])]
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


def _read_choices(parameter: RoleParameter, read: Reading) -> None:
    found = sorted(
        (match.start(), -match.end(), choice)
        for choice in parameter.choices
        for match in _choice_form(choice).finditer(read.rest)
    )
    if found and parameter.kind == "array":
        spans = [(start, -end) for start, end, _ in found]
        read.take(parameter, list(dict.fromkeys(one for _, _, one in found)), *spans)
    elif found:
        start, end, choice = min(found, key=lambda one: one[0] + one[1])
        read.take(parameter, choice, (start, -end))


def _read_switch(parameter: RoleParameter, read: Reading) -> None:
    """Read a switch by its name, its opposite, or `on` and `off`."""
    names = [one for one in parameter.parts if one not in SWITCHES]
    words = {match[0].lower(): match for match in reversed(list(WORD.finditer(read.rest)))}
    if not names:
        if switch := ARGUMENT.switched.search(read.rest):
            read.take(parameter, switch["on"] is not None)
        return
    opposed = {f"un{stem(name)}" for name in names} & words.keys()
    if opposed or any(OPPOSITES.get(word) in (*names, *map(stem, names)) for word in words):
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
        clocks = [one for one in clocks if one not in days] or clocks
        if day and clock and days and clocks and days[0] != clocks[0]:
            read.take(days[0], day, match.span())
            read.take(clocks[0], clock)
        elif fitting := (days if day and not clock else clocks) or timed:
            read.take(fitting[0], match[0], match.span())
        timed = [one for one in timed if one.name not in read.arguments]
    clocks = [one for one in timed if "time" in one.roles]
    if clocks and (hour := ARGUMENT.hour.search(read.rest)):
        read.take(clocks[0], hour[1], hour.span())


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
    return "count" if unit else "people" if before[-1:] == ["for"] else ""


def _read_amounts(read: Reading) -> None:
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
    for _, place, index in scored:
        if takers[index] in read.open and place not in used:
            series = (
                _series(place, amounts, read)
                if len(read.required) == 1
                else range(place, place + 1)
            )
            used.update(series)
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
    if len(amounts) > 1:
        read.take(parameter, _sized(parameter, amounts[0]._replace(unit=unit)))
    for amount in amounts[1:]:
        value = _sized(parameter, amount._replace(unit=unit))
        read.add(parameter, value, (amount.start, amount.end))


def _take_amount(parameter: RoleParameter, amount: Amount, read: Reading) -> None:
    start, end = amount.start, amount.end
    if parameter.is_text:
        read.take(parameter, read.text[start:end], (start, end))
        return
    apart = amount.measure == "money" or amount.unit in SIZES
    apart = apart and any(one.is_text and _takes_unit(one, read) for one in read.open)
    named = amount.unit in {*UNITS, *MONEY, *SIZES} or concept(amount.unit) in parameter.words
    of = re.match(r"\s+of\s+", read.rest[end:]) if amount.unit else None
    if (apart or not (named or of)) and BLANK not in read.rest[start:end]:
        end -= len(amount.unit) * read.text[start:end].lower().endswith(amount.unit)
    elif of:
        end += of.end()
    if apart and not read.rest[start].isalnum():
        start += 1
    read.take(parameter, _sized(parameter, amount), (start, end))


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


def _read_units(read: Reading) -> None:
    """Read currencies and units: `50 euros to yen` is from EUR to JPY. A currency without an amount
    keeps its name unless its parameter asks for a code."""
    has_amount = any(one.kind in ("integer", "number") for one in read.every)
    left = [one for one in read.open if one.is_text and _takes_unit(one, read)]
    for match in ARGUMENT.unit.finditer(read.rest) if left else ():
        word = match["name"].lower()
        code = MONEY.get(word) or match["code"]
        fitting = [one for one in left if (word in SIZES if "unit" in one.roles else code)]
        target = [one for one in fitting if ("to" in one.roles) == (match["to"] is not None)]
        for parameter in (target or fitting)[:1]:
            as_code = has_amount or ARGUMENT.wants_code.search(parameter.description)
            value = code if code and as_code and "unit" not in parameter.roles else match["name"]
            read.take(parameter, value, match.span("name"))
            left.remove(parameter)


def _takes_unit(parameter: RoleParameter, read: Reading) -> bool:
    ends = not parameter.roles.isdisjoint(("from", "to"))
    named = not parameter.roles.isdisjoint(("currency", "unit"))
    return named or (ends and "currency" in read.known)
