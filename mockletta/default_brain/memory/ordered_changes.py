"""Ordered changes: how one memory order changes one block."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision, MemoryBlock
from mockletta.default_brain.memory.block_items import (
    KEY,
    NOTHING,
    entries,
    read_lines,
    revised,
    says_of,
    subject_of,
    with_items,
    with_lines,
    with_new_value,
    without,
)
from mockletta.default_brain.memory.memory_calls import (
    calling,
    gone,
    last_changes,
    only_here,
    write,
)
from mockletta.default_brain.memory.ordered_blocks import (
    LOCKED,
    PERSONAL,
    OrderedBlocks,
    is_prose,
    label_of,
    meant,
    without_label,
)
from mockletta.language.clause_meaning import (
    NUMERIC,
    fits_in,
    renamed,
    swapped,
    value_of,
    word_form,
)
from mockletta.language.facts import is_about, topic_of
from mockletta.language.memory_orders import (
    Kind,
    MemoryOrder,
    changes_facts,
    is_bare,
    order_lines,
    righted,
    spelled,
    states,
)
from mockletta.language.retelling import about_the_agent, to_second_person
from mockletta.language.sentences import ITEMS, as_clause, is_factual, subject_text, unwrapped
from mockletta.language.words import (
    PERSONS,
    as_item,
    as_sentence,
    concepts,
    expand,
    is_name,
    patterns,
    rewritten,
    tokens,
)

CHANGE = patterns("change")
MEMORY = patterns("memory")

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

LONGEST = 200
ASKED = "What should I write into my memory?"
NAMED = re.compile(r"\s[A-Z]\w")


@dataclass(frozen=True, slots=True)
class Change(OrderedBlocks):
    """One memory order with its sentence and message, and the agent whose memory it changes."""

    told: "Callable[[], Told]"

    def made(self) -> Decision | None:
        """Return the tool call that carries the order out, or a text; None if it is no order."""
        acts: dict[Kind, Callable[[], Decision | None]] = {
            "add": self._list if self.order.is_of_list else self._add, "set": self._set,
            "replace": self._replace, "remove": self._remove, "clear": self._clear,
            "undo": self._undo,
        }  # fmt: skip
        refused = self.refused()
        if refused or self.order.may_name_a_block:
            return Decision(text=refused) if refused else None
        return acts[self.order.kind]()

    def _add(self) -> Decision | None:
        """Keep what the order says; without that what the message tells, or what was told last."""
        new, lines = self.order.new, order_lines(self.text)
        if (len(lines) > 1 or not new) and (swap := self.exchanged()):
            return swap
        if not new and (done := self._revalued() or self.renewed()):
            return done
        is_thing = new and not is_factual(new) and " that " not in self.line
        named = self.named if is_thing else None
        if named and not is_prose(named):
            return self._list()
        later = lines[lines.index(self.line) + 1 :] if new and self.line in lines else []
        settled = self.told().newest if any(map(changes_facts, later)) else []
        note = " ".join(as_sentence(one.text) for one in settled if one in self.told().facts)
        if note := note or new or rewritten(" ".join(self._told()), "expanded"):
            return self._keep(note)
        return None if self.order.soft else Decision(text=ASKED)

    def _told(self) -> list[str]:
        """Return what the message tells about what the order names, else the newest fact on it."""
        topic = topic_of(self._thing())
        if here := self._told_here():
            return [one for one in here if not topic or says_of(one, topic)] or here
        facts = [one for one in self.told().facts if not topic or is_about(one, topic)]
        told = facts if topic or not self.order.old else []
        return [as_sentence(CHANGE.henceforth.sub("", one.text)) for one in told[-1:]]

    def _told_here(self) -> list[str]:
        """Return what the message tells beside the order, a sentence each."""
        others = [unwrapped(one) for one in order_lines(self.text) if one != self.line]
        whole = self.order.target.endswith("persona")
        others = [righted(CHANGE.henceforth.sub("", one)) for one in others]
        return [as_sentence(one) for one in others if whole or states(one)]

    def _revalued(self) -> Decision | None:
        """Write `I am in CET now` as the new value of what the order names: `Timezone: CET`."""
        note = " ".join(self._told()) if self.order.old.startswith(("my ", "our ")) else ""
        value = value_of(note)
        return self._valued(self._thing(), value, note) if value else self._restated()

    def _restated(self) -> Decision | None:
        """Write `It is EST` or `They gave us D-4` over a value that the last replies told."""
        note = rewritten(next(iter(self._told_here()), ""), "noted")
        codes = {"it": [value_of(note)], "they": NUMERIC.findall(note)}
        value = next(iter(codes.get(subject_text(note).lower(), [])), "")
        proper = value.isalpha() and is_name(value)
        for block in self.candidates if value else ():
            for _, _, item in entries(read_lines(block.value)):
                named = not proper or KEY.match(item) or NAMED.search(item)
                if named and fits_in(item, value) and self.was_told(item):
                    new = with_new_value(item, item, topic_of(subject_of(item)), value, item)
                    return self._write(block, block.value.replace(item, new, 1))
        return Decision(text=f"I don't know what to change to {value}.") if proper else None

    def renewed(self, note: str = "") -> Decision | None:
        """Write a note, or what the message tells, in the place of what it outdates in a block."""
        newest = [one.text for one in self.told().newest if one in self.told().facts]
        note = note or " ".join(self._told_here() or map(as_sentence, newest))
        note = rewritten(note, "renewed")
        for block in self.candidates if note else ():
            removes, persona = self.order.kind == "undo", block.label == "persona"
            told = without_label(note, block)
            value, left = revised(block.value, told, persona=persona, removes=removes)
            added = [] if removes else map(as_sentence, left)
            if value != block.value:
                return self._write(block, with_lines(value, added))
        return None

    def exchanged(self) -> Decision | None:
        """Write what the message puts in the place of something that a block holds."""
        told, topic = self.told(), topic_of(self._thing())
        changed = [pair for pair in told.changed if not topic or is_about(pair[0], topic)]
        swaps = [(as_item(old.text), as_item(new.text)) for old, new in changed]
        for old, new in [*swaps, *told.swaps]:
            if len(list(entries(read_lines(old)))) > 1:
                continue  # it contains other facts too
            for block in self.writable:
                if (value := swapped(block.value, old, new)) != block.value:
                    return self._write(block, value)
        return None

    def _list(self) -> Decision | None:
        """Put something on a list that a block holds. None if no block holds it."""
        others = self.beside.strip(" .,;!")
        taken = MEMORY.taken.match(others)
        new = self.order.new or (taken["new"] if taken else CHANGE.to_do.sub("", expand(others)))
        block, part = self.listed()
        if block is None or not new or (not self.order.new and not taken and states(new)):
            return None
        if part == block.value and is_prose(block):
            return self._keep(as_item(new) if KEY.match(new) else as_sentence(new))
        items = [MEMORY.article.sub("", one.rstrip(" .!")) for one in ITEMS.split(new)]
        return self._write(block, block.value.replace(part, with_items(part, items), 1))

    def _keep(self, note: str) -> Decision:
        """Write a note into the fitting block, in place of what it outdates."""
        target, note = self.order.target, spelled(note, self.order)
        if "archiv" in target and "archival_memory_insert" in self.call.tools:
            return calling("archival_memory_insert", {"content": note})
        if not target and not self.order.soft and is_bare(note):
            return only_here(note)
        block = self.named or self.fitting(note)
        held = block.value if block else ""
        note = note.rstrip(".") if KEY.match(note) and held[-1:].isalnum() else note
        small = f"{note[:1].lower()}{note[1:]}"
        if block and block.label == "persona" and (told := rewritten(small, "persona")) != small:
            note = told
        renewed = self.renewed(note)
        texts = (text for line in read_lines(held) for text in (line.text, *line.items))
        held_texts = (text.strip(" .!").lower() for text in texts)
        if not renewed and note.strip(" .!").lower() in held_texts:
            told = as_sentence(to_second_person(note))
            return Decision(text=f"That is already in my memory: {told}")
        own = about_the_agent(expand(note)) if block and block.label == "persona" else note
        done = renewed or self._write(block, with_lines(held, [own]))
        if done.text and not target:
            why = done.text.partition(": ")[2]
            return only_here(note, why.replace("have not been given a", "have no"))
        return done

    def _set(self) -> Decision | None:
        """Replace a known value of a block; add it if nothing is known."""
        new = self.order.new.rstrip(".!").removesuffix(" now")
        if self.labelled(new) and new[0] != "(":
            return Decision(text="I can't move things between my memory blocks.")
        tells = states(new) and not NUMERIC.match(new)
        if tells and (whole := self.labelled(self.order.old)):
            return replace(self, order=MemoryOrder("add", new, target=whole.label)).made()
        value = value_of(new) if tells else new
        if not (what := self._thing()):
            return self.exchanged()
        note = as_sentence(new if tells else f"{what} is {new}")
        if done := self._valued(self.order.old, value, note):
            return done
        block = self.named
        if value.startswith("(") or (self.order.soft and not block):
            return self._not_held(block)
        keyed = block and any(line.key for line in read_lines(block.value))
        return self._keep(f"{as_item(MEMORY.article.sub('', what))}: {value}" if keyed else note)

    def _valued(self, name: str, value: str, note: str) -> Decision | None:
        held = self.holder(name)
        if held is None:
            return None
        value, note = rewritten(value, "noted"), rewritten(note, "noted")
        block, (item, *_), topic = held
        thing = MEMORY.thing.sub("", name)
        if is_name(value) and (new := renamed(item, thing, value)):
            return self._write(block, block.value.replace(item, new, 1))
        told = re.search(rf"{re.escape(thing)}\s*(?:is|are|[:=])", item, re.IGNORECASE)
        if is_name(value) and not told and thing.lower() in item.lower():
            return None
        return self._write(block, with_new_value(block.value, item, topic, value, note))

    def _replace(self) -> Decision | None:
        """Give what the order names a new value, or put one text for another."""
        old, new = self.order.old, self.order.new
        held = self.holder(old)
        if held and any(self.is_subject(one, held.topic) for one in held.items):
            return self._valued(old, new, as_sentence(f"{old} is {new}"))
        if done := self._put():
            return done
        if self.order.soft:
            return None
        missing = f'I could not find "{old[:LONGEST]}" in a memory block I may change.'
        return self._set() if MEMORY.owned.match(old) else Decision(text=missing)

    def _put(self) -> Decision | None:
        """Put the new text in the place of the old one, with or without an article."""
        old, new = self.order.old, self.order.new
        bare, number = MEMORY.article.sub("", old), NUMERIC.match(old)
        if number and NUMERIC.fullmatch(new):
            new += old[len(number[0].rstrip(".,")) :]  # `change 20 books to 25`
        for text, put in ((old, new), (bare, MEMORY.article.sub("", new))):
            for block in self.candidates:
                if is_name(new) and (value := renamed(block.value, bare, new)):
                    return self._write(block, value)
                if re.search(word_form(text), block.value, re.IGNORECASE):
                    return self._write(block, swapped(block.value, text, put))
        return None

    def _remove(self) -> Decision | None:
        """Remove what the order names, each of several things, or the subject of the message."""
        if not self.order.is_of_list and (whole := self.labelled(self.order.old)):
            return self._write(whole, self.order.new)
        named = self.named
        for block in self.candidates:
            items = self.items(block) if block.label != "persona" or named else []
            if len({*items}) >= len(self.order.things) and not self.may_be_several(block):
                listed = "; ".join(items)[:LONGEST]
                return Decision(text=f"Several items in my {block.label} block fit that: {listed}.")
            topic = topic_of(self.order.old) if self.order.old not in PERSONAL else NOTHING
            left = without(block.value, items, topic - label_of(block) or topic)
            if left != block.value:
                return self._write(block, left)
        return self._not_held(named)

    def _not_held(self, named: MemoryBlock | None) -> Decision | None:
        """Say that no block holds what is to be changed or removed, and what follows from that."""
        thing = self._thing()
        topic = as_clause(to_second_person(thing))[:LONGEST] or "that"
        if named:
            bare = MEMORY.article.sub("", topic) if thing else "such thing"
            return Decision(text=f"There is no {bare} in my {named.label} block.")
        for block in self.call.blocks:
            if block.read_only and meant(block.value, thing, label_of(block)):
                return Decision(text=LOCKED.format(block.label))
        if self.order.soft:
            return None
        about = topic_of(thing)
        if any(by is None and is_about(fact, about) for fact, by in self.told().outdated):
            told = f"I won't use what you told me of {topic}. No memory block holds it."
            return Decision(text=told)
        return Decision(text=f"There is nothing about {topic} in a memory block that I may change.")

    def _undo(self) -> Decision | None:
        """Take back the last change of memory, or else what the message before this one told.

        If the message itself tells that something is no more so, that is what is meant.
        """
        if done := self.exchanged() or self._revalued() or self.renewed():
            return done
        changed = last_changes(self.call.messages)
        if self.order.new:
            changed = (one for one in changed if gone(*one[1:]) or not one[2])
        label, old, new = next(changed, ("", "", ""))
        if self.beside:
            subjects = [topic_of(subject_text(one)) - PERSONS for one in self._told_here()]
            written = {*concepts(tokens(new))}
            told = any(one and new and one.isdisjoint(written) for one in subjects)
            order = replace(self.order, kind="remove", old="", soft=not told)
            if (done := replace(self, order=order).made()) or told:
                return done
        told_last = self.told().taken_back
        said = {*concepts(tokens(f"{old} {new}"))}
        is_last = not told_last or any(said & fact.concepts for fact in told_last)
        held = next((one for one in self.writable if one.label == label), None)
        if held and is_last and (new in held.value if new else old and not held.value.strip()):
            line = f"\n{new}" if not old and f"\n{new}" in held.value else new
            return self._write(held, held.value.replace(line, old, 1) if new else old)
        undone = [as_clause(to_second_person(fact.text)) for fact in told_last]
        told_off = f"I won't use that: {' and '.join(undone)[:LONGEST]}. No memory block holds it."
        return Decision(text=told_off) if undone and not self.order.new else None

    def _clear(self) -> Decision | None:
        human = (one for one in self.writable if one.label == "human")
        block = self.named or (None if self.order.soft else next(human, None))
        return None if self.order.soft and not block else self._write(block, self.order.new)

    def _thing(self) -> str:
        """Return what the order is about; `him` is the person in the rest of the message."""
        if self.order.old.lower() not in PERSONAL:
            return self.order.old
        subjects = map(subject_text, [*self._told_here(), self.beside])
        return next((one for one in subjects if topic_of(one) - PERSONS), "")

    def _write(self, block: MemoryBlock | None, value: str) -> Decision:
        if block and value == block.value and value:
            return Decision(text=f"My {block.label} block says that already.")
        return write(self.call, block, value)
