"""Block items: the lines, list items and sentences of a memory block, and how one changes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from mockletta.language.clause_meaning import (
    KEYED,
    fits_in,
    revalues,
    swapped,
    value_of,
    with_alike,
    with_value,
    word_form,
)
from mockletta.language.facts import Fact, as_told, is_about, read
from mockletta.language.memory_orders import COMMA
from mockletta.language.retelling import about_the_agent, in_first_person
from mockletta.language.sentences import (
    LONGEST,
    POINT,
    begins_clause,
    clauses,
    described,
    is_finite,
    sentences,
    subject_text,
)
from mockletta.language.supersession import takes_back, without_things
from mockletta.language.words import (
    AUXILIARY,
    BE,
    PERSONS,
    as_sentence,
    concepts,
    expand,
    patterns,
    rewritten,
    tokens,
    word_set,
)

FACT = patterns("fact")
MEMORY = patterns("memory")
KEY = re.compile(r"\s*\"?[\w' -]{1,40}\"?(?::\s+|\s*=\s*|\t+)")
KEY_ENDS = ' :="\t'
QUOTED = re.compile(r'(")?[^",]*(",?|,)')
NAMED = re.compile(r"[\w'-]+(?: [\w'-]+){0,3}(?::\s|\s?=\s?|\s(?:is|are)\s)")
NEXT_NAMED = re.compile(rf"(\s*[,;|]\s*)(?={NAMED.pattern})")
PREPOSITION = re.compile(r"\b(?:in|at|for|with|to|from|as)\b", re.IGNORECASE)
NUMBERED = re.compile(r"\d+")
MOST_LINES, MOST_WORDS, SHORT = 1000, 5, 2
REFERRING = word_set("it that this them")
NOTHING: frozenset[str] = frozenset()
NUMBER = frozenset({"number"})
ALL = frozenset({"everything"})


@dataclass(slots=True)
class Line:
    """A sentence of a block, or a line with its bullet or key and the items of a list.

    `after` is the space between it and the next one.
    """

    head: str
    items: list[str]
    joint: str = ""
    end: str = ""
    after: str = ""

    @property
    def key(self) -> str:
        found = KEY.match(POINT.sub("", self.text))
        return found[0].strip(KEY_ENDS) if found else ""

    def is_thing(self, item: str) -> bool:
        """Return whether an item is a thing of a list, and no sentence or key with its value."""
        return bool(self.joint) and not NAMED.match(item)

    @property
    def text(self) -> str:
        return f"{self.head}{self.joint.join(self.items)}{self.end}"


def read_lines(value: str) -> list[Line]:
    """Cut a block into its sentences and lists; what is beyond the first thousand is one piece."""
    found = list(islice(MEMORY.unit.finditer(value), MOST_LINES))
    found = [match for match in found if match[0].strip()]
    numbers = {match.end() for match in found if match[0].strip()[:-1].isdecimal()}
    starts = [one.end() - len(one[0].lstrip()) for one in found if one.start() not in numbers]
    ends = [*starts[1:], len(value)]
    pieces = [value[start:end] for start, end in zip(starts, ends, strict=False)]
    return [_line(one.rstrip(), one[len(one.rstrip()) :]) for one in pieces]


def _line(text: str, after: str) -> Line:
    point = POINT.match(text)
    start = point.end() if point else 0
    key = KEY.match(text, start)
    named = NEXT_NAMED.split(text[start:]) if len(text) < LONGEST else []
    if len(named) > 1 and NAMED.match(named[0]):
        return Line(text[:start], named[::2], named[1], after=after)
    body = key.end() if key else start
    bare = text[body:].rstrip(" .")
    items = COMMA.split(bare[:LONGEST])
    if len(bare) < LONGEST and _are_listed(items):
        joint = next((f"{one} " for one in (";", " |") if one in bare), ", ")
        return Line(text[:body], items, joint, text[body + len(bare) :], after)
    return Line(text[:start], [text[start:]], after=after)


def _are_listed(items: list[str]) -> bool:
    """Return whether the parts of a line are things of a list, not words about one thing."""
    if len(items) < 2 or (len(items) == 2 and described(items[1])):
        return False
    return all(map(_is_thing, items))


def _is_thing(text: str) -> bool:
    """Return whether a text can be a thing of a list: a few words without a subject and a verb."""
    words = text.lower().split()
    acts = len(words) > 1 and (is_finite(words[0]) or begins_clause(text))
    return 0 < len(words) <= MOST_WORDS and not acts and AUXILIARY.isdisjoint(words)


def units(text: str) -> list[str]:
    """Return the sentences of a text, line by line."""
    return [match[0].strip() for match in MEMORY.unit.finditer(text) if match[0].strip()]


def _written(lines: list[Line], value: str) -> str:
    """Return a block with its lines as they are now, without those that are empty."""
    for line in lines:
        line.items = [one for one in line.items if one]
    kept: list[Line] = []
    for line in lines:
        if line.items:
            kept.append(line)
        elif kept and "\n" in line.after:
            kept[-1].after = line.after
    start = value[: len(value) - len(value.lstrip("\n"))] if kept else ""
    end = value[len(value.rstrip()) :] if kept else ""
    return start + "".join(f"{line.text}{line.after}" for line in kept).rstrip() + end


def entries(lines: list[Line]) -> Iterator[tuple[Line, int, str]]:
    """Yield each item with its line, its place, and its text as it is read: with its key."""
    for line in lines:
        for place, item in enumerate(line.items):
            yield line, place, f"{line.head}{item}" if line.is_thing(item) else item


def with_items(value: str, items: list[str]) -> str:
    """Put things at the end of a list, in its own form: points, lines, or words with commas."""
    if not value.strip():
        return ", ".join(items)
    lines = read_lines(value)
    last = lines[-1]
    point = POINT.match(last.head)
    if point or "\n" in value.strip() or (not last.joint and len(last.text.split()) > SHORT):
        for item in items:
            last.after = "\n"
            head = NUMBERED.sub(lambda one: str(int(one[0]) + 1), last.head).replace("[x]", "[ ]")
            last = Line(head if point else "", [item])
            lines.append(last)
    else:
        last.items[-1] = last.items[-1].rstrip(" .")
        last.items, last.joint = [*last.items, *items], last.joint or ", "
    return _written(lines, value)


def with_lines(value: str, lines: Iterable[str]) -> str:
    """Put lines at the end of a block, before the line break that it may end with."""
    end = value[len(value.rstrip()) :]
    return "\n".join([value.removesuffix(end), *lines]) + end


def without(value: str, items: Sequence[str], topic: frozenset[str] = NOTHING) -> str:
    """Return a block without some of its items; of a sentence only the clauses on a topic go."""
    lines = read_lines(value)
    for line, place, text in entries(lines):
        if text in items:
            whole = line.joint or not says_of(text, topic)
            line.items[place] = "" if whole else without_clauses(text, topic)
    return _written(lines, value)


def without_clauses(item: str, topic: frozenset[str]) -> str:
    """Return a sentence without its clauses about a topic; "" if all of it is about that."""
    told = [
        one if not says_of(one, topic) else without_things(one, topic) for one in _clauses(item)
    ]
    return _joined(item, told)


def _acts(item: str) -> bool:
    """Return whether a sentence begins with its verb: `Lives in Rome.`."""
    return not KEY.match(item) and is_finite(item.split(maxsplit=1)[0].lower())


def _clauses(item: str) -> tuple[str, ...]:
    """Return the clauses of a sentence; one that begins with its verb is given a subject."""
    return clauses(f"He {item[:1].lower()}{item[1:]}" if _acts(item) else item)


def _joined(item: str, told: Sequence[str]) -> str:
    """Return a sentence of clauses, with a subject only if the item has one; "" without any."""
    kept = [one.rstrip(" .!") for one in told if one]
    kept = [one.removeprefix("He ") for one in kept] if _acts(item) else kept
    return as_sentence(" and ".join(kept)) if kept else ""


def with_new_value(value: str, item: str, topic: frozenset[str], new: str, note: str) -> str:
    """Give an item the value that it has of a topic, or a mark, `(done)`; else write a note."""
    lines = read_lines(value)
    line, place, _ = next(one for one in entries(lines) if one[2] == item)
    old = line.items[place]
    if KEY.match(old) and not line.is_thing(old):
        new = new.strip("()")
    if new.startswith("("):
        line.head, box = line.head.replace("[ ]", "[x]"), "[" in line.head
        line.items[place] = old if box else f"{old.rstrip('.')} {new}"
    elif line.joint and topic and topic <= _concepts(line.head):
        line.items = [new]
    elif line.is_thing(old):
        line.items[place] = new
    else:
        kept = without_clauses(item, topic)
        parts = [*_clauses(item), item] if kept else [item]
        own = next((one for one in parts if says_of(one, topic)), item)
        key = KEY.match(own)
        fits = new and own in item and (not key or topic <= _concepts(key[0]))
        styled = _with_value(own, new, topic) if fits else with_alike(own, new)
        line.items[place] = item.replace(own, styled) if styled else f"{kept} {note}".strip()
    return _written(lines, value)


def _with_value(old: str, value: str, topic: frozenset[str]) -> str:
    """Write a value into a sentence in the place of the one it has; "" if it has no such place."""
    end = "." if old.endswith(".") else ""
    value = value.partition(", same ")[0]
    if alike := with_alike(old, value):
        return alike
    key = KEY.match(old)
    if key and (quoted := QUOTED.fullmatch(old, key.end())):
        return f"{key[0]}{quoted[1] or ''}{value}{quoted[2]}"
    if key:
        value = re.sub(
            rf"^{re.escape(key[0].strip(KEY_ENDS))}s?[,:] ", "", value, flags=re.IGNORECASE
        )
        _, comma, rest = old[key.end() :].partition(", ")
        keeps = comma and described(rest.rstrip(".")) and "," not in value
        return f"{key[0]}{value}{comma}{rest}" if keeps else f"{key[0]}{value}{end}"
    subject = subject_text(old)
    verb, _, rest = old[len(subject) :].strip().partition(" ")
    if subject and topic <= _concepts(subject) and verb in BE:
        kept = re.match(r"(?:called|named) ", rest)
        return f"{subject} {verb} {kept[0] if kept else ''}{value}{end}"
    if not fits_in(old, value) and not subject:
        return ""
    acts = is_finite(old.split(maxsplit=1)[0].lower())  # `Lives in Ottawa.`
    places = PREPOSITION.findall(old)
    prepared = f"{places[0]} {value}" if acts and places else value
    told = with_value(f"He {old[:1].lower()}{old[1:]}" if acts else old, prepared)
    told = told.removeprefix("He ") if acts else told
    return f"{told[:1].upper()}{told[1:]}{end}"


def revised(
    value: str, note: str, *, persona: bool, removes: bool = False
) -> tuple[str, list[str]]:
    """Return a block with what a note changes of it, and the clauses that change nothing.

    Only clauses about the agent change a persona block. A denial replaces what it denies, or
    removes it if `removes` is set. Clauses that only introduce a change are left out.
    """
    lines = read_lines(value)
    told = [one for line in sentences(note) for one in clauses(rewritten(expand(line), "noted"))]
    ordered = sorted(told, key=_denies)
    done = [one for one in ordered if _revise(lines, one, persona=persona, removes=removes)]
    if not done:
        return value, told
    return _written(lines, value), [one for one in told if one not in done and not _denies(one)]


def _denies(clause: str) -> bool:
    return bool((fact := read(as_told(clause, "user"), "user")) and fact.negated)


def _revise(lines: list[Line], clause: str, *, persona: bool, removes: bool) -> bool:
    """Write a clause in the place of what it outdates; False if it outdates nothing."""
    told = MEMORY.adverb.sub(r"\1 ", as_told(clause, "user"))
    fact = read(told, "user")
    if fact is None or (fact.subject == "agent") != persona:
        return False
    if persona:
        told = about_the_agent(told)
        fact = read(told, "user") or fact
        fact = replace(fact, slots=fact.slots & {("user", "name")})
    done = False
    for line, place, text in entries(lines):
        old = line.items[place]
        if persona and MEMORY.identity.match(told) and MEMORY.identity.match(text):
            new = as_sentence(told)
        else:
            denied = fact.negated and line.key and _concepts(text) <= fact.concepts
            thing = "" if denied else old
            new = thing if line.is_thing(old) else _changed(text, told, fact, removes=removes)
        done = done or new != old
        line.items[place] = new
    return done


def _changed(item: str, told: str, fact: Fact, *, removes: bool) -> str:
    """Return what becomes of a sentence of a block when a fact is told."""
    whole = _clauses(item)
    kept = [_outdated(one, fact) for one in whole]
    if all(one is None for one in kept):
        return item
    others = [one if left is None else left for one, left in zip(whole, kept, strict=True)]
    if told_else := _joined(item, others):
        note = "" if any(kept) or removes else as_sentence(told)
        return f"{told_else} {note}".strip()
    value, first = value_of(told), value_of(item) or item.partition(":")[2].strip()
    if first and MEMORY.surname.search(told):
        value = f"{first.split()[0]} {value}"
    if fact.negated or not value:
        return "" if removes else as_sentence(told)
    return _with_value(item, value, _concepts(subject_text(told)) or ALL) or as_sentence(told)


def _outdated(clause: str, new: Fact) -> str | None:
    """Return what a fact leaves of a clause of a block; None if it does not concern it."""
    keyed, old = KEYED.match(POINT.sub("", clause)), _read(clause)
    key = _concepts(keyed[1]) if keyed else frozenset[str]()
    said = subject_text(new.clause)
    if keyed and FACT.untold.match(keyed[2]):
        return "" if key <= new.concepts else None
    if old is None:
        return None
    settled = {one[-1] for one in old.slots} & new.concepts
    ended = new.negated and settled and old.concepts - key <= new.concepts
    if ended or (key and key == _concepts(said)):
        return ""
    if takes_back(new, old):
        return without_things(clause, new.concepts)
    if swap := _contrast(new, old, clause):
        return swapped(clause, *swap) if re.search(word_form(swap[0]), clause) else ""
    return "" if revalues(new.clause, clause) or not old.slots.isdisjoint(new.slots) else None


def _contrast(fact: Fact, older: Fact, clause: str) -> tuple[str, str] | None:
    """Return what a fact denies of an older one, and the word for it: `a Kia, not a Volvo`."""
    denied, value = MEMORY.contrast.search(fact.text), value_of(fact.text)
    gone = _concepts(denied["old"]) if denied else frozenset[str]()
    shared = (older.concepts & fact.concepts) - gone - PERSONS
    same = older.concepts & PERSONS <= fact.concepts and gone <= older.concepts
    if not (denied and value and gone and shared and same):
        return None
    words = value.split()
    while len(words) > 1 and re.search(word_form(words[0]), clause, re.IGNORECASE):
        del words[0]  # `allergic to` of `allergic to shellfish, not nuts`
    return MEMORY.article.sub("", denied["old"]), " ".join(words)


def _concepts(text: str) -> frozenset[str]:
    return frozenset(concepts(tokens(text)))


def _read(clause: str) -> Fact | None:
    """Read a clause of a block that is about the user."""
    told = as_told(POINT.sub("", clause[:LONGEST]), "human")
    state = MEMORY.state.match(told)
    return read(in_first_person(f"I am {told}" if state else told), "user")


def says_of(item: str, topic: frozenset[str]) -> bool:
    """Return whether an item is about a topic. An item with a key must contain its words."""
    fact = _read(item) if topic else None
    if fact is not None and KEYED.match(POINT.sub("", item)):
        fact = replace(fact, maybe=NUMBER if len(topic) > 1 else NOTHING)
    return fact is not None and is_about(fact, topic)


def subject_of(item: str) -> str:
    """Return what a sentence of a block is about: its key, or its subject."""
    keyed = KEY.match(POINT.sub("", item))
    return keyed[0].strip(KEY_ENDS) if keyed else subject_text(item)
