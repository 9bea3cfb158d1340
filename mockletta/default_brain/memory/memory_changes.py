"""Memory changes: the tool call that carries out a memory order."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.brain.history import last_reply
from mockletta.default_brain.memory.block_items import units
from mockletta.default_brain.memory.memory_calls import ABOUT, changes, last_changes
from mockletta.default_brain.memory.ordered_changes import ASKED, Change
from mockletta.language.memory_orders import (
    MemoryOrder,
    corrections,
    corrects,
    is_taken_back,
    memory_orders,
    states,
)
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import plain, unwrapped
from mockletta.language.small_talk import small_talk
from mockletta.language.words import as_sentence, expand, patterns, remembered

CHANGE = patterns("change")
MEMORY = patterns("memory")

if TYPE_CHECKING:
    from mockletta.default_brain.memory.knowledge import Told

RENEWING = {"set", "replace"}
TAKEN_BACK = "All right, I won't keep that."
LAST_TURN, LONGEST, MOST_READ = 5, 200, 2000


def memory_act(text: str, call: ModelCall, told: "Callable[[], Told]") -> Decision | None:
    """Carry out the first memory order of a message: a tool call, or a text that says why not.

    None for a message without one. `told` returns what the user told in the conversation.
    """
    if is_taken_back(text):
        return Decision(text=TAKEN_BACK)
    if MEMORY.asks_written.match(plain(expand(text[:LONGEST]))):
        return Decision(text=_last_change(call))
    orders: Iterator[tuple[MemoryOrder, str]] = iter(_orders(text) or _more(text, call))
    if states(text) and last_reply(call.messages) == ASKED:
        orders = iter([(MemoryOrder("add", unwrapped(text)), text)])
    for order, line in orders:
        if done := Change(_with_label(order, call), line, text, call, told).made():
            return done
    return _corrected(text, call, told)


def next_memory_act(
    text: str, call: ModelCall, told: "Callable[[], Told]", made: int
) -> Decision | None:
    """Carry out the next order of a message of which some are carried out; None without one."""
    for order, line in _orders(text)[made:]:
        change = Change(_with_label(order, call), line, text, call, told)
        done = change.made() if order.new or order.old else None
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
    change = Change(MemoryOrder("add", soft=True), "", text, call, told)
    done = change.renewed() if begins_so else None
    if not done and corrects(text) and any(new for _, _, new in last_changes(call.messages)):
        done = change.exchanged()
    return done if done and done.tool_calls else None
