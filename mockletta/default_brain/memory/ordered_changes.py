"""Ordered changes: how one memory order changes one block."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision, MemoryBlock, ModelCall
from mockletta.default_brain.memory.block_items import (
    entries,
    read_lines,
    revised,
    says_of,
    subject_of,
    value_of,
    with_items,
    with_new_value,
    without,
)
from mockletta.default_brain.memory.memory_calls import (
    NO_TOOL,
    REPLACES,
    calling,
    just_written,
    write,
)
from mockletta.default_brain.memory.ordered_blocks import OrderedBlocks, is_prose, within
from mockletta.language.changes import changes_facts, changes_in
from mockletta.language.clause_meaning import swapped, word_form
from mockletta.language.facts import is_about, topic_of
from mockletta.language.memory_orders import (
    POINTERS,
    Kind,
    MemoryOrder,
    is_bare,
    order_lines,
    righted,
    spelled,
    states,
)
from mockletta.language.retelling import about_the_agent, to_second_person
from mockletta.language.sentences import (
    ITEMS,
    as_clause,
    is_factual,
    plain,
    subject_text,
    unwrapped,
)
from mockletta.language.words import (
    as_sentence,
    concepts,
    expand,
    is_name,
    is_verb,
    patterns,
    rewritten,
    tokens,
    word_set,
)

CHANGE = patterns("change")
MEMORY = patterns("memory")

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

PERSONAL = word_set("it that this them those there him her")
RENEWING = {"set", "replace"}
NAME = frozenset({"name"})
ASKED = "What should I write into my memory?"
TAKEN_BACK = "All right, I won't keep that."
LAST_TURN, LONGEST, MOST = 5, 200, 4
DIGITS, CAPITALS = re.compile(r"\d+"), re.compile(r"[A-Z]+")
CODE = re.compile(r"\b(?=[\w-]*\d)[\w-]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One memory order with its sentence and message, and the agent whose memory it changes."""

    order: MemoryOrder
    line: str
    text: str
    call: ModelCall
    told: "Callable[[], Told]"

    @property
    def blocks(self) -> OrderedBlocks:
        return OrderedBlocks(self.order, self.text, self.call)

    def made(self) -> Decision | None:
        """Return the tool call that carries the order out, or a text; None if it is no order."""
        acts: dict[Kind, Callable[[], Decision | None]] = {
            "add": self._list if self.order.is_of_list else self._add, "set": self._set,
            "replace": self._replace, "remove": self._remove, "clear": self._clear,
            "undo": self._undo,
        }  # fmt: skip
        return self._without_block() or acts[self.order.kind]()

    def _without_block(self) -> Decision | None:
        """Say that there is no such block, if the order names one that the agent does not have."""
        named = MEMORY.no_block.match(self.order.target)
        if not named or any(map(self.blocks.names, self.call.blocks)):
            return None
        labels = [block.label for block in self.call.blocks]
        name = (named["name"] or named["other"]).lower()
        return Decision(text=f"I have no {name} block. My memory blocks: {', '.join(labels)}.")

    def _add(self) -> Decision | None:
        """Keep what the order says; without that what the message tells, or what was told last."""
        new, lines = self.order.new, order_lines(self.text)
        corrects_ = len(lines) > 1 or any(changes_in(expand(plain(one))) for one in lines)
        if (corrects_ or not new) and (swap := self.exchanged()):
            return swap
        if not new and (done := self._revalued() or self.renewed() or self._reshaped()):
            return done
        is_thing = new and not is_factual(new) and " that " not in self.line
        named = self.blocks.named if is_thing else None
        if named and not is_prose(named):
            return self._list()
        if new:
            later = lines[lines.index(self.line) + 1 :] if self.line in lines else []
            settled = self.told().newest if any(map(changes_facts, later)) else []
            note = " ".join(as_sentence(one.text) for one in settled if one in self.told().facts)
            return self._keep(note or new)
        if note := " ".join(self._about_topic(self._told_here()) or self._told_before()):
            return self._keep(rewritten(note, "expanded"))
        return None if self.order.soft else Decision(text=ASKED)

    def _about_topic(self, notes: list[str]) -> list[str]:
        topic = self._topic()
        return [one for one in notes if not topic or says_of(one, topic)] or notes

    def _told_before(self) -> list[str]:
        """Return the newest fact about the thing that the order names."""
        topic = self._topic()
        facts = [one for one in self.told().facts if not topic or is_about(one, topic)]
        told = facts if topic or not self.order.old else []
        return [as_sentence(one.text) for one in told[-1:]]

    def _told_here(self) -> list[str]:
        """Return what the message tells beside the order, a sentence each."""
        others = [unwrapped(one) for one in order_lines(self.text) if one != self.line]
        whole = self.order.target.endswith("persona")
        others = [righted(CHANGE.henceforth.sub("", one)) for one in others]
        return [as_sentence(one) for one in others if whole or states(one)]

    def _revalued(self) -> Decision | None:
        """Write `I am in CET now` as the new value of what the order names: `Timezone: CET`."""
        owned = self.order.old.startswith(("my ", "our "))
        note = " ".join(self._about_topic(self._told_here())) if owned else ""
        value = value_of(note)
        return self._valued(value, note) if value else None

    def renewed(self) -> Decision | None:
        """Write what the message tells in the place of what it outdates in a block."""
        notes = self._told_here()
        newest = [one.text for one in self.told().newest if one in self.told().facts]
        note = " ".join(notes or map(as_sentence, newest))
        for block in self.blocks.writable if note else ():
            removes, persona = self.order.kind == "undo", block.label == "persona"
            value, left = revised(block.value, note, persona=persona, removes=removes)
            if value != block.value:
                more = [] if removes else map(as_sentence, left)
                return self._write(block, "\n".join([value, *more]))
        return None

    def exchanged(self) -> Decision | None:
        """Write what the message puts in the place of something that a block holds."""
        told, topic = self.told(), self._topic()
        changed = [pair for pair in told.changed if not topic or is_about(pair[0], topic)]
        swaps = [(_upper(old.text), _upper(new.text)) for old, new in changed]
        for old, new in [*swaps, *told.swaps]:
            if len(list(entries(read_lines(old)))) > 1:
                continue  # it contains other facts too
            for block in self.blocks.writable:
                if (value := swapped(block.value, old, new)) != block.value:
                    return self._write(block, value)
        return None

    def _reshaped(self) -> Decision | None:
        """Write `they gave us D-4` over a text of the same shape in what was written last."""
        note = next(just_written(self.call.messages), "")
        held = next((one for one in self.blocks.writable if note and note in one.value), None)
        new = {_shape(one): one for one in CODE.findall(" ".join(self._told_here()))}
        old = next((one for one in CODE.findall(note) if _shape(one) in new), None)
        if held is None or old is None:
            return None
        return self._write(held, held.value.replace(note, note.replace(old, new[_shape(old)]), 1))

    def _list(self) -> Decision | None:
        """Put something on a list that a block holds. None if no block holds it."""
        others = self._beside().strip(" .,;!")
        new = self.order.new or CHANGE.to_do.sub("", expand(others))
        scope = self.blocks.scope()
        if scope is None or not new or (not self.order.new and states(new)):
            return None
        block, part = scope
        if part == block.value and is_prose(block):
            return self._keep(as_sentence(new))
        items = [MEMORY.article.sub("", one.rstrip(" .!")) for one in ITEMS.split(new)]
        if not part.strip():
            return self._write(block, ", ".join(items))
        return self._write(block, block.value.replace(part, with_items(part, items), 1))

    def _keep(self, note: str) -> Decision:
        """Write a note into the fitting block, in place of what it outdates."""
        target, note = self.order.target, spelled(note, self.order)
        if "archiv" in target and "archival_memory_insert" in self.call.tools:
            return calling("archival_memory_insert", {"content": note})
        here = f"Got it: {as_clause(to_second_person(expand(note)))}. I"
        if not target and not self.order.soft and is_bare(note):
            return Decision(text=f"{here}'ll know it in this conversation.")
        block = self.blocks.named or self.blocks.fitting(note)
        held = block.value if block else ""
        value, left = revised(held, note, persona=block is not None and block.label == "persona")
        if value == held:
            left = [about_the_agent(expand(note)) if block and block.label == "persona" else note]
            texts = [text for line in read_lines(held) for text in (line.text, *line.items)]
            if note.strip(" .!").lower() in (text.strip(" .!").lower() for text in texts):
                told = as_sentence(to_second_person(note))
                return Decision(text=f"That is already in my memory: {told}")
        new = left if value == held else map(as_sentence, left)
        done = self._write(block, "\n".join([value, *new]))
        if done.text and not target:
            why = done.text.partition(": ")[2].replace("have not been given a", "have no")
            return Decision(text=f"{here} know it in this conversation only, since {why}")
        return done

    def _set(self) -> Decision | None:
        """Replace a known value of a block; add it if nothing is known."""
        new = self.order.new.rstrip(".!").removesuffix(" now")
        if states(new) and (whole := self.blocks.labelled(self.order.old)):
            named = MemoryOrder("add", new, target=f"the {whole.label} block")
            return replace(self, order=named).made()
        value = value_of(new) if states(new) else new
        subjects = filter(None, map(subject_text, self._told_here()))
        what = next(subjects, "") if self.order.old in POINTERS else self.order.old
        if not what:
            return self.exchanged()
        note = as_sentence(new if states(new) else f"{what} is {new}")
        if done := self._valued(value, note):
            return done
        return None if self.order.soft else self._keep(note)

    def _valued(self, value: str, note: str) -> Decision | None:
        block, topic = self.blocks.holder(self._topic())
        value, note = rewritten(value, "noted"), rewritten(note, "noted")
        changed = with_new_value(block.value, topic, value, note) if block else ""
        return self._write(block, changed) if block else None

    def _replace(self) -> Decision | None:
        """Put one text for another in the block that holds it; else read it as a new value."""
        old = self.order.old
        owned = old.lower().startswith(("my ", "our ", "the ", "your ")) or self._is_key()
        if done := (self._renamed() if owned else None) or self._put():
            return done
        if self.order.soft or not any(name in self.call.tools for name in REPLACES):
            return None if self.order.soft else Decision(text=NO_TOOL)
        if owned:
            return self._set()
        return Decision(text=f'I could not find "{old[:200]}" in a memory block I may change.')

    def _is_key(self) -> bool:
        """Return whether `change gym to 45` gives a key a value; it may be the key that changes."""
        old, new = self.order.old, self.order.new
        blocks = [one for one in (self.blocks.named,) if one] or self.blocks.writable
        held = [entry[2] for one in blocks for entry in entries(read_lines(one.value))]
        values = [one[len(old) :].strip(" :=") for one in held if _names(one, old)]
        if new[:1].isdecimal() or not (is_name(old) and is_name(new)):
            return bool(values) and bool(new[:1].isdecimal() or MEMORY.valuing.search(self.line))
        return any(map(is_name, values))

    def _renamed(self) -> Decision | None:
        """Give a new value to what the old text names: a block by its label, or a subject."""
        old, new = self.order.old, self.order.new
        whole = self.blocks.labelled(old) if old.lower().startswith("the ") else None
        named = with_new_value(whole.value, NAME, new, "") if whole else ""
        if whole and named != whole.value:
            return self._write(whole, named)
        block, topic = self.blocks.holder(self._topic())
        texts = (text for _, _, text in entries(read_lines(block.value if block else "")))
        if not any(topic <= topic_of(subject_of(one)) for one in texts):
            return None
        return self._valued(new, as_sentence(f"{old} is {new}"))

    def _put(self) -> Decision | None:
        """Put the new text in the place of the old one, with or without an article."""
        old, new = self.order.old, self.order.new
        for text, put in ((old, new), (MEMORY.article.sub("", old), MEMORY.article.sub("", new))):
            for block in self.blocks.writable:
                if found := re.findall(word_form(text), block.value, re.IGNORECASE):
                    change = (found[0], put) if len(found) == 1 else None
                    return self._write(block, swapped(block.value, text, put), change)
        return None

    def _remove(self) -> Decision | None:
        """Remove what the order names, each of several things, or the subject of the message."""
        if not self.order.is_of_list and (whole := self.blocks.labelled(self.order.old)):
            return self._emptied(whole)
        scope = self.blocks.scope() if self.order.target else None
        others = [(one, one.value) for one in self.blocks.writable if one.label != "persona"]
        for block, part in [scope] if scope else others:
            for things in self._things(part):
                left = part
                for thing in things:
                    left = without(left, within(block, topic_of(thing)))
                if left != part:
                    return self._write(block, block.value.replace(part, left, 1))
        return None if self.order.soft and not scope else self._not_held(scope)

    def _things(self, part: str) -> list[list[str]]:
        """Return the texts that may name what is to go: the whole, or else several things.

        `him` and `it` are the subject of the rest of the message.
        """
        if self.order.old.lower() not in PERSONAL | {""}:
            return [self.order.things[:1], self.order.things[1:]]
        others = self._beside()
        who = subject_text(others)
        meant = others if who.lower() in {"i", "we"} else who or others
        words = tokens(expand(meant))
        beside = {*concepts(one for one in words if not is_verb(one))} or {*concepts(words)}
        found = [text for _, _, text in entries(read_lines(part))]
        return [[one for one in found if beside.intersection(concepts(tokens(one)))]]

    def _taken_out(self) -> Decision | None:
        """Remove the subject of the message: `Dayo moved out, so delete that bit`."""
        if not self._told_here() and not self._beside():
            return None
        return replace(self, order=replace(self.order, kind="remove", old="")).made()

    def _beside(self) -> str:
        """Return what the message says beside the order."""
        return " ".join(one for one in order_lines(self.text) if one != self.line)

    def _not_held(self, scope: "tuple[MemoryBlock, str] | None") -> Decision | None:
        """Say that no block holds what is to be removed, and what follows from that."""
        topic = as_clause(to_second_person(self.order.old))[:200]
        if scope:
            thing = MEMORY.article.sub("", topic)
            return Decision(text=f"There is no {thing} in my {scope[0].label} block.")
        about = topic_of(self.order.old)
        if any(by is None and is_about(fact, about) for fact, by in self.told().outdated):
            told = f"I won't use what you told me of {topic}. No memory block holds it."
            return Decision(text=told)
        return Decision(text=f"There is nothing about {topic} in a memory block that I may change.")

    def _undo(self) -> Decision | None:
        """Remove what the message before this one wrote into memory, or else what it told.

        If the message itself tells that something is no more so, that is what is meant.
        """
        if done := self.exchanged() or self.renewed() or self._taken_out():
            return done
        note, told_last = next(just_written(self.call.messages), ""), self.told().taken_back
        said = {*concepts(tokens(note))}
        is_last = not told_last or any(said & fact.concepts for fact in told_last)
        held = next((one for one in self.blocks.writable if note and note in one.value), None)
        if held and is_last:
            lines = held.value.replace(note, "", 1).split("\n")
            return self._write(held, "\n".join(filter(str.strip, lines)))
        undone = [as_clause(to_second_person(fact.text)) for fact in told_last]
        told = f"I won't use that: {' and '.join(undone)[:200]}. No memory block holds it."
        return Decision(text=told) if undone else None

    def _clear(self) -> Decision:
        human = next((one for one in self.blocks.writable if one.label == "human"), None)
        return self._emptied(self.blocks.named or human)

    def _emptied(self, block: MemoryBlock | None) -> Decision:
        if block and not block.value.strip() and not self.order.new:
            return Decision(text=f"There is nothing to clear: my {block.label} block is empty.")
        return self._write(block, self.order.new)

    def _topic(self) -> frozenset[str]:
        """Return what the order is about; `him` is the person in the rest of the message."""
        old = self.order.old
        if old.lower() in PERSONAL:
            old = next((subject_text(one) for one in self._told_here()), "")
        return topic_of(old)

    def _write(
        self, block: MemoryBlock | None, value: str, change: tuple[str, str] | None = None
    ) -> Decision:
        return write(self.call, block, value, change)


def _names(item: str, key: str) -> bool:
    return subject_of(item).lower() == key.lower()


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".!")


def _shape(text: str) -> str:
    """Return a text with `0` for digits and `A` for capitals: two codes may be alike."""
    return CAPITALS.sub("A", DIGITS.sub("0", text))
