"""Memory orders: what a user wants kept, changed or forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Literal

from mockletta.language.sentences import (
    is_factual,
    is_order,
    kind,
    plain,
    sentences,
)
from mockletta.language.words import (
    as_sentence,
    expand,
    pattern,
    patterns,
    remembered,
)

CHANGE = patterns("change")
MEMORY = patterns("memory")
Kind = Literal["insert", "add", "take", "set", "replace", "forget", "clear", "undo"]
NAMES = "to_self points named add append take keep_in_mind set replace of forget keep update into"
FORMS = {name: pattern(f"memory.{name}") for name in NAMES.split()}
"""The forms of orders, in the order in which they are tried."""
KINDS: dict[str, Kind] = {
    "add": "add", "append": "add", "take": "take", "set": "set", "replace": "replace",
    "forget": "forget",
}  # fmt: skip
TO_TELL = re.compile(
    r"\b(?:something|(?:a )?few things|this|that)\b.*\bfor me\b"
    r"|\b(?:can|could) you (?:please )?\w+ (?:this|that|it)\W*$",
    re.IGNORECASE,
)
IDLE = frozenset({"things", "stuff", "something", "anything", "facts", "information", "data", ""})


@dataclass(frozen=True, slots=True)
class MemoryOrder:
    """A change of memory. `target` is the memory or block it names, "" if none.

    `new` is what is to be kept, `old` what goes: for `set` what gets the value `new`. A `clear`
    empties memory, or a block of which `new` is then the whole text. Without `new`
    an `insert` keeps what the message tells, of `old` if that names something. For `add`
    and `take` they are a thing and the list that it is put on or taken off. A `soft` order names
    no memory and may be about something else.
    """

    kind: Kind
    new: str = ""
    old: str = ""
    target: str = ""
    soft: bool = False


def memory_orders(text: str) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield the memory orders of a message, each with its sentence.

    An order to keep something takes the statements that follow it, if it ends with a colon.
    """
    whole = MEMORY.whole.match(text[:4000])
    lines = [text] if whole else list(islice(sentences(text[:4000]), 30))
    for index, line in enumerate(lines):
        order = memory_order(line)
        if order is None:
            continue
        lead = line[: line.find(order.new[:20])]
        listed = ":" in lead and order.new[:1] not in "\"'“"
        if order.kind == "insert" and (not order.new or listed):
            told = takewhile(states, lines[index + 1 :])
            order = replace(order, new=" ".join(map(as_sentence, filter(None, [order.new, *told]))))
        yield order, line


def corrections(text: str) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield what a message says the agent has wrong: `You have my job wrong, it is baker`."""
    lines = list(islice(sentences(text[:4000]), 30))
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        wrong = CHANGE.wrong.match(line)
        if not wrong or not wrong["thing"]:
            continue
        stated = states(following) or CHANGE.it_is.match(expand(following))
        if right := _right(line) or (_right(following) if stated else ""):
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
    *before, last = ["", *sentences(text[:4000])]
    return bool(MEMORY.take_back.match(last)) and any(
        order.kind == "insert" and order.new for order in filter(None, map(memory_order, before))
    )


def states(sentence: str) -> bool:
    """Return whether a sentence tells a fact."""
    return kind(sentence) == "statement" and is_factual(sentence)


@remembered
def memory_order(sentence: str) -> MemoryOrder | None:
    """Read one sentence. None if it does not order anything of memory."""
    if whole := MEMORY.whole.match(sentence[:4000]):
        return MemoryOrder("clear", cleaned(whole["new"]), target=whole["target"].lower())
    core = _undecorated(plain(expand(sentence[:4000])))
    target = ""
    if by_tool := MEMORY.by_tool.match(core):
        target, core = by_tool["target"], core[by_tool.end() :]
    if not core or (kind(core) == "question" and not FORMS["keep_in_mind"].match(core)):
        return None
    if found := _target_of(core):
        target = target or found["target"]
        core = plain(f"{core[: found.start()]} {core[found.end() :]}".strip())
    if MEMORY.undo.match(core) or (target and MEMORY.take_it.match(core)):
        return MemoryOrder("undo", target=target.lower(), soft=True)
    order = _read(core, named=bool(target))
    asks = sentence.rstrip().endswith("?") and not MEMORY.renew.match(core)
    order = _meant(order, asks=asks and not TO_TELL.search(sentence)) if order else None
    return order and replace(order, target=(target or order.target).lower())


def _meant(order: MemoryOrder, *, asks: bool) -> MemoryOrder | None:
    """Return an order without words that only stand for its content: `remember something`.

    None if it only asks whether that can be done.
    """
    if order.new.lower().rstrip(".!") in IDLE - {""} and order.kind == "insert":
        order = replace(order, old="something", new="")
    if asks and not order.new:
        return None if order.kind == "insert" and order.old in IDLE else order
    if order.kind == "insert" and MEMORY.topic.match(order.new) and not is_factual(order.new):
        order = replace(order, old=order.new.rstrip(".!"), new="")
    return order


def _undecorated(core: str) -> str:
    return MEMORY.never_mind.sub("", core).strip()


def _target_of(core: str) -> re.Match[str] | None:
    """Find where a sentence names memory: after its verb, at its beginning or at its end."""
    for found in MEMORY.target.finditer(core):
        before, after = core[: found.start()], core[found.end() :].strip(" .!?")
        if len(before.split()) <= 3 or not after:
            return found
    return None


def _read(core: str, *, named: bool) -> MemoryOrder | None:
    for name, form in FORMS.items():
        match = form.match(core)
        fits = name not in ({"append"} if named else {"update", "into"})
        if match is not None and fits:
            kind_ = KINDS.get(name, "insert")
            given = {"new": "", "old": "", "clear": "", **match.groupdict("")}
            old = MEMORY.because.sub("", given["old"]) if kind_ == "forget" else given["old"]
            new, old = cleaned(given["new"]), cleaned(old).rstrip(".!")
            if kind_ == "forget" and MEMORY.all.match(given["old"]) and (old or named):
                return MemoryOrder("clear")
            asks = name == "keep_in_mind" and core.endswith("?") and not is_factual(new)
            asks = asks and new.lower() not in IDLE
            empty = "old" in form.groupindex and (not old or MEMORY.vague.fullmatch(old))
            new = new.rstrip(".!") if kind_ == "replace" else new
            new = f"I have to {new}" if name == "to_self" and is_order(new) else new
            soft = not (named or given["clear"] or name == "named")
            order = MemoryOrder(kind_, new, old, given.get("target", ""), soft=soft)
            return None if asks or empty else order
    return None


def cleaned(text: str) -> str:
    """Return a captured text without the space, quotes and end marks around it."""
    text = _undecorated(text).strip(" ,:—-")
    bare = text.rstrip(" .!?")
    for left, right in ('""', "''", "“”", "\u2018\u2019"):
        if len(bare) > 1 and bare[0] == left and bare[-1] == right:
            return bare[1:-1].strip()
    text = re.sub(r"\s+(?=[.!]+$)", "", text.rstrip("? "))
    return "" if MEMORY.vague.fullmatch(text) or not text.strip(".,:;!?") else text
