"""Exact replies: words to say, counts, sums, dates and times."""

import ast
import math
import operator
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from mockletta.default_brain.answers import lookup
from mockletta.default_brain.bare_answers import value
from mockletta.default_brain.fact_sources import Sources
from mockletta.default_brain.structured_replies import listed_examples
from mockletta.default_brain.system_prompts import literal
from mockletta.language.questions import query
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import as_clause, kind, plain, sentences, unquoted
from mockletta.language.words import (
    BE,
    LARGE,
    NUMBERS,
    SILENT,
    as_sentence,
    base,
    expand,
    is_verb,
    lexicon,
    number,
    pattern,
    patterns,
    remembered,
    rewritten,
    tokens,
    word_set,
)

PROMPT = patterns("prompt")
NOT_SPOKEN = lexicon("not_spoken")
MOST_SPOKEN = 12
LONGEST_SPOKEN = 300
MOST_SENTENCES = 12
SUM = patterns("sum")
LONGEST_READ = 2000
LONGEST_SUM = 200
MOST = 1000
COMPARISONS = {
    "older": ("old", 1), "oldest": ("old", 1), "younger": ("old", -1), "youngest": ("old", -1),
    "taller": ("tall", 1), "tallest": ("tall", 1), "shorter": ("tall", -1),
    "heavier": ("heavy", 1), "lighter": ("heavy", -1), "longer": ("long", 1),
    "bigger": ("big", 1), "smaller": ("big", -1),
}  # fmt: skip
SPELLED = "|".join(sorted([*NUMBERS, "a", *LARGE], key=len, reverse=True))
NUMBER = rf"-?\d[\d,]*|(?:{SPELLED})\b(?:[- ](?:{SPELLED})\b)?"
COUNT = pattern("sum.count", number=NUMBER)
DIGITS_ONLY = re.compile(r"[\d\s.+*/%()-]*\d\s*(?:[+*/%-]|\*\*)[\d\s.+*/%()-]*")
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
LARGEST = 1e15
LARGEST_RESULT, MOST_BITS = 10**100, 400
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


@remembered
def echo(text: str) -> str | None:
    """Return what a message orders to be said word for word, or None without such an order."""
    whole = _echoed(plain(text))
    if whole is not None:
        return whole
    found = (_echoed(plain(one)) for one in islice(sentences(text), MOST_SENTENCES))
    return next((one for one in found if one is not None), None)


def _echoed(core: str) -> str | None:
    if match := PROMPT.after_colon.match(core) or PROMPT.after_me.match(core):
        inside = unquoted(match["rest"])
        return match["rest"].strip() if inside is None else inside
    if (match := PROMPT.replying.match(core)) and (found := literal(match["rest"])) is not None:
        return found
    return _spoken(core)


def _spoken(core: str) -> str | None:
    match = PROMPT.spoken.match(core) if len(core) < LONGEST_SPOKEN else None
    if not match:
        return None
    text = PROMPT.spoken_tail.sub("", match["rest"]).rstrip(".!?")
    words = text.split()
    first = words[0].lower().strip(",.") if words else ""
    if not words or len(words) > MOST_SPOKEN or first in NOT_SPOKEN:
        return None
    return text


def reckoned(text: str) -> str | None:
    """Return a count, the result of a sum, or what is asked of a word's letters."""
    listed = listed_examples(plain(text))
    return (
        count(text)
        or calculate(text)
        or letters(text)
        or (", ".join(listed[1]) if listed else None)
    )


@remembered
def count(text: str) -> str | None:
    """Return the numbers a message asks to hear, `1, 2, 3`, or None if it does not ask to count."""
    for place, sentence in enumerate(sentences(text[:LONGEST_READ])):
        core = plain(sentence)
        is_count = core.lower().startswith("count") or "numbers" in core.lower()
        if place < 5 and is_count and (match := COUNT.match(core.rstrip(".!? "))):
            return _counted(match)
    return None


def letters(text: str) -> str | None:
    """Spell a word or tell how many letters it has. None for any other message."""
    core = expand(plain(text[:LONGEST_SUM])).strip(" ?!.")
    if spelled := SUM.spelled.match(core):
        word = str(spelled["word"])
        return word[::-1] if spelled["back"] or spelled["reverse"] else "-".join(word)
    match = SUM.letters.match(core)
    return f'"{match["word"]}" has {len(match["word"])} letters.' if match else None


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


def _counted(match: re.Match[str]) -> str | None:
    first, last = number(match["first"]), number(match["last"])
    if last is None and (first is None or match["first"].lower() in ("a", "an")):
        return None
    if last is None:
        first, last = (first, 1) if match["down"] else (1, first)
    step = abs(number((match["step"] or "").removesuffix("s")) or 1) or 1
    start = first if first is not None else step
    assert start is not None
    assert last is not None
    if match["down"] and match["first"] is None:
        start, last = last, 1
    if abs(last - start) // step >= MOST:
        return f"I can count at most {MOST} numbers at a time. Please give me a shorter range."
    values = range(start, last + 1, step) if last >= start else range(start, last - 1, -step)
    return ", ".join(map(str, values))


@remembered
def calculate(text: str) -> str | None:
    """Return the results of the sums a message asks for; None for any other message."""
    core = expand(plain(text[: LONGEST_SUM + 1])).strip(" .?!=")
    if len(core) > LONGEST_SUM or not SUM.hints.search(core):
        return None
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
    if match := SUM.until.match(core):
        return _days_until(match["when"], match["unit"] or "day", now.date())
    if told := _named_day(core, now):
        return told
    words = [base(word) for word in tokens(core)]
    if words[:1] == ["how"] or {"my", "your"} & {*words}:
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


def _days_until(when: str, unit: str, today: date) -> str | None:
    day = _date_of(when, today)
    if day is None:
        return None
    days = (day - today).days
    told = f"{days} day{'' if days == 1 else 's'}"
    if unit.lower() == "week":
        told = f"{days // 7} week{'' if days // 7 == 1 else 's'} and {days % 7} days"
    return f"{told} until {_spelled(day)}."


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
