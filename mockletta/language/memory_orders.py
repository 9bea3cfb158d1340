"""Memory orders: what a user wants kept, changed or forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Literal

from mockletta.language.facts import as_told
from mockletta.language.sentences import (
    begins_clause,
    is_factual,
    is_order,
    kind,
    plain,
    sentences,
    unquoted,
)
from mockletta.language.supersession import changes_in
from mockletta.language.words import as_sentence, expand, is_verb, patterns, remembered, rewritten

CHANGE = patterns("change")
MEMORY = patterns("memory")
SENTENCE = patterns("sentence")
Kind = Literal["add", "set", "replace", "remove", "clear", "undo"]
POINTERS = frozenset(
    ["it", "that", "this", "there", "them", "those", "the list", "that list", "this list"]
)
PERSONS = frozenset({"him", "her", "them"})
LONGEST, MOST, MOST_JOINTS, LONGEST_PARTED = 4000, 30, 8, 500
COMMA = re.compile(r"\s*[,;|]\s*(?:and\s+)?|\s+and\s+")
JOINT = re.compile(r"\s*[,;\u2013\u2014]\s+|\s+-\s+|\s+(?=(?:and|so|but|then)\s)")
REMOVING = frozenset({"remove", "undo", "clear"})
ENDING = REMOVING | {"set", "replace"}
CORRECTING = {"it_is", "using", "postponed", "replaced", "not_so"}
IDLE = re.compile(
    r"(?:things|stuff|something|anything|facts|information|data)?[.!]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MemoryOrder:
    """A change of memory. `target` is the memory, block or list that it names, "" if none.

    `new` is what is to be kept, `old` what goes, or for `set` what gets the value `new`. An `add`
    without `new` keeps what the message tells, of `old` if that names something. A `clear` empties
    a block, of which `new` is then the whole text. An `undo` takes back what was just kept or told,
    or with `new` puts back what was removed.
    A `soft` order names no memory and may be about something else.
    """

    kind: Kind
    new: str = ""
    old: str = ""
    target: str = ""
    soft: bool = False

    @property
    def things(self) -> list[str]:
        """Return what is to go: the whole of what is named, then each of several things."""
        return [self.old, *COMMA.split(self.old)]

    @property
    def may_name_a_block(self) -> bool:
        """Return whether it is of memory only if it names a block: `update the budget`."""
        return self.kind == "add" and self.old.lower().startswith(("the ", "your "))

    @property
    def is_of_list(self) -> bool:
        """Return whether the order names a list or something like it, rather than memory."""
        return bool(self.target) and self.soft


def memory_orders(text: str) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield the memory orders of a message, each with its sentence.

    An order to keep something takes the statements that follow it, if it ends with a colon.
    """
    lines = order_lines(text)
    if MEMORY.whole.match(text[:LONGEST]):
        lines = [text]
    for index, line in enumerate(lines):
        order = memory_order(line)
        if order is None:
            continue
        listed = ":" in line[: line.find(order.new[:20])] and not unquoted(line.partition(":")[2])
        if order.kind == "add" and not order.is_of_list and (not order.new or listed):
            told = takewhile(states, lines[index + 1 :])
            order = replace(order, new=" ".join(map(as_sentence, filter(None, [order.new, *told]))))
        yield order, line


def order_lines(text: str) -> list[str]:
    """Return the sentences of a message, and the orders within them by themselves."""
    lines = islice(sentences(text[:LONGEST]), MOST)
    return [part for line in lines for part in parted(line)]


@remembered
def parted(sentence: str) -> tuple[str, ...]:
    """Cut a sentence before an order, or behind one: `I ate the pie, so cross it off`."""
    can_be = len(sentence) < LONGEST_PARTED and MEMORY.verb.search(sentence)
    marks = JOINT.finditer(sentence) if can_be else iter(())
    for mark in islice(marks, MOST_JOINTS):
        left, right = sentence[: mark.start()], sentence[mark.end() :]
        if _are_apart(left, right, mark[0]):
            return (f"{left.rstrip(' .!')}.", *parted(right))
    return (sentence,)


def _are_apart(left: str, right: str, joint: str) -> bool:
    """Return whether one part of a sentence is an order, and the other tells something else."""
    before, after = memory_order(left), memory_order(right)
    if before is not None and after is not None and not after.soft and (after.new or after.old):
        return ":" not in left and bool(before.new or before.old)
    if before is not None:
        if before.old and CHANGE.it_is.match(expand(right)):
            return False
        ends = before.kind in ENDING or (before.kind == "add" and not before.new)
        return ends and ":" not in left and bool(joint.strip()) and begins_clause(right)
    is_field = re.match(r"\w+:|(?:please )?log\b(?! (?:that|it|this)\b)", right)
    told = kind(left) == "statement" and not SENTENCE.conditional.match(left)
    if after is None or is_field or not told:
        return False
    meant = after.old.lower() in POINTERS | PERSONS
    points = after.target or not (after.new or after.old) or meant
    free = joint.strip() or right.startswith("so ") or MEMORY.lead.match(right)
    return bool(points or (free and not after.soft))


def corrections(text: str) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield what a message says the agent has wrong: `You have my job wrong, it is baker`."""
    lines = list(islice(sentences(text[:LONGEST]), MOST))
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        wrong = CHANGE.wrong.match(line)
        stated = states(following) or CHANGE.it_is.match(expand(following))
        right = _right(line) or (_right(following) if stated else "")
        if wrong and wrong["thing"] and right:
            new = MEMORY.contrast.sub("", right)
            yield MemoryOrder("set", new, wrong["thing"], soft=True), line


def _right(line: str) -> str:
    """Return what a line says is right: `baker` for `You have my job wrong, it is baker`."""
    return CHANGE.it_is.sub("", expand(CHANGE.wrong.sub("", line))).strip(" .!")


def righted(line: str) -> str:
    """Return what a line tells: `my job is baker` for `You have my job wrong, it is baker`."""
    wrong, right = CHANGE.wrong.match(line), _right(line)
    if wrong and wrong["thing"] and not states(right):
        return f"{wrong['thing']} is {right}"
    return right if wrong else line


@remembered
def is_taken_back(text: str) -> bool:
    """Return whether a message orders to keep something, and at its end to forget it."""
    *before, last = ["", *sentences(text[:LONGEST])]
    return bool(MEMORY.take_back.match(last)) and any(
        order.kind == "add" and order.new for order in filter(None, map(memory_order, before))
    )


def states(sentence: str) -> bool:
    """Return whether a sentence tells a fact."""
    return kind(sentence) == "statement" and is_factual(sentence)


@remembered
def memory_order(sentence: str) -> MemoryOrder | None:
    """Read one sentence. None if it does not order anything of memory."""
    if whole := MEMORY.whole.match(sentence[:LONGEST]):
        return MemoryOrder("clear", cleaned(whole["new"]), target=whole["target"].lower())
    core = expand(sentence[:LONGEST])
    core = _undecorated(core if MEMORY.things.match(core) else plain(core))
    target = ""
    if opening := MEMORY.opening.match(core):
        target = opening[opening.lastindex or 0]
        core = MEMORY.should.sub(r"set \1 to ", core[opening.end() :])
    asks = kind(core) == "question" and not MEMORY.point.match(core)
    if not core or (asks and not MEMORY.keep.match(core)):
        return None
    if found := _target_of(core):
        target = target or found["target"]
        core = plain(f"{core[: found.start()]} {core[found.end() :]}".strip())
        core = MEMORY.should.sub(r"set \1 to ", MEMORY.twice.sub("", core))
    order = _read(core, target.lower())
    if order and opening and not opening[1] and not MEMORY.target.match(target):
        order = replace(order, soft=True)
    idle = order and order.kind == "add" and not order.new and IDLE.fullmatch(order.old)
    if idle and sentence.rstrip().endswith("?") and not MEMORY.to_tell.search(sentence):
        return order if target and MEMORY.point.match(core) else None
    return order


def _undecorated(core: str) -> str:
    return MEMORY.tail.sub("", core).strip()


def _target_of(core: str) -> re.Match[str] | None:
    """Find where a sentence names memory: after its verb, at its beginning or at its end."""
    for found in MEMORY.target.finditer(core):
        before, after = core[: found.start()], core[found.end() :].strip(" .!?")
        if len(before.split()) <= 3 or not after:
            return found
    return None


def _read(core: str, target: str) -> MemoryOrder | None:
    """Read what is ordered of a memory, a block or a list; each reader takes one form."""
    mind = _kept if MEMORY.minds.match(core) else _pointed
    lists = MEMORY.listing.match(core) or MEMORY.new_list.match(core)
    first = _placed if lists else _undone
    readers = (first, _set, _replaced, _pointed, mind, _placed, _kept, _removed, _updated)
    return next(filter(None, (reader(core, target) for reader in readers)), None)


def _undone(core: str, target: str) -> MemoryOrder | None:
    undone = MEMORY.undo.match(core)
    back = "back" if MEMORY.back.search(core) else ""
    return MemoryOrder("undo", back, target=target, soft=True) if undone else None


def _placed(core: str, target: str) -> MemoryOrder | None:
    """Read what is put on a list or taken off it: `add tea to my list`, `take it off there`."""
    if target:
        return None
    if made := MEMORY.listing.match(core) or MEMORY.new_list.match(core):
        name = made["target"] or f"{made['name'].removesuffix(' list')} list"
        return MemoryOrder("add", cleaned(made["new"] or "nothing"), target=name, soft=True)
    if lead := MEMORY.leading.match(core):
        new = cleaned(lead["new"])
        told = bool(lead["that"]) or begins_clause(new)
        return _listed(lead["verb"], new, lead["target"], soft=not told)
    verb = MEMORY.placing.match(core)
    place = MEMORY.place.search(core, verb.end()) if verb else None
    named = place and (place["target"] or ("it" if MEMORY.removing.match(core) else ""))
    if verb is None or not (named or verb["adds"]):
        return None
    item = cleaned(core[verb.end() : place.start() if place and named else len(core)])
    item = re.sub(r" (?:on|in|there)$", "", item.rstrip(".!")) if not named else item
    if begins_clause(item) or not (named or item):
        return None
    return _listed(verb[0], item, named or "it")


def _listed(verb: str, item: str, target: str, *, soft: bool = True) -> MemoryOrder:
    """Return an order of a list; without an item it is what the message tells."""
    if MEMORY.removing.match(verb) and MEMORY.all.match(item or verb):
        return MemoryOrder("clear", target=target.lower(), soft=True)
    if MEMORY.removing.match(verb):
        return MemoryOrder("remove", old=item.rstrip(".!"), target=target.lower(), soft=soft)
    return MemoryOrder("add", item, target=target.lower(), soft=soft)


def _set(core: str, target: str) -> MemoryOrder | None:
    """Read a new value of something: `change my address to 4 Elm Row`."""
    found = MEMORY.as_mine.match(core) or MEMORY.set.match(core)
    if MEMORY.not_memory.match(core) or (
        found is None and (found := MEMORY.assigned.match(core)) is None
    ):
        return None
    own = found["old"].lower().startswith(("my ", "our ", "it", "that"))
    order = _renewing("set", found, target, soft=not own or "verb" in found.groupdict())
    marks = order and core.lower().startswith("mark ")
    return replace(order, new=f"({order.new})") if order and marks else order


def _replaced(core: str, target: str) -> MemoryOrder | None:
    """Read a text in the place of another: `swap tea for coffee`."""
    found = MEMORY.replace.match(core)
    return _renewing("replace", found, target) if found else None


def _renewing(
    kind_: Kind, found: re.Match[str], target: str, *, soft: bool = True
) -> MemoryOrder | None:
    if "persona" in target and (swap := MEMORY.from_to.search(found.string)):
        kind_, found = "replace", swap
    old, new = cleaned(found["old"]).rstrip(".!") or found["old"], cleaned(found["new"])
    new = MEMORY.contrast.sub("", new) if kind_ == "set" else new
    return MemoryOrder(kind_, new, old, target, soft=soft and not target) if old and new else None


def _pointed(core: str, target: str) -> MemoryOrder | None:
    """Read an order to keep what is told beside it: `update your notes`, `save that`."""
    if found := MEMORY.of.match(core):
        return MemoryOrder("add", old=found["old"], target=target, soft=not target)
    found = MEMORY.point.match(core)
    if found is None:
        return None
    strong = target or found["mind"]
    return MemoryOrder("add", target=target, soft=not strong)


def _kept(core: str, target: str) -> MemoryOrder | None:
    found = MEMORY.keep.match(core)
    if found is None:
        return None
    mind, new = found["mind"], cleaned(found["new"])
    first = new.split(" ", 1)[0].lower()
    marked = ":" in found["mark"] or core[: found.start("new")].rstrip().endswith("that")
    if not (mind or target or marked or first in {"my", "our", "i", "we"}):
        return None
    if mind and core.endswith("?") and not is_factual(new) and not IDLE.fullmatch(new):
        return None
    if "self" in (mind or "") and is_order(new):
        new = f"I have to {new}"
    soft = not (target or mind)
    if IDLE.fullmatch(new):
        return MemoryOrder("add", old="something" if new else "", target=target, soft=soft)
    if MEMORY.topic.match(new) and not is_factual(new):
        return MemoryOrder("add", old=new.rstrip(".!"), target=target, soft=soft)
    return MemoryOrder("add", new, target=target, soft=soft)


def _removed(core: str, target: str) -> MemoryOrder | None:
    found = MEMORY.forget.match(core)
    if found is None:
        return None
    old = cleaned(MEMORY.because.sub("", found["old"])).rstrip(".!")
    strong = bool(target or found["noted"] or found["verb"].lower() == "forget")
    if MEMORY.all.match(found["old"]) and (old or target):
        return MemoryOrder("clear", target=target)
    named = old or target
    return MemoryOrder("remove", old=old, target=target, soft=not strong) if named else None


def _updated(core: str, target: str) -> MemoryOrder | None:
    """Read a statement that memory is to be updated with: `change that: I like tea`."""
    found = MEMORY.updating.match(core)
    if found is None:
        return None
    new = cleaned(found["new"])
    points = core[: found.start("new")].rstrip().endswith((":", ",", "-", "—"))
    if target or (points and begins_clause(new)):
        return MemoryOrder("add", new, target=target, soft=not target)
    return None


def cleaned(text: str) -> str:
    """Return a captured text without the space, quotes and end marks around it."""
    text = _undecorated(text).strip(" ,:—-")
    if (inside := unquoted(text.rstrip(" .!?"))) is not None:
        return inside.strip()
    text = re.sub(r"\s+(?=[.!]+$)", "", text.rstrip("? "))
    return "" if MEMORY.vague.fullmatch(text) or not text.strip(".,:;!?") else text


def spelled(note: str, order: MemoryOrder) -> str:
    """Return a note as it is written: a clause as a sentence, anything else as it was given."""
    note = note.removeprefix("to ") if note.startswith("to call me ") else note
    note = rewritten(note, "noted")
    note = rewritten(note, "called")
    told = as_told(note, "note")
    whole = is_factual(note) and (not order.soft or ":" not in note)
    return as_sentence(told) if told != note or whole or note.startswith("to ") else note


def is_bare(note: str) -> bool:
    """Return whether a note only names something, as in `remember the word: APPLE`."""
    words = expand(note).partition(":")[0].lower().split()
    says = any(map(is_verb, words[1:])) or words[0] in {"i", "my", "our", "to", "call"}
    return len(words) < 4 and not says


@remembered
def corrects(text: str) -> bool:
    """Return whether a sentence of a message may correct or change what was told before."""
    return any(map(changes_facts, sentences(text)))


def changes_facts(sentence: str) -> bool:
    """Return whether a sentence may correct or change what was told before."""
    order = memory_order(sentence) if kind(sentence) != "question" else None
    return (order is not None and not order.may_name_a_block) or changes_told(sentence)


@remembered
def changes_told(sentence: str) -> bool:
    """Return whether a sentence corrects or changes what was told, without ordering it."""
    core = expand(plain(sentence))
    found = changes_in(core).keys()
    denies = "not_but" in found and not is_factual(core)
    return bool(found & CORRECTING or denies or CHANGE.wrong.match(sentence))


def is_taken(sentence: str, told: str) -> bool:
    """Return whether a reply that tells what it took up has what a sentence changes or adds."""
    order = memory_order(sentence)
    new = order.new.strip(" .!").lower() if order else ""
    items = [CHANGE.article.sub("", one) for one in COMMA.split(new)]
    is_added = new and all(one in told.lower() for one in items)
    is_list = ", " in told or told.count(": ") > 1
    is_gone = is_list and order and order.kind == "remove" and order.old not in told
    return changes_told(sentence) or bool(is_added or is_gone)
