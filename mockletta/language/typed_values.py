"""Typed values: the choices, switches, times and amounts in an order for a tool."""

import re
from functools import lru_cache

from mockletta.language.amounts import MONEY, read_amounts, read_units
from mockletta.language.order_readings import ARGUMENT, BLANK, QUOTED, Reading, labelled
from mockletta.language.parameter_roles import PREPOSITIONS, RoleParameter, senses
from mockletta.language.words import rows, stem, tokens, word_set

OPPOSITES = {word: one for one, line in rows("opposite").items() for word in line.split()}
SWITCHES = word_set("on in enabled enable active state value status power flag is has be are")
DOING = word_set("send include show add use make do get with should want needs")
TIMELY = re.compile(
    r"\d|[dD]ay|[nN]ight|o[nr]row|[wW]eek|month|year|noon|hour|minute|second|\bin [a-z]"
)
WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def read_typed(read: Reading) -> None:
    """Read everything that is not just text, but not within a quotation that can be a text."""
    takes_text = any(one.is_text for one in read.open)
    kept = [one.span() for one in QUOTED.finditer(read.rest) if len(tokens(one[0])) > 2]
    kept = [one for one in kept if takes_text and BLANK not in read.rest[slice(*one)]]
    for span in kept:
        read.blank(*span)
    for parameter in read.open:
        if parameter.states:
            _read_state(parameter, read)
        if parameter.choices and parameter in read.open:
            _read_choices(parameter, read)
        elif parameter.look:
            _read_looks(parameter, read)
    for parameter in [one for one in read.open if one.kind == "boolean"]:
        _read_switch(parameter, read)
    _read_times(read)
    read_amounts(read)
    _read_off(read)
    read_units(read)
    for start, end in kept:
        read.rest = read.rest[:start] + read.text[start:end] + read.rest[end:]


def _read_state(parameter: RoleParameter, read: Reading) -> None:
    """Read `turn on` and `off` as values of a parameter that has them."""
    found = ARGUMENT.switched.finditer(read.rest, 0, read.own)
    switched = next((one for one in found if one[0].lower() not in ("yes", "no")), None)
    if switched:
        span = [switched.span()] * (switched[0].lower() in parameter.states)
        state = "off" if switched["on"] is None else "on"
        read.take(parameter, parameter.states[state], *span, sure=True)


def _read_off(read: Reading) -> None:
    """Read `turn off` as the level 0."""
    off = ARGUMENT.switched.search(read.rest)
    levels = [one for one in read.required if "percent" in one.measures and one in read.open]
    if off and off["on"] is None and levels:
        read.take(levels[0], 0, off.span(), sure=True)


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
        names = [
            f"(?-i:{names[0]})",
            {"c": "celsius", "f": "fahrenheit"}.get(choice.lower(), names[0]),
        ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


def _read_choices(parameter: RoleParameter, read: Reading) -> None:
    """Read a choice, or several. The `png` of a file's name is none."""
    coded = [match.span() for match in ARGUMENT.coded.finditer(read.rest)]
    found = sorted(
        (match.start(), -match.end(), choice)
        for choice in parameter.choices
        for match in _choice_form(choice).finditer(read.rest)
        if not any(start <= match.start() and match.end() <= end for start, end in coded)
        and not ARGUMENT.negated.search(read.rest, max(0, match.start() - 20), match.start())
    )
    if found and parameter.kind == "array":
        spans = [(start, -end) for start, end, _ in found]
        read.take(parameter, list(dict.fromkeys(one for _, _, one in found)), *spans, sure=True)
        return
    before = ((one, read.label_before(parameter, one[0])) for one in found)
    chosen = [one for one, label in before if label and label["label"]]
    chosen = chosen or [one for one in found if one[0] < read.own] or found
    chosen = [one for one in chosen if _head_of(one[0], read) in parameter.heads] or [
        one for one in chosen if not _is_for_another(_head_of(one[0], read), parameter, read)
    ]
    for one in _joined(parameter, chosen, read) or chosen[:1]:
        read.take_labelled(parameter, one[2], (one[0], -one[1]))


def _head_of(place: int, read: Reading) -> str:
    """Return the word before a choice: `from` of `from my savings`."""
    before = [one for one in tokens(read.rest[max(0, place - 20) : place].lower()) if one != "my"]
    return before[-1] if before else ""


def _is_for_another(head: str, parameter: RoleParameter, read: Reading) -> bool:
    others = (one for one in read.open if one.choices and one is not parameter)
    return any(head in one.heads and one.choices == parameter.choices for one in others)


def _joined(
    parameter: RoleParameter, found: list[tuple[int, int, str]], read: Reading
) -> list[tuple[int, int, str]]:
    """Return the choices of a list: `to dev and to staging`; [] if there is none."""
    chain = found[:1]
    for one in found[1:]:
        between = read.rest[-chain[-1][1] : one[0]]
        noun = between.strip().partition(" ")[0]
        between = between.replace(noun, "", 1) if noun in parameter.labels else between
        if ARGUMENT.joint.fullmatch(between) and one[2] != chain[-1][2]:
            chain.append(one)
        elif len(chain) == 1:
            chain = [one]
    return chain if len(chain) > 1 else []


def _read_looks(parameter: RoleParameter, read: Reading) -> None:
    """Read what looks like a value, such as an e-mail address, and others for further calls."""
    for match in getattr(ARGUMENT, parameter.look).finditer(read.rest):
        before = read.rest[: match.start()].rstrip()
        if parameter.name not in read.arguments or before.endswith((f"{BLANK} and", f"{BLANK},")):
            read.take_labelled(parameter, match[0], match.span())


def _read_switch(parameter: RoleParameter, read: Reading) -> None:
    """Read a switch by its name, its opposite, or `on` and `off`."""
    name = " ".join(parameter.parts)
    if stated := labelled("stated", (name,)).search(read.rest) if name else None:
        read.take(parameter, stated["on"] is not None, stated.span(), sure=True)
        return
    parts = [one for one in parameter.parts if one not in SWITCHES]
    names = [one for one in parts if one not in DOING] or parts
    found = reversed(list(WORD.finditer(read.rest)))
    words = {match[0].lower().replace("-", ""): match for match in found}
    switched = ARGUMENT.switched.search(read.rest)
    if any(OPPOSITES.get(word) in (*names, *map(stem, names)) for word in words):
        read.take(parameter, False, sure=True)
        return
    spans = [hit.span() for one in names if (hit := _hit(one, words))]
    if names and len(spans) == len(names):
        negated = ARGUMENT.negated.search(read.rest, max(0, spans[0][0] - 40), spans[0][0])
        read.take(
            parameter, negated is None, *spans, *([negated.span()] if negated else []), sure=True
        )
    elif switched and not spans and (not names or parameter in read.required):
        particle = switched[0].lower() in ("on", "off")
        spans = [switched.span()] * particle
        read.take(parameter, switched["on"] is not None, *spans, sure=True)


def _hit(name: str, words: dict[str, re.Match[str]]) -> re.Match[str] | None:
    """Return the word of an order that is the name of a switch: `chip` for microchipped."""
    root = stem(name)
    found = (
        match
        for word, match in words.items()
        if stem(word) == root
        or root in senses(word)
        or word.startswith(name)
        or (len(stem(word)) > 3 and root.endswith(stem(word)))
    )
    return next(found, None)


def _read_times(read: Reading) -> None:
    """Read days and times of day; a day and a time for two parameters are kept apart."""
    timed = [one for one in read.open if one.is_timed]
    for match in ARGUMENT.when.finditer(read.rest) if timed and TIMELY.search(read.rest) else ():
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
