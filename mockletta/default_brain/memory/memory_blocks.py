"""Memory blocks: which block an order means, and which of its items."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from mockletta.brain.decisions import MemoryBlock, ModelCall
from mockletta.brain.history import last_reply
from mockletta.default_brain.memory.block_items import (
    NOTHING,
    Item,
    concepts_of,
    items_of,
    says_of,
)
from mockletta.default_brain.memory.memory_calls import ABOUT, concerned, last_changes
from mockletta.language.facts import read, topic_of
from mockletta.language.memory_orders import (
    POINTERS,
    MemoryOrder,
    order_lines,
    righted,
    states,
)
from mockletta.language.sentences import subject_text, unwrapped
from mockletta.language.words import (
    PERSONS,
    as_sentence,
    concepts,
    expand,
    is_name,
    patterns,
    tokens,
    word_set,
)

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

CHANGE = patterns("change")
MEMORY = patterns("memory")
PRONOUNS = word_set("it that this them those there him her") | {""}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
NOT_NAMES = word_set("the my your our memory block list")
LIST, NUMBER = frozenset({"list"}), frozenset({"number"})
MOST = 8
LOCKED = "I may not change my {} block: it is read-only."
RENEWING = {"set", "replace"}


class Held(NamedTuple):
    """What a block holds of a name: the items, and the topic that they are about."""

    block: MemoryBlock
    items: list[Item]
    topic: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One memory order with its sentence, its message and the agent whose memory it changes.

    `told` returns what the user told in the conversation.
    """

    order: MemoryOrder
    line: str
    text: str
    call: ModelCall
    told: "Callable[[], Told]"

    @property
    def named(self) -> MemoryBlock | None:
        """The block that the order names and that may be changed."""
        return next(
            (one for one in self.call.blocks if not one.read_only and self.names(one)), None
        )

    @property
    def candidates(self) -> list[MemoryBlock]:
        """The blocks that may hold what the order means: the one that it names, else any."""
        return [self.named] if self.named else writable(self.call)

    @property
    def beside(self) -> str:
        """What the message says beside the order."""
        return " ".join(one for one in order_lines(self.text) if one != self.line)

    @property
    def told_here(self) -> list[str]:
        """What the message tells beside the order, a sentence each."""
        others = [unwrapped(one) for one in order_lines(self.text) if one != self.line]
        others = [righted(CHANGE.henceforth.sub("", one)) for one in others]
        whole = self.order.target.endswith("persona")
        return [as_sentence(one) for one in others if whole or states(one)]

    @property
    def thing(self) -> str:
        """What the order is about; `him` is the person in the rest of the message."""
        if self.order.old.lower() not in PRONOUNS:
            return self.order.old
        subjects = map(subject_text, [*self.told_here, self.beside])
        return next((one for one in subjects if topic_of(one) - PERSONS), "")

    def names(self, block: MemoryBlock) -> bool:
        """Return whether the order names a block: by its label, or by a word for a list."""
        label, words = words_of(block.label), self._named_words()
        label = label - NOT_NAMES or label
        alike = self.order.is_of_list and not {*concepts(words)}.isdisjoint(concepts(label))
        return bool(label) and (label <= words or (alike and block.label not in ABOUT))

    def _named_words(self) -> frozenset[str]:
        if self.order.target not in POINTERS:
            return frozenset(map(str.lower, tokens(self.order.target))) - NOT_NAMES
        last = last_list(self.call, self.text)
        return words_of(last.label if last else "")

    def labelled(self, text: str) -> MemoryBlock | None:
        """Return the block whose label a text is: `the todo list`."""
        if text.lower() in POINTERS:
            return last_list(self.call, self.text)
        words, topic = words_of(text) - NOT_NAMES, topic_of(text) - LIST
        for block in sorted(writable(self.call), key=lambda one: not self.names(one)):
            is_spelled = words and words == words_of(block.label) - NOT_NAMES
            if is_spelled or topic == (label_of(block) - LIST or LIST):
                return block
        return None

    @property
    def held(self) -> Held | None:
        """What the first block holds of what the order names; only the one that is named."""
        old = self.order.old
        for block in self.candidates:
            own = block.label != "persona" or self.names(block)
            if items := self._items(block) if own else []:
                topic = NOTHING if old.lower() in PRONOUNS else topic_of(old)
                return Held(block, items, topic - label_of(block) or topic)
        return None

    def _items(self, block: MemoryBlock) -> list[Item]:
        """Return the items that the order names, each of several things, or what `it` stands for.

        That is the subject of the rest of the message, or the first thing there that is held.
        """
        label = label_of(block)
        if self.order.old.lower() not in PRONOUNS:
            whole, *things = self.order.things
            each = (one for thing in things for one in meant(block.value, thing, label))
            return meant(block.value, whole, label) or list(each)
        who = subject_text(self.beside)
        person = who and not {"him", "her"}.isdisjoint(tokens(self.line.lower()))
        words = tokens(expand(who if person else self.beside))
        said = [one for one in words if concepts([one])]
        found = [meant(block.value, one, label) for one in [who or self.beside, *said[:MOST]]]
        if MEMORY.several.search(self.line):
            return [item for items in found for item in items]
        return next(filter(None, found), [])

    @property
    def list(self) -> tuple[MemoryBlock | None, list[Item]]:
        """The block that the order names, or one with a line of that key, and its items."""
        words = topic_of(self.order.target)
        for block in writable(self.call) if " " in self.order.target and not self.named else ():
            items = [one for one in items_of(block.value) if topic_of(one.head or one.key) == words]
            if items and words:
                return block, items
        return self.named, []

    def names_subject(self, item: Item, topic: frozenset[str]) -> bool:
        """Return whether the old text is what an item is about, so that the new one is its value.

        `change gym to 45` gives the key a value; `rename Ann to Anna` is about the key itself.
        """
        old, new, subject = self.order.old, self.order.new, item.subject
        if old.lower() in PRONOUNS or MEMORY.owned.match(old):
            return topic <= topic_of(subject) | NUMBER
        is_key = subject.lower() == MEMORY.article.sub("", old).lower()
        if not is_key or (is_name(subject) and is_name(new)):
            return False
        return new[:1].isdecimal() or bool(MEMORY.valuing.search(self.line))

    def was_told(self, item: Item) -> bool:
        """Return whether the last reply, or what was written last, tells an item of a block."""
        written = next((new for _, _, new in last_changes(self.call.messages)), "")
        topic = concepts_of(item.text)
        return bool(topic) and topic <= concepts_of(f"{last_reply(self.call.messages)} {written}")

    def fitting(self, note: str) -> MemoryBlock | None:
        """Return the block to write to: the person's, else the most alike, else any.

        The name of the agent belongs to no other block than its persona.
        """
        labels = {block.label: block for block in self.candidates}
        fact = read(note, "user")
        person = {"user": "human", "agent": "persona"}.get(fact.subject if fact else "", "")
        if self.named or (fact and person == "persona" and "name" in fact.concepts):
            return self.named or labels.get(person)
        alike = (one for one in labels.values() if concepts_of(note) & label_of(one))
        ranked = [labels.get(person), *alike, labels.get("human"), *labels.values()]
        return next(filter(None, ranked), None)

    @property
    def refusal(self) -> str:
        """That the block that the order names is read-only, or that there is none; else ""."""
        if self.named:
            return ""
        if locked := next(filter(self.names, self.call.blocks), None):
            return LOCKED.format(locked.label)
        named = MEMORY.no_block.match(self.order.target)
        labels = ", ".join(block.label for block in self.call.blocks)
        name = (named["name"] or named["other"]).lower() if named else ""
        return f"I have no {name} block. My memory blocks: {labels}." if named else ""


def writable(call: ModelCall) -> list[MemoryBlock]:
    return [block for block in call.blocks if not block.read_only]


def last_list(call: ModelCall, text: str) -> MemoryBlock | None:
    """Return the list that the last exchanges were about."""
    labels = [one.label for one in call.blocks if one.label not in ABOUT]
    label = concerned(call.messages, labels, text)
    return next((one for one in call.blocks if one.label == label), None)


def meant(value: str, name: str, label: frozenset[str] = NOTHING) -> list[Item]:
    """Return the items of a block that a name means: `milk`, `my gym`, `task 2`, `the last item`.

    An item that it spells, or whose key it is, goes before those that are about it. `label` is the
    block's own name.
    """
    found = items_of(value)
    bare = MEMORY.article.sub("", name).strip(" .!").lower()
    spelled = [one for one in found if bare in {one.text.strip(" .!").lower(), one.key.lower()}]
    topic = topic_of(name) - label or topic_of(name)
    return spelled or [one for one in found if says_of(one.whole, topic)] or _numbered(found, bare)


def _numbered(found: list[Item], name: str) -> list[Item]:
    """Return the items that a name gives the numbers of, which may stand in the block."""
    wanted = MEMORY.number.findall(name) if MEMORY.numbered.fullmatch(name) else []
    heads = [one.block[: one.span[0]].rpartition("\n")[2].strip(" .)") for one in found]
    in_order = [str(at) for at in range(1, len(found) + 1)]
    numbers = heads if all(map(str.isdecimal, heads)) else in_order
    places = {**ORDINALS, "last": "".join(numbers[-1:])}
    wanted = [str(places.get(one, one)) for one in wanted]
    return [one for number, one in zip(numbers, found, strict=True) if number in wanted]


def is_prose(block: MemoryBlock) -> bool:
    """Return whether a block is of sentences, and is no list nor lines with a key."""
    items = items_of(block.value)
    is_list = len(items) > 1 and len({one.line for one in items}) == 1
    keyed = not is_list and any(one.key or one.head for one in items)
    return block.label in ABOUT or keyed or block.value.rstrip().endswith(".")


def words_of(label: str) -> frozenset[str]:
    return frozenset(one for one in re.split(r"[\W_]+", label.lower()) if one)


def label_of(block: MemoryBlock) -> frozenset[str]:
    return frozenset(concepts(words_of(block.label)))


def without_label(note: str, block: MemoryBlock) -> str:
    """Return a note without the block that it is of: `the date of the trip is` is `the date is`."""
    label = re.escape(block.label.replace("_", " "))
    of = rf" (?:of|for) (?:the|my|our) {label}(?= (?:is|are)\b)"
    own = rf"(?:(?<=\bthe|\bour)|(?<=\bmy)) {label}(?:'s)?(?= (?!is\b|are\b)\w+ (?:is|are)\b)"
    return re.sub(f"{of}|{own}", "", note, flags=re.IGNORECASE)


def with_label(order: MemoryOrder, call: ModelCall) -> MemoryOrder:
    """Read the label behind a text as the target: `2028 in my goals` is `2028`."""
    labels = "|".join(re.escape(one.label.replace("_", " ")) for one in call.blocks) or "(?!)"
    block = rf"(?:my |our |the |your )?(?:{labels})(?: list| block)?"
    form = rf"(?:^|\s+(?:in|on|of|from) )({block})[.!)]*$"
    new, old = (re.search(form, text, re.IGNORECASE) for text in (order.new, order.old))
    if new and new.start() and order.kind in RENEWING:
        end = ")" if order.new.startswith("(") else ""
        return replace(order, new=order.new[: new.start()] + end, target=new[1].lower())
    if old and old.start():
        return replace(order, old=order.old[: old.start()], target=old[1].lower())
    if old and order.kind == "add":
        return replace(order, old="", target=old[1].lower(), soft=False)
    return order
