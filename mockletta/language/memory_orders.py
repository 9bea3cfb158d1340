"""Memory orders: what a user wants kept, changed or forgotten.

The rewrites of the group `order` bring the many wordings of an order to a few: `remember`, `store`,
`update`, `set`, `replace`, `remove` and `undo`. What stands behind that verb is read here.
"""

import re
from collections.abc import Callable
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
NOTHING, WILL = "nothing", ("Will you", "will you")
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


@remembered
def memory_orders(text: str) -> tuple[tuple[MemoryOrder, str], ...]:
    """Return the memory orders of a message, each with its sentence.

    An order to keep something takes the statements that follow it, if it ends with a colon.
    """
    lines, found = order_lines(text), []
    for index, line in enumerate(lines):
        order = memory_order(line)
        if order is None:
            continue
        listed = ":" in line[: line.find(order.new[:20])] and not unquoted(line.partition(":")[2])
        if order.kind in {"add", "clear"} and not order.is_of_list and (not order.new or listed):
            told = takewhile(states, lines[index + 1 :])
            order = replace(order, new=" ".join(map(as_sentence, filter(None, [order.new, *told]))))
        found.append((order, line))
    return tuple(found)


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
    if before is not None and ":" in left:
        return False
    if before is not None and after is not None:
        return bool(before.new or before.old)
    if before is not None:
        ends = before.kind in ENDING or not before.new
        same = before.old and CHANGE.it_is.match(expand(right))
        return bool(ends and joint.strip() and begins_clause(right) and not same)
    if after is None or kind(left) != "statement" or SENTENCE.conditional.match(left):
        return False
    points = after.target or not (after.new or after.old) or after.old.lower() in POINTERS | PERSONS
    is_field = right.split(maxsplit=1)[0].endswith(":")  # `, note: pizza`
    return bool(points or not (after.soft or is_field))


def righted(line: str) -> str:
    """Return what a line tells: `my job is baker` for `You have my job wrong, it is baker`."""
    wrong = CHANGE.wrong.match(line)
    right = CHANGE.it_is.sub("", expand(line[wrong.end() :] if wrong else line)).strip(" .!")
    if wrong and wrong["thing"] and right and not states(right):
        return f"{wrong['thing']} is {MEMORY.contrast.sub('', right)}"
    return right if wrong else line


def is_bare(note: str) -> bool:
    """Return whether a note only names something, as in `remember the word: APPLE`."""
    words = expand(note).partition(":")[0].lower().split()
    says = any(map(is_verb, words[1:])) or not {"i", "my", "our", "to", "call"}.isdisjoint(
        words[:1]
    )
    return len(words) < 4 and not says


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
    verb, following, *_ = [*lower_words(core[:80]), "", ""]
    if made := MEMORY.new_list.match(core):
        name = made["target"] or f"{made['name']} list"
        return MemoryOrder("add", cleaned(made["new"] or NOTHING), target=name, soft=True)
    if verb not in ACTS or following in BE:
        return None
    target, body = _split(core[len(verb) :])
    order = ACTS[verb](verb, body, bool(target))
    if order is None or (
        order.kind == "add" and core.endswith("?") and not _asks(order, body, sentence)
    ):
        return None
    return replace(order, target=target, soft=False) if target else order


def _lead(form: re.Pattern[str], text: str) -> str:
    found = form.match(text)
    return found[0] if found else ""


def _undecorated(core: str) -> str:
    return MEMORY.tail.sub("", core).strip()


def _split(body: str) -> tuple[str, str]:
    """Return where an order names memory, behind its verb or at its end, and the rest of it."""
    for found in MEMORY.target.finditer(body):
        before, after = body[: found.start()], body[found.end() :]
        if len(before.split()) < 3 or not after.strip(" .!?"):
            return found["target"].lower(), _undecorated(f"{before} {after}")
    return "", _undecorated(body)


def _asks(order: MemoryOrder, body: str, sentence: str) -> bool:
    """Return whether a question orders something: `Can you save that?`, not `... save files?`."""
    points = MEMORY.filler.fullmatch(body.rstrip(" .!?")) and not sentence.startswith(WILL)
    return bool((order.old and order.soft) or is_factual(order.new) or points)


def _kept(verb: str, body: str, named: bool) -> MemoryOrder | None:
    """Read what is to be kept; without anything it is what is told beside the order."""
    soft = verb not in MINDS
    if soft and not named and (placed := _placed(verb, body)):
        return placed
    filler = _lead(MEMORY.filler, body)
    new = cleaned(body[len(filler) :])
    is_marked = filler.endswith("that") or body[len(filler) :].lstrip().startswith(":")
    if new and soft and not (named or is_marked or lower_words(new)[0] in OWN):
        return None
    if new and (is_factual(new) or not MEMORY.topic.match(new)):
        return MemoryOrder("add", new, soft=soft)
    old = new.rstrip(".!") or ("something" if "something" in filler else "")
    return MemoryOrder("add", old=old, soft=soft)


def _placed(verb: str, body: str) -> MemoryOrder | None:
    """Read what is put on a list or taken off it: `tea to my list`, `to my list: tea`."""
    if lead := MEMORY.leading.match(body):
        new = cleaned(lead["new"])
        told = lead["that"] or begins_clause(new)
        return MemoryOrder("add", new, target=lead["target"].lower(), soft=not told)
    place = MEMORY.place.search(body)
    target = place["target"].lower() if place else "it" if verb in ADDING else ""
    item = cleaned(body[: place.start()] if place else re.sub(r" (?:on|in)[.!]*$", "", body))
    if begins_clause(item) or not target or not (item or place):
        return None
    if ACTS[verb] is _kept:
        return MemoryOrder("add", item, target=target, soft=True)
    is_all = item and MEMORY.all.match(item)
    return MemoryOrder(
        "clear" if is_all else "remove", old=item.rstrip(".!"), target=target, soft=True
    )


def _updated(verb: str, body: str, named: bool) -> MemoryOrder | None:
    """Read a new value of something, or a statement that memory is to be updated with."""
    if order := _renewed(verb, body, named):
        return order
    if MEMORY.of.fullmatch(body):
        return MemoryOrder("add", old=body.rstrip(" .!"), soft=True)
    lead = _lead(MEMORY.updating, body)
    new, points = cleaned(body[len(lead) :]), lead.strip(" :,—-") and lead.rstrip()[-1] in ":,-—"
    is_told = not new or named or (points and begins_clause(new))
    return MemoryOrder("add", new, soft=True) if is_told else None


def _renewed(verb: str, body: str, named: bool) -> MemoryOrder | None:
    """Read what gets a new value, `my address to 4 Elm Row`, or what is put for something."""
    if named and (whole := MEMORY.whole.match(body)):
        return MemoryOrder("clear", cleaned(body[whole.end() :]))
    joint = MEMORY.joint.search(body)
    if joint is None:
        return None
    what, *from_ = re.split(r"\s+from\s+", body[: joint.start()].strip(), maxsplit=1)
    old, new = cleaned(what).rstrip(".!") or what, cleaned(body[joint.end() :])
    is_put, owned = joint["to"] in {"with", "by", "for"}, MEMORY.owned.match(old)
    is_set = joint["to"] or owned
    if (
        not (old and new and is_set)
        or MEMORY.no_thing.match(old)
        or (is_put and verb not in UPDATING)
    ):
        return None
    own = old.lower().startswith(("my ", "our ")) or (old.lower() in POINTERS and verb in UPDATING)
    if verb in UPDATING and (is_put or verb in SWAPS or not (owned or own)):
        return MemoryOrder("replace", new.rstrip("."), old, soft=True)
    if from_ and old.lower().startswith("your "):
        return MemoryOrder("replace", new.rstrip("."), from_[0], soft=True)
    return MemoryOrder("set", MEMORY.contrast.sub("", new), old, soft=not own)


def _removed(verb: str, body: str, named: bool) -> MemoryOrder | None:
    """Read what is to go, or that something is to be as it was."""
    is_all = not body.strip(" .!") and verb in {"undo", *BACK}
    points = MEMORY.pointer.fullmatch(body) and f"{verb} {body}".rstrip(" .!") != "forget it"
    if points or is_all or verb in BACK:
        order = MemoryOrder("undo", "back" if verb in BACK else "", soft=True)
        return order if points or is_all else None
    if not named and (placed := _placed(verb, body)):
        return placed
    noted = MEMORY.noted.match(body)
    what = MEMORY.because.sub("", body[noted.end() :] if noted else body)
    if MEMORY.all.match(what) and (what.strip(" .!") or named):
        return MemoryOrder("clear")
    old, strong = cleaned(what).rstrip(".!"), verb == "forget" or (noted and noted["note"])
    return MemoryOrder("remove", old=old, soft=not strong) if old else None


Reader = Callable[[str, str, bool], MemoryOrder | None]
READERS: dict[str, Reader] = {
    "keep": _kept, "update": _updated, "set": _renewed, "remove": _removed,
}  # fmt: skip
ACTS: dict[str, Reader] = {
    word: READERS[act] for act, line in rows("memory_act").items() for word in line.split()
}
MINDS, ADDING = word_set("remember note"), word_set("add put stick pop append include invite pack")
UPDATING, SWAPS = word_set(TABLE["memory_act.update"]), word_set("replace swap substitute rename")
BACK, OWN = word_set("restore revert"), word_set("my our i we")


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
