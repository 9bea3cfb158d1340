"""Dates and times, by the world's clock."""

import re
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from mockletta.language.sentences import kind, plain, sentences
from mockletta.language.words import (
    BE,
    SILENT,
    as_sentence,
    base,
    expand,
    is_verb,
    number,
    patterns,
    tokens,
    word_set,
)

SUM = patterns("sum")
LONGEST_READ = 2000
UNITS = word_set("day weekday date time year month clock")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "now": 0}
ASIDES = word_set("have do know tell can could will would")
BESIDE = word_set("week right moment present hour current o'clock please currently present-day")
time_zones = cache(available_timezones)
MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]
WEEKDAYS = [date(2001, 1, day).strftime("%A") for day in range(1, 8)]
HOLIDAYS = {
    "christmas": (12, 25), "christmas eve": (12, 24), "halloween": (10, 31), "valentine": (2, 14),
    "new year": (1, 1), "new year eve": (12, 31),
}  # fmt: skip
DATED = re.compile(
    rf"^(?:(?P<month>{'|'.join(MONTHS)}) (?P<day>\d{{1,2}})|(?P<d>\d{{1,2}})(?: of)? "
    rf"(?P<m>{'|'.join(MONTHS)}))"
    r"$", re.IGNORECASE,
)  # fmt: skip


def clock(text: str, now: datetime | None) -> str | None:
    """Return the answer to a question for a date or the time; None for any other message."""
    if now is None:
        return None
    for sentence in [*sentences(text[:LONGEST_READ])][:8]:
        if kind(sentence) == "question" and (told := _told(sentence, now)):
            return told
    return None


def _told(sentence: str, now: datetime) -> str | None:
    core = expand(plain(sentence)).strip(" ?!.")
    if match := SUM.time_in.search(core):
        return _time_in(match["place"], now)
    if (told := _days_counted(core, now.date())) or SUM.until.match(core):
        return told
    if told := _named_day(core, now):
        return told
    words = [base(word) for word in tokens(core)]
    if words[:1] == ["how"] or {"my", "your"} & {*words} or SUM.fragment.match(core):
        return None
    unit = next((word for word in words if word in UNITS), "")
    if (away := SUM.away.search(core)) and unit:
        day = _moved(away, now)
        return f"It {'was' if day < now.date() else 'will be'} {_spelled(day)}."
    return _near(words, unit, now)


def _named_day(core: str, now: datetime) -> str:
    """Tell when a named day is, or whether it is today. "" for any other question."""
    if match := SUM.is_day.match(core):
        today = f"{now:%A %B %Y} {'weekend' if now.weekday() > 4 else ''}".lower().split()
        answer = "Yes" if match["day"].lower() in today else "No"
        return f"{answer}, it is {_spelled(now.date())}."
    match = SUM.weekday_of.match(core)
    day = _date_of(match["when"], now.date()) if match else None
    return as_sentence(f"{match['when']} is on {_spelled(day)}") if match and day else ""


def _near(words: list[str], unit: str, now: datetime) -> str | None:
    near = next((word for word in words if word in NEAR), "")
    if {*words} - SILENT - UNITS - NEAR.keys() - BESIDE or not (unit or near):
        return None
    if not unit and {"you", "we"} & {*words}:
        return None
    acts = (is_verb(word) and word not in BE | ASIDES for word in words)
    if {"when", "where", "who", "how", "why", "i"} & {*words} or any(acts):
        return None
    return _time_told(unit or "date", near, now)


def _time_told(unit: str, near: str, now: datetime) -> str:
    told = _spelled((now + timedelta(days=NEAR.get(near, 0))).date())
    match unit:
        case "time" | "clock":
            return f"It is {now:%H:%M} {now.tzname() or ''}".strip() + "."
        case "year":
            return f"It is {now.year}."
        case "month":
            return f"It is {now:%B} {now.year}."
    lead = {"tomorrow": "Tomorrow is", "yesterday": "Yesterday was"}.get(near, "It is")
    return f"{lead} {told}."


def _spelled(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def _moved(away: re.Match[str], now: datetime) -> date:
    if away["two"] or away["back"]:
        return now.date() + timedelta(days=2 if away["two"] else -2)
    name = next(key for key in ("after", "from", "ago") if away[key])
    unit = away["unit"] or away["from_unit"] or away["ago_unit"]
    days = (number(away[name]) or 0) * (7 if unit.lower() == "week" else 1)
    return now.date() + timedelta(days=min(days, 100_000) * (-1 if name == "ago" else 1))


def _days_counted(core: str, today: date) -> str | None:
    """Tell how many days or weeks there are until a day or between two; None if not known."""
    until, between = SUM.until.match(core), SUM.between.match(core)
    if until and (day := _date_of(until["when"], today)):
        return f"{_span(day - today, until['unit'] or 'day')} until {_spelled(day)}."
    named = between.group("first", "last") if between else ()
    days = [day for one in named if (day := today if one in NEAR else _date_of(one, today))]
    return (
        f"That is {_span(max(days) - min(days), between['unit'])}."
        if between and days[1:]
        else None
    )


def _span(days: timedelta, unit: str) -> str:
    if unit.lower() == "day":
        return f"{days.days} day{'' if days.days == 1 else 's'}"
    weeks = days.days // 7
    return f"{weeks} week{'' if weeks == 1 else 's'} and {days.days % 7} days"


def _date_of(text: str, today: date) -> date | None:
    """Return the next day with a name like `Christmas`, `Friday` or `3 May`; None for any other."""
    text = SUM.ordinal.sub("", text.strip(" .?!,")).removeprefix("the ").replace("\u2019", "'")
    if text.title() in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(text.title()) - today.weekday()) % 7 or 7)
    found = HOLIDAYS.get(text.lower().replace("'s", "").removesuffix(" day"))
    if match := DATED.match(text):
        month = (match["month"] or match["m"]).title()
        found = MONTHS.index(month) + 1, int(match["day"] or match["d"])
    if found is None:
        return None
    try:
        day = date(today.year, *found)
        return day if day >= today else date(today.year + 1, *found)
    except ValueError:
        return None


def _time_in(place: str, now: datetime) -> str | None:
    """Tell the time in a city that a time zone is named after; None for any other place."""
    name = place.strip().title().replace(" ", "_")
    zone = next((one for one in sorted(time_zones()) if one.endswith(f"/{name}")), None)
    if zone is None:
        return None
    return f"It is {now.astimezone(ZoneInfo(zone)):%H:%M on %A} in {place.strip()}."
