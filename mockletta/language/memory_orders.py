"""Memory orders: what a user wants kept, changed or forgotten.

The rewrites of the group `order` bring the many wordings of an order to a few: `remember`, `store`,
`update`, `set`, `replace`, `remove` and `undo`. What stands behind that verb is read here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Literal

from mockletta.language.facts import as_told
from mockletta.language.sentences import (
    begins_clause,
    is_factual,
    kind,
    plain,
    sentences,
    unquoted,
)
from mockletta.language.supersession import changes_in
from mockletta.language.words import (
    BE,
    TABLE,
    as_sentence,
    expand,
    is_verb,
    lower_words,
    patterns,
    remembered,
    rewritten,
    rows,
    word_set,
)

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
    for index, line in enumerate(lines):
        order = memory_order(line)
        if order is None:
            continue
        listed = ":" in line[: line.find(order.new[:20])] and not unquoted(line.partition(":")[2])
        if order.kind in {"add", "clear"} and not order.is_of_list and (not order.new or listed):
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
    marks = JOINT.finditer(sentence) if len(sentence) < LONGEST_PARTED else iter(())
    for mark in islice(marks, MOST_JOINTS):
        left, right = sentence[: mark.start()], sentence[mark.end() :]
        if MEMORY.verb.search(sentence) and _are_apart(left, right, mark[0]):
            return (f"{left.rstrip(' .!')}.", *parted(right))
    return (sentence,)


def _are_apart(left: str, right: str, joint: str) -> bool:
    """Return whether one part of a sentence is an order, and the other tells something else."""
    before, after = memory_order(left), memory_order(right)
    if before is not None and after is not None and not after.soft and (after.new or after.old):
        return ":" not in left and bool(before.new or before.old)
    if before is not None:
        ends = before.kind in ENDING or (before.kind == "add" and not before.new)
        same = before.old and CHANGE.it_is.match(expand(right))
        return (
            ends and ":" not in left and bool(joint.strip() and begins_clause(right)) and not same
        )
    if after is None or kind(left) != "statement" or SENTENCE.conditional.match(left):
        return False
    if right[len(right.split(maxsplit=1)[0]) - 1] == ":":
        return False  # `, note: pizza`
    points = after.target or not (after.new or after.old) or after.old.lower() in POINTERS | PERSONS
    free = joint.strip() or right.startswith("so ")
    return bool(points or (free and not after.soft))


def righted(line: str) -> str:
    """Return what a line tells: `my job is baker` for `You have my job wrong, it is baker`."""
    wrong = CHANGE.wrong.match(line)
    right = CHANGE.it_is.sub("", expand(line[wrong.end() :] if wrong else line)).strip(" .!")
    if wrong and wrong["thing"] and right and not states(right):
        return f"{wrong['thing']} is {MEMORY.contrast.sub('', right)}"
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
    core = plain(rewritten(expand(sentence[:LONGEST]), "announced"))
    core = rewritten(_undecorated(core), "order")
    verb, *following = [*lower_words(core[:80]), ""]
    act = ACTS.get(verb)
    if act is None or following[0] in BE:
        return _new_list(core)
    found = _memory_in(core)
    target, body = "", core[len(verb) :]
    if found:
        target, body = found["target"], f"{core[len(verb) : found.start()]} {core[found.end() :]}"
    order = READERS[act](verb, _undecorated(body), target.lower())
    asks = order and order.kind == "add" and core.endswith("?")
    if asks and (sentence[:4].lower() == "will" or not _can_be_asked(order, body)):
        return None
    return order


def _undecorated(core: str) -> str:
    return MEMORY.tail.sub("", core).strip()


def _memory_in(core: str) -> re.Match[str] | None:
    """Find where an order names memory: behind its verb, or at its end."""
    for found in MEMORY.target.finditer(core):
        before, after = core[: found.start()], core[found.end() :].strip(" .!?")
        if len(before.split()) <= 3 or not after:
            return found
    return None


def _can_be_asked(order: MemoryOrder, body: str) -> bool:
    """Return whether a question orders something: `Can you save that?`, not `... save files?`."""
    points = MEMORY.filler.fullmatch(body.rstrip(" .!?"))
    return bool(order.old or is_factual(order.new) or points)


def _new_list(core: str) -> MemoryOrder | None:
    found = MEMORY.new_list.match(core)
    if found is None:
        return None
    name = found["target"] or f"{found['name']} list"
    return MemoryOrder("add", cleaned(found["new"] or "nothing"), target=name, soft=True)


def _kept(verb: str, body: str, target: str) -> MemoryOrder | None:
    """Read what is to be kept; without anything it is what is told beside the order."""
    if verb not in MINDS and not target and (placed := _placed(body, verb in ADDING)):
        item, place, is_told = placed
        return MemoryOrder("add", item, target=place, soft=not is_told)
    told = MEMORY.filler.match(body)
    filler = told[0] if told else ""
    new = cleaned(body[len(filler) :])
    is_strong = bool(target or verb in MINDS)
    is_marked = filler.endswith("that") or body[len(filler) :].lstrip().startswith(":")
    if not new:
        old = "something" if "something" in filler else ""
        return MemoryOrder("add", old=old, target=target, soft=not is_strong)
    if not (is_strong or is_marked or lower_words(new)[0] in OWN):
        return None
    if MEMORY.topic.match(new) and not is_factual(new):
        return MemoryOrder("add", old=new.rstrip(".!"), target=target, soft=not is_strong)
    return MemoryOrder("add", new, target=target, soft=not is_strong)


def _placed(body: str, adds: bool) -> tuple[str, str, bool] | None:
    """Return an item, the list that it is put on or taken off, and whether it is a statement."""
    if lead := MEMORY.leading.match(body):
        new = cleaned(lead["new"])
        return new, lead["target"].lower(), bool(lead["that"]) or begins_clause(new)
    place = MEMORY.place.search(body)
    item = cleaned(body[: place.start()] if place and place["target"] else body)
    named = place["target"].lower() if place and place["target"] else "it" if adds else ""
    if begins_clause(item) or not named or not (item or place):
        return None
    return (
        re.sub(r" (?:on|in|off|out)$", "", item.rstrip(".!")) if named == "it" else item,
        named,
        False,
    )


def _updated(verb: str, body: str, target: str) -> MemoryOrder | None:
    """Read a new value of something, or a statement that memory is to be updated with."""
    if order := _renewed(verb, body, target):
        return order
    if MEMORY.of.fullmatch(body):
        return MemoryOrder("add", old=body.rstrip(" .!"), target=target, soft=not target)
    told = MEMORY.updating.match(body)
    rest = body[told.end() :] if told else body
    new, points = cleaned(rest), told and told[0].rstrip().endswith((":", ",", "-", "—"))
    if new and not (target or (points and begins_clause(new) and body[0] != ":")):
        return None
    return MemoryOrder("add", new, target=target, soft=not target)


def _renewed(verb: str, body: str, target: str) -> MemoryOrder | None:
    """Read what gets a new value, `my address to 4 Elm Row`, or what is put for something."""
    if target.endswith(("persona", " block")) and (whole := MEMORY.whole.match(body)):
        return MemoryOrder("clear", cleaned(body[whole.end() :]), target=target)
    joint = MEMORY.joint.search(body)
    first, *from_ = re.split(r"\s+from\s+", body[: joint.start()], maxsplit=1) if joint else [""]
    old, new = (
        cleaned(first).rstrip(".!") or first.strip(),
        cleaned(body[joint.end() :] if joint else ""),
    )
    if joint is None or not (old and new) or MEMORY.no_thing.match(old):
        return None
    if from_ and "persona" in target:
        return MemoryOrder("replace", new.rstrip("."), from_[0], target)
    is_put, owned = joint["to"] in {"with", "by", "for"}, MEMORY.owned.match(old)
    own = old.lower().startswith(("my ", "our ")) or (old.lower() in POINTERS and verb in UPDATING)
    if (not joint["to"] and not owned) or (is_put and verb not in UPDATING):
        return None
    if verb in SWAPS or is_put or (verb in UPDATING and not (owned or own)):
        return MemoryOrder("replace", new.rstrip("."), old, target, soft=not target)
    return MemoryOrder("set", MEMORY.contrast.sub("", new), old, target, soft=not (own or target))


def _removed(verb: str, body: str, target: str) -> MemoryOrder | None:
    if MEMORY.pointer.fullmatch(body) and (verb, body.rstrip(" .!")) != ("forget", "it"):
        return MemoryOrder("undo", target=target, soft=True)
    if not target and (placed := _placed(body, adds=False)):
        item, place, _ = placed
        if MEMORY.all.match(item) and item:
            return MemoryOrder("clear", target=place, soft=True)
        return MemoryOrder("remove", old=item.rstrip(".!"), target=place, soft=True)
    noted = MEMORY.noted.match(body)
    named = MEMORY.because.sub("", body[noted.end() :] if noted else body)
    if MEMORY.all.match(named) and (named.strip(" .!") or target):
        return MemoryOrder("clear", target=target)
    old = cleaned(named).rstrip(".!")
    is_strong = bool(target or (noted and noted["note"]) or verb == "forget")
    return MemoryOrder("remove", old=old, target=target, soft=not is_strong) if old else None


def _undone(verb: str, body: str, target: str) -> MemoryOrder | None:
    is_back = verb == "restore"
    points = not body.strip(" .!") or MEMORY.pointer.fullmatch(body)
    return (
        MemoryOrder("undo", "back" if is_back else "", target=target, soft=True) if points else None
    )


ACTS = {word: act for act, line in rows("memory_act").items() for word in line.split()}
READERS: dict[str, Callable[[str, str, str], MemoryOrder | None]] = {
    "keep": _kept, "update": _updated, "set": _renewed, "remove": _removed, "undo": _undone,
}  # fmt: skip
MINDS, ADDING = word_set("remember note"), word_set("add put stick pop append include invite pack")
UPDATING = word_set(TABLE["memory_act.update"])
SWAPS, OWN = word_set("replace swap substitute rename"), word_set("my our i we")


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
