"""Reply forms: capitals, points, yes or no or one word, as a message or the system prompt asks."""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import said
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import ITEMS, clauses, is_factual, kind, plain, sentences
from mockletta.language.words import (
    as_sentence,
    is_verb,
    lexicon,
    patterns,
    remembered,
    tokens,
    word_set,
)

FORM = patterns("form")
SHAPED = lexicon("shaped")
LONGEST_READ, TAIL = 2000, 120
LONGEST_ITEM = 3
MOST_POINTS = 50
LEADS = (
    "Congratulations! ",
    "Got it: ",
    "I'm glad to hear that ",
    "I'm sorry to hear that ",
    "Here is what I know: ",
)
ENDS = word_set("for in on at to from with by of as because so")
ONE_WORD = {
    "Yes": "Yes.",
    "No": "No.",
    "I don't know": "Unknown.",
    "Got it": "Noted.",
    "Hello": "Hello!",
}


@remembered
def read_form(text: str) -> tuple[str, str]:
    """Return a message without its order for a form of the reply, and that form; "" for none."""
    if len(text) > LONGEST_READ or not FORM.hints.search(text):
        return text, ""
    if listed := _read_list(plain(text)):
        return listed
    found = FORM.opening.match(text) or FORM.closing.search(text, max(0, len(text) - TAIL))
    if found is None:
        return text, ""
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    *_, ordering = ["", *sentences(rest)]
    form = named_form(found)
    if form == "reversed" and not points_back(rest):
        return text, ""
    said = FORM.literal.match(found[0]) if found.end() < len(text) else None
    if said and (said["this"] or kind(rest) != "question"):
        return f"Repeat: {rest}", form
    verb = next(iter(tokens(plain(ordering).lower())), "")
    asks = kind(ordering) == "question" or verb in SHAPED or not ordering or not found.start()
    return (rest, form) if asks else (text, "")


def _read_list(core: str) -> tuple[str, str] | None:
    """Read an order for a list: of things that it names, or of a kind of thing."""
    given = FORM.items.match(core)
    if given and "," in given["items"] and kind(given["items"]) != "question":
        return f"Repeat: {given['items']}", named_form(given)
    listed = FORM.listed.match(core)
    return (f"list {core[listed.end() :]}", named_form(listed)) if listed else None


def named_form(found: re.Match[str]) -> str:
    """Return the form that a match of `form.shape` names."""
    return next(name for name, part in found.groupdict().items() if part and name != "items")


def points_back(text: str) -> bool:
    """Return whether a message only means what was said before: `say that again`."""
    return len(text) <= TAIL and FORM.back.match(plain(text)) is not None


def asks_what_is_known(text: str) -> bool:
    """Return whether a message asks if the agent knows something: `do you know my name?`."""
    return FORM.asks_known.match(plain(text[:TAIL])) is not None


def said_before(form: str, messages: Sequence[ChatMessage]) -> str:
    """Return the last reply in another form, or the user's words if it only took them up."""
    replies = (one.text for one in reversed(messages) if one.role == "assistant" and one.text)
    last = next(replies, "")
    own = islice((said(one) for one in reversed(messages) if one.role == "user"), 1, None)
    if last.startswith(LEADS[:-1]):
        told = [one for one in sentences(next(own, "")) if kind(one) == "statement"]
        last = " ".join(as_sentence(to_second_person(one)) for one in told if is_factual(one))
    return shaped(form, last) if last else "I have not said anything before."


def shaped(form: str, text: str) -> str:
    """Return a reply in a form, or as it is where it has no such form."""
    if change := CHANGES.get(form):
        return change(text)
    match form:
        case "bullets" | "numbers":
            points = _points(text)
            marks = (f"{n}." if form == "numbers" else "-" for n in range(1, len(points) + 1))
            lines = [f"{mark} {point}" for mark, point in zip(marks, points, strict=True)]
            return "\n".join(lines) if len(points) > 1 else text
        case "yes_no":
            found = FORM.answered.match(text)
            return f"{found[0]}." if found else text
        case "word":
            found_word = (word for start, word in ONE_WORD.items() if text.startswith(start))
            return next(found_word, text if len(text.split()) < 2 else "Unable.")
    most, _, unit = form.partition(" ")
    return _shortened(text, int(most), unit) if unit else text


def _shortened(text: str, most: int, unit: str) -> str:
    """Cut a reply after as many sentences or words, where one of its parts ends if it can be."""
    if unit.startswith("sentence"):
        return " ".join(islice(sentences(text), most))
    if len(text.split()) <= most:
        return text
    ends = [end.start() for end in FORM.part_end.finditer(text) if _fits(text[: end.start()], most)]
    return f"{text[: ends[-1]]}." if ends else f"{' '.join(text.split()[:most])}…"


def _fits(text: str, most: int) -> bool:
    return 1 < len(text.split()) <= most and text != "Got it"


def _backwards(text: str) -> str:
    """Return a list from its end, or a word or sentence by its letters."""
    return ", ".join(reversed(text.split(", "))) if ", " in text else text.rstrip(".")[::-1]


CHANGES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "reversed": _backwards,
}


def _points(text: str) -> list[str]:
    """Return the parts of a reply: what it lists, or else its sentences or clauses."""
    lead = next((one for one in LEADS if text.startswith(one)), "")
    rest = text.removeprefix(lead)
    told = rest.split("; ") if lead == LEADS[-1] else [rest]
    parts = [part for one in told for part in sentences(one)]
    if len(parts) == 1:
        parts = _items(rest) or [*clauses(rest)]
    return [_point(part.strip(" ,;.")) for part in parts[:MOST_POINTS]]


def _point(part: str) -> str:
    return part[:1].upper() + part[1:] if len(part.split()) > LONGEST_ITEM else part


def _items(text: str) -> list[str]:
    """Return what a sentence enumerates: of `you need eggs, flour and tea for Bo` three things."""
    _, mark, listed = text.rstrip(".!").rpartition(": ")
    first, *others = ITEMS.split(listed)
    if not others:
        return []
    *middle, last = others
    words = last.split()
    end = next((n for n, word in enumerate(words) if n and word.lower() in ENDS), len(words))
    opening = first.split()
    verbs = [n for n, word in enumerate(opening[:-1], start=1) if is_verb(word)]
    start = 0 if mark else verbs[-1] if verbs else 0
    items = [" ".join(opening[start:]), *middle, " ".join(words[:end])]
    return items if all(0 < len(one.split()) <= LONGEST_ITEM for one in items) else []
