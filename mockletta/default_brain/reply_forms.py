"""Reply forms: capitals, points, yes or no or few words, as a message or the system prompt asks."""

import re
from collections.abc import Callable, Sequence

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import last_reply
from mockletta.language.sentences import ITEMS, kind, plain, sentences
from mockletta.language.words import (
    SILENT,
    is_verb,
    lexicon,
    patterns,
    remembered,
    tokens,
    word_set,
)

FORM = patterns("form")
SHAPED, NOT_SPOKEN = lexicon("shaped"), lexicon("not_spoken")
LONGEST_READ, TAIL = 2000, 120
LONGEST_ITEM = 3
MOST_POINTS = 50
NOTHING_ANSWERED = "I have not said anything before."
LEADS = (
    "Congratulations! ",
    "Got it: ",
    "I'm glad to hear that ",
    "I'm sorry to hear that ",
    "Here is what I know: ",
)
ONE_WORD = {
    "Got it": "Noted.",
    "Hello": "Hello!",
    "I don't know": "Unknown.",
    "You're": "Welcome!",
    "Yes,": "Yes.",
    "No,": "No.",
    "Not ": "No.",
}
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
REWRITTEN: dict[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower}
ENDS = word_set("for in on at to from with by of as because so")


@remembered
def read_form(text: str) -> tuple[str, str]:
    """Return a message without its order for a form of the reply, and that form; "" for none."""
    if len(text) > LONGEST_READ or not FORM.hints.search(text):
        return text, ""
    found = FORM.opening.match(text) or FORM.closing.search(text, max(0, len(text) - TAIL))
    if found is None:
        return text, ""
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    if found[0].rstrip().endswith(":") and kind(rest) != "question":
        return f"Repeat: {rest}", named_form(found)
    rest = FORM.of_mine.sub("say ", rest) if named_form(found) in REWRITTEN else rest
    given = FORM.given.match(rest) if named_form(found) in REWRITTEN else None
    if given and given["text"].split()[0].lower() not in NOT_SPOKEN:
        return f"Repeat: {given['text']}", named_form(found)
    *_, ordering = ["", *sentences(rest)]
    verb = next(iter(tokens(plain(ordering).lower())), "")
    asks = kind(ordering) == "question" or verb in SHAPED or not found.start()
    return (rest, named_form(found)) if asks else (text, "")


def named_form(found: re.Match[str]) -> str:
    """Return the form that a match of `form.shape` names."""
    return next(name for name, part in found.groupdict().items() if part)


def points_back(text: str) -> bool:
    """Return whether a message only means what was said before: `say that again`."""
    return len(text) <= TAIL and FORM.back.match(plain(text)) is not None


def said_before(form: str, messages: Sequence[ChatMessage]) -> str:
    """Return the last reply in another form."""
    last = last_reply(messages)
    return shaped(form, last) if last else NOTHING_ANSWERED


def shaped(form: str, text: str) -> str:
    """Return a reply in a form, or as it is where it has no such form."""
    if not form:
        return text
    if form in REWRITTEN:
        return REWRITTEN[form](text)
    match form:
        case "bullets" | "numbers":
            points = _points(text)
            marks = (f"{n}." if form == "numbers" else "-" for n in range(1, len(points) + 1))
            lines = [f"{mark} {point}" for mark, point in zip(marks, points, strict=True)]
            return "\n".join(lines) if len(points) > 1 else text
        case "word":
            told = (word for start, word in ONE_WORD.items() if text.startswith(start))
            found = FORM.in_a_word.match(text)
            return next(told, found[found.lastindex or 0] if found else "Unable.")
        case "yes_no":
            found = FORM.answered.match(text)
            return f"{found[0]}." if found else text
    most, _, unit = form.partition(" ")
    return _shortened(text, int(most), unit) if unit else text


def _shortened(text: str, most: int, unit: str) -> str:
    """Cut a reply after as many sentences or words, where one of its parts ends if it can be."""
    if unit.startswith("sentence"):
        found = SENTENCE_END.split(text)
        if len(found) > most and found[0] == "Hello!":
            found[:2] = [opened("Hello", found[1])]
        return " ".join(found[:most])
    if len(text.split()) <= most:
        return text
    parts = [text[: end.start()] for end in FORM.part_end.finditer(text)]
    fitting = [one for one in parts if 1 < len(one.split()) <= most and one != "Got it"]
    return f"{fitting[-1]}." if fitting else f"{' '.join(text.split()[:most])}…"


def opened(opening: str, text: str) -> str:
    """Put an opening before a reply, with a comma if it is a bare word or name."""
    if not opening[-1].isalnum():
        return f"{opening} {text}"
    first = text.split(" ", 1)[0]
    lowers = first != "I" and first.strip("!,").lower() in SILENT
    return f"{opening}, {text[:1].lower() if lowers else text[:1]}{text[1:]}"


def _points(text: str) -> list[str]:
    """Return the parts of a reply: what it lists, or else its sentences."""
    rest = _without_lead(text)
    parts = [part for one in rest.split("; ") for part in sentences(one)]
    if len(parts) == 1:
        parts = _items(rest) or parts
    return [_point(part.strip(" ,;.")) for part in parts[:MOST_POINTS]]


def listed(text: str) -> list[str]:
    """Return the things that a reply lists; none if it does not list several."""
    return _items(_without_lead(text))


def _without_lead(text: str) -> str:
    return text.removeprefix(next((one for one in LEADS if text.startswith(one)), ""))


def _point(part: str) -> str:
    return part[:1].upper() + part[1:] if len(part.split()) > LONGEST_ITEM else part


def _items(text: str) -> list[str]:
    """Return what a sentence enumerates: of `you need eggs, flour and tea for Bo` three things."""
    _, mark, listed = text.rstrip(".!").rpartition(": ")
    items = ITEMS.split(listed)
    opening = items[0].split()
    verbs = [n for n, word in enumerate(opening[:-1], start=1) if is_verb(word)]
    items[0] = " ".join(opening[0 if mark or not verbs else verbs[-1] :])
    last = items[-1].split()
    end = next((n for n, word in enumerate(last) if n and word.lower() in ENDS), len(last))
    items[-1] = " ".join(last[:end])
    is_list = len(items) > 1 and all(0 < len(one.split()) <= LONGEST_ITEM for one in items)
    return items if is_list else []
