"""Changes: how a statement shows that it changes or ends what was told before."""

import re

from mockletta.language.memory_orders import memory_order
from mockletta.language.sentences import is_factual, kind, plain, sentences
from mockletta.language.words import expand, patterns, remembered

CHANGE = patterns("change")


@remembered
def changes_in(core: str) -> dict[str, re.Match[str]]:
    """Return the forms of a change that a statement has, by their names."""
    names = ("it_is", "using", "postponed", "replaced", "not_so")
    found = {name: getattr(CHANGE, name).match(core) for name in names}
    found["not_but"] = CHANGE.not_but.search(core)
    return {name: match for name, match in found.items() if match}


@remembered
def signs_in(text: str) -> dict[str, re.Match[str]]:
    """Return the forms by which a fact shows that it changes others, by their names."""
    names = ("switch", "over", "ended", "state_now", "listed")
    found = ((name, getattr(CHANGE, name).search(text)) for name in names)
    return {name: match for name, match in found if match}


@remembered
def corrects(text: str) -> bool:
    """Return whether a sentence of a message may correct or change what was told before."""
    return any(map(changes_facts, sentences(text)))


def changes_facts(sentence: str) -> bool:
    """Return whether a sentence may correct or change what was told before."""
    order = memory_order(sentence) if kind(sentence) == "command" else None
    return (order is not None and not order.may_name_a_block) or changes_told(sentence)


@remembered
def changes_told(sentence: str) -> bool:
    """Return whether a sentence corrects or changes what was told, without ordering it."""
    core = expand(plain(sentence))
    if changes_in(core).keys() & {"using", "postponed", "replaced", "not_so"}:
        return True
    if CHANGE.not_but.search(core) and not is_factual(core):
        return True
    forms = (CHANGE.it_is, CHANGE.list_change)
    return CHANGE.wrong.match(sentence) is not None or any(one.match(core) for one in forms)


def is_taken(sentence: str, told: str) -> bool:
    """Return whether a reply that tells what it took up has what a sentence changes or adds."""
    order = memory_order(sentence)
    new = order.new.strip(" .!").lower() if order else ""
    return changes_told(sentence) or bool(new and new in told.lower())
