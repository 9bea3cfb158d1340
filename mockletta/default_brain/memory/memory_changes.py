"""Memory changes: the tool call that carries out a memory order."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import TYPE_CHECKING

from mockletta.brain.decisions import (
    ChatMessage,
    Decision,
    MemoryBlock,
    ModelCall,
    ToolCall,
    ToolSchema,
)
from mockletta.brain.history import parsed
from mockletta.brain.tool_parameters import required_of
from mockletta.default_brain.memory.knowledge import PRONOUNS
from mockletta.default_brain.memory.memory_calls import (
    calling,
    just_written,
    last_label,
    tool_call,
    written_by,
)
from mockletta.default_brain.memory.memory_notes import (
    KEY,
    is_bare,
    is_prose,
    retold,
    says_of,
    spelled,
    things_meant,
    units,
    updated,
    upper,
    without_clauses,
)
from mockletta.language.changes import changes_facts, changes_in, corrects
from mockletta.language.clause_meaning import swapped
from mockletta.language.facts import is_about, read, topic_of
from mockletta.language.memory_orders import (
    Kind,
    MemoryOrder,
    corrections,
    is_taken_back,
    memory_orders,
    righted,
    states,
)
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import (
    ITEMS,
    as_clause,
    plain,
    sentences,
    subject_text,
    unwrapped,
    with_items,
    without_items,
)
from mockletta.language.words import as_sentence, concepts, expand, patterns, remembered, tokens

CHANGE = patterns("change")
MEMORY = patterns("memory")

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

INSERTS = ("memory_insert", "core_memory_append", "memory", "memory_rethink")
REPLACES = ("memory_replace", "core_memory_replace", "memory", "memory_rethink")
ASKED = "What should I write into my memory?"
HEADS = re.compile(r"^([\w' -]{1,40}):", re.MULTILINE)
LAST_TURN = 5
TAKEN_BACK = "All right, I won't keep that."
NO_TOOL = "I can't update my memory: I have not been given a memory tool."
NO_BLOCK = "I can't update my memory: I have not been given a memory block that I may change."


def memory_act(text: str, call: ModelCall, told: "Callable[[], Told]") -> Decision | None:
    """Carry out the first memory order of a message: a tool call, or a text that says why not.

    None for a message without one. `told` returns what the user told in the conversation.
    """
    if is_taken_back(text):
        return Decision(text=TAKEN_BACK)
    orders: Iterator[tuple[MemoryOrder, str]] = chain(_orders(text), _more(text, call))
    if _last_reply(call.messages) == ASKED and states(text):
        orders = iter([(MemoryOrder("insert", unwrapped(text)), text)])
    for order, line in orders:
        if done := Change(order, line, text, call, told).made():
            return replace(done, tool_calls=tuple(_completed(one, call) for one in done.tool_calls))
    note = next(just_written(call.messages), "") if corrects(text) else ""
    done = Change(MemoryOrder("replace"), "", text, call, told).exchanged() if note else None
    return done if done and done.tool_calls else None


@remembered
def _orders(text: str) -> tuple[tuple[MemoryOrder, str], ...]:
    return (*corrections(text), *memory_orders(text))


def _more(text: str, call: ModelCall) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield what is to be written beside what was written right before: `And also "pay rent"`."""
    more = MEMORY.more.match(text)
    if more and (label := last_label(call.messages, LAST_TURN)):
        new = (more["new"] or more["told"]).strip("\"'“”")
        yield MemoryOrder("insert", new, target=f"the {label} block"), text


def _completed(made: ToolCall, call: ModelCall) -> ToolCall:
    """Add the texts that a client's own memory tool requires beside what is written."""
    tool = next((one for one in call.schemas if one.name == made.name), ToolSchema(made.name))
    texts = [one.name for one in required_of(tool) if one.kind == "string"]
    required: dict[str, object] = dict.fromkeys(texts, "The user asked for it.")
    return tool_call(made.name, required | parsed(made.arguments))


@dataclass(frozen=True, slots=True)
class Change:
    """One memory order with its sentence and message, and the agent whose memory it changes."""

    order: MemoryOrder
    line: str
    text: str
    call: ModelCall
    told: "Callable[[], Told]"

    def made(self) -> Decision | None:
        """Return the tool call that carries the order out, or a text; None if it is no order."""
        acts: dict[Kind, Callable[[], Decision | None]] = {
            "insert": self._insert, "set": self._set, "replace": self._replace, "add": self._add,
            "take": self._take, "forget": self._forget, "clear": self._clear, "undo": self._undo,
        }  # fmt: skip
        return self._without_block() or acts[self.order.kind]()

    def _without_block(self) -> Decision | None:
        """Say that there is no such block, if the order names one that the agent does not have."""
        named = MEMORY.no_block.match(self.order.target)
        name = (named["name"] or named["other"] or "").lower() if named else ""
        labels = [block.label for block in self.call.blocks]
        parts = {
            part for one in labels for part in [one.lower(), *re.split(r"[\W_]+", one.lower())]
        }
        if not name or name in parts:
            return None
        return Decision(text=f"I have no {name} block. My memory blocks: {', '.join(labels)}.")

    def _insert(self) -> Decision | None:
        lines = [*sentences(self.text)]
        corrects = len(lines) > 1 or any(changes_in(expand(plain(one))) for one in lines)
        if (corrects or not self.order.new) and (swap := self.exchanged()):
            return swap
        if self.order.new:
            later = lines[lines.index(self.line) + 1 :] if self.line in lines else []
            settled = self.told().newest if any(map(changes_facts, later)) else []
            note = " ".join(as_sentence(one.text) for one in settled if one in self.told().facts)
            return self._keep(note or self.order.new)
        here, topic = self._told_here(), self._topic()
        about = [one for one in here if topic and says_of(one, topic)]
        earlier = [one for one in self.told().facts if not topic or is_about(one, topic)][-1:]
        told = [as_sentence(one.text) for one in earlier if topic or not self.order.old]
        if note := " ".join(about or here or told):
            return self._revalued(note) or self._keep(note)
        return None if self.order.soft else Decision(text=ASKED)

    def _revalued(self, note: str) -> Decision | None:
        """Write `I am in CET now` as the new value of what the order names: `Timezone: CET`."""
        block, found = self._find()
        key, meant = KEY.match(found[0] if found else ""), MEMORY.value.match(expand(note))
        if not key or not meant:
            return None
        end = "." if found[0].endswith(".") else ""
        return self._write(block, found[0], f"{key[1]}{meant['value']}{end}")

    def _told_here(self) -> list[str]:
        """Return what the message tells beside the order, a sentence each."""
        others = [unwrapped(one) for one in sentences(self.text) if one != self.line]
        whole = self.order.target.endswith("persona")
        others = [righted(CHANGE.henceforth.sub("", one)) for one in others]
        return [as_sentence(upper(one)) for one in others if whole or states(one)]

    def exchanged(self) -> Decision | None:
        """Write what the message puts in the place of something that a block holds."""
        told = self.told()
        swaps = [(upper(old.text), upper(new.text)) for old, new in told.changed] + told.swaps
        for (old, new), block in product(swaps, self._blocks()):
            texts = ((unit, swapped(unit, old, new)) for unit in units(block.value))
            if found := next(((unit, text) for unit, text in texts if text != unit), None):
                return self._write(block, *found)
        return None

    def _add(self) -> Decision | None:
        """Write a sentence into the block of that label, or put something on a list."""
        old, new = self.order.old, self.order.new
        held = next((one for one in self._blocks() if one.label == old.lower().split()[-1]), None)
        if held and new and (new.endswith(".") or is_prose(held.value)):
            return self._write(held, "", as_sentence(new))
        is_label = " " not in old and old not in PRONOUNS
        return None if is_label and held is None else self._list()

    def _list(self) -> Decision | None:
        """Put something on a list that a block holds, or take it off. None if none holds it."""
        wanted = frozenset(concepts(tokens(self.order.old))) - {"list"}
        if self.order.old in PRONOUNS:
            wanted = frozenset(concepts(re.split(r"[\W_]+", last_label(self.call.messages))))
        others = self.text.replace(self.line, "")
        adds = self.order.kind == "add"
        new = self.order.new or (
            CHANGE.to_do.sub("", expand(others.strip(" .,;!"))) if adds else ""
        )
        if adds and states(new):
            return None
        items = [CHANGE.article.sub("", one) for one in ITEMS.split(new)]
        change = with_items if adds else without_items
        if value := self._value_of(wanted):
            return self._write(value[0], value[1], change(value[1].rstrip("."), items) + value[2])
        for block in self._blocks():
            named = re.split(r"[\W_]+", f"{block.label} {' '.join(HEADS.findall(block.value))}")
            if not wanted.isdisjoint(concepts(named)) and block.label not in ("human", "persona"):
                if not new:
                    items = things_meant(block.value, others)
                changed = change(block.value, items)
                if changed != block.value:
                    return self._write(block, block.value, changed)
        return None

    def _value_of(self, wanted: frozenset[str]) -> tuple[MemoryBlock, str, str] | None:
        """Return a line like `Favorite foods: tea, pie.`, its block and its end."""
        for block in self._blocks():
            for unit in units(block.value) if block.label in ("human", "persona") else ():
                key = KEY.match(unit)
                if key and wanted == {*concepts(tokens(key[1]))}:
                    return block, unit, "." if unit.endswith(".") else ""
        return None

    def _take(self) -> Decision | None:
        forget = replace(self.order, kind="forget", old=self.order.new)
        return self._list() or replace(self, order=forget).made()

    def _keep(self, note: str) -> Decision:
        """Write a note into the fitting block, in place of the line that it outdates."""
        target, note = self.order.target, spelled(note, self.order)
        if "archiv" in target and "archival_memory_insert" in self.call.tools:
            return calling("archival_memory_insert", {"content": note})
        here = f"Got it: {as_clause(to_second_person(expand(note)))}. I"
        if not target and not self.order.soft and is_bare(note):
            return Decision(text=f"{here}'ll know it in this conversation.")
        block = self._fitting(note)
        held = units(block.value) if block else []
        if note.strip(" .!").lower() in (unit.strip(" .!").lower() for unit in held):
            return Decision(text=f"That is already in my memory: {retold(note)}")
        done = self._write(block, *updated(note, held, block.value if block else ""))
        if done.text and not target:
            why = done.text.partition(": ")[2].replace("have not been given a", "have no")
            return Decision(text=f"{here} know it in this conversation only, since {why}")
        return done

    def _set(self) -> Decision | None:
        """Replace a known value of a block; add it if nothing is known."""
        new = self.order.new.rstrip(".!").removesuffix(" now")
        note = as_sentence(new if states(new) else f"{self.order.old} is {new}")
        block, found = self._find()
        if not found:
            return None if self.order.soft else self._keep(note)
        key = KEY.match(found[0])
        kept = f"{without_clauses(found[0], self._topic())} {note}".strip()
        key = None if states(new) else key
        end = "." if found[0].endswith(".") else ""
        return self._write(block, found[0], f"{key[1]}{new}{end}" if key else kept)

    def _replace(self) -> Decision | None:
        """Put one text for another in the block that holds it; else read it as a new value."""
        old, new = self.order.old, self.order.new
        for block in self.call.blocks:
            tail = rf"\s+(?:in|on|of|from) (?:my|our|the|your) {re.escape(block.label)}$"
            new = re.sub(tail, "", new, flags=re.IGNORECASE)
        form = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
        for block in self._blocks():
            if found := form.findall(block.value):
                part = found[0] if len(found) == 1 else block.value
                return self._write(block, part, form.sub(lambda _: new, part))
        if self.order.soft or not any(name in self.call.tools for name in REPLACES):
            return None if self.order.soft else Decision(text=NO_TOOL)
        if self._find()[1] or old.lower().startswith(("my ", "our ", "the ")):
            return self._set()
        return Decision(text=f'I could not find "{old[:200]}" in a memory block I may change.')

    def _forget(self) -> Decision | None:
        labelled = (one for one in self._blocks() if self._topic() - {"list"} == _label(one))
        if whole := next(labelled, None):
            return self._emptied(whole)
        block, found = self._find()
        if block:
            value, kept = block.value, without_clauses(found[0], self._topic())
            if len(found) == 1 and kept and value.count(found[0]) == 1:
                return self._write(block, found[0], kept)
            for unit in found:
                value = value.replace(unit, without_clauses(unit, self._topic()), 1)
            lines = (" ".join(line.split()) for line in value.split("\n"))
            return self._write(block, block.value, "\n".join(filter(None, lines)))
        if self.order.soft:
            return None
        topic = as_clause(to_second_person(self.order.old))[:200]
        if any(by is None for _, by in self.told().outdated):
            told = f"I won't use what you told me of {topic}. No memory block holds it."
            return Decision(text=told)
        return Decision(text=f"There is nothing about {topic} in a memory block that I may change.")

    def _undo(self) -> Decision | None:
        """Remove what the message before this one wrote into memory, or else what it told.

        If the message itself tells that something is no more so, that is what is meant.
        """
        for block, note in product(self._blocks(), [" ".join(self._told_here())]):
            if found := [one for one in [updated(note, units(block.value), block.value)] if one[0]]:
                return self._write(block, *found[0])
        note, told_last = next(just_written(self.call.messages), ""), self.told().taken_back
        said = {*concepts(tokens(note))}
        is_last = not told_last or any(said & fact.concepts for fact in told_last)
        held = next((one for one in self._blocks() if note and note in one.value), None)
        if held and is_last:
            lines = held.value.replace(note, "", 1).split("\n")
            return self._write(held, held.value, "\n".join(filter(str.strip, lines)))
        undone = [as_clause(to_second_person(fact.text)) for fact in told_last]
        told = f"I won't use that: {' and '.join(undone)[:200]}. No memory block holds it."
        return Decision(text=told) if undone else None

    def _clear(self) -> Decision:
        meant = (one for one in self._blocks() if self._names(one) or one.label == "human")
        block = next(meant, None)
        return self._emptied(block)

    def _emptied(self, block: MemoryBlock | None) -> Decision:
        if block and not block.value.strip() and not self.order.new:
            return Decision(text=f"There is nothing to clear: my {block.label} block is empty.")
        return self._write(block, block.value if block else "", self.order.new)

    def _blocks(self) -> list[MemoryBlock]:
        """Return the blocks that may be changed, those that the order names first."""
        writable = (block for block in self.call.blocks if not block.read_only)
        return sorted(writable, key=lambda block: not self._names(block))

    def _names(self, block: MemoryBlock) -> bool:
        words = {word.lower() for word in tokens(self.order.target)} - {"memory", "block"}
        label = {part.lower() for part in re.split(r"[\W_]+", block.label) if part}
        return bool(label) and label <= words

    def _topic(self) -> frozenset[str]:
        """Return what the order is about; `him` is who the message tells of."""
        old = self.order.old
        if old.lower() in PRONOUNS | {"him", "her"}:
            old = next((subject_text(one) for one in self._told_here()), "")
        return topic_of(old)

    def _find(self) -> tuple[MemoryBlock | None, list[str]]:
        """Return the first block that holds something about the topic, and the units about it."""
        wanted = self._topic()
        for block in self._blocks() if wanted else ():
            if block.label == "persona" and not self._names(block):
                continue
            wanted = wanted - frozenset(concepts(re.split(r"[\W_]+", block.label))) or wanted
            if found := [unit for unit in units(block.value) if says_of(unit, wanted)]:
                return block, found
        return None, []

    def _fitting(self, note: str) -> MemoryBlock | None:
        """Return the block to write to: the one named, else the person's, else the most alike."""
        writable = self._blocks()
        if writable and self._names(writable[0]):
            return writable[0]
        labels = {block.label: block for block in writable}
        fact = read(note, "user")
        person = {"user": "human", "agent": "persona"}.get(fact.subject if fact else "", "")
        said = set(concepts(tokens(note)))
        alike = (one for one in writable if said & {*concepts(re.split(r"[\W_]+", one.label))})
        ranked = [labels.get(person), *alike, labels.get("human"), *writable]
        return next(filter(None, ranked), None)

    def _write(self, block: MemoryBlock | None, old: str, new: str) -> Decision:
        """Put `new` in the place of `old` in a block, or at its end if there is no `old`."""
        tools: tuple[str, ...] = REPLACES if old else INSERTS
        if block is not None and old and old == block.value:
            tools = ("memory_rethink", *REPLACES)
        tool = next((name for name in tools if name in self.call.tools), None)
        if tool is None or block is None:
            return Decision(text=NO_BLOCK if tool else NO_TOOL)
        return calling(tool, written_by(tool, block, old, new))


def _label(block: MemoryBlock) -> frozenset[str]:
    return frozenset(concepts(re.split(r"[\W_]+", block.label)))


def _last_reply(messages: Sequence[ChatMessage]) -> str:
    """Return what the agent said right before the newest message."""
    before = messages[len(messages) - 2] if len(messages) > 1 else None
    return before.text if before and before.role == "assistant" else ""
