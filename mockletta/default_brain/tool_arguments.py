"""Arguments out of a message: what it holds for the parameters a call must have.

A parameter takes the first thing in the message that fits it and that no other has taken: what
follows its name, else a number or a choice, else what stands in quotes, a name or a code in
capitals or digits, else what follows a preposition. A search takes the whole question.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mockletta.default_brain.hints import NUMBERS, RELATIVE_DAYS
from mockletta.default_brain.lexicon import FIRST_PERSON, SILENT, concepts
from mockletta.default_brain.tool_parameters import Parameter
from mockletta.default_brain.words import tokens, word_set

Span = tuple[int, int]
NUMBER = r"(?<![\w.,-])-?\d{1,15}(?:,\d{3})*(?:\.\d{1,15})?(?!\d)"
DIGITS = re.compile(NUMBER)
SPELLED = "|".join(word for word in NUMBERS if word != "one")
WORDED = re.compile(rf"\b(?:{SPELLED})\b", re.IGNORECASE)
QUOTED = re.compile(r"[\"“`]([^\"”`]+)[\"”`]|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)")
WORD = re.compile(r"[^\s,;:!?()\"“”]+")
LINK = r"\s*(?:(?:is|of|to|named|called|number)\s+|[=:#]\s*)?"
PREPOSITION = (
    r"\b(?:in|inside|for|about|regarding|of|on|at|from|to|into|with|by|near|between|and|called|"
    r"named)\b"
)
PHRASE = re.compile(
    rf"{PREPOSITION}\s+(.{{1,100}}?)(?=\s+{PREPOSITION}|\s*[,;:.!?](?:\s|$)|\s*$)", re.IGNORECASE
)
ARTICLE = re.compile(r"^(?:(?:the|a|an|my|your|our|this|that)\s+)+", re.IGNORECASE)
DAYS = "|".join(sorted(RELATIVE_DAYS))
TAIL = re.compile(rf"\s+(?:(?:right )?now|please|{DAYS})$", re.IGNORECASE)
TOPIC = re.compile(r"\b(?:about|for|regarding)\s+(.+)$", re.IGNORECASE)
SEARCHED = word_set("query q question search search_query text prompt topic")


@dataclass(slots=True)
class Found:
    """Arguments by name, and the concepts of the message that went into them."""

    arguments: dict[str, object] = field(default_factory=dict)
    concepts: set[str] = field(default_factory=set)
    taken: list[Span] = field(default_factory=list)

    def is_free(self, span: Span) -> bool:
        return all(span[1] <= start or end <= span[0] for start, end in self.taken)


def fill(parameters: Iterable[Parameter], text: str, known: frozenset[str]) -> Found | None:
    """Find an argument for each of the parameters; None if there is one without.

    `known` are the concepts that the tool is about: they name it and are no arguments.
    """
    found = Found()
    for parameter in parameters:
        if parameter.kind == "string" and parameter.name.lower() in SEARCHED:
            found.arguments[parameter.name] = _searched(text, found)
            continue
        spans = (span for span in _spans(parameter, text, known) if found.is_free(span))
        span = next(spans, None)
        if span is None:
            return None
        found.taken.append(span)
        part = text[slice(*span)]
        found.concepts.update(concepts(tokens(part)))
        found.arguments[parameter.name] = _value(parameter, part)
    return found


def _searched(text: str, found: Found) -> str:
    """What is searched for: the topic that a message names, or else all of it."""
    if match := QUOTED.search(text) or TOPIC.search(text):
        topic: str = next(filter(None, match.groups())).strip(" ?!.")
        found.concepts.update(concepts(tokens(topic)))
        return topic
    return text.strip()


def _spans(parameter: Parameter, text: str, known: frozenset[str]) -> Iterator[Span]:
    """Where in the message a parameter's value may stand, the likeliest first."""
    if parameter.choices:
        yield from _choices(parameter, text)
    elif parameter.kind == "string":
        yield from _texts(parameter, text, known)
    elif parameter.kind in ("integer", "number"):
        yield from _numbers(parameter, text)


def _numbers(parameter: Parameter, text: str) -> Iterator[Span]:
    for name in _names(parameter):
        for match in re.finditer(rf"\b{name}{LINK}({NUMBER})", text, re.IGNORECASE):
            yield match.span(1)
    for form in (DIGITS, WORDED):
        for match in form.finditer(text):
            if parameter.kind == "number" or "." not in match[0]:
                yield match.span()


def _choices(parameter: Parameter, text: str) -> Iterator[Span]:
    for choice in parameter.choices:
        for match in re.finditer(rf"(?<!\w){re.escape(choice)}(?!\w)", text, re.IGNORECASE):
            yield match.span()


def _texts(parameter: Parameter, text: str, known: frozenset[str]) -> Iterator[Span]:
    quoted = [_inside(match) for match in QUOTED.finditer(text)]
    marked = [*quoted, *_capitals(text, known)]
    for name in _names(parameter):
        for match in re.finditer(rf"\b{name}{LINK}[\"'“`]?", text, re.IGNORECASE):
            yield from (span for span in marked if span[0] == match.end())
    yield from marked
    for match in PHRASE.finditer(text):
        if span := _phrase(text, match.span(1), known):
            yield span


def _names(parameter: Parameter) -> Iterator[str]:
    """What a message may call a parameter: its name, then the words of it that say something."""
    parts = [part for part in re.split(r"[\W_]+", parameter.name) if part]
    yield r"[\s_-]".join(map(re.escape, parts)) or re.escape(parameter.name)
    yield from (re.escape(part) for part in parts if len(part) > 2 and part.lower() not in SILENT)


def _inside(match: re.Match[str]) -> Span:
    return match.span(1) if match[1] else match.span(2)


def _capitals(text: str, known: frozenset[str]) -> Iterator[Span]:
    """Runs of words in capitals, and words with digits, but for how a sentence begins."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        joins = run and _is_name(word, text) and text[run[-1].end() : word.start()].isspace()
        if run and not joins:
            yield from _named(text, run, known)
            run = []
        if joins or _is_name(word, text) or _has_digit(word):
            run.append(word)
    yield from _named(text, run, known)


def _is_name(word: re.Match[str], text: str) -> bool:
    before = text[: word.start()].rstrip()
    begins = not before or before[-1] in ".!?\n:"
    first = re.split(r"['\u2019]", word[0].lower())[0]
    return word[0][0].isupper() and not begins and first not in FIRST_PERSON


def _has_digit(word: re.Match[str]) -> bool:
    return any(mark.isdecimal() for mark in word[0])


def _named(text: str, run: list[re.Match[str]], known: frozenset[str]) -> Iterator[Span]:
    """What a run names, without the words before it that name the tool's own matter."""
    while run and known.intersection(concepts(tokens(run[0][0]))):
        run = run[1:]
    if run and (concepts(tokens(" ".join(word[0] for word in run)))):
        yield _trimmed(text, run[0].start(), run[-1].end())


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end].rstrip(".")
    for ending in ("'s", "\u2019s", "'", "\u2019"):
        part = part.removesuffix(ending)
    return start, start + len(part)


def _phrase(text: str, span: Span, known: frozenset[str]) -> Span | None:
    """What a preposition's phrase names: None if that is nothing, or the tool's own matter."""
    part = text[slice(*span)]
    start = span[0] + (article.end() if (article := ARTICLE.match(part)) else 0)
    part = TAIL.sub("", text[start : span[1]])
    named = set(concepts(tokens(part)))
    return (start, start + len(part)) if named and not named <= known else None


def _value(parameter: Parameter, part: str) -> object:
    if parameter.choices or parameter.kind == "string":
        same = (choice for choice in parameter.choices if choice.lower() == part.lower())
        return next(same, part)
    digits = part.replace(",", "")
    if part.lower() in NUMBERS:
        return NUMBERS[part.lower()]
    return float(digits) if "." in digits else int(digits)
