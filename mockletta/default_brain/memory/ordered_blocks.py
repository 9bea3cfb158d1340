"""Ordered blocks: which memory block an order means, and what of it."""

import re
from dataclasses import dataclass

from mockletta.brain.decisions import MemoryBlock, ModelCall
from mockletta.default_brain.memory.block_items import entries, read_lines, says_of
from mockletta.default_brain.memory.memory_calls import ABOUT, concerned
from mockletta.language.facts import read, topic_of
from mockletta.language.memory_orders import POINTERS, MemoryOrder
from mockletta.language.words import concepts, tokens, word_set

NOT_NAMES = word_set("the my your our memory block list")


@dataclass(frozen=True, slots=True)
class OrderedBlocks:
    """The memory blocks of an agent, as an order in a message means them."""

    order: MemoryOrder
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

    def names(self, block: MemoryBlock) -> bool:
        """Return whether the order names a block: by its label, or by a word for a list."""
        label, words = _words(block.label), self._named_words()
        alike = self.order.is_of_list and not {*concepts(words)}.isdisjoint(concepts(label))
        return bool(label) and (label <= words or (alike and block.label not in ABOUT))

    def _named_words(self) -> frozenset[str]:
        """Return the words that the order names a block by; `it` is the one before."""
        if self.order.target in POINTERS:
            return _words(self.pointed.label if self.pointed else "")
        return frozenset(map(str.lower, tokens(self.order.target))) - NOT_NAMES

    def scope(self) -> tuple[MemoryBlock, str] | None:
        """Return the block that the order names, and the part of it that is meant."""
        words, named = frozenset(concepts(self._named_words())), self.named
        blocks = [named] if named else self.writable
        for block in blocks if " " in self.order.target else ():
            for line in read_lines(block.value):
                key = frozenset(concepts(tokens(line.key)))
                if key and key == words - (_label(block) - key):
                    return block, line.text
        return (named, named.value) if named else None

    def labelled(self, text: str) -> MemoryBlock | None:
        """Return the block whose label a text is: `the todo list`."""
        if text.lower() in POINTERS:
            return self.pointed
        topic = topic_of(text) - {"list"}
        return next((one for one in self.writable if topic == _label(one)), None)

    def holder(self, topic: frozenset[str]) -> tuple[MemoryBlock | None, frozenset[str]]:
        """Return the first block that holds something about a topic, and the topic within it."""
        for block in self.writable if topic else ():
            wanted = within(block, topic)
            told = (text for _, _, text in entries(read_lines(block.value)))
            is_meant = block.label != "persona" or self.names(block)
            if is_meant and any(says_of(one, wanted) for one in told):
                return block, wanted
        return None, topic

    def fitting(self, note: str) -> MemoryBlock | None:
        """Return the block to write to: the person's, else the most alike, else any."""
        labels = {block.label: block for block in self.writable}
        fact = read(note, "user")
        person = {"user": "human", "agent": "persona"}.get(fact.subject if fact else "", "")
        said = set(concepts(tokens(note)))
        alike = (one for one in labels.values() if said & _label(one))
        ranked = [labels.get(person), *alike, labels.get("human"), *labels.values()]
        return next(filter(None, ranked), None)


def within(block: MemoryBlock, topic: frozenset[str]) -> frozenset[str]:
    """Return a topic without the words of a block's label."""
    return topic - _label(block) or topic


def is_prose(block: MemoryBlock) -> bool:
    """Return whether a block is of sentences, and is no list nor lines with a key."""
    lines = read_lines(block.value)
    keyed = any(line.key for line in lines) and not (len(lines) == 1 and lines[0].joint)
    return block.label in ABOUT or keyed or block.value.rstrip().endswith(".")


def _words(label: str) -> frozenset[str]:
    return frozenset(one for one in re.split(r"[\W_]+", label.lower()) if one)


def _label(block: MemoryBlock) -> frozenset[str]:
    return frozenset(concepts(_words(block.label)))
