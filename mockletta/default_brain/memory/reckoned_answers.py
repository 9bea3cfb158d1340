"""Reckoned answers: what follows from several numbers that were told, or from a list."""

import re
from collections.abc import Iterable, Sequence

from mockletta.default_brain.reply_forms import listed
from mockletta.language.answer_forms import LOOK, is_list
from mockletta.language.fact_matching import GENERIC
from mockletta.language.facts import Fact
from mockletta.language.questions import Query
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import ITEMS, as_clause, plain, subject_text
from mockletta.language.words import NUMBERS, PERSONS, expand, patterns, root, rows

ANSWER = patterns("answer")
CHANGE = patterns("change")
GRADES = {
    word: (scale, sign)
    for scale, line in rows("grade").items()
    for words, sign in zip(line.split(" / "), (1, -1), strict=True)
    for word in words.split()
}
ONES, ONE = frozenset({"", "one", "ones"}), (None, "one", "person", "thing")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def things_of(asked_for: Query, fact: Fact) -> list[str]:
    """Return the things that a fact lists for `How many things do I need?`, [] if it counts them.

    Only a question for things of any kind can be answered so: not each may be of a kind.
    """
    if is_list(fact):
        return ITEMS.split(fact.text.partition(":")[2].strip(" .!"))
    of_any = not {*asked_for.concepts} - GENERIC - asked_for.verbs
    counted = any(word.isdecimal() or word in NUMBERS for word in fact.words)
    told = to_second_person(CHANGE.to_do.sub("to do: ", fact.text))
    return listed(told) if of_any and not counted else []


def with_changes(found: list[Fact], facts: Sequence[Fact]) -> list[Fact]:
    """Return a count with what was told since of more or fewer: `we got another one`."""
    counted = {slot[2] for one in found[-1:] for slot in one.slots if slot[1:2] == ("count",)}
    since = facts[facts.index(found[-1]) + 1 :] if counted else []
    told = ((one, CHANGE.more_or_less.search(one.text)) for one in since)
    return [*found, *(one for one, form in told if form and _is_of(form["what"] or "", counted))]


def _is_of(what: str, counted: set[object]) -> bool:
    return what in ONES or root(what.lower()) in counted


def total(question: str, facts: Iterable[Fact]) -> str:
    """Answer `How much did I spend in total?` from all that cost something; "" for any other."""
    if not ANSWER.total.match(expand(plain(question)).strip(" ?!.")):
        return ""
    spent = [(one, ANSWER.spent.findall(one.clause)) for one in facts]
    spent = [(one, found) for one, found in spent if found or ANSWER.spending.search(one.clause)]
    is_all = all(len(found) == len(NUMBER.findall(one.clause)) for one, found in spent)
    found = [amount for _, amounts in spent for amount in amounts]
    signs = {before or after for before, _, after in found}
    if len(found) < 2 or len(signs) > 1 or not is_all:
        return ""
    told = " and ".join(as_clause(one.retold()) for one, amounts in spent if amounts)
    told_sum = sum(float(number) for _, number, _ in found)
    shown = f"{told_sum:.2f}" if any("." in number for _, number, _ in found) else f"{told_sum:.0f}"
    before, _, after = found[0]
    return f"{before}{shown}{after} in total: {told}."


def graded(question: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the fact with the greatest or least number for `Who is the older one?`."""
    asked = ANSWER.graded.match(expand(plain(question)).strip(" ?!."))
    scale, sign = GRADES.get(asked["how"].lower(), ("", 0)) if asked else ("", 0)
    if asked is None or not scale:
        return []
    kinds = {root(one) for one in asked.group("noun", "some", "kind") if one not in ONE} - PERSONS
    named = (asked["of"] or "").lower()
    told: dict[str, tuple[float, str, Fact]] = {}
    for fact in facts:
        value, who = getattr(LOOK, scale).search(fact.clause), subject_text(fact.clause)
        if value and who and kinds <= fact.concepts and (not named or who.lower() in named):
            told[who] = (sign * float(value["n"].replace(",", "")), value["unit"], fact)
    last = sorted(told.values(), key=lambda one: one[0])[-2:]
    is_clear = len({unit for _, unit, _ in told.values()}) == 1 and last[0][0] < last[-1][0]
    return [last[1][2]] if is_clear else []
