"""Memory changes: the tool call that carries out a memory order, or a text that says why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision, MemoryBlock, ModelCall
from mockletta.brain.history import last_reply
from mockletta.default_brain.memory.block_items import (
    KEY,
    concepts_of,
    items_of,
    revalued,
    units,
    with_lines,
    with_things,
    without,
)
from mockletta.default_brain.memory.memory_blocks import (
    LOCKED,
    Change,
    is_prose,
    label_of,
    meant,
    with_label,
    without_label,
    writable,
)
from mockletta.default_brain.memory.memory_calls import (
    calling,
    gone,
    last_change,
    last_changes,
    only_here,
    write,
)
from mockletta.default_brain.memory.revisions import revised
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
    corrects,
    is_bare,
    is_taken_back,
    memory_orders,
    order_lines,
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
    PERSONS,
    as_item,
    as_sentence,
    expand,
    is_name,
    patterns,
    rewritten,
)

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

CHANGE = patterns("change")
MEMORY = patterns("memory")
TAKEN_BACK = "All right, I won't keep that."
ASKED = "What should I write into my memory?"
LONGEST = 200


def memory_act(text: str, call: ModelCall, told: "Callable[[], Told]") -> Decision | None:
    """Carry out the first memory order of a message: a tool call, or a text that says why not.

    None for a message without one. `told` returns what the user told in the conversation.
    """
    if is_taken_back(text):
        return Decision(text=TAKEN_BACK)
    if MEMORY.asks_written.match(plain(expand(text[:LONGEST]))):
        return Decision(text=last_change(call.messages))
    orders = iter(memory_orders(text))
    if states(text) and last_reply(call.messages) == ASKED:
        orders = iter([(MemoryOrder("add", unwrapped(text)), text)])
    for order, line in orders:
        if done := _done(Change(with_label(order, call), line, text, call, told)):
            return done
    return _corrected(text, call, told)


def next_memory_act(
    text: str, call: ModelCall, told: "Callable[[], Told]", made: int
) -> Decision | None:
    """Carry out the next order of a message of which some are carried out; None without one."""
    for order, line in memory_orders(text)[made:]:
        its = Change(with_label(order, call), line, text, call, told)
        done = _done(its) if order.new or order.old else None
        if done and done.tool_calls:
            return done
    return None


def _corrected(text: str, call: ModelCall, told: "Callable[[], Told]") -> Decision | None:
    """Correct what a block holds, or what was just written; None if the message corrects neither.

    A mere statement changes no block: it has to say that it corrects something, or that something
    has changed: `I no longer work at Shell`.
    """
    wrong = CHANGE.wrong.match(text)
    says_so = MEMORY.correction.match(text) or (wrong and wrong["thing"])
    if not says_so and not corrects(text) and not MEMORY.changed.search(text):
        return None
    it = Change(MemoryOrder("add", soft=True), "", text, call, told)
    done = _renewed(it) if says_so or MEMORY.changed.search(text) else None
    if not done and corrects(text) and any(new for _, _, new in last_changes(call.messages)):
        done = _exchanged(it)
    return done if done and done.tool_calls else None


def _done(it: Change) -> Decision | None:
    """Return the tool call that carries the order out, or a text; None if it is no order."""
    if it.refusal or it.order.may_name_a_block:
        return Decision(text=it.refusal) if it.refusal else None
    return ACTS[it.order.kind](it)


# Adding


def _add(it: Change) -> Decision | None:
    """Keep what the order says; without that what the message tells, or what was told last."""
    new, lines, block = it.order.new, order_lines(it.text), it.named
    if it.order.is_of_list:
        return _listed(it)
    if not new and (done := _outdated(it)):
        return done
    if new and block and not (is_prose(block) or is_factual(new) or " that " in it.line):
        return _listed(it)
    later = lines[lines.index(it.line) + 1 :] if new and it.line in lines else []
    settled = it.told().newest if any(map(changes_facts, later)) else []
    note = " ".join(as_sentence(one.text) for one in settled if one in it.told().facts)
    if note := note or new or rewritten(" ".join(_told(it)), "expanded"):
        return _kept(it, note)
    return None if it.order.soft else Decision(text=ASKED)


def _told(it: Change) -> list[str]:
    """Return what the message tells about what the order names, else the newest fact on it."""
    topic = topic_of(it.thing)
    if here := it.told_here:
        return [one for one in here if topic <= concepts_of(one)] or here
    facts = [one for one in it.told().facts if is_about(one, topic)]
    told = facts if topic or not it.order.old else []
    return [as_sentence(CHANGE.henceforth.sub("", one.text)) for one in told[-1:]]


def _listed(it: Change) -> Decision | None:
    """Put something on a list that a block holds. None if no block holds it."""
    others = it.beside.strip(" .,;!")
    new = it.order.new or CHANGE.to_do.sub("", expand(others))
    block, items = it.list
    if block is None or not new or (not it.order.new and states(new)):
        return None
    if not items and is_prose(block):
        return _kept(it, as_item(new) if KEY.match(new) else as_sentence(new))
    things = [MEMORY.article.sub("", one.rstrip(" .!")) for one in ITEMS.split(new)]
    start, end = (items[0].line[0] - len(items[0].head), items[0].line[1]) if items else (0, None)
    part = block.value[start:end]
    return _write(it, block, block.value.replace(part, with_things(part, things), 1))


def _kept(it: Change, note: str) -> Decision:
    """Write a note into the fitting block, in place of what it outdates."""
    target, note = it.order.target, spelled(note, it.order)
    if "archiv" in target and "archival_memory_insert" in it.call.tools:
        return calling("archival_memory_insert", {"content": note})
    if not target and not it.order.soft and is_bare(note):
        return only_here(note)
    block = it.fitting(note)
    held, of_agent = (block.value, block.label == "persona") if block else ("", False)
    if of_agent:
        small = f"{note[:1].lower()}{note[1:]}"
        note = note if (told := rewritten(small, "persona")) == small else told
    if done := _renewed(it, note):
        return done
    same = {
        one.strip(" .!").lower() for one in (*units(held), *(one.text for one in items_of(held)))
    }
    if note.strip(" .!").lower() in same:
        return Decision(text=f"That is already in my memory: {as_sentence(to_second_person(note))}")
    own = about_the_agent(expand(note)) if of_agent else note
    done = _write(it, block, with_lines(held, [own]))
    if done.text and not target:
        return only_here(note, done.text.partition(": ")[2].replace("not been given a", "no"))
    return done


# Changing


def _outdated(it: Change) -> Decision | None:
    """Change what the message says is no more so; None if no block holds that."""
    return _exchanged(it) or _told_value(it) or _renewed(it)


def _exchanged(it: Change) -> Decision | None:
    """Write what the message puts in the place of something that a block holds."""
    told, topic = it.told(), topic_of(it.thing)
    changed = [
        (as_item(old.text), as_item(new.text)) for old, new in told.changed if is_about(old, topic)
    ]
    for old, new in [*changed, *told.swaps]:
        for block in writable(it.call) if len(items_of(old)) < 2 else ():
            if (value := swapped(block.value, old, new)) != block.value:
                return _write(it, block, value)
    return None


def _told_value(it: Change) -> Decision | None:
    """Write `I am in CET now` as the new value of what the order names: `Timezone: CET`.

    `It is EST` and `They gave us D-4` are values of what the last replies told.
    """
    note = " ".join(_told(it)) if it.order.old.startswith(("my ", "our ")) else ""
    if value := value_of(note):
        return _valued(it, value, note)
    note = rewritten(next(iter(it.told_here), ""), "noted")
    codes = {"it": [value_of(note)], "they": NUMERIC.findall(note)}
    value = next(iter(codes.get(subject_text(note).lower(), [])), "")
    for block in it.candidates if value else ():
        for item in items_of(block.value):
            if fits_in(item.text, value) and it.was_told(item):
                topic = topic_of(item.subject)
                return _write(it, block, revalued(item, topic, value, item.text))
    return None


def _renewed(it: Change, note: str = "") -> Decision | None:
    """Write a note, or what the message tells, in the place of what it outdates in a block."""
    newest = [one.text for one in it.told().newest if one in it.told().facts]
    note = rewritten(note or " ".join(it.told_here or map(as_sentence, newest)), "renewed")
    removes = it.order.kind == "undo"
    for block in it.candidates if note else ():
        persona = block.label == "persona"
        value, left = revised(
            block.value, without_label(note, block), persona=persona, removes=removes
        )
        if value != block.value:
            return _write(it, block, with_lines(value, [] if removes else map(as_sentence, left)))
    return None


def _set(it: Change) -> Decision | None:
    """Give what the order names a new value, or put one text for another."""
    order, block = it.order, it.named
    new, is_swap = order.new.rstrip(".!").removesuffix(" now"), order.kind == "replace"
    tells = states(new) and not NUMERIC.match(new)
    if not it.thing:
        return _exchanged(it)
    value = value_of(new) if tells else new
    note = as_sentence(new if tells else f"{it.thing} is {new}")
    held = it.held
    gives = held and (not is_swap or any(it.names_subject(one, held.topic) for one in held.items))
    if done := (_valued(it, value, note) if gives else None) or (_put(it) if is_swap else None):
        return done
    if is_swap and (order.soft or not MEMORY.owned.match(order.old)):
        missing = f'I could not find "{order.old[:LONGEST]}" in a memory block I may change.'
        return None if order.soft else Decision(text=missing)
    if value.startswith("(") or (order.soft and not block):
        return _not_held(it)
    keyed = block and any(one.key or one.head for one in items_of(block.value))
    return _kept(it, f"{as_item(MEMORY.article.sub('', it.thing))}: {value}" if keyed else note)


def _valued(it: Change, value: str, note: str) -> Decision | None:
    """Give what the order names a new value; None if no block holds it."""
    if it.held is None:
        return None
    value, note = rewritten(value, "noted"), rewritten(note, "noted")
    block, (item, *_), topic = it.held
    thing = MEMORY.thing.sub("", it.order.old)
    if is_name(value) and (new := renamed(item.text, thing, value)):
        return _write(it, block, item.put(new))
    told = re.search(rf"{re.escape(thing)}\s*(?:is|are|[:=])", item.text, re.IGNORECASE)
    if is_name(value) and not told and thing.lower() in item.text.lower():
        return None
    return _write(it, block, revalued(item, topic, value, note))


def _put(it: Change) -> Decision | None:
    """Put the new text in the place of the old one, with or without an article."""
    old, new = it.order.old, it.order.new
    bare, number = MEMORY.article.sub("", old), NUMERIC.match(old)
    if number and NUMERIC.fullmatch(new):
        new += old[len(number[0].rstrip(".,")) :]  # `change 20 books to 25`
    for text, put in ((old, new), (bare, MEMORY.article.sub("", new))):
        for block in it.candidates:
            if is_name(new) and (value := renamed(block.value, bare, new)):
                return _write(it, block, value)
            if re.search(word_form(text), block.value, re.IGNORECASE):
                return _write(it, block, swapped(block.value, text, put))
    return None


# Removing


def _remove(it: Change) -> Decision | None:
    """Remove what the order names, each of several things, or the subject of the message."""
    order = it.order
    if not order.is_of_list and (whole := it.labelled(order.old)):
        return _write(it, whole, order.new)
    if it.held is None:
        return _not_held(it)
    block, items, topic = it.held
    several = order.old.endswith("s") or MEMORY.several.search(it.line) or is_prose(block)
    texts = dict.fromkeys(one.text for one in items)
    if len(texts) >= len(order.things) and not several:
        listed = "; ".join(texts)[:LONGEST]
        return Decision(text=f"Several items in my {block.label} block fit that: {listed}.")
    return _write(it, block, without(block.value, items, topic))


def _not_held(it: Change) -> Decision | None:
    """Say that no block holds what is to be changed or removed, and what follows from that."""
    topic, about = as_clause(to_second_person(it.thing))[:LONGEST] or "that", topic_of(it.thing)
    if it.named:
        bare = MEMORY.article.sub("", topic) if it.thing else "such thing"
        return Decision(text=f"There is no {bare} in my {it.named.label} block.")
    for block in it.call.blocks:
        if block.read_only and meant(block.value, it.thing, label_of(block)):
            return Decision(text=LOCKED.format(block.label))
    if it.order.soft:
        return None
    if any(by is None and is_about(fact, about) for fact, by in it.told().outdated):
        return Decision(text=f"I won't use what you told me of {topic}. No memory block holds it.")
    return Decision(text=f"There is nothing about {topic} in a memory block that I may change.")


def _undo(it: Change) -> Decision | None:
    """Take back the last change of memory, or else what the message before this one told.

    If the message itself tells that something is no more so, that is what is meant.
    """
    if done := _outdated(it):
        return done
    changed = last_changes(it.call.messages)
    if it.order.new:
        changed = (one for one in changed if gone(*one[1:]) or not one[2])
    label, old, new = next(changed, ("", "", ""))
    if it.beside:
        subjects = [topic_of(subject_text(one)) - PERSONS for one in it.told_here]
        told = any(one and new and one.isdisjoint(concepts_of(new)) for one in subjects)
        order = replace(it.order, kind="remove", old="", soft=not told)
        if (done := _remove(replace(it, order=order))) or told:
            return done
    held = next((one for one in writable(it.call) if one.label == label), None)
    if held and (new in held.value if new else old and not held.value.strip()):
        line = f"\n{new}" if not old and f"\n{new}" in held.value else new
        return _write(it, held, held.value.replace(line, old, 1) if new else old)
    undone = " and ".join(as_clause(to_second_person(fact.text)) for fact in it.told().taken_back)[
        :LONGEST
    ]
    told_off = f"I won't use that: {undone}. No memory block holds it."
    return Decision(text=told_off) if undone and not it.order.new else None


def _clear(it: Change) -> Decision | None:
    human = (one for one in writable(it.call) if one.label == "human")
    block = it.named or (None if it.order.soft else next(human, None))
    return None if it.order.soft and not block else _write(it, block, it.order.new)


def _write(it: Change, block: MemoryBlock | None, value: str) -> Decision:
    if block and value == block.value and value:
        return Decision(text=f"My {block.label} block says that already.")
    return write(it.call, block, value)


ACTS: Mapping[Kind, Callable[[Change], Decision | None]] = {
    "add": _add, "set": _set, "replace": _set, "remove": _remove, "clear": _clear, "undo": _undo,
}  # fmt: skip
