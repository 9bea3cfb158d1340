"""Exact replies: words to say, counts, letters, sums, dates and times."""

import ast
import math
import operator
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import last_reply
from mockletta.default_brain.system_prompts import literal
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
LONGEST_READ, LONGEST_SUM, LONGEST_SPOKEN, LONGEST_SHOWN = 2000, 200, 300, 60
MOST = 1000
DIGITS_ONLY = re.compile(r"[\d\s.+*/%()-]*\d\s*(?:[+*/%-]|\*\*)[\d\s.+*/%()-]*")
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
OF_NUMBERS: dict[str, Callable[[Iterable[float]], float]] = {
    "add": sum, "sum": sum, "total": sum, "multiply": math.prod, "product": math.prod,
    "average": statistics.fmean, "mean": statistics.fmean, "median": statistics.median,
    **dict.fromkeys(("largest", "biggest", "highest", "maximum", "max"), max),
    **dict.fromkeys(("smallest", "lowest", "minimum", "min"), min),
}  # fmt: skip
PARTS_OF_TEXT = {
    "words": r"\S*\w\S*", "characters": r"[\s\S]", "letters": r"[^\W\d_]", "digits": r"\d",
    "vowels": "[aeiou]", "consonants": "(?![aeiou])[a-z]",
}  # fmt: skip
LESS, SAME = word_set("less smaller lower fewer <"), frozenset({"equal", "the same", "="})
LARGEST, LONGEST_NUMBER = 1e15, 20
LARGEST_RESULT, MOST_BITS = 10**100, 400
UNITS = word_set("day weekday date time year month clock")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "now": 0}
ASIDES = word_set("have got do know tell can could will would")
ELSEWHERE = word_set("when where who how why i my your after before")
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


@remembered
def conditional(text: str) -> tuple[str, str, str] | None:
    """Read `say X if Y, otherwise say Z` as Y, X and Z. None for any other message."""
    read = (text[:LONGEST_READ], *islice(sentences(text), MOST_SENTENCES))
    orders = (one for one in read if PROMPT.depends.search(one))
    found = (PROMPT.said_if.match(rewritten(plain(one), "either")) for one in orders)
    match = next(filter(None, found), None)
    if match is None:
        return None
    said, other = (re.sub("^[\"'“]|[\"'”]$", "", one or "") for one in match.group("said", "other"))
    return expand(match["case"]), said, other


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
    spoken = first not in NOT_SPOKEN and not PROMPT.depends.search(text)
    spoken = spoken or core.lower().startswith("echo")
    is_said = 0 < len(words) <= MOST_SPOKEN and spoken and not SUM.spelled.match(core)
    times = number(several["count"]) if several else 1
    mark = ", " if several and several["mark"] else " "
    return mark.join([text] * (times or 1)) if is_said else None


def reckoned(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return a count, the result of a sum, or what is asked of words and letters."""
    pointed = SUM.of_it.match(text)
    last = last_reply(messages) if pointed else ""
    if pointed and pointed["counted"] != "words" and (word := SUM.spoken_word.search(last)):
        text = f"{pointed['lead']} {word['quoted'] or word['told']}{pointed['back'] or ''}"
    elif pointed and pointed["counted"]:
        text = f'how many {pointed["counted"]} in "{last}"'
    found = count(text) or calculate(text) or letters(text) or arranged(text)
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
    """Spell a word, or count the letters, words and so on of a text. None for any other message."""
    core = expand(plain(text[:LONGEST_SUM])).strip(" ?!.")
    if spelled := SUM.spelled.match(core):
        word = str(spelled["word"])
        return word[::-1] if spelled["back"] or spelled["reverse"] else "-".join(word)
    match = SUM.letters.match(text[:LONGEST_READ].strip())
    if match is None:
        return None
    told = match["told"] or ""
    held = unquoted(told) or told or match["word"] or match["quoted"]
    what = (match["what"] or match["of_text"] or match["letter"] or "characters").lower()
    form = PARTS_OF_TEXT.get(what, what)
    number_of = len([*sentences(held)] if what == "sentences" else re.findall(f"(?i){form}", held))
    one, many = (what, f"{what}'s") if match["letter"] else (what[:-1], what)
    shown = f'"{held}"' if len(held) <= LONGEST_SHOWN else "That text"
    return f"{shown} has {number_of} {one if number_of == 1 else many}."


def arranged(text: str) -> str | None:
    """Return the things that a message lists in the order of the alphabet, or of their numbers."""
    match = SUM.arranged.match(plain(text[:LONGEST_READ]).rstrip(" .!?"))
    if match is None:
        return None
    listed = match["items"] or match["given"]
    items = ITEMS.split(listed)
    items = items if len(items) > 1 else listed.split()
    is_number = all(one.isdecimal() and len(one) < LONGEST_NUMBER for one in items)
    how = f"{match['how']} {match['way']}".lower()
    items.sort(key=int if is_number else str.casefold, reverse="reverse" in how or "desc" in how)
    return ", ".join(items)


@remembered
def calculate(text: str) -> str | None:
    """Return the result of the sum a message asks for; None for any other message."""
    try:
        return _outcome(_summed(text))
    except ZeroDivisionError:
        return "I can't divide by zero."
    except OverflowError:
        return "That number is too large for me."
    except (SyntaxError, TypeError):
        return None


def _outcome(core: str) -> str | None:
    compares = SUM.compared.match(core)
    if compares and (told := _compared(compares)):
        return told
    asked = _in_digits(core) if SUM.hints.search(core) else ""
    if listed := SUM.of_numbers.match(asked):
        values = map(float, re.findall(r"-?\d+(?:\.\d+)?", listed["numbers"]))
        return f"That is {_written(OF_NUMBERS[listed['what'].lower()](values))}."
    if DIGITS_ONLY.fullmatch(asked):
        return f"That is {_written(_result(ast.parse(asked, mode='eval').body))}."
    return None


def _compared(match: re.Match[str]) -> str:
    """Return whether a number is greater, less or the same; "" if no numbers are compared."""
    how, sides = match["how"].lower(), [_in_digits(match["left"]), _in_digits(match["right"])]
    asks = match["tested"] or match.string[:3].lower() in ("is ", "are")
    if not asks or not all(DIGITS_ONLY.fullmatch(f"{side}+0") for side in sides):
        return ""
    left, right = (_result(ast.parse(side, mode="eval").body) for side in sides)
    holds = left < right if how in LESS else left == right if how in SAME else left > right
    is_test = match.string[:4].lower() == "true"
    word = str(holds) if is_test else "Yes" if holds else "No"
    return (
        f"{word}, {match['left']} is {'' if holds else 'not '}{match.string[match.start('how') :]}."
    )


def _summed(text: str) -> str:
    """Return what a message may ask to work out; "" if it is too long for a sum."""
    core = PLEASE.sub("", expand(plain(text[: LONGEST_SUM + 1]))).strip(" .?!=")
    return core if len(core) <= LONGEST_SUM else ""


def reckoned_on(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return the result of a sum that goes on from the last reply: `times 4`, `now backwards`."""
    core = _summed(text)
    if SUM.backwards.match(core) and len(items := last_reply(messages).split(", ")) > 1:
        return ", ".join(reversed(items))
    result = SUM.result.match(last_reply(messages)) if SUM.goes_on.match(core) else None
    return calculate(re.sub(r"\bit\b", result[1], rewritten(core, "goes_on"))) if result else None


def _in_digits(text: str) -> str:
    """Write what a message asks to work out in digits and signs, as far as that is possible."""
    text = SUM.asked_sum.sub("", text, count=1).strip(" ?=")
    for word in (one for one in tokens(text) if one.lower() in NUMBERS):
        text = re.sub(rf"\b{word}\b", str(NUMBERS[word.lower()]), text, count=1)
    return rewritten(text, "sum").strip()


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
    words = [base(word) for word in tokens(core)]
    unit = next((word for word in words if word in UNITS), "")
    away = SUM.away.search(core) if unit and not {"how", "my", "your"} & {*words} else None
    if away:
        days = 7 if (away["unit"] or "").lower() == "week" else 1
        days *= 2 if away["two"] else number(away["count"]) or 0
        day = now.date() + timedelta(days=min(days, 100_000) * (-1 if away["ago"] else 1))
        return f"It {'was' if away['ago'] else 'will be'} {_spelled(day)}."
    return _near(core, words, unit, now)


def _near(core: str, words: list[str], unit: str, now: datetime) -> str | None:
    near = next((word for word in words if word in NEAR), "")
    if {*words} - SILENT - UNITS - NEAR.keys() - BESIDE or not (unit or near):
        return None
    if (
        ELSEWHERE & {*words}
        or words[-1] == "at"
        or SUM.fragment.match(core)
        or (not unit and {"you", "we", "on"} & {*words})
    ):
        return None
    if any(is_verb(word) and word not in BE | ASIDES for word in words):
        return None
    lead = {"tomorrow": "Tomorrow is", "yesterday": "Yesterday was"}.get(near, "It is")
    day = now.date() + timedelta(days=NEAR.get(near, 0))
    told = {
        "time": f"It is {now:%H:%M} {now.tzname() or ''}".strip(),
        "year": f"It is {now.year}",
        "month": f"It is {now:%B} {now.year}",
    }
    return f"{told.get(unit.replace('clock', 'time'), f'{lead} {_spelled(day)}')}."


def _spelled(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"
