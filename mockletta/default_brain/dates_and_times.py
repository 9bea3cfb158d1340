"""Dates and times, by the world's clock."""

from datetime import date, datetime, timedelta
from itertools import islice

from mockletta.language.sentences import kind, plain, sentences
from mockletta.language.words import (
    BE,
    SILENT,
    base,
    expand,
    is_verb,
    number,
    patterns,
    tokens,
    word_set,
)

SUM = patterns("sum")
LONGEST_READ, MOST_READ = 2000, 8
UNITS = word_set("day weekday date time year month clock")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "now": 0}
ASIDES = word_set("have do know tell can could will would")
BESIDE = word_set(
    "week right moment present hour current o'clock please currently present-day "
    "monday tuesday wednesday thursday friday saturday sunday"
)


def clock(text: str, now: datetime | None) -> str | None:
    """Return the answer to a question for a date or the time; None for any other message."""
    if now is None:
        return None
    read = islice(sentences(text[:LONGEST_READ]), MOST_READ)
    told = (_told(one, now) for one in read if kind(one) == "question")
    return next(filter(None, told), None)


def _told(sentence: str, now: datetime) -> str | None:
    core = expand(plain(sentence)).strip(" ?!.")
    words = [base(word) for word in tokens(core)]
    if words[:1] == ["how"] or {"my", "your"} & {*words} or SUM.fragment.match(core):
        return None
    unit = next((word for word in words if word in UNITS), "")
    if unit and (away := SUM.away.search(core)):
        weeks = 7 if (away["unit"] or "").lower() == "week" else 1
        days = 2 if away["two"] else weeks * (number(away["count"]) or 0)
        day = now.date() + timedelta(days=min(days, 100_000) * (-1 if away["ago"] else 1))
        return f"It {'was' if away['ago'] else 'will be'} {_spelled(day)}."
    return _near(words, unit, now)


def _near(words: list[str], unit: str, now: datetime) -> str | None:
    near = next((word for word in words if word in NEAR), "")
    if {*words} - SILENT - UNITS - NEAR.keys() - BESIDE or not (unit or near):
        return None
    if not unit and {"you", "we"} & {*words}:
        return None
    acts = (is_verb(word) and word not in BE | ASIDES for word in words)
    if {"when", "where", "who", "how", "why", "i"} & {*words} or any(acts):
        return None
    lead = {"tomorrow": "Tomorrow is", "yesterday": "Yesterday was"}.get(near, "It is")
    day = _spelled(now.date() + timedelta(days=NEAR.get(near, 0)))
    time = f"It is {now:%H:%M} {now.tzname() or ''}".strip()
    month = f"It is {now:%B} {now.year}"
    told = {"time": time, "clock": time, "year": f"It is {now.year}", "month": month}
    return f"{told.get(unit) or f'{lead} {day}'}."


def _spelled(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"
