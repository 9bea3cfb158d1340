"""Typed values: the choices, switches, times and amounts in an order for a tool."""

import re
from functools import lru_cache

from mockletta.language.amounts import MONEY, read_amounts, read_units
from mockletta.language.order_reading import BLANK, Reading
from mockletta.language.parameter_roles import PREPOSITIONS, RoleParameter
from mockletta.language.words import pattern, patterns, rows, stem, word_set

ARGUMENT = patterns("argument")
SWITCHES = word_set("on in enabled enable active state value status power flag is has be are")
WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
DOING = word_set("send include show add use make do get with should want needs")
OPPOSITES = {word: one for one, line in rows("opposite").items() for word in line.split()}
LETTERS = {"c": "celsius", "f": "fahrenheit"}
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
            read.take_labelled(days[0], day, match.span())
            read.take(clocks[0], clock)
        elif fitting := (days if day and not clock else clocks) or timed:
            read.take_labelled(fitting[0], match[0], match.span())
        timed = [one for one in timed if one.name not in read.arguments]
    clocks = [one for one in timed if "time" in one.roles]
    if clocks and (hour := ARGUMENT.hour.search(read.rest)):
        read.take_labelled(clocks[0], hour[1], hour.span())
