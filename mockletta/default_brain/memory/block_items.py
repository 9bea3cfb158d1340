"""Block items: the sentences, keys and listed things of a memory block, each with its place.

An item is a span of the block. To change or remove it leaves all other characters as they are:
headings, points, JSON, tabs and line ends.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from mockletta.language.clause_meaning import KEYED, fits_in, with_alike, with_value
from mockletta.language.facts import Fact, as_told, is_about, read
from mockletta.language.retelling import in_first_person
from mockletta.language.sentences import (
    LONGEST,
    POINT,
    begins_clause,
    clauses,
    described,
    is_finite,
    subject_text,
)
from mockletta.language.supersession import without_things
from mockletta.language.words import (
    AUXILIARY,
    BE,
    as_sentence,
    concepts,
    patterns,
    tokens,
)

MEMORY = patterns("memory")
KEY = re.compile(r"\s*\"?[\w' -]{1,40}\"?(?::\s+|\s*=\s*|\t+)")
KEY_ENDS = ' :="\t'
QUOTED = re.compile(r'(")?[^",]*(",?|,)')
NAMED = re.compile(r"[\w'-]+(?: [\w'-]+){0,3}(?::\s|\s?=\s?|\s(?:is|are)\s)")
NEXT_NAMED = re.compile(rf"\s*[,;|]\s*(?={NAMED.pattern})")
COMMA = re.compile(r"\s*[,;|]\s*(?:and\s+)?|\s+and\s+")
PREPOSITION = re.compile(r"\b(?:in|at|for|with|to|from|as)\b", re.IGNORECASE)
MOST_LINES, MOST_WORDS, SHORT = 1000, 5, 2
NOTHING: frozenset[str] = frozenset()
NUMBER = frozenset({"number"})
Span = tuple[int, int]
Left = Callable[[str], str | None]
"""Returns what is left of a clause; None if it stays as it is."""


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, a key with its value, or a thing of a list, at `span` of a block.

    `head` is the key of the list that a thing is on, `cut` the span that goes if it is removed,
    `line` that of the sentence or of all things that stand beside it.
    """

    block: str
    span: Span
    cut: Span
    line: Span
    head: str = ""
    is_thing: bool = False

    @property
    def text(self) -> str:
        return self.block[self.span[0] : self.span[1]]

    @property
    def whole(self) -> str:
        """The text as it is read: with the key of its list."""
        return f"{self.head}{self.text}"

    @property
    def subject(self) -> str:
        """What it is about: its key, or the subject of the sentence."""
        return self.key or subject_text(self.text)

    @property
    def key(self) -> str:
        found = None if self.is_thing else KEY.match(self.text)
        return found[0].strip(KEY_ENDS) if found else ""

    def put(self, text: str, span: Span | None = None) -> str:
        """Return the block with another text in the place of this item."""
        start, end = span or (self.span if text else self.cut)
        left = f"{self.block[:start]}{text}{self.block[end:]}"
        return left if text or left.strip() else ""


def items_of(value: str) -> list[Item]:
    """Return the items of a block; what is beyond the first thousand lines stays as it is."""
    found = islice(MEMORY.unit.finditer(value), MOST_LINES)
    spans = [(one.end() - len(one[0].lstrip()), one.end()) for one in found if one[0].strip()]
    spans = [(start, start + len(value[start:end].rstrip())) for start, end in spans]
    items: list[Item] = []
    ends, starts = [None, *(one[1] for one in spans)], [*(one[0] for one in spans[1:]), None]
    for (start, end), before, after in zip(spans, ends, starts, strict=False):
        is_last = after is None or "\n" in value[end:after]
        cut = (before, end) if before is not None and is_last else (start, after or end)
        items += _items(value, start, end, cut)
    return items


def _items(value: str, start: int, end: int, cut: Span) -> Iterator[Item]:
    """Yield the items of a sentence or line: itself, its things, or its keys with their values."""
    point = POINT.match(value[start:end])
    start += point.end() if point else 0
    key = KEY.match(value, start, end)
    first, last = key.end() if key else start, start + len(value[start:end].rstrip(" ."))
    parts, head = _parts(value, start, end, NEXT_NAMED), ""
    if len(parts) < 2 or not NAMED.match(value, start):
        parts, head = _parts(value, first, last, COMMA), value[start:first]
        if not _are_listed([value[slice(*one)] for one in parts]):
            yield Item(value, (start, end), cut, (start, end))
            return
    line = parts[0][0], parts[-1][1]
    for at, span in enumerate(parts):
        gone = (parts[at - 1][1], span[1]) if at else (span[0], parts[1][0])
        is_thing = not NAMED.match(value[slice(*span)])
        yield Item(value, span, gone, line, head if is_thing else "", is_thing)


def _parts(value: str, start: int, end: int, joint: re.Pattern[str]) -> list[Span]:
    marks = [one.span() for one in joint.finditer(value, start, min(end, start + LONGEST))]
    return [(a[1], b[0]) for a, b in pairwise([(0, start), *marks, (end, 0)])]


def _are_listed(parts: list[str]) -> bool:
    """Return whether the parts of a line are things of a list, not words about one thing."""
    is_one = len(parts) < 2 or (len(parts) == 2 and described(parts[1]))
    return not is_one and all(map(_can_be_listed, parts))


def _can_be_listed(text: str) -> bool:
    """Return whether a text can be a thing of a list: a few words without a subject and a verb."""
    words = text.lower().split()
    acts = len(words) > 1 and (is_finite(words[0]) or begins_clause(text))
    return 0 < len(words) <= MOST_WORDS and not acts and AUXILIARY.isdisjoint(words)


def units(text: str) -> list[str]:
    """Return the sentences of a text, line by line."""
    return [match[0].strip() for match in MEMORY.unit.finditer(text) if match[0].strip()]


def with_each(value: str, changed: Callable[[Item], str]) -> str:
    """Return a block with what becomes of each item; "" removes it."""
    for at, old in reversed([*enumerate(items_of(value))]):
        if (new := changed(old)) != old.text:
            now = items_of(value)
            value = now[min(at, len(now) - 1)].put(new)
    return value


def without(value: str, items: Iterable[Item], topic: frozenset[str] = NOTHING) -> str:
    """Return a block without some of its items; of a sentence only the clauses on a topic go."""
    gone = [*items]

    def left(item: Item) -> str:
        rest, about = cut(item.text, on(topic))
        return item.text if item not in gone else rest if about and not item.is_thing else ""

    return with_each(value, left)


def with_things(value: str, things: Sequence[str]) -> str:
    """Put things at the end of a list, in its own form: points, lines, or words with commas."""
    if not value.strip():
        return ", ".join(things)
    last = items_of(value)[-1]
    text = value[: len(value.rstrip())]
    start = text.rfind("\n", 0, last.span[0]) + 1
    point = POINT.match(text[start:])
    if point or "\n" in text.strip() or not (last.is_thing or len(last.text.split()) <= SHORT):
        head = point[0].replace("[x]", "[ ]") if point else ""
        for thing in things:
            head = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), head)
            text += f"\n{head}{thing}"
        return text + value[len(value.rstrip()) :]
    bare = last.line[0] + len(value[slice(*last.line)].rstrip(" ."))
    joint = next((one for one in ("; ", " | ") if one in value[slice(*last.line)]), ", ")
    return last.put(joint.join(["", *things]), (bare, last.line[1]))


def with_lines(value: str, lines: Iterable[str]) -> str:
    """Put lines at the end of a block, before the line break that it may end with."""
    end = value[len(value.rstrip()) :]
    return "\n".join([value.removesuffix(end), *lines]) + end


def concepts_of(text: str) -> frozenset[str]:
    return frozenset(concepts(tokens(text)))


def fact_of(clause: str) -> Fact | None:
    """Read a clause of a block that is about the user."""
    return read(in_first_person(as_told(clause[:LONGEST], "human")), "user")


def says_of(text: str, topic: frozenset[str]) -> bool:
    """Return whether an item is about a topic. An item with a key must contain its words."""
    fact = fact_of(text) if topic else None
    if fact is not None and KEYED.match(text):
        fact = replace(fact, maybe=NUMBER if len(topic) > 1 else NOTHING)
    return fact is not None and is_about(fact, topic)


def clauses_of(text: str) -> tuple[str, ...]:
    """Return the clauses of a sentence; one that begins with its verb is given a subject."""
    return clauses(f"He {text[:1].lower()}{text[1:]}" if _acts(text) else text)


def _acts(text: str) -> bool:
    """Return whether a sentence begins with its verb: `Lives in Rome.`."""
    return not KEY.match(text) and is_finite(text.split(maxsplit=1)[0].lower())


def on(topic: frozenset[str]) -> Left:
    """Return what cuts a topic out of a clause, or the clause if that says nothing else."""
    return lambda clause: without_things(clause, topic) if says_of(clause, topic) else None


def cut(text: str, left: Left) -> tuple[str, dict[str, str]]:
    """Return a sentence without what goes of its clauses, and what is left of those concerned."""
    whole = clauses_of(text)
    kept = {one: left(one) for one in whole}
    told = [one if kept[one] is None else kept[one] for one in whole]
    rest = " and ".join(one.rstrip(" .!") for one in told if one)
    rest = rest.replace("He ", "", 1).replace(" and He ", " and ") if _acts(text) else rest
    return as_sentence(rest), {one: part for one, part in kept.items() if part is not None}


def renewed(text: str, left: Left, value: str, topic: frozenset[str], note: str) -> str:
    """Return a sentence with a new value in the clause that is concerned.

    If that has no place for the value, the note is written behind what is left.
    """
    rest, gone = cut(text, left)
    own = next((one for one in gone if rest and one in text), text)
    styled = with_new_value(own, value, topic) if value else ""
    return text.replace(own, styled, 1) if styled else f"{rest if gone else ''} {note}".strip()


def revalued(item: Item, topic: frozenset[str], new: str, note: str) -> str:
    """Return the block with a new value of a topic for an item, or with a mark like `(done)`."""
    old = item.text
    new = new.strip("()") if item.key else new
    if new.startswith("(") and item.block[: item.span[0]].endswith("[ ] "):
        return item.put("[x] ", (item.span[0] - 4, item.span[0]))
    if new.startswith("("):
        return item.put(f"{old.rstrip('.')} {new}")
    if item.is_thing:
        is_list = topic and topic <= concepts_of(item.head)
        return item.put(new, item.line if is_list else item.span)
    return item.put(renewed(old, on(topic), new, topic, note))


def with_new_value(old: str, value: str, topic: frozenset[str] = NOTHING) -> str:
    """Write a value into a sentence in the place of the one it has; "" if it has no such place."""
    end = "." if old.endswith(".") else ""
    value = value.partition(", same ")[0]
    if alike := with_alike(old, value):
        return alike
    key = KEY.match(old)
    if key and topic <= concepts_of(key[0]):
        return _keyed(key[0], old[key.end() :], value, end)
    subject = subject_text(old)
    verb, _, rest = old[len(subject) :].strip().partition(" ")
    if subject and topic <= concepts_of(subject) and verb in BE:
        kept = re.match(r"(?:called|named|on|at|in) (?=\S)", rest)
        return f"{subject} {verb} {kept[0] if kept else ''}{value}{end}"
    if key or not (subject or fits_in(old, value)):
        return ""
    acts = is_finite(old.split(maxsplit=1)[0].lower())  # `Lives in Ottawa.`
    places = PREPOSITION.findall(old)
    told = with_value(
        f"He {old[:1].lower()}{old[1:]}" if acts else old,
        f"{places[0]} {value}" if acts and places else value,
    )
    told = told.removeprefix("He ") if acts else told
    return f"{told[:1].upper()}{told[1:]}{end}"


def _keyed(key: str, old: str, value: str, end: str) -> str:
    """Write a value behind its key, with the quotes or the description that the old one has."""
    if quoted := QUOTED.fullmatch(old):
        return f"{key}{quoted[1] or ''}{value}{quoted[2]}"
    name = re.escape(key.strip(KEY_ENDS))
    value = re.sub(rf"^{name}s?[,:] ", "", value, flags=re.IGNORECASE)
    _, comma, rest = old.partition(", ")
    keeps = comma and described(rest.rstrip(".")) and "," not in value
    return f"{key}{value}{comma}{rest}" if keeps else f"{key}{value}{end}"
