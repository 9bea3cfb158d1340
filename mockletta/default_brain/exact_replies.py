"""Exact replies: words to say, counts, letters, sums, dates and times."""

import ast
import math
import operator
import re
from calendar import day_name, month_name
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import last_reply, said
from mockletta.default_brain.system_prompts import literal
from mockletta.language.parameter_roles import SIZES
from mockletta.language.sentences import ITEMS, kind, plain, sentences, unquoted, unwrapped
from mockletta.language.words import (
    BE,
    NUMBERS,
    SILENT,
    as_sentence,
    base,
    expand,
    is_verb,
    lexicon,
    number,
    patterns,
    remembered,
    rewritten,
    tokens,
    word_set,
)

PROMPT = patterns("prompt")
SUM = patterns("sum")
PLEASE = patterns("talk").please
NOT_SPOKEN = lexicon("not_spoken")
MOST_SPOKEN = 12
MOST_SENTENCES = 12
LONGEST_READ, LONGEST_SUM, LONGEST_SPOKEN = 2000, 200, 300
MOST = 1000
DIGITS_ONLY = re.compile(r"[\d\s.+*/%()-]*\d\s*(?:[+*/%-]|\*\*)[\d\s.+*/%()-]*")
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
LARGEST = 1e15
LARGEST_RESULT, MOST_BITS = 10**100, 400
UNITS = word_set("day weekday date time year month clock")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "now": 0}
BOUNDS: dict[str, Callable[..., str]] = {
    **dict.fromkeys(("largest", "biggest", "highest", "maximum"), max),
    **dict.fromkeys(("smallest", "lowest", "minimum"), min),
}
MARKS = {"comma": ", ", "semicolon": "; ", "dash": " - ", "hyphen": "-"}
NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")
MONTHS, WEEKDAYS = [name.lower() for name in month_name], [name.lower() for name in day_name]
HOLIDAYS = {
    "christmas": (12, 25), "christmas eve": (12, 24), "halloween": (10, 31), "valentine": (2, 14),
    "new year": (1, 1), "new year eve": (12, 31),
}  # fmt: skip
MONTH = "|".join(MONTHS[1:])
DATED = re.compile(rf"(?:(?P<month>{MONTH}) )?(?P<day>\d{{1,2}})(?: of)?(?: (?P<m>{MONTH}))?")
ASIDES = word_set("have got do know tell can could will would")
BESIDE = word_set(
    "week right moment present got hour current o'clock please currently present-day "
    "monday tuesday wednesday thursday friday saturday sunday"
)


@remembered
def echo(text: str) -> str | None:
    """Return what a message orders to be said word for word, or None without such an order."""
    orders = (text, *islice(sentences(text), MOST_SENTENCES))
    found = (_echoed(plain(one)) for one in orders)
    return next((one for one in found if one is not None), None)


def _echoed(core: str) -> str | None:
    if match := PROMPT.after_colon.match(core):
        inside = unquoted(match["rest"])
        return match["rest"].strip() if inside is None else inside
    if (match := PROMPT.replying.match(core)) and (found := literal(match["rest"])) is not None:
        return found
    return _spoken(core)


def _spoken(core: str) -> str | None:
    core = rewritten(core, "times").rstrip(".!") if len(core) < LONGEST_SPOKEN else ""
    match = PROMPT.spoken.match(core)
    text = match["rest"].rstrip(".!?") if match else ""
    several = PROMPT.times.match(text)
    text = several["what"] if several else text
    if greeted := PROMPT.say_to.match(text):
        return f"{as_sentence(greeted['what']).rstrip('.')}, {greeted['who']}!"
    words = text.split()
    first = words[0].lower().strip(",.") if words else ""
    unspoken = first in NOT_SPOKEN and not core.lower().startswith("echo")
    is_said = 0 < len(words) <= MOST_SPOKEN and not unspoken and not SUM.spelled.match(core)
    times = number(several["count"]) if several else 1
    mark = MARKS.get(several["mark"] or "", " ") if several else ""
    return mark.join([text] * (times or 1)) if is_said else None


def reckoned(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return a count, the result of a sum, or what is asked of words and letters."""
    found = count(text) or calculate(text) or converted(text) or letters(text) or arranged(text)
    return found or reckoned_on(text, messages)


@remembered
def count(text: str) -> str | None:
    """Return the numbers a message asks to hear, `1, 2, 3`, or None if it does not ask to count."""
    for sentence in islice(sentences(text[:LONGEST_READ]), MOST_SENTENCES):
        core = plain(sentence)
        is_count = core.lower().startswith("count") or "numbers" in core.lower()
        if is_count and (match := SUM.count.match(core.rstrip(".!? "))):
            return _counted(match)
    return None


def _counted(match: re.Match[str]) -> str | None:
    given = [number(match[name]) for name in ("first", "last") if match[name]]
    ends = [one for one in given if one is not None]
    step = abs(number((match["step"] or "").removesuffix("s")) or 1) or 1
    if len(ends) < len(given) or not ends or (match["first"] or "").lower() in ("a", "an"):
        return None
    if len(ends) == 1:
        ends = [ends[0], 1] if match["down"] else [step, ends[0]]
    first, last = ends
    if abs(last - first) // step >= MOST:
        return f"I can count at most {MOST} numbers at a time. Please give me a shorter range."
    values = range(first, last + 1, step) if last >= first else range(first, last - 1, -step)
    return ", ".join(map(str, values))


def letters(text: str) -> str | None:
    """Spell a word or tell how many letters it has. None for any other message."""
    core = expand(plain(text[:LONGEST_SUM])).strip(" ?!.")
    if spelled := SUM.spelled.match(core):
        word = str(spelled["word"])
        return word[::-1] if spelled["back"] or spelled["reverse"] else "-".join(word)
    match = SUM.letters.match(core)
    if match is None:
        return None
    held = match["word"] or match["quoted"]
    number_of = len(held.split()) if match["what"] == "words" else sum(map(str.isalnum, held))
    return f'"{held}" has {number_of} {match["what"]}.'


def converted(text: str) -> str | None:
    """Return an amount in another unit: `10 km in miles`. None for any other message."""
    core = _summed(text).lower()
    match = SUM.converted.match(core) or SUM.contained.match(core)
    if match is None or not {match["unit"], match["to"]} <= SIZES.keys():
        return None
    (measured, size), (wanted, per) = SIZES[match["unit"]], SIZES[match["to"]]
    value = float(match["digits"] or 1) * size / per
    return f"That is {_written(round(value, 4))} {match['to']}." if measured == wanted else None


def arranged(text: str) -> str | None:
    """Return things that a message lists in order, or the other way round."""
    match = SUM.arranged.match(plain(text[:LONGEST_READ]).rstrip(" .!?"))
    items = ITEMS.split(match["items"]) if match else []
    if match is None or len(items) < 2:
        return None
    if not match["back"]:
        is_number = all(map(NUMERAL.fullmatch, items))
        items.sort(key=float if is_number else str.casefold)
    downwards = "desc" in match[0] or " reverse" in match[0]
    return ", ".join(reversed(items) if match["back"] or downwards else items)


@remembered
def calculate(text: str) -> str | None:
    """Return the result of the sum a message asks for; None for any other message."""
    core = _summed(text)
    asked = _expression(core) if SUM.hints.search(core) else None
    if asked is None:
        return None
    try:
        return f"That is {_written(_result(ast.parse(asked, mode='eval').body))}."
    except ZeroDivisionError:
        return "I can't divide by zero."
    except OverflowError:
        return "That number is too large for me."
    except (SyntaxError, TypeError):
        return None


def _summed(text: str) -> str:
    """Return what a message may ask to work out; "" if it is too long for a sum."""
    core = PLEASE.sub("", expand(plain(text[: LONGEST_SUM + 1]))).strip(" .?!=")
    return core if len(core) <= LONGEST_SUM else ""


def reckoned_on(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return the result of a sum that goes on from the last one: `times 4`, `add 5 to that`."""
    core = _summed(text)
    if SUM.backwards.match(core) and len(items := last_reply(messages).split(", ")) > 1:
        return ", ".join(reversed(items))
    if not SUM.goes_on.match(core):
        return None
    result = SUM.result.match(last_reply(messages))
    if percent := SUM.percent.fullmatch(core):
        own = [said(one) for one in messages if one.role == "user"][-2:-1]
        return calculate(SUM.percent.sub(percent["rate"], "".join(own)))
    return calculate(re.sub(r"\bit\b", result[1], rewritten(core, "goes_on"))) if result else None


def _expression(text: str) -> str | None:
    """Write a sum in digits and signs; None where words remain or nothing is to be reckoned."""
    text = SUM.asked_sum.sub("", text, count=1).strip(" ?=")
    for word in (one for one in tokens(text) if one.lower() in NUMBERS):
        text = re.sub(rf"\b{word}\b", str(NUMBERS[word.lower()]), text, count=1)
    if listed := SUM.over_list.match(text):
        values = ITEMS.split(listed["values"].replace(" or ", " and "))
        what = (listed["what"] or "sum").lower()
        if what in BOUNDS:
            return BOUNDS[what](values, key=float)
        whole = f"({(' * ' if what == 'product' else ' + ').join(values)})"
        return f"{whole} / {len(values)}" if what in ("average", "mean") else whole
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
            is_large = isinstance(op, ast.Pow) and math.log2(abs(a) + 1) * abs(b) > MOST_BITS
            if is_large or (isinstance(op, ast.Pow) and a <= 0 and b != int(b)):
                raise OverflowError
            result = OPERATORS[type(op)](a, b)
            if abs(result) > LARGEST_RESULT:
                raise OverflowError
            return result
    raise TypeError


def _written(value: float) -> str:
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < LARGEST)
    return str(int(value)) if whole else f"{value:.10g}"


def clock(text: str, now: datetime | None, messages: Sequence[ChatMessage] = ()) -> str | None:
    """Return the answer to a question for a date or the time; None for any other message.

    `and what year is it?` is about the thing that the reply before it gave a year of.
    """
    same = SUM.of_the_same.match(text.strip())
    form = {"year": SUM.year_told, "time": SUM.time_told}[same["unit"].lower()] if same else None
    before = last_reply(messages) if form else ""
    if now is None or (form and form.search(before) and not before.startswith("It is ")):
        return None
    read = islice(sentences(text[:LONGEST_READ]), MOST_SENTENCES)
    asked = (part for one in read if kind(one) == "question" for part in SUM.joined.split(one))
    return " ".join(filter(None, (_told(one, now) for one in asked))) or None


def _told(sentence: str, now: datetime) -> str | None:
    core = expand(unwrapped(sentence)).strip(" ?!.")
    if counted := _days_counted(core, now.date()):
        return counted
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


def _days_counted(core: str, today: date) -> str | None:
    """Tell how many days there are until a day or between two, or when a named day is."""
    if (asked := SUM.day_of.match(core)) and (day := _date_of(asked["when"], today)):
        return f"That is {_spelled(day)}."
    match = SUM.until.match(core) or SUM.between.match(core)
    days = [_date_of(one, today) for one in match.group("first", "last")] if match else []
    first, last = [*filter(None, days), None, None][:2]
    if match is None or first is None or last is None:
        return None
    count, unit = abs((last - first).days), "day"
    if match["unit"] and match["unit"].lower() == "week" and count % 7 == 0:
        count, unit = count // 7, "week"
    return f"That is {count} {unit}{'' if count == 1 else 's'}."


def _date_of(text: str | None, today: date) -> date | None:
    """Return the next day with a name like `Christmas`, `Friday` or `3 May`; None for any other."""
    named = SUM.ordinal.sub("", (text or "today").lower().replace("'s", "").removesuffix(" day"))
    if named in NEAR:
        return today + timedelta(days=NEAR[named])
    if named in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(named) - today.weekday()) % 7 or 7)
    found = HOLIDAYS.get(named)
    if (match := DATED.fullmatch(named)) and (month := match["m"] or match["month"]):
        found = MONTHS.index(month), int(match["day"])
    years = (today.year, today.year + 1) if found else ()
    days = (f"{year}-{found[0]:02}-{found[1]:02}" for year in years if found)
    return next((day for one in days if (day := _day(one)) and day >= today), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
