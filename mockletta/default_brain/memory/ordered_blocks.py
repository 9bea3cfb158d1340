"""Ordered blocks: which memory block an order means, and what of it."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from mockletta.brain.decisions import MemoryBlock, ModelCall
from mockletta.brain.history import last_reply
from mockletta.default_brain.memory.block_items import (
    KEY,
    KEY_ENDS,
    NOTHING,
    NUMBER,
    Line,
    entries,
    read_lines,
    says_of,
    subject_of,
)
from mockletta.default_brain.memory.memory_calls import ABOUT, concerned, last_changes
from mockletta.language.facts import read, topic_of
from mockletta.language.memory_orders import POINTERS, MemoryOrder, order_lines
from mockletta.language.sentences import POINT, subject_text
from mockletta.language.words import concepts, expand, is_name, is_verb, patterns, tokens, word_set

MEMORY = patterns("memory")
PERSONAL = word_set("it that this them those there him her") | {""}
LOCKED = "I may not change my {} block: it is read-only."
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
MOST = 8
LIST = frozenset({"list"})
NOT_NAMES = word_set("the my your our memory block list")


class Held(NamedTuple):
    """What a block holds of a name: the items, and the topic that they are about."""

    block: MemoryBlock
    items: list[str]
    topic: frozenset[str]


@dataclass(frozen=True, slots=True)
class OrderedBlocks:
    """The memory blocks of an agent, as an order in a message means them."""

    order: MemoryOrder
    line: str
    text: str
    call: ModelCall

    @property
    def writable(self) -> list[MemoryBlock]:
        """The blocks that may be changed, those that the order names first."""
        found = (block for block in self.call.blocks if not block.read_only)
        return sorted(found, key=lambda block: not self.names(block))

    @property
    def pointed(self) -> MemoryBlock | None:
        """The list that the last exchanges were about."""
        labels = [one.label for one in self.call.blocks if one.label not in ABOUT]
        label = concerned(self.call.messages, labels, self.text)
        return next((one for one in self.call.blocks if one.label == label), None)

    @property
    def named(self) -> MemoryBlock | None:
        return next(filter(self.names, self.writable), None)

    @property
    def candidates(self) -> list[MemoryBlock]:
        """The blocks that may hold what the order means: the one that it names, else any."""
        return [self.named] if self.named else self.writable

    @property
    def beside(self) -> str:
        """What the message says beside the order."""
        return " ".join(one for one in order_lines(self.text) if one != self.line)

    def refused(self) -> str:
        """Say that the block that the order names is read-only, or that there is none."""
        locked = None if self.named else next(filter(self.names, self.call.blocks), None)
        if locked:
            return LOCKED.format(locked.label)
        named = None if self.named else MEMORY.no_block.match(self.order.target)
        labels = ", ".join(block.label for block in self.call.blocks)
        name = (named["name"] or named["other"]).lower() if named else ""
        return f"I have no {name} block. My memory blocks: {labels}." if named else ""

    def names(self, block: MemoryBlock) -> bool:
        """Return whether the order names a block: by its label, or by a word for a list."""
        label, words = _words(block.label), self._named_words()
        label = label - NOT_NAMES or label
        alike = self.order.is_of_list and not {*concepts(words)}.isdisjoint(concepts(label))
        return bool(label) and (label <= words or (alike and block.label not in ABOUT))

    def _named_words(self) -> frozenset[str]:
        """Return the words that the order names a block by; `it` is the one before."""
        if self.order.target in POINTERS:
            return _words(self.pointed.label if self.pointed else "")
        return frozenset(map(str.lower, tokens(self.order.target))) - NOT_NAMES

    def listed(self) -> tuple[MemoryBlock | None, str]:
        """Return the list that the order names: a block, or a line with its key, and its text."""
        words = frozenset(concepts(self._named_words()))
        for block in self.writable if " " in self.order.target and not self.named else ():
            lines = (one for one in read_lines(block.value) if one.key)
            if line := next((one for one in lines if topic_of(one.key) == words), None):
                return block, line.text
        return self.named, self.named.value if self.named else ""

    def labelled(self, text: str) -> MemoryBlock | None:
        """Return the block whose label a text is: `the todo list`."""
        if text.lower() in POINTERS:
            return self.pointed
        words, topic = _words(text) - NOT_NAMES, topic_of(text) - LIST
        return next((one for one in self.writable if _is_label(one, words, topic)), None)

    def holder(self, name: str) -> Held | None:
        """Return the first block that holds what a name means; only the one that is named."""
        whole = self.labelled(name) if name.lower().startswith("the ") else None
        if whole and (items := meant(whole.value, "name")):
            return Held(whole, items, topic_of("name"))
        for block in self.candidates:
            label = label_of(block)
            own = block.label != "persona" or self.names(block)
            if name.lower() in PERSONAL and (items := self.items(block)[:1]):
                return Held(block, items, NOTHING)
            if items := meant(block.value, name, label) if own else []:
                return Held(block, items, topic_of(name) - label or topic_of(name))
        return None

    def items(self, block: MemoryBlock) -> list[str]:
        """Return the items that the order names, each of several things, or what `it` stands for.

        That is the subject of the rest of the message, or the first thing there that is held.
        """
        label = label_of(block)
        if self.order.old.lower() not in PERSONAL:
            whole, *things = self.order.things
            each = (one for thing in things for one in meant(block.value, thing, label))
            return meant(block.value, whole, label) or list(each)
        who = subject_text(self.beside)
        person = who and not {"him", "her"}.isdisjoint(tokens(self.line.lower()))
        words = tokens(expand(who if person else self.beside))
        said = sorted((one for one in words if concepts([one])), key=is_verb)
        found = (meant(block.value, one, label) for one in [who or self.beside, *said[:MOST]])
        if MEMORY.several.search(self.line):
            return [item for items in found for item in items]
        return next(filter(None, found), [])

    def may_be_several(self, block: MemoryBlock) -> bool:
        """Return whether an order of one thing may be about several items of a block."""
        several = self.order.old.endswith("s") or MEMORY.several.search(self.line)
        return is_prose(block) or bool(several)

    def was_told(self, item: str) -> bool:
        """Return whether the last reply, or what was written last, tells an item of a block."""
        written = next((new for _, _, new in last_changes(self.call.messages)), "")
        said = concepts(tokens(f"{last_reply(self.call.messages)} {written}"))
        topic = concepts(tokens(item))
        return bool(topic) and {*said}.issuperset(topic)

    def is_subject(self, item: str, topic: frozenset[str]) -> bool:
        """Return whether the old text is what an item is about, so that the new one is its value.

        `change gym to 45` gives the key a value; `rename Ann to Anna` is about the key itself.
        """
        subject = subject_of(item)
        if self.order.old.lower() in PERSONAL:
            return True
        if MEMORY.owned.match(self.order.old):
            return topic <= topic_of(subject) | NUMBER
        if subject.lower() != MEMORY.article.sub("", self.order.old).lower():
            return False
        if is_name(subject) and is_name(self.order.new):
            return is_name(item[item.find(subject) + len(subject) :].strip(KEY_ENDS))
        numeric = self.order.new[:1].isdecimal()
        return numeric or bool(MEMORY.valuing.search(self.line))

    def fitting(self, note: str) -> MemoryBlock | None:
        """Return the block to write to: the person's, else the most alike, else any.

        The name of the agent belongs to no other block than its persona.
        """
        labels = {block.label: block for block in self.writable}
        fact = read(note, "user")
        person = {"user": "human", "agent": "persona"}.get(fact.subject if fact else "", "")
        if fact and person == "persona" and "name" in fact.concepts:
            return labels.get(person)
        said = set(concepts(tokens(note)))
        alike = (one for one in labels.values() if said & label_of(one))
        ranked = [labels.get(person), *alike, labels.get("human"), *labels.values()]
        return next(filter(None, ranked), None)


def meant(value: str, name: str, label: frozenset[str] = NOTHING) -> list[str]:
    """Return the items of a block that a name means: `milk`, `my gym`, `task 2`, `the last item`.

    An item that it spells, or whose key it is, goes before those that are about it. `label` is the
    block's own name.
    """
    found = list(entries(read_lines(value)))
    bare = MEMORY.article.sub("", name).strip(" .!").lower()
    spelled = [one[2] for one in found if bare in _spellings(one)]
    topic = topic_of(name) - label or topic_of(name)
    return spelled or [one[2] for one in found if says_of(one[2], topic)] or _numbered(found, bare)


def _spellings(entry: tuple[Line, int, str]) -> set[str]:
    """Return what an item is called: its words, or the key that it has."""
    line, place, text = entry
    item = line.items[place]
    key = "" if line.is_thing(item) or not KEY.match(POINT.sub("", text)) else subject_of(text)
    return {item.strip(" .!").lower(), key.lower()}


def _numbered(found: list[tuple[Line, int, str]], name: str) -> list[str]:
    """Return the items that a name gives the numbers of, which may stand in the block."""
    numbers = [line.head.strip(" .)") for line, _, _ in found]
    numbers = (
        numbers if all(map(str.isdecimal, numbers)) else list(map(str, range(1, len(found) + 1)))
    )
    wanted = MEMORY.number.findall(name) if MEMORY.numbered.fullmatch(name) else []
    places = {**ORDINALS, "last": "".join(numbers[-1:])}
    wanted = [str(places.get(one, one)) for one in wanted]
    return [one[2] for number, one in zip(numbers, found, strict=True) if number in wanted]


def is_prose(block: MemoryBlock) -> bool:
    """Return whether a block is of sentences, and is no list nor lines with a key."""
    lines = read_lines(block.value)
    keyed = any(line.key for line in lines) and not (len(lines) == 1 and lines[0].joint)
    return block.label in ABOUT or keyed or block.value.rstrip().endswith(".")


def _words(label: str) -> frozenset[str]:
    return frozenset(one for one in re.split(r"[\W_]+", label.lower()) if one)


def without_label(note: str, block: MemoryBlock) -> str:
    """Return a note without the block that it is of: `the date of the trip is` is `the date is`."""
    label = re.escape(block.label.replace("_", " "))
    of = rf" (?:of|for) (?:the|my|our) {label}(?= (?:is|are)\b)"
    own = rf"(?:(?<=\bthe|\bour)|(?<=\bmy)) {label}(?:'s)?(?= (?!is\b|are\b)\w+ (?:is|are)\b)"
    return re.sub(f"{of}|{own}", "", note, flags=re.IGNORECASE)


def _is_label(block: MemoryBlock, words: frozenset[str], topic: frozenset[str]) -> bool:
    spelled = words == _words(block.label) - NOT_NAMES
    return (spelled and bool(words)) or topic == (label_of(block) - LIST or LIST)


def label_of(block: MemoryBlock) -> frozenset[str]:
    return frozenset(concepts(_words(block.label)))
