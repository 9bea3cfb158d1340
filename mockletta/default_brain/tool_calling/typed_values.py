"""Typed values: the choices, switches, looks and times in an order for a tool."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from mockletta.default_brain.tool_calling.order_readings import ARGUMENT, STOPS, Reading
from mockletta.default_brain.tool_calling.parameter_roles import (
    MONEY,
    PREPOSITIONS,
    RoleParameter,
    senses,
)
from mockletta.language.words import rows, stem, word_set

OPPOSITES = {word: one for one, line in rows("opposite").items() for word in line.split()}
STATE_WORDS = word_set("on in enabled enable active state value status power flag is has be are")
DOING = word_set("send include show add use make do get with should want needs")
NEGATING = word_set("no not non without isn't don't")
SWITCHING = word_set("turn switch put power")
STATES = {
    True: "on true yes enabled enable activate",
    False: "off false no disabled disable deactivate",
}
ENABLING = {word: state for state, line in STATES.items() for word in line.split()}
JOINING = word_set(", and & to for in at on with the another one more")
SPECIAL = {"c": "celsius", "f": "fahrenheit"}
Found = tuple[int, int, str]


def read_typed(read: Reading) -> None:
    """Read every choice, look, switch and time."""
    for parameter in read.open:
        if parameter.choices:
            _read_choices(parameter, read)
        elif parameter.look:
            _read_looks(parameter, read)
    for parameter in [one for one in read.open if one.kind == "boolean"]:
        _read_switch(parameter, read)
    levels = [one for one in read.takes.required if one in read.open and "percent" in one.measures]
    if levels and (off := _switched(read)) and not off[1]:
        read.take(levels[0], 0, off[0], off[0] + 1, sure=1)
    for place, token in enumerate(read.tokens):
        if read.low(place) and token.kind in ("when", "relative", "number"):
            _read_time(place, read)


@lru_cache(1024)
def _choice_forms(choices: tuple[str, ...]) -> dict[str, str]:
    """Return what stands for each choice, as letters only: `inprogress` for in_progress."""
    named = {_letters(SPECIAL.get(one.lower(), one)): one for one in choices}
    coded = {one.upper(): one for one in choices}
    return named | {_letters(word): coded[one] for word, one in MONEY.items() if one in coded}


def _letters(text: str) -> str:
    return stem(re.sub(r"[^a-z0-9$€£¥%]", "", text.lower()))


def _choices_in(parameter: RoleParameter, read: Reading) -> Iterator[Found]:
    forms, place = _choice_forms(parameter.choices), 0
    while place < len(read.tokens):
        said = {n: _letters(read.words(place, n)) for n in (1, 2, 3)}
        count = max((n for n, one in said.items() if one and one in forms), default=0)
        negated = {read.low(place - 1), read.low(place - 2)} & NEGATING
        idle = read.low(place) in PREPOSITIONS and not read.is_counted(place)
        if count and not negated and (not idle or _is_switch(place, read)):
            yield place, place + count, forms[said[count]]
        place += count or 1


def _read_choices(parameter: RoleParameter, read: Reading) -> None:
    found = list(_choices_in(parameter, read))
    states = {one.lower(): one for one in parameter.choices}
    if {"on", "off"} <= states.keys() and (switched := _switched(read)):
        place, state = switched
        value = states["on" if state else "off"]
        read.take(parameter, value, place, place + (read.low(place) in states), sure=1)
    elif found and parameter.kind == "array":
        read.take(parameter, list(dict.fromkeys(one for _, _, one in found)), sure=1)
        read.blank(place for start, end, _ in found for place in range(start, end))
    else:
        chosen = [one for one in found if read.is_labelled(parameter, one[0])]
        chosen = chosen or [one for one in found if one[0] < read.own] or found
        chosen = [one for one in chosen if read.before(one[0]) in parameter.heads] or chosen
        for start, end, choice in _joined(chosen, read):
            read.take_labelled(parameter, choice, start, end)


def _joined(found: Sequence[Found], read: Reading) -> Iterator[Found]:
    """Yield the first choice, and the others of its list: `to dev and to staging`."""
    yield from found[:1]
    for before, one in pairwise(found):
        between = [read.tokens[place].low for place in range(before[1], one[0])]
        others = [word for word in between if word not in JOINING and not read.knows(word)]
        if one[2] == before[2] or others or {",", "and"}.isdisjoint(between):
            return
        yield one


def _read_looks(parameter: RoleParameter, read: Reading) -> None:
    """Read what looks like a value, such as an e-mail address, and others for further calls."""
    for match in getattr(ARGUMENT, parameter.look).finditer(read.text):
        inside = [
            place
            for place, one in enumerate(read.tokens)
            if match.start() <= one.start < match.end() and read.low(place)
        ]
        joined = inside and read.low(inside[0] - 1) in (",", "and") and not read.low(inside[0] - 2)
        if inside and (parameter.name not in read.arguments or joined):
            read.take_labelled(parameter, match[0], inside[0], inside[-1] + 1)


def _is_switch(place: int, read: Reading) -> bool:
    """Return whether `on` or `off` says how something is switched."""
    after = read.tokens[place + 1].low if place + 1 < len(read.tokens) else "."
    verb = any(read.low(one) in SWITCHING for one in range(max(0, place - 6), place))
    ends = after in STOPS | PREPOSITIONS or after in ("again", "please", "now", "then", "and")
    return (verb and (ends or read.low(place - 1) in SWITCHING)) or (place == 0 and ends)


def _switched(read: Reading) -> tuple[int, bool] | None:
    """Return where an order switches something, and whether it switches it on."""
    for place in range(len(read.tokens)):
        word = read.low(place)
        state = ENABLING.get(word, ENABLING.get(word.removesuffix("d")))
        if state is None or word in ("yes", "no"):
            continue
        if word not in ("on", "off") or _is_switch(place, read):
            return place, state
    return None


def _read_switch(parameter: RoleParameter, read: Reading) -> None:
    """Read a switch by its name, its opposite, or `on` and `off`."""
    parts = [one for one in parameter.parts if one not in STATE_WORDS]
    names = [one for one in parts if one not in DOING] or parts
    lows = [read.low(place) for place in range(len(read.tokens))]
    for place in range(len(lows)):
        end = read.label_end([parameter], place)
        end += read.low(end) in ("=", ":", "is", "to")
        if end > place and read.low(end) in ENABLING:
            read.take(parameter, ENABLING[lows[end]], place, end + 1, sure=1)
            return
    hits = [hit for one in names if (hit := _named_at(one, lows)) is not None]
    if any(OPPOSITES.get(word) in (*names, *map(stem, names)) for word in lows):
        read.take(parameter, False, sure=1)
    elif names and len(hits) == len(names):
        first = min(hits)
        negated = [one for one in range(max(0, first - 3), first) if lows[one] in NEGATING]
        read.take(parameter, not negated, sure=1)
        read.blank([*hits, *negated])
    elif (not names or (parameter in read.takes.required and not hits)) and (
        found := _switched(read)
    ):
        place, state = found
        read.take(parameter, state, place, place + (lows[place] in ("on", "off")), sure=1)


def _named_at(name: str, lows: Sequence[str]) -> int | None:
    """Return where a word is the name of a switch: `chip` for microchipped."""
    root = stem(name)
    for place, low in reversed([*enumerate(lows)]):
        word = low.replace("-", "")
        ends = len(word) > 3 and root.endswith(stem(word))
        if word and (ends or stem(word) == root or root in senses(word) or word.startswith(name)):
            return place
    return None


def _read_time(place: int, read: Reading) -> None:
    """Read a day or a time of day; a day and a time for two parameters are kept apart."""
    timed = [one for one in read.open if one.is_timed]
    days = [one for one in timed if "date" in one.roles]
    clocks = [one for one in timed if "time" in one.roles]
    clocks = [one for one in clocks if one not in days] or clocks
    token, after = read.tokens[place], read.low(place + 1)
    if token.kind == "number":
        if clocks and read.low(place - 1) == "at" and (not after or after in STOPS):
            read.take_labelled(clocks[0], token.text, place, place + 1)
        return
    match = ARGUMENT.absolute.match(read.text, token.start)
    day = match and (match["day"] or match["day_"])
    clock = match and (match["clock"] or match["clock_"])
    if day and clock and days and clocks and days[0] != clocks[0]:
        read.take_labelled(days[0], day, place, place + 1)
        read.take(clocks[0], clock)
    elif fitting := (days if day and not clock else clocks) or timed:
        named = [one for one in fitting if read.is_labelled(one, place)]
        read.take_labelled((named or fitting)[0], token.text, place, place + 1)
