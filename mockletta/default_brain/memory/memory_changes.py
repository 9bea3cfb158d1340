"""Memory changes: the tool call that carries out a memory order, or a text that says why not."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision, MemoryBlock, ModelCall
from mockletta.brain.history import last_reply
from mockletta.default_brain.memory.block_items import (
    KEY,
    NOTHING,
    Item,
    concepts_of,
    items_of,
    revalued,
    units,
    with_lines,
    with_things,
    without,
)
from mockletta.default_brain.memory.memory_blocks import (
    PRONOUNS,
    Ordered,
    is_locked,
    is_prose,
    label_of,
    meant,
    without_label,
    writable,
)
from mockletta.default_brain.memory.memory_calls import (
    ABOUT,
    calling,
    changes,
    gone,
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
    corrections,
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
from mockletta.language.small_talk import small_talk
from mockletta.language.words import (
    PERSONS,
    as_item,
    as_sentence,
    expand,
    is_name,
    patterns,
    remembered,
    rewritten,
)

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

CHANGE = patterns("change")
MEMORY = patterns("memory")
RENEWING = {"set", "replace"}
TAKEN_BACK = "All right, I won't keep that."
ASKED = "What should I write into my memory?"
LAST_TURN, LONGEST, MOST_READ = 5, 200, 2000


def memory_act(text: str, call: ModelCall, told: "Callable[[], Told]") -> Decision | None:
    """Carry out the first memory order of a message: a tool call, or a text that says why not.

    None for a message without one. `told` returns what the user told in the conversation.
    """
    if is_taken_back(text):
        return Decision(text=TAKEN_BACK)
    if MEMORY.asks_written.match(plain(expand(text[:LONGEST]))):
        return Decision(text=_last_change(call))
    orders = iter(_orders(text) or _more(text, call))
    if states(text) and last_reply(call.messages) == ASKED:
        orders = iter([(MemoryOrder("add", unwrapped(text)), text)])
    for order, line in orders:
        if done := _done(Ordered(_with_label(order, call), line, text, call, told)):
            return done
    return _corrected(text, call, told)


def next_memory_act(
    text: str, call: ModelCall, told: "Callable[[], Told]", made: int
) -> Decision | None:
    """Carry out the next order of a message of which some are carried out; None without one."""
    for order, line in _orders(text)[made:]:
        change = Ordered(_with_label(order, call), line, text, call, told)
        done = _done(change) if order.new or order.old else None
        if done and done.tool_calls:
            return done
    return None


def _last_change(call: ModelCall) -> str:
    """Tell what was written into memory last, or removed from it."""
    _, old, new = next(changes(call.messages), ("", "", ""))
    fresh = [one for one in units(new) if one not in old]
    gone = [one for one in units(old) if one not in new]
    told, was = (as_sentence(to_second_person(" ".join(one))) for one in (fresh, gone))
    if fresh:
        return f"I wrote: {told}" + (f" Before it was: {was}" if gone else "")
    return f"I removed: {was}" if gone else "I have not changed my memory in this conversation."


def _with_label(order: MemoryOrder, call: ModelCall) -> MemoryOrder:
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


@remembered
def _orders(text: str) -> tuple[tuple[MemoryOrder, str], ...]:
    return (*corrections(text), *memory_orders(text))


def _more(text: str, call: ModelCall) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield what is to be written beside what was written right before: `And also "pay rent"`."""
    more = MEMORY.more.match(text[:MOST_READ])
    label = next(changes(call.messages, len(call.messages) - LAST_TURN), ("",))[0] if more else ""
    is_list = label not in ABOUT and small_talk(text) is None
    if more and label and (is_list or not more["thing"]):
        new = (more["new"] or more["told"] or more["thing"]).strip("\"'“”")
        yield MemoryOrder("add", new, target=f"the {label.replace('_', ' ')} block"), text


def _corrected(text: str, call: ModelCall, told: "Callable[[], Told]") -> Decision | None:
    """Correct what a block holds, or what was just written; None if the message corrects neither.

    A mere statement changes no block: it has to say that it corrects something.
    """
    begins_so = MEMORY.correction.match(text)
    if not begins_so and not corrects(text):
        return None
    it = Ordered(MemoryOrder("add", soft=True), "", text, call, told)
    done = _renewed(it) if begins_so else None
    if not done and corrects(text) and any(new for _, _, new in last_changes(call.messages)):
        done = _exchanged(it)
    return done if done and done.tool_calls else None


def _done(it: Ordered) -> Decision | None:
    """Return the tool call that carries the order out, or a text; None if it is no order."""
    if it.refusal or it.order.may_name_a_block:
        return Decision(text=it.refusal) if it.refusal else None
    return ACTS[it.order.kind](it)


# Adding


def _add(it: Ordered) -> Decision | None:
    """Keep what the order says; without that what the message tells, or what was told last."""
    new, lines, block = it.order.new, order_lines(it.text), it.named
    if it.order.is_of_list:
        return _listed(it)
    if (len(lines) > 1 or not new) and (swap := _exchanged(it)):
        return swap
    if not new and (done := _told_value(it) or _renewed(it)):
        return done
    is_thing = new and not is_factual(new) and " that " not in it.line
    if is_thing and block and not is_prose(block):
        return _listed(it)
    later = lines[lines.index(it.line) + 1 :] if new and it.line in lines else []
    settled = it.told().newest if any(map(changes_facts, later)) else []
    note = " ".join(as_sentence(one.text) for one in settled if one in it.told().facts)
    if note := note or new or rewritten(" ".join(_told(it)), "expanded"):
        return _kept(it, note)
    return None if it.order.soft else Decision(text=ASKED)


def _told(it: Ordered) -> list[str]:
    """Return what the message tells about what the order names, else the newest fact on it."""
    topic = topic_of(it.thing)
    if here := it.told_here:
        return [one for one in here if not topic or topic <= concepts_of(one)] or here
    facts = [one for one in it.told().facts if not topic or is_about(one, topic)]
    told = facts if topic or not it.order.old else []
    return [as_sentence(CHANGE.henceforth.sub("", one.text)) for one in told[-1:]]


def _listed(it: Ordered) -> Decision | None:
    """Put something on a list that a block holds. None if no block holds it."""
    others = it.beside.strip(" .,;!")
    taken = MEMORY.taken.match(others)
    new = it.order.new or (taken["new"] if taken else CHANGE.to_do.sub("", expand(others)))
    block, items = _list_of(it)
    if block is None or not new or (not it.order.new and not taken and states(new)):
        return None
    if not items and is_prose(block):
        return _kept(it, as_item(new) if KEY.match(new) else as_sentence(new))
    things = [MEMORY.article.sub("", one.rstrip(" .!")) for one in ITEMS.split(new)]
    if not items:
        return _write(it, block, with_things(block.value, things))
    first, last = items[0], items[-1]
    start, end = first.line[0] - len(first.head), last.line[1]
    return _write(it, block, first.put(with_things(block.value[start:end], things), (start, end)))


def _list_of(it: Ordered) -> tuple[MemoryBlock | None, list[Item]]:
    """Return the block that the order names, or one with a line of that key, and its items."""
    words = topic_of(it.order.target)
    for block in writable(it.call) if " " in it.order.target and not it.named else ():
        found = [one for one in items_of(block.value) if topic_of(one.head or one.key) == words]
        if found and words:
            return block, found
    return it.named, []


def _kept(it: Ordered, note: str) -> Decision:
    """Write a note into the fitting block, in place of what it outdates."""
    target, note = it.order.target, spelled(note, it.order)
    if "archiv" in target and "archival_memory_insert" in it.call.tools:
        return calling("archival_memory_insert", {"content": note})
    if not target and not it.order.soft and is_bare(note):
        return only_here(note)
    block = it.fitting(note)
    held = block.value if block else ""
    if block and block.label == "persona":
        small = f"{note[:1].lower()}{note[1:]}"
        told = rewritten(small, "persona")
        note = told if told != small else note
    note = note.rstrip(".") if KEY.match(note) and held[-1:].isalnum() else note
    same = (one.text for one in items_of(held))
    if done := _renewed(it, note):
        return done
    if note.strip(" .!").lower() in {one.strip(" .!").lower() for one in (*same, *units(held))}:
        return Decision(text=f"That is already in my memory: {as_sentence(to_second_person(note))}")
    own = about_the_agent(expand(note)) if block and block.label == "persona" else note
    done = _write(it, block, with_lines(held, [own]))
    if done.text and not target:
        return only_here(note, done.text.partition(": ")[2].replace("not been given a", "no"))
    return done


# Changing


def _renewed(it: Ordered, note: str = "") -> Decision | None:
    """Write a note, or what the message tells, in the place of what it outdates in a block."""
    newest = [one.text for one in it.told().newest if one in it.told().facts]
    note = rewritten(note or " ".join(it.told_here or map(as_sentence, newest)), "renewed")
    for block in it.candidates if note else ():
        removes, persona = it.order.kind == "undo", block.label == "persona"
        told = without_label(note, block)
        value, left = revised(block.value, told, persona=persona, removes=removes)
        if value != block.value:
            return _write(it, block, with_lines(value, [] if removes else map(as_sentence, left)))
    return None


def _exchanged(it: Ordered) -> Decision | None:
    """Write what the message puts in the place of something that a block holds."""
    told, topic = it.told(), topic_of(it.thing)
    changed = [pair for pair in told.changed if not topic or is_about(pair[0], topic)]
    swaps = [(as_item(old.text), as_item(new.text)) for old, new in changed]
    for old, new in [*swaps, *told.swaps]:
        for block in writable(it.call) if len(items_of(old)) < 2 else ():
            if (value := swapped(block.value, old, new)) != block.value:
                return _write(it, block, value)
    return None


def _told_value(it: Ordered) -> Decision | None:
    """Write `I am in CET now` as the new value of what the order names: `Timezone: CET`.

    `It is EST` and `They gave us D-4` are values of what the last replies told.
    """
    note = " ".join(_told(it)) if it.order.old.startswith(("my ", "our ")) else ""
    if value := value_of(note):
        return _valued(it, it.thing, value, note)
    note = rewritten(next(iter(it.told_here), ""), "noted")
    codes = {"it": [value_of(note)], "they": NUMERIC.findall(note)}
    value = next(iter(codes.get(subject_text(note).lower(), [])), "")
    proper = value.isalpha() and is_name(value)
    for block in it.candidates if value else ():
        for item in items_of(block.value):
            named = not proper or item.key or re.search(r"\s[A-Z]\w", item.text)
            if named and fits_in(item.text, value) and it.was_told(item):
                topic = topic_of(item.subject)
                return _write(it, block, revalued(item, topic, value, item.text))
    return Decision(text=f"I don't know what to change to {value}.") if proper else None


def _set(it: Ordered) -> Decision | None:
    """Replace a known value of a block; add it if nothing is known."""
    new, block = it.order.new.rstrip(".!").removesuffix(" now"), it.named
    if it.labelled(new) and new[0] != "(":
        return Decision(text="I can't move things between my memory blocks.")
    tells = states(new) and not NUMERIC.match(new)
    if tells and (whole := it.labelled(it.order.old)):
        return _add(replace(it, order=MemoryOrder("add", new, target=whole.label)))
    value, what = value_of(new) if tells else new, it.thing
    if not what:
        return _exchanged(it)
    note = as_sentence(new if tells else f"{what} is {new}")
    if done := _valued(it, it.order.old, value, note):
        return done
    if value.startswith("(") or (it.order.soft and not block):
        return _not_held(it)
    keyed = block and any(one.key or one.head for one in items_of(block.value))
    return _kept(it, f"{as_item(MEMORY.article.sub('', what))}: {value}" if keyed else note)


def _valued(it: Ordered, name: str, value: str, note: str) -> Decision | None:
    """Give what a name means a new value; None if no block holds it."""
    held = it.holder(name)
    if held is None:
        return None
    value, note = rewritten(value, "noted"), rewritten(note, "noted")
    block, (item, *_), topic = held
    thing = MEMORY.thing.sub("", name)
    if is_name(value) and (new := renamed(item.text, thing, value)):
        return _write(it, block, item.put(new))
    told = re.search(rf"{re.escape(thing)}\s*(?:is|are|[:=])", item.text, re.IGNORECASE)
    if is_name(value) and not told and thing.lower() in item.text.lower():
        return None
    return _write(it, block, revalued(item, topic, value, note))


def _replace(it: Ordered) -> Decision | None:
    """Give what the order names a new value, or put one text for another."""
    old, new = it.order.old, it.order.new
    held = it.holder(old)
    if held and any(it.names_subject(one, held.topic) for one in held.items):
        return _valued(it, old, new, as_sentence(f"{old} is {new}"))
    if done := _put(it):
        return done
    if it.order.soft:
        return None
    missing = f'I could not find "{old[:LONGEST]}" in a memory block I may change.'
    return _set(it) if MEMORY.owned.match(old) else Decision(text=missing)


def _put(it: Ordered) -> Decision | None:
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


def _remove(it: Ordered) -> Decision | None:
    """Remove what the order names, each of several things, or the subject of the message."""
    old, named = it.order.old, it.named
    if not it.order.is_of_list and (whole := it.labelled(old)):
        return _write(it, whole, it.order.new)
    for block in it.candidates:
        items = it.items(block) if block.label != "persona" or named else []
        texts = [one.text for one in items]
        if len({*texts}) >= len(it.order.things) and it.is_of_one(block):
            listed = "; ".join(texts)[:LONGEST]
            return Decision(text=f"Several items in my {block.label} block fit that: {listed}.")
        topic = topic_of(old) if old not in PRONOUNS else NOTHING
        left = without(block.value, items, topic - label_of(block) or topic)
        if left != block.value:
            return _write(it, block, left)
    return _not_held(it)


def _not_held(it: Ordered) -> Decision | None:
    """Say that no block holds what is to be changed or removed, and what follows from that."""
    topic = as_clause(to_second_person(it.thing))[:LONGEST] or "that"
    if it.named:
        bare = MEMORY.article.sub("", topic) if it.thing else "such thing"
        return Decision(text=f"There is no {bare} in my {it.named.label} block.")
    for block in it.call.blocks:
        if block.read_only and meant(block.value, it.thing, label_of(block)):
            return Decision(text=is_locked(block))
    if it.order.soft:
        return None
    about = topic_of(it.thing)
    if any(by is None and is_about(fact, about) for fact, by in it.told().outdated):
        return Decision(text=f"I won't use what you told me of {topic}. No memory block holds it.")
    return Decision(text=f"There is nothing about {topic} in a memory block that I may change.")


def _undo(it: Ordered) -> Decision | None:
    """Take back the last change of memory, or else what the message before this one told.

    If the message itself tells that something is no more so, that is what is meant.
    """
    if done := _exchanged(it) or _told_value(it) or _renewed(it):
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
    told_last = it.told().taken_back
    said = concepts_of(f"{old} {new}")
    is_last = not told_last or any(said & fact.concepts for fact in told_last)
    held = next((one for one in writable(it.call) if one.label == label), None)
    if held and is_last and (new in held.value if new else old and not held.value.strip()):
        line = f"\n{new}" if not old and f"\n{new}" in held.value else new
        return _write(it, held, held.value.replace(line, old, 1) if new else old)
    undone = [as_clause(to_second_person(fact.text)) for fact in told_last]
    told_off = f"I won't use that: {' and '.join(undone)[:LONGEST]}. No memory block holds it."
    return Decision(text=told_off) if undone and not it.order.new else None


def _clear(it: Ordered) -> Decision | None:
    human = (one for one in writable(it.call) if one.label == "human")
    block = it.named or (None if it.order.soft else next(human, None))
    return None if it.order.soft and not block else _write(it, block, it.order.new)


def _write(it: Ordered, block: MemoryBlock | None, value: str) -> Decision:
    if block and value == block.value and value:
        return Decision(text=f"My {block.label} block says that already.")
    return write(it.call, block, value)


ACTS: Mapping[Kind, Callable[[Ordered], Decision | None]] = {
    "add": _add, "set": _set, "replace": _replace, "remove": _remove, "clear": _clear,
    "undo": _undo,
}  # fmt: skip
